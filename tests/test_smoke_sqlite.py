"""The embedded default, from a plan to what the council did: the life on SQLite.

`make test` runs it on SQLite first, and with everything else on PostgreSQL again.
"""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.models import AuditEntry, User
from consultations.models import Consultation, Draft, Release, Response
from engage import tasks
from notices.models import Notice
from tests import factories
from tests.html_forms import posting_forms
from tests.pages import ROWS
from tests.test_matrix import hold, sign_in
from tests.test_walks import who_looks
from tests.world import make_world

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

MONDAY = datetime(2027, 3, 1, 10, tzinfo=UTC)


class Desk:
    """Somebody at a browser without scripts, who fills in forms."""

    def __init__(self, user=None):
        self.client = Client(REMOTE_ADDR="203.0.113.7", HTTP_USER_AGENT="A browser")
        self.user = user
        self.come_back()

    def come_back(self):
        """Sign in again: a session does not last for weeks."""
        if self.user:
            self.client.force_login(self.user)
        return self

    def get(self, path):
        response = self.client.get(path)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        return response.content.decode()

    def fill_in(self, path, place=0, **wanted):
        """Send a form of a page as it stands, with these answers."""
        html = self.get(path)
        assert posting_forms(html), re.sub(r"<[^>]*>|\s{2,}", " ", html)[-1500:]
        form = posting_forms(html)[place]
        data = form.filled(**wanted)
        response = self.client.post(form.action or path, data)
        if response.status_code == 200 and b"error-summary" not in response.content:
            # A page that asks whether one is sure.
            sure = posting_forms(response.content.decode())[0]
            pressed = {name: value for name, value in sure.buttons[:1] if name}
            response = self.client.post(sure.action or path, sure.untouched() | pressed)
        said = response.content.decode()
        summary = re.findall(r"error-summary__list.*?</ul>", said, re.DOTALL)
        assert response.status_code == 302, f"{path}: {data} {summary}"
        return response["Location"]


def build(officer, service, level):
    """A new consultation, filled in page by page; its staff address."""
    officer.fill_in(
        "/staff/consultations/new/", title="Library hours", service=str(service.pk)
    )
    root = f"/staff/consultations/{Consultation.objects.get().slug}"
    officer.fill_in(f"{root}/overview/")
    officer.fill_in(
        f"{root}/people/", contact_email="library@example.org", level=str(level.pk)
    )
    officer.fill_in(
        f"{root}/dates/",
        opens_on="15/3/2027",
        closes_on="25/5/2027",
        decision_due="1/7/2027",
        feedback_due="1/8/2027",
    )
    officer.fill_in(f"{root}/privacy/")
    page = re.search(r"questions/pages/(\w+)/add/", officer.get(f"{root}/questions/"))
    for question in (
        {"kind": "one", "label": "How often do you come?", "options": "Often\nNever"},
        {"kind": "agree", "label": "Should it open later?", "options": ""},
        {"kind": "long_text", "label": "Why?", "options": "", "max_length": "500"},
    ):
        blank = {"hint": "", "rows": "", "minimum": "", "maximum": "", "endings": []}
        blank |= {"max_length": "", "required": []}
        officer.fill_in(
            f"{root}/questions/pages/{page[1]}/add/", **{**blank, **question}
        )
    return root


def answer(resident, slug, clock, *, until_sent):
    """Start, answer the only page, and send it; or leave it with an address."""
    root = f"/consultations/{slug}"
    resident.client.post(f"{root}/respond/")
    resident.fill_in(f"{root}/respond/1/", **{"q_capacity.organisation": ""})
    clock.shift(timedelta(minutes=10))
    if not until_sent:
        saved = resident.client.post(
            f"{root}/respond/save/", {"email": "later@example.org"}
        )
        assert saved.status_code in {200, 302}
        return
    resident.fill_in(
        f"{root}/respond/check/", email="ann@example.org", wants_feedback=["on"]
    )


def subjects(mailbox, address):
    return [message["Subject"] for message in mailbox.to(address)]


def test_a_consultation_lives_from_plan_to_feedback(mailbox):
    with time_machine.travel(MONDAY) as clock:
        factories.make_council()
        level = factories.make_level(name="Consulting people")
        factories.make_topic()
        factories.make_privacy_notice()
        service = factories.make_service()
        officer = Desk(factories.make_officer(service, email="officer@example.org"))
        second = Desk(factories.make_officer(service))
        approver = Desk(factories.make_approver(email="approver@example.org"))

        root = build(officer, service, level)
        officer.fill_in(f"{root}/send-for-approval/")
        tasks.tick()
        approver.fill_in(f"{root}/approve/", choice="approve", reason="", opens_on="")
        consultation = Consultation.objects.get()
        assert consultation.status == "approved"
        assert len(subjects(mailbox, "approver@example.org")) == 1

        clock.move_to(datetime(2027, 3, 16, 11, tzinfo=UTC))
        answer(Desk(), consultation.slug, clock, until_sent=True)
        answer(Desk(), consultation.slug, clock, until_sent=False)
        assert Response.objects.get().status == "sent"
        assert Draft.objects.filter(is_sent=False).count() == 1
        tasks.tick()

        clock.move_to(datetime(2027, 5, 19, 11, tzinfo=UTC))
        before = len(mailbox.to("later@example.org"))
        tasks.tick()
        tasks.tick()
        assert len(mailbox.to("later@example.org")) == before + 1

        clock.move_to(datetime(2027, 6, 1, 11, tzinfo=UTC))
        public = f"/consultations/{consultation.slug}"
        for page in ("findings", "feedback"):
            officer.come_back().fill_in(
                f"{root}/{page}/",
                **({} if page == "findings" else {"next_update_on": ""}),
            )
            if page == "feedback":
                officer.fill_in(f"{root}/feedback/charts/")
            officer.fill_in(f"{root}/{page}/preview/", publish_on="", publish_time="")
            second.come_back().fill_in(f"{root}/{page}/confirm/")
        assert set(Release.objects.values_list("kind", flat=True)) == {
            "findings",
            "feedback",
        }
        assert "How often do you come?" in Desk().get(f"{public}/results/")

        tasks.tick()
        tasks.daily()
        assert not Notice.objects.waiting().exists()
        assert not Notice.objects.filter(status="failed").exists()
        assert len(subjects(mailbox, "ann@example.org")) >= 2


def test_what_has_been_noted_or_published_is_not_changed():
    make_world()

    for model in (AuditEntry, Release):
        kept = list(model.objects.order_by("pk").values())
        assert kept
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.update(**{"reason" if model is AuditEntry else "outcome": ""})
        assert list(model.objects.order_by("pk").values()) == kept
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.all().delete()
    table = Release._meta.db_table
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET texts = '{{}}'")


def test_every_page_answers(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    settings.ACCOUNT_RATE_LIMITS = False
    world, wrong = make_world(), []

    for row in ROWS:
        client = sign_in(world, who_looks(row))
        client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
        hold(client, world, row)
        for stage in () if row.posts_only or not row.is_page else row.stages or ("",):
            for query in row.query:
                path = row.path(world, stage) + query
                response = client.get(path)
                asks_again = response.status_code == 302 and row.route.startswith(
                    "mfa_"
                )
                if response.status_code != row.status(stage) and not asks_again:
                    wrong.append(f"{row.route} {path}: {response.status_code}")

    assert wrong == []


# The demonstration ---------------------------------------------------------------


class Links(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found += [v for name, v in attrs if name == "href" and v]


def reach(client, start):
    """One page of each kind and consultation that links lead to: (path, response)."""
    waiting, seen = [start], set()
    while waiting:
        path = waiting.pop()
        try:
            match = resolve(path)
        except Resolver404:
            continue
        kind = (match.view_name, match.kwargs.get("slug"))
        if kind in seen:
            continue
        seen.add(kind)
        response = client.get(path)
        yield path, response
        if response.status_code == 200 and not response.streaming:
            for link in Links(response.content.decode(errors="replace")).found:
                parts = urlsplit(urljoin(path, link))
                if not parts.netloc and parts.scheme in {"", "http"}:
                    waiting.append(parts.path)


def test_the_demonstration_loads_and_all_its_pages_answer():
    call_command("demo", verbosity=0)
    wrong, pages = [], 0

    for email in ("", "officer@example.org", "approver@example.org"):
        client = Client()
        if email:
            client.force_login(User.objects.get(email=email))
        for path, response in reach(client, "/staff/" if email else "/"):
            pages += 1
            if response.streaming:
                b"".join(response.streaming_content)
            if response.status_code not in {200, 302}:
                wrong.append(f"{email or 'anybody'} {path}: {response.status_code}")

    assert wrong == []
    assert Response.objects.count() >= 90
    assert pages > 60
