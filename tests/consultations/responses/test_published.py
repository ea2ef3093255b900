"""The receipt says which published results a response is part of, also afterwards."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.models import User
from consultations import actions as plans
from consultations.feedback import actions as feedback
from consultations.models import Comment, Consultation, OpenWindow, Release, Response
from consultations.responses import actions
from consultations.responses.rebuild import stale_codes
from tests.consultations.responses.people import sent
from tests.factories import (
    make_approver,
    make_council,
    make_published_consultation,
    make_response,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def council():
    return make_council()


@pytest.fixture
def resident():
    """Somebody who answered a consultation that two others answered, too."""
    consultation = make_published_consultation()
    make_response(consultation)
    make_response(consultation)
    return sent(consultation, email="ann@example.org", wants_feedback="on")


def close(consultation):
    OpenWindow.objects.filter(consultation=consultation).update(ends=timezone.now())
    consultation.refresh_from_db()


def publish_findings(consultation, **fields):
    author = consultation.lead_officer
    findings = feedback.save_findings(
        consultation,
        by=author,
        summary="Most want Saturdays.",
        how_people_took_part="Online.",
        question_texts={},
    )
    feedback.ask_for_confirmation(findings, by=author, **fields)
    return feedback.confirm(findings, by=approver())


def approver():
    found = User.objects.filter(email="second@example.org").first()
    return found or make_approver(email="second@example.org")


def publish_feedback(consultation):
    author = consultation.lead_officer
    draft = feedback.save_feedback(
        consultation,
        by=author,
        we_asked="When?",
        you_said="Saturdays.",
        we_did="Saturdays.",
        outcome="changed",
        outcome_reason="",
        signed_off_by="The Cabinet",
        next_update_on=None,
    )
    feedback.ask_for_confirmation(draft, by=author)
    return feedback.confirm(draft, by=approver())


def response(resident):
    return Response.objects.get(source_key=str(resident.draft().pk))


def receipt(resident):
    return " ".join(resident.get("receipt/").content.decode().split())


def test_before_publication_a_receipt_says_that_nothing_is_published(resident):
    assert "Not published yet" in receipt(resident)


def test_a_receipt_names_the_published_total_that_counts_it(resident):
    close(resident.consultation)
    publish_findings(resident.consultation)

    page = receipt(resident)

    assert "It is one of the 3 responses in the results published on" in page
    assert "See the results" in page


def test_who_withdraws_after_publication_is_told_what_stays(resident):
    close(resident.consultation)
    publish_findings(resident.consultation)

    asked = resident.get("receipt/withdraw/").content.decode()
    resident.post("receipt/withdraw/")

    page = receipt(resident)
    assert "What is already published stays" in asked
    assert "No, you have withdrawn it." in page
    assert "It is still one of the 3 responses in the results published on" in page
    assert "What was already published stays as it is" in page


def test_feedback_that_shows_the_same_figures_still_counts_it(resident):
    """Its charts are those of the findings, which were read before."""
    close(resident.consultation)
    publish_findings(resident.consultation)
    resident.post("receipt/withdraw/")

    publish_feedback(resident.consultation)

    assert "It is still one of the 3 responses" in receipt(resident)


def test_results_made_after_withdrawing_do_not_count_it(resident):
    close(resident.consultation)
    publish_findings(resident.consultation)
    resident.post("receipt/withdraw/")

    publish_findings(resident.consultation)

    page = receipt(resident)
    assert "No, you have withdrawn it." in page
    assert "one of the" not in page
    assert "already published stays" not in page


def test_who_withdraws_before_publication_is_in_no_total(resident):
    resident.post("receipt/withdraw/")
    close(resident.consultation)
    publish_findings(resident.consultation)

    page = receipt(resident)

    assert "No, you have withdrawn it." in page
    assert "one of the" not in page
    assert response(resident).published_in is None


def test_results_that_wait_for_their_time_count_it_when_they_come(resident):
    close(resident.consultation)
    in_an_hour = timezone.now() + timedelta(hours=1)
    release = publish_findings(resident.consultation, publish_at=in_an_hour)

    resident.post("receipt/withdraw/")

    assert "one of the" not in receipt(resident)
    assert response(resident).published_in == release


def test_withdrawing_deletes_what_was_answered(resident):
    resident.post("receipt/withdraw/")

    row = response(resident)
    assert row.status == Response.Status.WITHDRAWN
    assert (row.answers, row.place, row.ward_code) == ({}, "not_stated", "")
    assert not Comment.objects.filter(response=row).exists()
    assert list(stale_codes()) == []
    assert row.reference in receipt(resident)
    assert "We have deleted what you answered" in receipt(resident)


def test_a_held_response_that_is_counted_later_is_not_in_earlier_results(resident):
    Response.objects.filter(pk=response(resident).pk).update(status="held")
    close(resident.consultation)
    publish_findings(resident.consultation)

    before = receipt(resident)
    actions.release(response(resident), by=resident.consultation.lead_officer)

    assert "Not part of the published results" in before
    assert "Not part of the published results" in receipt(resident)
    publish_findings(resident.consultation)
    assert "It is one of the 3 responses" in receipt(resident)


def test_who_is_excluded_after_publication_is_told_what_still_counts_it(resident):
    close(resident.consultation)
    publish_findings(resident.consultation)

    actions.exclude(
        response(resident), reason="duplicate", by=resident.consultation.lead_officer
    )

    page = receipt(resident)
    assert "No: Duplicate" in page
    assert "It is still one of the 3 responses" in page


def test_withdrawing_a_consultation_takes_back_what_was_to_be_published(resident):
    consultation = resident.consultation
    close(consultation)
    tomorrow = timezone.now() + timedelta(days=1)
    release = publish_findings(consultation, publish_at=tomorrow)

    plans.withdraw(
        consultation,
        by=consultation.lead_officer,
        reason="A court said so.",
        public_note="We must stop.",
    )

    assert list(Release.objects.all()) == []
    assert list(Release.every.all()) == [release]
    words = words_of(resident.get("receipt/"))
    assert "No, the consultation was withdrawn." in words
    assert "Not published yet" not in words


def test_the_results_answer_who_only_asks_for_their_head(resident):
    close(resident.consultation)
    publish_findings(resident.consultation)

    answer = resident.client.head(f"{resident.consultation.get_absolute_url()}results/")

    assert answer.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_decision_made_while_results_are_confirmed_is_in_both_or_in_neither(
    resident,
):
    consultation, stored = resident.consultation, response(resident)
    close(consultation)
    officer, second = consultation.lead_officer, approver()
    findings = feedback.save_findings(
        consultation,
        by=officer,
        summary="Most want Saturdays.",
        how_people_took_part="Online.",
        question_texts={},
    )
    feedback.ask_for_confirmation(findings, by=officer)
    held = threading.Event()

    def hold():  # so that the two others wait for the same lock
        with transaction.atomic():
            Consultation.objects.select_for_update().get(pk=consultation.pk)
            held.set()
            time.sleep(0.8)

    def confirm():
        held.wait(10)
        feedback.confirm(findings, by=second)

    def exclude():
        held.wait(10)
        time.sleep(0.3)
        actions.exclude(
            Response.objects.get(pk=stored.pk), reason="duplicate", by=officer
        )

    at_once(hold, confirm, exclude)

    total = Release.objects.get().counts["counted"]
    words = words_of(resident.get("receipt/"))
    assert ("It is still one of" in words) == (total == 3)


def words_of(page):
    """The words of a page in a line."""
    return " ".join(strip_tags(page.content.decode()).split())


def at_once(*acts):
    def run(act):
        try:
            act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
