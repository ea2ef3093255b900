"""Nothing leads from a response to the person who sent it (T-19)."""

from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.db import models
from django.db.models import F
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.secret_links import make_token
from consultations.models import ContactOptIn, Draft, Response
from consultations.notices.recipients import (
    TO_FOLLOWERS,
    TO_RESPONDENTS,
    about,
    contacts,
    queue_for,
)
from consultations.responses import actions
from council.models import Council
from notices import drain, outbox
from notices.models import Notice, Subscription
from tests.consultations.responses.people import Resident, sent
from tests.factories import (
    make_council,
    make_published_consultation,
    make_user,
    make_ward,
)
from wards.models import Postcode

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def council():
    return make_council()


@pytest.fixture
def consultation():
    return make_published_consultation()


def cells(*values):
    """Every cell of the database in which one of these stands, as a whole word."""
    found = []
    for model in apps.get_models():
        for row in model.objects.values():
            for name, value in row.items():
                words = str(value)
                if any(str(each) in words for each in values):
                    found.append((model._meta.label, name))
    return found


def test_no_table_leads_from_a_response_to_who_sent_it(consultation):
    """Somebody who left an address with the draft, and none with the response."""
    resident = Resident(consultation)
    resident.start()
    resident.post("respond/save/", {"email": "ann@example.org"})
    resident.answer_all().slowly().send()
    response = resident.response()

    draft_key = response.source_key
    places = set(cells(draft_key, draft_key.replace("-", "")))

    assert places == {
        ("consultations.Draft", "id"),
        ("consultations.Response", "source_key"),
    }
    assert cells("203.0.113", "A browser") == []
    for label, _name in cells("ann@example.org"):
        assert label == "notices.Notice"
    notice = Notice.objects.get(kind="consultations.draft_saved")
    assert (notice.recipient, notice.subject_id) == ("", "")
    assert not AuditEntry.objects.filter(object_type="consultations.response").exists()


def test_a_response_carries_the_day_and_never_the_time(consultation):
    response = sent(consultation).response()
    draft = Draft.objects.get()

    names = {field.name for field in Response._meta.fields}
    times = [f.name for f in Response._meta.fields if type(f) is models.DateTimeField]
    assert times == []
    assert not names & {"user", "session", "address", "email"}
    assert (draft.started_at, draft.updated_on) == (None, None)
    assert not isinstance(response.received_on, datetime)


def test_a_receipt_that_was_sent_forgets_the_response(consultation, mailbox):
    resident = sent(consultation, email="ann@example.org", wants_receipt="on")
    key = resident.response().pk
    assert Notice.objects.get(kind="consultations.receipt").subject_id == str(key)

    drain.drain(timezone.now() + timedelta(minutes=1))

    notice = Notice.objects.get(kind="consultations.receipt")
    assert (notice.status, notice.subject_id) == ("sent", "")
    (message,) = mailbox.to("ann@example.org")
    text = message.get_body(("plain",)).get_content()
    assert f"/receipt/{key}." in text
    reference = resident.response().reference
    assert reference in text
    assert reference in message["Subject"]
    assert not [place for place in cells(reference) if "Notice" in place[0]]
    link = next(line for line in text.splitlines() if "/receipt/" in line)
    elsewhere = Resident(consultation)
    elsewhere.client.get(link.replace("http://testserver", ""))
    assert elsewhere.get("receipt/").status_code == 200


def test_the_mails_of_a_draft_open_it_and_stop_its_reminders(consultation, mailbox):
    resident = Resident(consultation)
    resident.start()
    resident.post("respond/save/", {"email": "ann@example.org"})
    resident.client.post("/lost-link/", {"email": "ann@example.org"})

    drain.drain(timezone.now() + timedelta(minutes=1))

    texts = [m.get_body(("plain",)).get_content() for m in mailbox]
    assert len(texts) == 2
    links = [
        line.replace("http://testserver", "")
        for text in texts
        for line in text.splitlines()
        if line.startswith("http://testserver/re")
    ]
    stop = next(link for link in links if "reminders" in link)
    for link in links:
        if link != stop:
            assert Resident(consultation).client.get(link).status_code == 302
    stranger = Resident(consultation).client
    assert stranger.get(stop).status_code == 200
    assert Draft.objects.get().wants_reminders
    stranger.handler.enforce_csrf_checks = True
    assert stranger.post(stop).status_code == 200
    assert not Draft.objects.get().wants_reminders


def test_the_link_in_a_mail_about_results_forgets_the_address(consultation):
    sent(consultation, email="ann@example.org", wants_feedback="on")
    contact = ContactOptIn.objects.get()

    token = make_token("contact", contact.pk, contact.generation)
    stranger = Resident(consultation).client

    asked = stranger.get(f"/contact/stop/{token}/")
    done = stranger.post(f"/contact/stop/{token}/")

    assert (asked.status_code, done.status_code) == (200, 200)
    assert "We have deleted your email address" in done.content.decode()
    assert not ContactOptIn.objects.exists()
    assert Response.objects.count() == 1


@pytest.mark.rule("GDPR-05", "accepts")
def test_a_postcode_is_in_no_table(consultation):
    ward = make_ward()
    Postcode.objects.create(code="AB12CD", ward_code=ward.code)
    resident = Resident(consultation)
    resident.start()
    resident.answer(1, {"q_ward.postcode": "AB1 2CD"})
    resident.answer(2)
    resident.answer(3)
    resident.slowly().send()

    assert Response.objects.get().ward_code == ward.code
    assert cells("AB1 2CD", "AB12CD") == [("wards.Postcode", "code")]


def test_an_unfinished_answer_goes_thirty_days_after_closing(consultation):
    resident = Resident(consultation)
    resident.start()
    resident.post("respond/save/", {"email": "ann@example.org"})
    ends = consultation.windows.get().ends
    days = Council.objects.get().draft_days

    early = actions.purge_due(ends + timedelta(days=days, microseconds=-1))
    due = actions.purge_due(ends + timedelta(days=days))
    again = actions.purge_due(ends + timedelta(days=days))

    assert (early["drafts"], due["drafts"], again["drafts"]) == (0, 1, 0)
    assert not Draft.objects.exists()


def test_a_change_that_was_never_sent_goes_and_the_response_stays(consultation):
    resident = sent(consultation)
    resident.post("receipt/change/")
    before = resident.response().answers
    ends = consultation.windows.get().ends

    due = actions.purge_due(ends + timedelta(days=30))
    again = actions.purge_due(ends + timedelta(days=30))

    assert (due["changes"], again["changes"]) == (1, 0)
    assert resident.draft().is_sent
    assert resident.response().answers == before


@pytest.mark.parametrize("path", ["receipt/withdraw/", "receipt/contact/"])
def test_nobody_elses_mail_is_cancelled_whose_row_has_the_key_of_a_response(
    consultation, path
):
    resident = sent(
        consultation, email="ann@example.org", wants_receipt="on", wants_feedback="on"
    )
    key = resident.response().pk
    follower = Subscription.objects.create(
        pk=key,
        kind="consultation",
        key=str(consultation.pk),
        email="bo@example.org",
        address_key="bo",
        confirmed_at=timezone.now(),
    )
    findings = {
        "kind": "consultations.findings",
        "occasion": "1",
        "payload": about(consultation, **TO_FOLLOWERS),
        "about": consultation,
    }
    rows = Subscription.objects.filter(pk=follower.pk).annotate(
        subject_id=F("id"), subject_generation=F("generation")
    )
    outbox.queue_many(rows, **findings)
    findings["payload"] = about(consultation, **TO_RESPONDENTS)
    outbox.queue_many(contacts(consultation), **findings)
    officer = make_user(pk=key, email="officer@example.org")
    queue_for(
        [officer],
        kind="consultations.closing_tomorrow",
        occasion="1",
        payload=about(consultation),
        about=consultation,
    )

    resident.post(path)

    waiting = Notice.objects.waiting().order_by("recipient")
    assert [notice.recipient for notice in waiting] == [
        "bo@example.org",
        "officer@example.org",
    ]
    mine = Notice.objects.filter(status="cancelled", recipient="", payload={})
    assert {"consultations.receipt", "consultations.findings"} <= set(
        mine.values_list("kind", flat=True)
    )
