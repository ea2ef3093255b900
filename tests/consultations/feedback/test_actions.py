"""Findings and feedback: two people, one release, one notice each."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import ActionRefused
from accounts.models import AuditEntry
from accounts.secret_links import address_key
from consultations import notices
from consultations.feedback import actions, content, taking_part
from consultations.models import (
    Comment,
    Consultation,
    ContactOptIn,
    Feedback,
    Findings,
    Release,
    Response,
)
from council.clock import at_hour
from notices.models import Notice, Subscription
from tests.consultations.analysis import sql_oracle
from tests.factories import (
    make_approver,
    make_closed_consultation,
    make_council,
    make_published_consultation,
    make_response,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _council():
    make_council()


@pytest.fixture
def consultation():
    return make_closed_consultation()


@pytest.fixture
def second(consultation):
    return make_approver()


def write_findings(consultation, **fields):
    values = {
        "summary": "Most people want Saturdays.",
        "how_people_took_part": "Online and at two workshops.",
        "question_texts": {},
        **fields,
    }
    return actions.save_findings(consultation, by=consultation.lead_officer, **values)


def write_feedback(consultation, **fields):
    values = {
        "we_asked": "When should the library be open?",
        "you_said": "On Saturdays.",
        "we_did": "It opens on Saturdays from May.",
        "outcome": "changed",
        "outcome_reason": "",
        "signed_off_by": "The Cabinet",
        "next_update_on": None,
        **fields,
    }
    return actions.save_feedback(consultation, by=consultation.lead_officer, **values)


def publish(draft, second, **fields):
    """Ask and confirm; of feedback, the findings first where there are none."""
    found = Release.objects.filter(consultation=draft.consultation, kind="findings")
    if isinstance(draft, Feedback) and not found.exists():
        publish(write_findings(draft.consultation), second)
    actions.ask_for_confirmation(draft, by=draft.consultation.lead_officer, **fields)
    return actions.confirm(draft, by=second)


def follow(consultation, email="follower@example.org", **fields):
    then = timezone.now() - timedelta(days=20)
    return Subscription.objects.create(
        kind="consultation",
        key=str(consultation.pk),
        email=email,
        address_key=address_key(email),
        **{"confirmed_at": then, **fields},
    )


def opt_in(consultation, email="person@example.org", **fields):
    return ContactOptIn.objects.create(
        response=make_response(consultation),
        consultation=consultation,
        email=email,
        address_key=address_key(email),
        **{"wants_feedback": True, **fields},
    )


def test_a_second_person_publishes_what_the_first_prepared(consultation, second):
    for day in (["o_mon"], ["o_sat"], ["o_sat", "o_mon"]):
        make_response(consultation, {"q_use": "o_often", "q_days": day, "q_age": 2})

    release = publish(write_findings(consultation), second)

    assert (release.kind, release.number) == ("findings", 1)
    assert release.prepared_by == consultation.lead_officer
    assert release.checked_by == second
    assert release.texts["summary"] == "Most people want Saturdays."
    assert len(release.input_digest) == 64
    entry = AuditEntry.objects.get(action="findings.published")
    assert (entry.actor, entry.about_id) == (second, str(consultation.pk))


def test_who_prepared_it_cannot_confirm_it(consultation):
    draft = write_findings(consultation)
    actions.ask_for_confirmation(draft, by=consultation.lead_officer)

    with pytest.raises(ActionRefused, match="second person"):
        actions.confirm(draft, by=consultation.lead_officer)

    assert not Release.objects.exists()
    assert not AuditEntry.objects.filter(action="findings.published").exists()


def test_the_database_refuses_one_person_twice_too(consultation, second):
    release = publish(write_findings(consultation), second)
    release.pk, release.number = None, 2
    release.checked_by = release.prepared_by

    with pytest.raises(IntegrityError), transaction.atomic():
        release.save(force_insert=True)


def test_nothing_is_published_before_somebody_asked(consultation, second):
    draft = write_findings(consultation)

    with pytest.raises(ActionRefused, match="Nobody has asked"):
        actions.confirm(draft, by=second)

    assert not Release.objects.exists()


def test_a_change_after_asking_must_be_asked_for_again(consultation, second):
    draft = write_findings(consultation)
    actions.ask_for_confirmation(draft, by=consultation.lead_officer)
    write_findings(consultation, summary="Nobody wants Saturdays.")

    with pytest.raises(ActionRefused, match="Nobody has asked"):
        actions.confirm(draft, by=second)


def test_a_late_answer_between_reading_and_confirming_is_noticed(consultation, second):
    draft = write_findings(consultation)
    actions.ask_for_confirmation(draft, by=consultation.lead_officer)
    seen = content.fingerprint(actions.unpublished(draft))
    make_response(consultation)

    with pytest.raises(ActionRefused, match="Something has changed"):
        actions.confirm(draft, by=second, seen=seen)

    assert not Release.objects.exists()


def test_findings_wait_until_it_has_closed():
    open_now = make_published_consultation()

    with pytest.raises(ActionRefused, match="closed"):
        write_findings(open_now)

    assert not Findings.objects.exists()


def test_feedback_is_written_early_and_published_late(second):
    open_now = make_published_consultation()
    draft = write_feedback(open_now)

    with pytest.raises(ActionRefused, match="closed"):
        actions.ask_for_confirmation(draft, by=open_now.lead_officer)

    assert Feedback.objects.get().ready_at is None


@pytest.mark.rule("WASWYD-01", "accepts")
def test_feedback_with_all_three_parts_is_published(consultation, second):
    release = publish(write_feedback(consultation), second)

    assert release.outcome == "changed"
    assert consultation.stage_at(timezone.now()) == "feedback"


@pytest.mark.rule("WASWYD-01", "refuses")
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"we_asked": " "}, "all three parts"),
        ({"you_said": ""}, "all three parts"),
        ({"we_did": "\n"}, "all three parts"),
        ({"outcome": ""}, "what came of it"),
        ({"outcome": "partly"}, "why"),
        ({"outcome": "not_changed"}, "why"),
        ({"signed_off_by": ""}, "who signed it off"),
    ],
)
def test_feedback_that_lacks_a_part_is_refused(consultation, second, fields, sentence):
    draft = write_feedback(consultation, **fields)

    with pytest.raises(ActionRefused, match=sentence):
        actions.ask_for_confirmation(draft, by=consultation.lead_officer)

    assert Feedback.objects.get().ready_at is None
    Feedback.objects.update(
        ready_at=timezone.now(), prepared_by=consultation.lead_officer
    )
    with pytest.raises(ActionRefused, match=sentence):
        actions.confirm(draft, by=second)
    assert not Release.objects.exists()


@pytest.mark.rule("WASWYD-04", "accepts")
def test_everybody_who_asked_is_told_once_in_the_same_transaction(consultation, second):
    follow(consultation)
    opt_in(consultation)

    release = publish(write_feedback(consultation), second)

    told = Notice.objects.filter(kind="consultations.feedback")
    assert {n.recipient for n in told} == {"follower@example.org", "person@example.org"}
    notices.released(release, timezone.now())
    notices.queue_due(timezone.now())
    assert told.count() == 2


@pytest.mark.rule("WASWYD-04", "refuses")
def test_nobody_is_told_who_did_not_ask_or_before_it_is_public(consultation, second):
    follow(consultation, "unconfirmed@example.org", confirmed_at=None)
    opt_in(consultation, "receipt-only@example.org", wants_feedback=False)
    publish(write_feedback(consultation), second)
    assert not Notice.objects.filter(kind="consultations.feedback").exists()

    other = make_closed_consultation()
    follow(other)
    later = timezone.now() + timedelta(hours=3)
    publish(write_feedback(other), second, publish_at=later)

    assert not Notice.objects.filter(kind="consultations.feedback").exists()
    notices.queue_due(later + timedelta(minutes=1))
    notices.queue_due(later + timedelta(minutes=2))
    assert Notice.objects.filter(kind="consultations.feedback").count() == 1


def test_both_kinds_of_asking_get_one_message(consultation, second):
    follow(consultation, "person@example.org")
    opt_in(consultation, "person@example.org")

    publish(write_feedback(consultation), second)

    assert Notice.objects.filter(kind="consultations.feedback").count() == 1


def test_the_set_time_is_kept_and_must_be_ahead(consultation, second):
    draft = write_findings(consultation)
    now = timezone.now()

    with pytest.raises(ActionRefused, match="future"):
        actions.ask_for_confirmation(
            draft, by=consultation.lead_officer, publish_at=now
        )
    later = now + timedelta(days=1)
    release = publish(draft, second, publish_at=later)

    assert release.public_from == later
    assert consultation.stage_at(now) == "closed"


def test_a_later_release_supersedes_and_tells_nobody_again(consultation, second):
    follow(consultation)
    first = publish(write_findings(consultation), second)
    make_response(consultation, channel="paper")

    later = publish(write_findings(consultation), second)

    assert (first.number, later.number) == (1, 2)
    assert later.counts["counted"] == first.counts["counted"] + 1
    assert Notice.objects.filter(kind="consultations.findings").count() == 1


def test_every_published_figure_is_what_sql_counts(consultation, second):
    for number in range(40):
        agree = ["ao_sa", "ao_a", "ao_n", "ao_d", "ao_dk"][number % 5]
        make_response(
            consultation,
            {
                "q_capacity": "o_me",
                "q_use": "o_never" if number % 7 == 0 else "o_often",
                "q_days": ["o_mon", "o_sat"] if number % 3 else ["o_none"],
                "q_agree": agree,
                "q_grid": {"r_quiet": "go_a", "r_cafe": "go_sd"}
                if number % 2
                else {"r_quiet": "go_dk"},
                "q_age": number % 6,
                "q_why": "Rain",
            },
            channel="paper" if number % 4 == 0 else "online",
            status="withdrawn" if number == 11 else "sent",
        )
    Response.objects.filter(pk=consultation.responses.first().pk).update(
        status="excluded", excluded_because="test", decided_by=second
    )

    release = publish(write_findings(consultation), second)

    assert sql_oracle.differences(release) == []
    assert len(release.tables) == 7
    wrong = dict(release.tables[0], answered=3)
    release.tables[0] = wrong
    assert sql_oracle.differences(release)


def test_who_answered_is_in_no_release(consultation, second):
    make_response(consultation, {"q_capacity": "o_org", "q_use": "o_often"})

    release = publish(write_findings(consultation), second)

    kinds = {table["kind"] for table in release.tables}
    assert not kinds & {"capacity", "ward"}
    assert release.policy["subgroup_tables"] == "none"


@pytest.mark.rule("GDPR-09", "accepts")
def test_a_cleared_quote_is_published_in_its_redacted_words(consultation, second):
    comment = make_response(consultation, {"q_why": "Ask Ann Lee"}).comments.get()
    Comment.objects.update(publish="redacted", redacted_text="Ask [a name]")
    chosen = {"q_why": {"quotes": [comment.pk]}}

    release = publish(write_findings(consultation, question_texts=chosen), second)

    assert release.texts["quotes"] == {"q_why": ["Ask [a name]"]}


@pytest.mark.rule("GDPR-09", "refuses")
@pytest.mark.parametrize("publish_as", ["not_reviewed", "not_publishable"])
def test_a_text_that_was_not_cleared_is_in_no_release(consultation, second, publish_as):
    comment = make_response(consultation, {"q_why": "Ask Ann Lee"}).comments.get()
    Comment.objects.update(publish=publish_as, redacted_text="Ask Ann")
    chosen = {"q_why": {"quotes": [comment.pk]}}

    release = publish(write_findings(consultation, question_texts=chosen), second)

    assert release.texts["quotes"] == {}
    assert "Ann" not in str([release.texts, release.tables, release.counts])


def test_a_writer_who_lets_another_ask_cannot_confirm(consultation, second):
    draft = write_findings(consultation)
    actions.ask_for_confirmation(draft, by=second)

    for person in (consultation.lead_officer, second):
        with pytest.raises(ActionRefused, match="second person"):
            actions.confirm(draft, by=person)

    assert Findings.objects.get().prepared_by == consultation.lead_officer
    assert not Release.objects.exists()
    assert taking_part.asked_by(draft) == second
    third = actions.confirm(draft, by=make_approver())
    assert third.prepared_by == consultation.lead_officer


def test_an_earlier_writer_cannot_confirm_what_another_saved_last(consultation, second):
    publish(write_findings(consultation), second)
    draft = write_feedback(consultation)
    actions.save_charts(consultation, by=second, charts=["q_use"])
    actions.ask_for_confirmation(draft, by=second)

    with pytest.raises(ActionRefused, match="second person"):
        actions.confirm(draft, by=consultation.lead_officer)

    assert not Release.objects.filter(kind="feedback").exists()


def test_who_wrote_an_earlier_release_may_confirm_a_later_one(consultation, second):
    publish(write_findings(consultation), second)
    words = {"how_people_took_part": "Online.", "question_texts": {}}
    draft = actions.save_findings(consultation, by=second, summary="More.", **words)
    actions.ask_for_confirmation(draft, by=second)

    release = actions.confirm(draft, by=consultation.lead_officer)

    assert (release.number, release.prepared_by) == (2, second)
    assert release.checked_by == consultation.lead_officer


def test_who_wrote_only_the_findings_may_confirm_the_feedback(consultation, second):
    words = {"how_people_took_part": "Online.", "question_texts": {}}
    findings = actions.save_findings(consultation, by=second, summary="Yes.", **words)
    actions.ask_for_confirmation(findings, by=second)
    actions.confirm(findings, by=make_approver())

    assert publish(write_feedback(consultation), second).checked_by == second


# Findings first ----------------------------------------------------------------------


def test_feedback_waits_for_the_findings(consultation, second):
    draft = write_feedback(consultation)

    with pytest.raises(ActionRefused, match="Publish the findings first"):
        actions.ask_for_confirmation(draft, by=consultation.lead_officer)

    assert Feedback.objects.get().ready_at is None
    publish(write_findings(consultation), second)
    assert publish(draft, second).kind == "feedback"


def test_feedback_is_not_public_before_findings_that_are_set_for_later(
    consultation, second
):
    later = timezone.now() + timedelta(days=2)
    publish(write_findings(consultation), second, publish_at=later)
    draft, officer = write_feedback(consultation), consultation.lead_officer

    for sooner in (None, later - timedelta(minutes=1)):
        with pytest.raises(ActionRefused, match="The findings are published on"):
            actions.ask_for_confirmation(draft, by=officer, publish_at=sooner)

    assert Feedback.objects.get().ready_at is None
    assert publish(draft, second, publish_at=later).public_from == later


def test_feedback_whose_findings_were_cancelled_meanwhile_is_not_confirmed(
    consultation, second
):
    later = timezone.now() + timedelta(days=2)
    publish(write_findings(consultation), second, publish_at=later)
    draft = write_feedback(consultation)
    actions.ask_for_confirmation(draft, by=consultation.lead_officer, publish_at=later)
    actions.cancel(consultation, kind="findings", by=second)

    with pytest.raises(ActionRefused, match="Publish the findings first"):
        actions.confirm(draft, by=second)

    assert not Release.objects.exists()


# Cancelling --------------------------------------------------------------------------


def test_what_is_confirmed_for_later_is_cancelled_before_its_time(consultation, second):
    later = timezone.now() + timedelta(days=1)
    follow(consultation)
    publish(write_findings(consultation), second, publish_at=later)

    actions.cancel(consultation, kind="findings", by=consultation.lead_officer)

    assert not Release.objects.exists()
    assert consultation.stage_at(later) == "closed"
    assert not Consultation.objects.at_stage("findings", later).exists()
    assert notices.queue_due(later) == 0
    entry = AuditEntry.objects.get(action="findings.cancelled")
    assert entry.actor == consultation.lead_officer
    assert entry.about_id == str(consultation.pk)
    assert Findings.objects.get().summary == "Most people want Saturdays."


def test_what_was_cancelled_can_be_published_anew_and_is_then_news(
    consultation, second
):
    follow(consultation)
    later = timezone.now() + timedelta(days=1)
    publish(write_findings(consultation), second, publish_at=later)
    actions.cancel(consultation, kind="findings", by=second)

    release = publish(Findings.objects.get(), second)

    assert release.number == 2
    assert consultation.stage_at(timezone.now()) == "findings"
    assert Notice.objects.filter(kind="consultations.findings").count() == 1


def test_what_waits_for_its_time_is_not_asked_for_again(consultation, second):
    later = timezone.now() + timedelta(days=1)
    publish(write_findings(consultation), second, publish_at=later)
    draft = write_findings(consultation, summary="Nobody wants Saturdays.")

    with pytest.raises(ActionRefused, match="Cancel that first"):
        actions.ask_for_confirmation(draft, by=consultation.lead_officer)

    assert Findings.objects.get().ready_at is None
    assert Release.objects.get().texts["summary"] == "Most people want Saturdays."


def test_nothing_is_cancelled_once_it_is_public(consultation, second):
    later = timezone.now() + timedelta(days=1)
    publish(write_findings(consultation), second, publish_at=later)

    for kind, when in (("findings", later), ("feedback", timezone.now())):
        with pytest.raises(ActionRefused, match="public already"):
            actions.cancel(consultation, kind=kind, by=second, when=when)

    assert Release.objects.count() == 1
    assert not AuditEntry.objects.filter(action="findings.cancelled").exists()


def test_findings_are_not_cancelled_under_feedback_that_is_set_for_later(
    consultation, second
):
    later = timezone.now() + timedelta(days=1)
    publish(write_findings(consultation), second, publish_at=later)
    publish(write_feedback(consultation), second, publish_at=later)

    with pytest.raises(ActionRefused, match="Cancel that first"):
        actions.cancel(consultation, kind="findings", by=second)

    actions.cancel(consultation, kind="feedback", by=second)
    actions.cancel(consultation, kind="findings", by=second)
    assert not Release.objects.exists()


def test_who_wrote_what_was_cancelled_still_cannot_confirm_it(consultation, second):
    officer, later = consultation.lead_officer, timezone.now() + timedelta(days=1)
    third = make_approver()
    words = {"how_people_took_part": "Online.", "question_texts": {}}
    actions.save_findings(consultation, by=third, summary="Yes.", **words)
    publish(write_findings(consultation), second, publish_at=later)
    actions.cancel(consultation, kind="findings", by=second)
    actions.ask_for_confirmation(Findings.objects.get(), by=officer)

    for person in (officer, third):
        with pytest.raises(ActionRefused, match="second person"):
            actions.confirm(Findings.objects.get(), by=person)

    assert not Release.objects.exists()
    assert actions.confirm(Findings.objects.get(), by=second).number == 2


def test_staff_are_not_asked_for_feedback_that_is_set_for_later(second):
    due = timezone.localdate()
    consultation = make_closed_consultation(feedback_due=due)
    later = timezone.now() + timedelta(days=9)
    publish(write_feedback(consultation), second, publish_at=later)
    noon = at_hour(due, 12)

    notices.queue_due(noon)
    assert not Notice.objects.filter(kind="consultations.feedback_due").exists()

    actions.cancel(consultation, kind="feedback", by=second)
    notices.queue_due(noon)
    assert Notice.objects.filter(kind="consultations.feedback_due").exists()


def test_the_trail_says_what_was_written_before_and_after(consultation):
    write_findings(consultation)
    write_findings(
        consultation,
        summary="Nobody wants Saturdays.",
        question_texts={"q_use": {"headline": "Most come often"}},
    )

    saved = AuditEntry.objects.filter(action="findings.saved").order_by("-pk").first()
    assert saved.before == {
        "summary": "Most people want Saturdays.",
        "question_texts": {},
    }
    assert saved.after == {
        "summary": "Nobody wants Saturdays.",
        "question_texts": {"q_use": {"headline": "Most come often"}},
    }


def test_saving_without_a_change_is_no_entry_and_needs_no_new_confirmation(
    consultation, second
):
    draft = write_feedback(consultation)
    publish(write_findings(consultation), second)
    actions.ask_for_confirmation(draft, by=consultation.lead_officer)

    write_feedback(consultation)

    assert AuditEntry.objects.filter(action="feedback.saved").count() == 1
    assert Feedback.objects.get().ready_at is not None


def test_the_trail_names_who_prepared_a_release(consultation, second):
    publish(write_findings(consultation), second)

    entry = AuditEntry.objects.get(action="findings.published")
    assert entry.after["prepared_by"] == consultation.lead_officer.full_name


def test_a_page_that_says_nothing_of_what_was_seen_publishes_nothing(
    consultation, second
):
    draft = write_findings(consultation)
    actions.ask_for_confirmation(draft, by=consultation.lead_officer)

    with pytest.raises(ActionRefused, match="Something has changed"):
        actions.confirm(draft, by=second, seen="")

    assert not Release.objects.exists()
