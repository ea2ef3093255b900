"""What nobody may see, sown everywhere and looked for in all that anybody can fetch.

Canaries stand in drafts, withdrawn consultations, held responses, comments that
nobody has reviewed, addresses, equality answers and unpublished findings. An
anonymous visitor follows every link, knows every address and has every file.
"""

import re
from collections import deque
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from accounts.secret_links import address_key, make_token
from consultations.models import (
    ApprovalStep,
    Comment,
    Consultation,
    ContactOptIn,
    Document,
    Draft,
    EqualityAnswers,
    Feedback,
    Findings,
    Release,
    Response,
)
from council.models import Council
from notices.drain import drain
from notices.models import Notice, Subscription, Suppression
from tests.factories import PASSWORD, make_user
from tests.pages import ROWS
from tests.world import ANSWERS, token

CANARY = "zqcanary"
HIDDEN = ("draft", "waiting", "returned", "withdrawn")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
TEXTS = (
    "summary",
    "overview",
    "can_influence",
    "cannot_influence",
    "audience",
    "decision_maker",
    "feedback_how",
    "contact_name",
    "other_ways",
    "public_note",
)


@pytest.fixture(autouse=True)
def _no_limits(settings):
    """How often somebody may try is not what is looked at here."""
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def sown(world, db):
    """The world with a canary in everything that the public may not see."""
    for stage in HIDDEN:
        hidden = world.stages[stage]
        texts = {name: f"{CANARY} {name} of {stage}" for name in TEXTS}
        Consultation.objects.filter(pk=hidden.pk).update(
            title=f"{CANARY} title of {stage}",
            contact_email=f"{CANARY}-{stage}@example.org",
            **texts,
        )
        Document.objects.create(
            consultation=hidden,
            title=f"{CANARY} document",
            text=f"{CANARY} text",
            file=ContentFile(b"%PDF-1.4 " + CANARY.encode(), name="map.pdf"),
            file_name=f"{CANARY}.pdf",
            file_format="PDF",
        )
        for version in hidden.questionnaires.all():
            words = version.document["texts"]["en-gb"]
            for each in words.values():
                each["label"] = f"{CANARY} {each['label']}"
            version.save(update_fields=["document"])
    for consultation in world.stages.values():
        consultation.approval_steps.create(
            step=ApprovalStep.Step.RETURNED,
            by=world.people["approver"],
            reason=f"{CANARY} reason",
        )
    _sow_people(world)
    _sow_answers(world)
    return world


def _sow_people(world):
    User.objects.filter(pk__in=[p.pk for p in world.people.values()]).update(
        full_name=f"{CANARY} name"
    )
    for user in world.people.values():
        User.objects.filter(pk=user.pk).update(email=f"{CANARY}{user.pk}@example.org")
    AuditEntry.objects.create(
        actor=world.people["officer"],
        action="consultation.edited",
        object_type="consultations.consultation",
        object_id=str(world.stages["open"].pk),
        reason=f"{CANARY} why",
    )
    Notice.objects.update(recipient=f"{CANARY}@example.org", error=CANARY)
    Subscription.objects.update(email=f"{CANARY}@example.org")
    Suppression.objects.create(address_key="b" * 40, reason=CANARY)


def _sow_answers(world):
    Comment.objects.update(text=f"{CANARY} comment", redacted_text=f"{CANARY} redacted")
    Response.objects.update(organisation=f"{CANARY} club", held_because=CANARY)
    Response.objects.update(decision_note=f"{CANARY} note")
    Draft.objects.update(
        answers={**ANSWERS, "q_why": f"{CANARY} draft"}, email=f"{CANARY}@example.org"
    )
    ContactOptIn.objects.update(email=f"{CANARY}@example.org")
    EqualityAnswers.objects.create(
        response=world.things["response_feedback"],
        equality_set=world.stages["open"].equality_set,
        answers={"q_faith": f"{CANARY} faith"},
    )
    closed = world.stages["closed"]
    Findings.objects.update_or_create(
        consultation=closed, defaults={"summary": f"{CANARY} findings"}
    )
    Feedback.objects.update_or_create(
        consultation=closed, defaults={"we_did": f"{CANARY} feedback"}
    )
    # Written again since it was published, and not confirmed.
    Findings.objects.update(how_people_took_part=f"{CANARY} took part")
    Feedback.objects.update(you_said=f"{CANARY} you said")
    Release.objects.create(
        consultation=closed,
        kind="findings",
        texts={"summary": f"{CANARY} too early"},
        input_digest="0" * 64,
        prepared_by=world.people["officer"],
        checked_by=world.people["approver"],
        public_from=timezone.now() + timedelta(days=1),
    )


# The visitor ---------------------------------------------------------------------


class Links(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found |= {
            value
            for name, value in attrs
            if name in {"href", "src", "action"} and value
        }


def fetch(client, path):
    """(status, everything that came: headers and bytes, redirects not followed)."""
    response = client.get(path)
    body = (
        b"".join(response.streaming_content) if response.streaming else response.content
    )
    head = " ".join(f"{name}: {value}" for name, value in response.items())
    return response, f"{head}\n{body.decode(errors='replace')}"


def known_paths(world):
    """Every address of the registry, at every stage, whoever may open it."""
    for row in ROWS:
        if row.posts_only or row.action == "link":
            continue
        for stage in {*world.stages} if row.stages else ("",):
            for query in row.query:
                yield row.path(world, stage) + query
    yield from paths_of_documents()
    yield from paths_of_responses(world)
    for text in (CANARY, "A+draft", "%25", "a"):
        for status in ("all", "open", "closed", "feedback", "draft", "withdrawn"):
            yield f"/consultations/?q={text}&status={status}"
    yield from ("/sitemap.xml", "/feed/", "/api/", "/search/", "/files/", "/static/")


def paths_of_documents():
    for document in Document.objects.select_related("consultation"):
        root = f"/consultations/{document.consultation.slug}/documents/{document.pk}"
        yield from (f"{root}/", f"{root}/file/", f"/files/{document.file.name}")


def paths_of_responses(world):
    """A reference, or a key of the database, as if it were a secret link."""
    for response in Response.objects.select_related("consultation"):
        root = f"/consultations/{response.consultation.slug}"
        yield f"{root}/receipt/?reference={response.reference}"
        yield f"/receipt/{response.reference}/"
        yield f"/receipt/{response.pk}/"
        yield f"/resume/{response.reference}/"
    for consultation in world.stages.values():
        root = f"/consultations/{consultation.slug}"
        for page in ("1/", "check/", "save/", "sent/", "equality/1/"):
            yield f"{root}/respond/{page}"
        yield f"{root}/receipt/"
        yield from (f"{root}/results/{key}.csv" for key in ANSWERS)


def crawl(client, world):
    """All that a visitor reaches: (path, response, text)."""
    waiting, seen = deque(["/", *known_paths(world)]), set()
    while waiting:
        path = waiting.popleft()
        if path in seen or path.startswith(("/static/", "/accounts/logout")):
            continue
        seen.add(path)
        response, text = fetch(client, path)
        yield path, response, text
        if "text/html" in response.get("Content-Type", ""):
            for link in Links(text).found:
                parts = urlsplit(urljoin(path, link))
                if not parts.netloc:
                    waiting.append(parts.path + (parts.query and f"?{parts.query}"))


@pytest.mark.django_db
def test_a_visitor_finds_nothing_that_is_not_public(sown):
    """T-05, T-08."""
    leaks = []

    pages = 0
    for path, response, text in crawl(Client(), sown):
        pages += response.status_code == 200
        # What a visitor typed into a search box is the visitor's own.
        said = text.replace(path, "")
        said = said.replace(CANARY, "") if f"q={CANARY}" in path else said
        if CANARY in said:
            at = said.index(CANARY)
            leaks.append(f"{path}: …{said[max(0, at - 60) : at + 60]!r}")

    assert "\n".join(leaks) == ""
    assert pages > 50
    officer = Client()
    officer.force_login(sown.people["officer"])
    for page in (f"{sown.slug('draft')}/", f"{sown.slug('closed')}/findings/"):
        assert CANARY in fetch(officer, f"/staff/consultations/{page}")[1]


@pytest.mark.django_db
def test_a_visitor_finds_only_the_addresses_that_are_published(sown):
    """T-20: contacts of public consultations and of the council, and no other."""
    published = {Council.objects.current().email, "name@example.com"}
    published |= {
        sown.stages[stage].contact_email for stage in sown.stages if stage not in HIDDEN
    }
    odd = set()

    for path, _, text in crawl(Client(), sown):
        odd |= {(path, each) for each in ADDRESS.findall(text)}

    assert {(path, each) for path, each in odd if each not in published} == set()


@pytest.mark.django_db
def test_search_does_not_find_by_words_that_are_hidden(sown):
    """What is found, or how much, says nothing about what is not shown (T-06)."""
    client = Client()

    for status in ("all", "open", "closed", "findings", "feedback"):
        _, found = fetch(client, f"/consultations/?status={status}&q={CANARY}")
        _, nothing = fetch(client, f"/consultations/?status={status}&q=zqnobody")
        assert without_tokens(found.replace(CANARY, "zqnobody")) == without_tokens(
            nothing
        )


def without_tokens(text):
    text = re.sub(r"X-Request-Id: \w+", "", text)
    text = re.sub(r"csrf=\w+|expires=[^;]+", "", text)
    return re.sub(r'value="[0-9A-Za-z:_.-]{32,}"', "", text)


@pytest.mark.django_db
def test_a_role_that_has_ended_opens_no_page_that_it_opened(sown):
    """An officer after signing out: the same files and pages are shut (T-08)."""
    client = Client()
    client.force_login(sown.people["officer"])
    slug = sown.slug("closed")
    paths = [f"/staff/consultations/{slug}/{page}/" for page in ("comments", "counts")]
    draft = sown.stages["draft"].documents.latest("pk")
    paths.append(f"/staff/consultations/{sown.slug('draft')}/documents/{draft.pk}/")
    before = [client.get(path) for path in paths]

    client.post("/accounts/logout/")
    after = [client.get(path) for path in paths]

    assert [response.status_code for response in before] == [200, 200, 200]
    assert all("no-store" in response["Cache-Control"] for response in before)
    assert [response.status_code for response in after] == [302, 302, 302]


# Secret links --------------------------------------------------------------------

OPENS = {
    "draft": "/resume/{}/",
    "receipt": "/receipt/{}/",
    "stop-reminders": "/reminders/stop/{}/",
    "contact": "/contact/stop/{}/",
    "alert": "/alerts/{}/",
    "stop-alert": "/alerts/stop/{}/",
    "join": "/join/{}/",
}
THING = {
    "draft": "draft",
    "receipt": "receipt",
    "stop-reminders": "draft",
    "contact": "contact",
    "alert": "alert",
    "stop-alert": "alert",
    "join": "invited",
}


@pytest.mark.django_db
def test_a_link_opens_what_it_was_made_for_and_nothing_else(world):
    """T-10: a token of one purpose, changed or guessed, opens nothing."""
    opened = []

    for purpose, thing in THING.items():
        right = token(purpose, world.things[thing])
        row, _, mac = right.partition(".")
        assert Client().get(OPENS[purpose].format(right)).status_code in {200, 302}
        assert len(mac) >= 26, "fewer than 128 bits"
        wrong = [token(other, world.things[thing]) for other in THING]
        wrong = [each for each in wrong if each != right]
        wrong += [row, f"{row}.", f"{row}.{mac[::-1]}", f"{row}.{mac[:-1]}", mac]
        wrong.append(make_token(purpose, world.things[thing].pk, 999))
        for guess in wrong:
            response = Client().get(OPENS[purpose].format(guess))
            if response.status_code not in {404, 410} or response.cookies.keys() - {
                "csrf"
            }:
                opened.append((purpose, guess, response.status_code))

    assert opened == []


@pytest.mark.django_db
def test_somebody_elses_device_cookie_opens_nothing(sown):
    """T-10: the cookie of one consultation's draft or receipt is no other's."""
    ours = sown.stages["open"]
    other = sown.stages["closed"]
    client = Client()
    client.cookies[f"draft-{other.pk}"] = token("draft", sown.things["draft"])
    client.cookies[f"receipt-{other.pk}"] = token("receipt", sown.things["receipt"])
    client.cookies[f"receipt-{ours.pk}"] = token("draft", sown.things["draft"])
    client.cookies[f"draft-{ours.pk}"] = token("receipt", sown.things["receipt"])

    for consultation in (ours, other):
        root = f"/consultations/{consultation.slug}"
        for page in ("respond/1/", "respond/check/", "respond/sent/", "receipt/"):
            _response, text = fetch(client, f"{root}/{page}")
            assert CANARY not in text
            assert sown.things["receipt"].reference not in text, f"{root}/{page}"


# Known and unknown addresses -----------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/lost-link/", "email"),
        ("/accounts/password/reset/", "email"),
        ("/accounts/login/", "login"),
        ("/consultations/{open}/follow/", "email"),
    ],
)
def test_an_answer_does_not_tell_who_is_known(world, path, field):
    path = path.format(open=world.slug("open"))
    known = world.people["officer"].email
    Draft.objects.update(email=known, address_key=address_key(known))
    Subscription.objects.update(email=known, address_key=address_key(known))
    said = []

    for address in (known, "nobody.at.all@example.org"):
        client = Client()
        body = {field: address, "password": "not the password"}
        response = client.post(path, body, follow=True)
        text = without_tokens(response.content.decode()).replace(address, "…")
        cookies = {
            name: [value["max-age"], value["path"], value["samesite"]]
            for name, value in client.cookies.items()
        }
        said.append((response.status_code, response.redirect_chain, text, cookies))

    assert said[0] == said[1]


# Links in mail -------------------------------------------------------------------

HOSTILE = {
    "HTTP_HOST": "evil.example",
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_SERVER": "evil.example",
    "HTTP_X_HOST": "evil.example",
    "HTTP_FORWARDED": "host=evil.example",
    "HTTP_X_ORIGINAL_URL": "http://evil.example/",
    "HTTP_REFERER": "http://evil.example/",
}


@pytest.mark.django_db
def test_links_in_mail_begin_with_our_address_whatever_the_host_is(
    world, settings, mailbox
):
    """T-23, even where the operator lets any host in."""
    settings.ALLOWED_HOSTS = ["*"]
    client = Client(**HOSTILE)
    root = f"/consultations/{world.slug('open')}"
    client.cookies[f"draft-{world.stages['open'].pk}"] = token(
        "draft", world.things["draft"]
    )
    joined = make_user(email="joined@example.org", password=PASSWORD)
    Draft.objects.update(
        email="left@example.org", address_key=address_key("left@example.org")
    )
    world.things["notice"].delete()

    client.post("/accounts/password/reset/", {"email": joined.email})
    client.post(f"{root}/follow/", {"email": "follower@example.org"})
    client.post("/lost-link/", {"email": "left@example.org"})
    client.post(f"{root}/respond/save/", {"email": "saved@example.org"})
    drain(timezone.now())

    assert len(mailbox) >= 4
    for message in mailbox:
        assert "evil" not in message.as_string()
        body = message.get_body(("plain",)).get_content()
        links = re.findall(r"https?://\S+", body)
        assert links, message["Subject"]
        assert all(link.startswith(settings.BASE_URL + "/") for link in links), links


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused(world):
    client = Client()

    assert client.get("/", HTTP_HOST="evil.example").status_code == 400
    forwarded = client.get("/", HTTP_X_FORWARDED_HOST="evil.example")
    assert "evil" not in forwarded.content.decode()


# Addresses to go on to -----------------------------------------------------------

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "http:evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example/",
    "https:/evil.example",
    "///evil.example",
)


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_sent_to_another_site(world, elsewhere):
    """T-13: `next` leads into the portal, or is forgotten."""
    officer = make_user("administrator")
    client = Client()

    signed_in = client.post(
        "/accounts/login/",
        {"login": officer.email, "password": PASSWORD, "next": elsewhere},
        query_params={"next": elsewhere},
    )
    again = client.post(
        "/accounts/reauthenticate/",
        {"password": PASSWORD, "next": elsewhere},
        query_params={"next": elsewhere},
    )
    out = client.post("/accounts/logout/", {"next": elsewhere})

    for response in (signed_in, again, out):
        assert response.status_code == 302
        assert re.match(r"/(?![/\\])", response["Location"]), response["Location"]
