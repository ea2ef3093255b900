"""The minutes after closing: who is still heard, and how it shows (REM-05)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import ActionRefused
from consultations import actions as consultation_actions
from consultations.feedback import actions as feedback
from consultations.models import Consultation, Draft, OpenWindow, Release, Response
from consultations.responses import actions
from consultations.responses.timing import Closed, is_late
from council.clock import day_ends
from council.models import Council
from tests.consultations.responses.people import Resident
from tests.factories import (
    make_approver,
    make_council,
    make_published_consultation,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def council():
    return make_council()


@pytest.fixture
def consultation():
    return make_published_consultation()


def extended(consultation):
    """It stays open a week longer, since half an hour ago."""
    now = timezone.now()
    consultation_actions.extend(
        consultation,
        by=consultation.lead_officer,
        closes_on=timezone.localdate() + timedelta(days=14),
        reason="More people asked for time.",
        when=now - timedelta(minutes=30),
    )
    return consultation


def closed(consultation, minutes):
    """Its last window ended some minutes ago."""
    last = consultation.windows.latest("starts")
    last.ends = timezone.now() - timedelta(minutes=minutes)
    last.save(update_fields=["ends"])


@pytest.mark.rule("REM-05", "accepts")
def test_who_began_before_an_extension_has_the_grace_after_the_new_closing(
    consultation,
):
    resident = Resident(consultation).answer_all()
    Draft.objects.update(started_at=timezone.now() - timedelta(hours=1))
    extended(consultation)
    closed(consultation, 1)

    answer = resident.send()

    assert answer.headers["Location"] == f"{resident.root}/respond/sent/"
    assert resident.response().is_late


@pytest.mark.rule("REM-05", "refuses")
def test_who_began_before_an_extension_is_too_late_after_the_grace(consultation):
    resident = Resident(consultation).answer_all()
    fields = resident.check()
    Draft.objects.update(started_at=timezone.now() - timedelta(hours=1))
    extended(consultation)
    closed(consultation, 15)

    answer = resident.post("respond/check/", fields)

    assert answer.status_code == 410
    assert not Response.objects.exists()


@pytest.mark.rule("REM-05", "accepts")
def test_an_answer_in_the_minutes_after_an_extension_is_in_time(consultation):
    moment = timezone.now()
    extended(consultation)
    after = moment - timedelta(minutes=29)

    late = is_late(
        consultation,
        started_at=moment - timedelta(hours=1),
        when=after,
        grace_minutes=15,
    )

    assert late is False


@pytest.mark.rule("REM-05", "refuses")
def test_an_answer_begun_after_closing_has_no_grace(consultation):
    ends = day_ends(timezone.localdate() - timedelta(days=1))
    OpenWindow.objects.filter(consultation=consultation).update(ends=ends)

    with pytest.raises(Closed):
        is_late(
            consultation,
            started_at=ends,
            when=ends + timedelta(minutes=1),
            grace_minutes=15,
        )


# What is published, and what comes within the grace ------------------------------


def asked_to_publish(consultation):
    author = consultation.lead_officer
    findings = feedback.save_findings(
        consultation,
        by=author,
        summary="Most want Saturdays.",
        how_people_took_part="Online.",
        question_texts={},
    )
    feedback.ask_for_confirmation(findings, by=author)
    return findings


@pytest.mark.rule("REM-05", "accepts")
def test_findings_wait_for_those_who_may_still_send_and_count_them(consultation):
    resident = Resident(consultation).answer_all().slowly()
    closed(consultation, 5)
    findings, second = asked_to_publish(consultation), make_approver()

    with pytest.raises(ActionRefused, match="Publish it after that"):
        feedback.confirm(findings, by=second)
    assert not Release.objects.exists()

    resident.send()
    release = feedback.confirm(findings, by=second)

    assert release.counts["counted"] == 1
    receipt = " ".join(resident.get("receipt/").content.decode().split())
    assert "It is the 1 response in the results published on" in receipt


def test_findings_wait_no_longer_than_the_grace(consultation):
    Resident(consultation).answer_all().slowly()
    closed(consultation, 15)

    release = feedback.confirm(asked_to_publish(consultation), by=make_approver())

    assert release.counts["counted"] == 0


@pytest.mark.rule("REM-05", "refuses")
def test_nothing_is_taken_once_the_figures_are_read(consultation):
    """Somebody made the grace longer after the findings were confirmed."""
    resident = Resident(consultation).answer_all()
    fields = resident.check()
    Draft.objects.update(started_at=timezone.now() - timedelta(hours=2))
    closed(consultation, 20)
    feedback.confirm(asked_to_publish(consultation), by=make_approver())
    Council.objects.update(grace_minutes=60)

    answer = resident.post("respond/check/", fields)

    assert answer.status_code == 410
    assert "The den" in answer.content.decode()
    assert not Response.objects.exists()


# Two at once ---------------------------------------------------------------------


def withdraw(consultation):
    consultation_actions.withdraw(
        Consultation.objects.get(pk=consultation.pk),
        by=consultation.lead_officer,
        reason="A fault.",
        public_note="We withdraw it.",
    )


def close_early(consultation):
    consultation_actions.close_early(
        Consultation.objects.get(pk=consultation.pk),
        by=consultation.lead_officer,
        reason="A fault.",
        public_note="We close it.",
    )


def loaded(draft):
    """A draft as a request loads it, with what its consultation was then."""
    drafts = Draft.objects.select_related("consultation", "version")
    return drafts.prefetch_related("consultation__windows").get(pk=draft.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [withdraw, close_early])
def test_what_is_sent_while_it_is_taken_away_waits_and_is_refused(consultation, end):
    draft = loaded(Resident(consultation).answer_all().slowly().draft())
    begun = threading.Event()

    def send():
        try:
            begun.set()
            actions.send(draft, when=timezone.now(), grace_minutes=0)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            end(consultation)
            sending = pool.submit(send)
            begun.wait()
            with pytest.raises(TimeoutError):
                sending.result(timeout=0.5)
        with pytest.raises(Closed):
            sending.result(timeout=10)

    assert not Response.objects.exists()
    assert not Draft.objects.get().is_sent


def test_nobody_starts_what_was_withdrawn_since_they_opened_its_page(consultation):
    opened = Consultation.objects.prefetch_related("windows").get(pk=consultation.pk)
    list(opened.windows.all())
    withdraw(consultation)

    with pytest.raises(ActionRefused, match="has been withdrawn"):
        actions.start(opened, language="en-gb", when=timezone.now())

    assert not Draft.objects.exists()


def test_two_who_send_do_not_wait_for_each_other(consultation):
    draft = loaded(Resident(consultation).answer_all().slowly().draft())

    with CaptureQueriesContext(connection) as queries:
        actions.send(draft, when=timezone.now(), grace_minutes=0)

    locks = [q["sql"] for q in queries if "FOR KEY SHARE" in q["sql"]]
    assert len(locks) == 1
    assert not [
        q["sql"]
        for q in queries
        if "FOR UPDATE" in q["sql"] and "consultations_consultation" in q["sql"]
    ]
