"""Markup in every text of every row, on every page, for everybody (T-12, T-21).

Nothing of it may come out as an element, an attribute, a link with a strange scheme,
a formula in a file or a line of a mail's head.
"""

import csv
import io
import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.utils import timezone

from consultations.models import Release
from notices.letters import Writer
from notices.models import Notice
from tests.factories import PASSWORD, make_council
from tests.matrix import WHO
from tests.pages import ROWS
from tests.test_matrix import hold, sign_in

# Long and short: what ends an attribute, a title or a text box, then an element.
MARKUP = '</title></textarea><zz a=1>\'" zz=\'1\' onload="zz()" x="<b>&amp;{{ 7 }}'
MARKDOWN = (
    f"{MARKUP}\n\n[a](javascript:zz()) ![b](data:zz) <javascript:zz>\n\n# {MARKUP}"
)
SHORT = "'\"><zz>"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
SAFE_SCHEMES = re.compile(r"(https?:|mailto:|tel:|[/?#.]|[\w./-]*$)", re.IGNORECASE)
PORTAL = ("accounts", "council", "notices", "portfolios", "wards", "consultations")
# What a program reads and no person: not texts. (A kind of notice names its template,
# a path is checked as an address, a token is hexadecimal.)
NO_TEXTS = re.compile(
    r"slug|status|kind|key|digest|code|token|email|recipient|password|language|_type$"
    r"|_id$|action|acting_as|colour|website|logo|file$|source|channel|place|capacity"
    r"|claim|name$|number|page|occasion|policy_version|file_format|outcome|reference"
    r"|request_id|batch|version"
)
TEXTS_AFTER_ALL = {
    "title",
    "full_name",
    "name",
    "service_name",
    "contact_name",
    "file_name",
    "full name",
}
# Keys of JSON under which stand words for people.
WORDS = {
    "label",
    "hint",
    "headline",
    "sentence",
    "title",
    "summary",
    "text",
    "we_asked",
    "you_said",
    "we_did",
    "how_people_took_part",
    "signed_off_by",
    "outcome_reason",
    "consultation",
    "reason",
    "note",
    "name",
    "old",
    "new",
    "description",
}


@pytest.fixture(autouse=True)
def _mail_in_files(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path


@pytest.fixture
def poisoned(world, db):
    """The world, with markup in every text of every row."""
    _shut_triggers_up()
    for model in apps.get_models():
        if model._meta.app_label in PORTAL:
            _poison(model)
    return world


def _shut_triggers_up():
    """Append-only tables too hold texts; here they may be changed."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
            "WHERE tgname LIKE '%append_only%'"
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


def is_text(column):
    if column.choices or column.is_relation or column.primary_key:
        return False
    if not isinstance(column, models.CharField | models.TextField | models.JSONField):
        return False
    return column.name in TEXTS_AFTER_ALL or not NO_TEXTS.search(column.name)


def _poison(model):
    columns = [each for each in model._meta.concrete_fields if is_text(each)]
    if not columns:
        return
    for row in model._default_manager.all():
        values = {each.name: _poisoned(each, row) for each in columns}
        model._default_manager.filter(pk=row.pk).update(**values)


def _poisoned(column, row):
    value = getattr(row, column.name)
    if isinstance(column, models.JSONField):
        # What a page shows of the trail are the values, whatever their names.
        everything = column.name in {"before", "after"}
        return _in_json(value, everything=everything)
    if isinstance(column, models.TextField):
        return MARKDOWN
    text = MARKUP if (column.max_length or 0) > 110 else SHORT
    return f"{text}{row.pk}"[: column.max_length] if column.unique else text


def _in_json(value, *, everything, name=""):
    if isinstance(value, dict):
        return {
            key: _in_json(each, everything=everything, name=key)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_in_json(each, everything=everything, name=name) for each in value]
    wanted = everything or name in WORDS
    return MARKUP if isinstance(value, str) and wanted else value


# Reading -------------------------------------------------------------------------


class Suspicion(HTMLParser):
    """What of the markup has become markup."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "zz":
            self.found.append("an element")
        for name, value in attrs:
            if name == "zz" or name.startswith("on"):
                self.found.append(f"an attribute {name} of <{tag}>")
            address = (value or "").strip()
            is_address = name in {"href", "src", "action", "formaction"}
            if is_address and not SAFE_SCHEMES.match(address):
                self.found.append(f"{name}={address[:50]!r}")
            if is_address and "javascript:" in address.lower():
                self.found.append(f"{name}={address[:50]!r}")


def suspicions(response):
    if response.streaming:
        b"".join(response.streaming_content)
        return []
    found = []
    if "text/html" in response.get("Content-Type", ""):
        found += Suspicion(response.content.decode()).found
    found += [
        f"header {name}"
        for name, value in response.items()
        if "\n" in value or ("zz>" in value and name != "Content-Disposition")
    ]
    return found


def those_who_look(row):
    """Everybody who may open a page, by the matrix; the public's once for all."""
    who = WHO[row.action]
    return ["anonymous", "approver"] if "anonymous" in who else sorted(who)


def look_at_everything(world, people_of):
    wrong, shown = [], 0
    clients = {}
    for turn, row in enumerate(ROWS):
        if row.posts_only:
            continue
        for who in people_of(row, turn):
            if who not in clients:
                clients[who] = sign_in(world, who)
                clients[who].post("/accounts/reauthenticate/", {"password": PASSWORD})
            client = Client()
            client.cookies.update(clients[who].cookies)
            hold(client, world, row)
            for stage in row.stages or ("",):
                for query in row.query:
                    response = client.get(row.path(world, stage) + query)
                    name = f"{row.route} ({stage or '-'}{query}) as {who}"
                    wrong += [f"{name}: {each}" for each in suspicions(response)]
                    if response.status_code >= 500 and "readyz" not in row.route:
                        wrong.append(f"{name}: {response.status_code}")
                    shown += b"zz" in getattr(response, "content", b"")
    return wrong, shown


@pytest.mark.django_db
def test_no_text_becomes_markup_on_any_page(poisoned, settings):
    settings.ACCOUNT_RATE_LIMITS = False

    wrong, shown = look_at_everything(
        poisoned,
        lambda row, turn: [those_who_look(row)[turn % len(those_who_look(row))]],
    )

    assert "\n".join(dict.fromkeys(wrong)) == ""
    assert shown > 80, "few pages showed a text at all"


@pytest.mark.soak
@pytest.mark.django_db
def test_no_text_becomes_markup_for_anybody(poisoned, settings):
    settings.ACCOUNT_RATE_LIMITS = False

    wrong, _ = look_at_everything(poisoned, lambda row, turn: sorted(WHO[row.action]))

    assert "\n".join(dict.fromkeys(wrong)) == ""


@pytest.mark.django_db
def test_the_reader_of_this_test_sees_what_it_looks_for():
    for bad in (MARKUP, SHORT, '<a href="javascript:zz()">', '<p title="" zz="">'):
        assert Suspicion(f"<title>{bad}" if "title>" in bad else bad).found


# Mail ----------------------------------------------------------------------------


PAGES = ("consultation", "page", "results", "feedback", "manage")


def kinds_of_mail(settings):
    """Every kind of message that has a template."""
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for path in sorted(folder.glob("*/email/*.subject.txt")):
            if "account" not in path.parts:
                name = path.name.removesuffix(".subject.txt")
                yield f"{path.parent.parent.name}.{name}"


def names_in(folder, app, name):
    """The variables of a kind's templates."""
    found = set()
    for path in (folder / app / "email").glob(f"{name}.*"):
        found |= set(re.findall(r"{{\s*(\w+)", path.read_text()))
        found |= set(re.findall(r"\b(?:if|with|in)\s+(\w+)", path.read_text()))
    return found - {"links", "pages", "council", "base_url", "language", "forloop"}


@pytest.mark.django_db
@pytest.mark.parametrize("relation", ["draft", "follower", "respondent"])
def test_the_subject_of_every_kind_of_mail_has_at_most_60_letters(settings, relation):
    """Also with the longest title, names and dates that there can be (CK-M1)."""
    folder = settings.TEMPLATES[0]["DIRS"][0]
    council = make_council(name="A council " * 12, service_name="Have your say " * 4)
    day = {"opens": "30 September 2026", "closes_day": "30 September 2026"}
    exact = {**day, "due": "30 September 2026", "response_reference": "K7MP-2QRS-XY"}
    long = []

    for kind in kinds_of_mail(settings):
        payload = dict.fromkeys(names_in(folder, *kind.split(".")), "The buses " * 15)
        payload |= {name: text for name, text in exact.items() if name in payload}
        payload["relation"] = relation
        payload["pages"] = dict.fromkeys(PAGES, "/consultations/x/")
        payload |= {"subject_line": "Reset your password"}
        notice = Notice(
            kind=kind, recipient="ann@example.org", payload=payload, subject_id="1"
        )
        subject = Writer(council).letter(notice).whole.subject
        if len(subject) > 60 or not subject:
            long.append(f"{kind}: {subject}")

    assert "\n".join(long) == ""


@pytest.mark.django_db
def test_no_text_becomes_markup_or_a_header_in_any_mail(poisoned, settings):
    folder = settings.TEMPLATES[0]["DIRS"][0]
    wrong = []
    council = apps.get_model("council.Council").objects.current()

    for kind in kinds_of_mail(settings):
        payload = dict.fromkeys(
            names_in(folder, *kind.split(".")), MARKUP + "\r\nBcc: a@b"
        )
        payload["pages"] = dict.fromkeys(PAGES, "/consultations/x/")
        notice = Notice(
            kind=kind,
            recipient="ann@example.org",
            recipient_key="k",
            occasion="1",
            payload=payload,
            subject_id="1",
            subject_generation=1,
            due_at=timezone.now(),
        )
        try:
            letter = Writer(council).letter(notice).whole
        except (AttributeError, TypeError, ValueError) as error:
            wrong.append(f"{kind}: {error}")
            continue
        message = letter.message()
        html = letter.alternatives[0][0]
        wrong += [f"{kind}: {each}" for each in Suspicion(html).found]
        if "Bcc" in message or "\n" in letter.subject:
            wrong.append(f"{kind}: a text became a header")

    assert "\n".join(wrong) == ""


# Files ---------------------------------------------------------------------------


def cells(response):
    text = (
        b"".join(response.streaming_content) if response.streaming else response.content
    )
    assert text.startswith("\ufeff".encode()) or b"," in text
    return [
        cell
        for row in csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""))
        for cell in row
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("lead", FORMULA)
def test_no_cell_of_a_file_begins_as_a_formula(world, lead):
    """T-21: texts, labels, organisations and joined lists, in both kinds of file."""
    text = f"{lead}zz(1)" if lead != "\0" else "=zz(1)"
    for stage in ("closed", "feedback"):
        consultation = world.stages[stage]
        for version in consultation.questionnaires.all():
            for words in version.document["texts"]["en-gb"].values():
                words["label"] = text
            version.save(update_fields=["document"])
        consultation.comments.update(text=text)
        consultation.responses.update(organisation=text)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE consultations_release "
            "DISABLE TRIGGER consultations_release_append_only"
        )
    for release in Release.objects.all():
        tables = _in_json_with(release.tables, text)
        Release.objects.filter(pk=release.pk).update(tables=tables)
    client = sign_in(world, "officer")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    export = client.post(
        f"/staff/consultations/{world.slug('closed')}/export/", {"reason": "To count."}
    )
    results = Client().get(f"/consultations/{world.slug('feedback')}/results/q_use.csv")

    for response in (export, results):
        assert response.status_code == 200
        found = cells(response)
        assert any("zz(1)" in cell for cell in found)
        bad = [c for c in found if c.startswith(FORMULA) and not is_number(c)]
        assert bad == []


def _in_json_with(value, text, name=""):
    if isinstance(value, dict):
        return {key: _in_json_with(each, text, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_in_json_with(each, text, name) for each in value]
    return text if isinstance(value, str) and name in WORDS else value


def is_number(cell):
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", cell))
