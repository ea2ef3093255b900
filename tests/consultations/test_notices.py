"""Who is told what and when, with the clock of London."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Deputy, User
from accounts.secret_links import address_key
from consultations import actions, notices
from consultations.models import ContactOptIn, Draft, OpenWindow, Release
from consultations.notices import queue_due
from council.clock import LONDON, at_hour, day_ends, day_starts
from notices import drain
from notices.models import Notice, Subscription
from tests.factories import (
    make_approver,
    make_consultation,
    make_council,
    make_officer,
    make_published_consultation,
    make_response,
)

pytestmark = pytest.mark.django_db
LAST = date(2027, 6, 30)


@pytest.fixture(autouse=True)
def council():
    return make_council()


def consultation_until(last=LAST, opens=None, **fields):
    """Open from 30 days before its last day."""
    first = opens or last - timedelta(days=30)
    fields.setdefault("feedback_due", last + timedelta(days=84))
    fields.setdefault("decision_due", last + timedelta(days=60))
    consultation = make_published_consultation(**fields)
    consultation.windows.all().delete()
    OpenWindow.objects.create(
        consultation=consultation, starts=day_starts(first), ends=day_ends(last)
    )
    return consultation


def follow(consultation, email="follower@example.org", *, confirmed=None):
    return Subscription.objects.create(
        kind="consultation",
        key=str(consultation.pk),
        email=email,
        address_key=address_key(email),
        confirmed_at=confirmed or datetime(2020, 1, 1, tzinfo=LONDON),
    )


def begin(consultation, email="draft@example.org", *, on=date(2020, 1, 1), **fields):
    return Draft.objects.create(
        consultation=consultation,
        version=consultation.questionnaires.get(),
        email=email,
        address_key=address_key(email),
        updated_on=on,
        **fields,
    )


def leave_address(consultation, email, *, wants_feedback=True):
    response = make_response(consultation)
    return ContactOptIn.objects.create(
        response=response,
        consultation=consultation,
        email=email,
        address_key=address_key(email),
        wants_feedback=wants_feedback,
    )


def told(kind, **also):
    return sorted(
        Notice.objects.filter(kind=f"consultations.{kind}", **also)
        .exclude(recipient="")
        .values_list("recipient", flat=True)
    )


def days_before(days, hour=9, last=LAST):
    return at_hour(last - timedelta(days=days), hour)


# Reminders -----------------------------------------------------------------------


@pytest.mark.rule("REM-01", "accepts")
def test_followers_and_unfinished_drafts_are_reminded_7_days_and_1_day_before():
    consultation = consultation_until()
    follow(consultation)
    begin(consultation)

    for days in range(30, -1, -1):
        queue_due(days_before(days))

    assert (
        told("closing_soon") == ["draft@example.org"] * 2 + ["follower@example.org"] * 2
    )
    occasions = set(
        Notice.objects.filter(kind="consultations.closing_soon").values_list(
            "occasion", flat=True
        )
    )
    assert occasions == {
        f"{consultation.pk}:2027-06-30:7",
        f"{consultation.pk}:2027-06-30:1",
    }


@pytest.mark.rule("REM-01", "refuses")
def test_nobody_is_reminded_who_did_not_ask_or_did_not_confirm():
    consultation = consultation_until()
    unconfirmed = follow(consultation)
    Subscription.objects.filter(pk=unconfirmed.pk).update(confirmed_at=None)
    begin(consultation, wants_reminders=False)
    begin(consultation, email="")
    follow(consultation_until(), "elsewhere@example.org", confirmed=days_before(0))

    queue_due(days_before(7))
    queue_due(days_before(1))

    assert told("closing_soon") == []


@pytest.mark.rule("REM-03", "accepts")
def test_running_twice_says_it_once():
    consultation = consultation_until()
    follow(consultation)

    first = queue_due(days_before(7))
    again = queue_due(days_before(7))
    later = queue_due(days_before(6))

    assert (first, again, later) == (1, 0, 0)


@pytest.mark.rule("REM-03", "refuses")
@pytest.mark.parametrize("hour", [0, 3, 7, 20, 23])
def test_nobody_is_reminded_in_quiet_hours(hour):
    consultation = consultation_until()
    follow(consultation)

    assert queue_due(days_before(7, hour)) == 0

    assert told("closing_soon") == []


@pytest.mark.rule("REM-03", "refuses")
def test_a_reminder_that_an_outage_held_up_waits_for_the_morning(settings, mailbox):
    consultation = consultation_until()
    begin(consultation)

    with time_machine.travel(days_before(7, 19), tick=False) as clock:
        queue_due(timezone.now())
        answers, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
        assert drain.drain(timezone.now()) == 0
        settings.EMAIL_PORT = answers
        clock.move_to(days_before(7, 20))
        assert drain.drain(timezone.now()) == 0
        waiting = Notice.objects.get(kind="consultations.closing_soon")
        assert (waiting.status, waiting.attempts) == ("queued", 0)
        assert waiting.due_at == days_before(6, 8)
        clock.move_to(days_before(6, 8))
        assert drain.drain(timezone.now()) == 1

    assert len(mailbox.to("draft@example.org")) == 1


@pytest.mark.rule("REM-03", "accepts")
def test_what_falls_due_at_night_is_said_in_the_morning():
    consultation = consultation_until()
    begin(consultation, on=LAST - timedelta(days=7))

    queue_due(days_before(7, 22))
    queue_due(days_before(6, 8))

    assert told("closing_soon") == ["draft@example.org"]


@pytest.mark.rule("REM-03", "refuses")
def test_after_closing_nobody_is_reminded_even_after_an_outage():
    consultation = consultation_until()
    follow(consultation)

    queue_due(day_ends(LAST))
    queue_due(day_ends(LAST) + timedelta(hours=12))

    assert told("closing_soon") == []


def test_after_an_outage_the_next_reminder_that_helps_is_sent():
    consultation = consultation_until()
    follow(consultation)

    queue_due(days_before(0, 10))

    notice = Notice.objects.get(kind="consultations.closing_soon")
    assert notice.occasion.endswith(":1")
    assert notice.expires_at == day_ends(LAST)


@pytest.mark.rule("REM-03", "refuses")
@pytest.mark.parametrize(("most", "expected"), [(0, 0), (1, 1), (2, 2)])
def test_nobody_gets_more_reminders_than_the_council_allows(most, expected):
    make_council(max_reminders=most)
    consultation = consultation_until()
    follow(consultation)

    queue_due(days_before(7))
    queue_due(days_before(1))

    assert len(told("closing_soon")) == expected


def test_one_person_on_both_lists_gets_the_message_about_their_answer():
    consultation = consultation_until()
    follow(consultation, "both@example.org")
    begin(consultation, "both@example.org")

    queue_due(days_before(7))

    notice = Notice.objects.get(kind="consultations.closing_soon")
    assert notice.payload["relation"] == "draft"
    assert set(notice.payload["links"]) == {"resume", "stop"}


@pytest.mark.rule("REM-03", "refuses")
def test_who_has_answered_is_not_reminded():
    consultation = consultation_until()
    follow(consultation, "answered@example.org")
    leave_address(consultation, "answered@example.org", wants_feedback=False)
    follow(consultation, "silent@example.org")
    notices.no_more_reminders(consultation, address_key("silent@example.org"))
    changing = make_response(consultation)
    begin(consultation, "changing@example.org", changes=changing)

    queue_due(days_before(7))
    queue_due(days_before(1))

    assert told("closing_soon") == []


def test_who_answers_while_a_reminder_waits_does_not_get_it():
    consultation = consultation_until()
    follow(consultation, "quick@example.org")
    queue_due(days_before(7))

    notices.no_more_reminders(consultation, address_key("quick@example.org"))
    notices.no_more_reminders(consultation, address_key("quick@example.org"))

    statuses = set(Notice.objects.values_list("status", flat=True))
    assert statuses == {Notice.Status.CANCELLED}


def test_who_began_today_is_not_reminded_today():
    consultation = consultation_until()
    begin(consultation, on=LAST - timedelta(days=3))

    queue_due(days_before(3))
    assert told("closing_soon") == []
    queue_due(days_before(1))

    assert told("closing_soon") == ["draft@example.org"]


def test_a_consultation_of_five_days_reminds_only_once():
    consultation = consultation_until(opens=LAST - timedelta(days=4))
    follow(consultation)

    for days in range(5, -1, -1):
        queue_due(days_before(days))

    assert len(told("closing_soon")) == 1


@pytest.mark.rule("REM-05", "accepts")
@pytest.mark.parametrize("last", [date(2027, 3, 28), date(2027, 10, 31)])
@pytest.mark.parametrize("days", [7, 1])
def test_reminders_keep_to_the_hours_of_london_when_the_clocks_change(last, days):
    consultation = consultation_until(last)
    follow(consultation)
    morning = days_before(days, 8, last)

    assert queue_due(morning - timedelta(microseconds=1)) == 0
    made = queue_due(morning)

    assert made == (1 if days == 7 else 2)  # and "closing tomorrow" for the officer
    notice = Notice.objects.get(kind="consultations.closing_soon")
    assert notice.payload["closes"].endswith("at 11:59pm")


def test_followers_from_before_are_told_that_it_opens():
    consultation = consultation_until()
    opens = consultation.windows.get().starts
    follow(consultation, "early@example.org")
    follow(consultation, "late@example.org", confirmed=opens + timedelta(hours=1))

    queue_due(opens - timedelta(hours=6))
    assert told("opens") == []
    queue_due(opens + timedelta(hours=8))
    queue_due(opens + timedelta(hours=9))

    assert told("opens") == ["early@example.org"]


# Changes -------------------------------------------------------------------------


@pytest.mark.rule("REM-04", "accepts")
def test_an_extension_takes_back_old_reminders_and_speaks_again():
    consultation = consultation_until()
    follow(consultation)
    queue_due(days_before(7))
    later = LAST + timedelta(days=14)

    actions.extend(
        consultation,
        by=consultation.lead_officer,
        closes_on=later,
        reason="It snowed.",
        when=days_before(5),
    )
    old = Notice.objects.get(kind="consultations.closing_soon")
    queue_due(days_before(1))
    queue_due(days_before(7, last=later))

    assert old.status == Notice.Status.CANCELLED
    assert told("extended") == ["follower@example.org"]
    new = Notice.objects.exclude(pk=old.pk).get(kind="consultations.closing_soon")
    assert new.occasion == f"{consultation.pk}:{later}:7"
    assert new.status == Notice.Status.QUEUED


@pytest.mark.rule("REM-04", "refuses")
def test_a_withdrawn_consultation_reminds_nobody_and_tells_everybody_why():
    consultation = consultation_until()
    follow(consultation)
    begin(consultation)
    leave_address(consultation, "answered@example.org")
    queue_due(days_before(7))

    actions.withdraw(
        consultation,
        by=consultation.lead_officer,
        reason="The plan is dropped.",
        public_note="We have dropped the plan.",
        when=days_before(5),
    )
    queue_due(days_before(1))

    assert told("closing_soon", status=Notice.Status.QUEUED) == []
    assert told("withdrawn") == [
        "answered@example.org",
        "draft@example.org",
        "follower@example.org",
    ]
    payload = Notice.objects.filter(kind="consultations.withdrawn").first().payload
    assert payload["reason"] == "We have dropped the plan."


def test_taking_back_what_opens_soon_tells_followers_and_the_approver():
    consultation = make_consultation()
    officer, approver = consultation.lead_officer, make_approver()
    follow(consultation)
    unconfirmed = follow(consultation, "unconfirmed@example.org")
    unconfirmed.confirmed_at = None
    unconfirmed.save(update_fields=["confirmed_at"])
    for n in range(2):
        actions.send_for_approval(consultation, by=officer)
        actions.approve(consultation, by=approver)
        actions.recall(
            consultation, by=officer, reason=f"Fault {n}.", public_note=f"Note {n}."
        )

    for_staff = Notice.objects.filter(kind="consultations.recalled").order_by("pk")
    assert [(n.recipient, n.payload["reason"]) for n in for_staff] == [
        (approver.email, "Fault 0."),
        (approver.email, "Fault 1."),
    ]
    for_all = Notice.objects.filter(kind="consultations.withdrawn").order_by("pk")
    assert [(n.recipient, n.payload["reason"]) for n in for_all] == [
        ("follower@example.org", "Note 0."),
        ("follower@example.org", "Note 1."),
    ]


def test_an_approver_who_takes_it_back_is_not_written_to():
    consultation = make_published_consultation(opens=3, closes=9)

    actions.recall(
        consultation,
        by=consultation.approved_by,
        reason="A fault.",
        public_note="We found a fault.",
    )

    assert told("recalled") == []


@pytest.mark.rule("CON-09", "accepts")
def test_a_material_change_is_told_to_all_in_one_message_each():
    consultation = make_published_consultation(closes=30)
    follow(consultation)
    begin(consultation)
    leave_address(consultation, "answered@example.org", wants_feedback=False)

    actions.amend_plan(
        consultation,
        by=consultation.lead_officer,
        changes={"can_influence": "Only Sundays."},
        reason="The law changed.",
        is_material=True,
    )

    assert told("amended") == [
        "answered@example.org",
        "draft@example.org",
        "follower@example.org",
    ]
    assert told("extended") == []


# Staff ---------------------------------------------------------------------------


@pytest.mark.rule("REM-01", "accepts")
def test_the_lead_officer_hears_that_it_closes_tomorrow_once():
    consultation = consultation_until()

    for hour in (7, 8, 12, 19):
        queue_due(days_before(1, hour))
    queue_due(days_before(0))

    assert told("closing_tomorrow") == [consultation.lead_officer.email]


@pytest.mark.rule("REM-01", "accepts")
def test_feedback_is_asked_for_7_days_before_on_the_day_and_when_it_is_late():
    approver = make_approver()
    due = LAST + timedelta(days=84)
    consultation = consultation_until(approved_by=approver)
    lead = consultation.lead_officer.email

    for days in range(-10, 30):
        queue_due(at_hour(due + timedelta(days=days), 9))

    occasions = Notice.objects.filter(kind="consultations.feedback_due")
    assert sorted(occasions.values_list("occasion", flat=True)) == [
        f"{consultation.pk}:{due}:0",
        f"{consultation.pk}:{due}:7",
    ]
    assert told("feedback_due") == [lead, lead]
    assert told("feedback_overdue") == sorted([lead, approver.email])


def test_for_a_lead_who_has_left_the_services_officers_are_reminded():
    approver = make_approver(email="approver@example.org")
    consultation = consultation_until(approved_by=approver)
    make_officer(consultation.service, email="colleague@example.org")
    make_officer(consultation.service, email="left@example.org", is_active=False)
    make_officer(email="elsewhere@example.org")
    User.objects.filter(pk=consultation.lead_officer_id).update(is_active=False)

    queue_due(days_before(1))
    queue_due(at_hour(consultation.feedback_due, 9))

    assert told("closing_tomorrow") == ["colleague@example.org"]
    assert told("feedback_due") == ["colleague@example.org"]


def test_where_no_officer_is_left_the_approvers_are_reminded_once():
    approver = make_approver(email="approver@example.org")
    consultation = consultation_until(approved_by=approver)
    User.objects.filter(service_posts__service=consultation.service).update(
        is_active=False
    )
    User.objects.filter(pk=consultation.lead_officer_id).update(is_active=False)

    queue_due(days_before(1))
    queue_due(at_hour(consultation.feedback_due + timedelta(days=7), 9))

    assert told("closing_tomorrow") == ["approver@example.org"]
    assert told("feedback_overdue") == ["approver@example.org"]


@pytest.mark.rule("REM-01", "refuses")
def test_nobody_asks_for_feedback_that_is_published():
    consultation = consultation_until()
    due = LAST + timedelta(days=84)
    publish(consultation, "feedback", at_hour(LAST, 9) + timedelta(days=20))

    for days in (-7, 0, 7, 20):
        queue_due(at_hour(due + timedelta(days=days), 9))

    assert told("feedback_due") == []
    assert told("feedback_overdue") == []


def test_approvers_and_their_deputies_are_asked_but_never_the_author():
    author = make_approver(email="author@example.org")
    approver = make_approver(email="approver@example.org")
    deputy = make_officer(email="deputy@example.org")
    now = timezone.now()
    Deputy.objects.create(
        approver=approver,
        deputy=deputy,
        starts=now - timedelta(days=1),
        ends=now + timedelta(days=1),
        named_by=approver,
    )
    consultation = make_consultation(created_by=author)

    actions.send_for_approval(consultation, by=consultation.lead_officer)

    assert told("approval_waiting") == ["approver@example.org", "deputy@example.org"]


def test_who_waited_for_an_answer_is_told_and_no_one_is_asked_any_more():
    approver = make_approver()
    consultation = make_consultation()
    actions.send_for_approval(consultation, by=consultation.lead_officer)

    actions.approve(consultation, by=approver)

    assert told("approved") == [consultation.lead_officer.email]
    assert told("approval_waiting", status=Notice.Status.QUEUED) == []


# Findings and feedback ---------------------------------------------------------------


def publish(consultation, kind, public_from, number=1):
    return Release.objects.create(
        consultation=consultation,
        kind=kind,
        number=number,
        input_digest="x",
        prepared_by=consultation.lead_officer,
        checked_by=make_approver(),
        public_from=public_from,
    )


def test_a_set_time_is_waited_for_and_then_told_once_to_who_asked():
    consultation = consultation_until()
    follow(consultation)
    follow(consultation, "too-late@example.org", confirmed=days_before(-40))
    leave_address(consultation, "yes@example.org")
    leave_address(consultation, "no@example.org", wants_feedback=False)
    moment = days_before(-30, 23)
    release = publish(consultation, "feedback", moment)

    assert notices.released(release, moment - timedelta(microseconds=1)) == 0
    assert queue_due(moment - timedelta(microseconds=1)) == 0
    assert queue_due(moment) == 2
    assert queue_due(moment + timedelta(days=1)) == 0

    assert told("feedback") == ["follower@example.org", "yes@example.org"]


def test_a_later_release_that_puts_a_figure_right_is_no_news():
    consultation = consultation_until()
    follow(consultation)
    moment = days_before(-30)
    queue_due(publish(consultation, "findings", moment).public_from)

    publish(consultation, "findings", moment, number=2)
    queue_due(moment + timedelta(minutes=1))

    assert told("findings") == ["follower@example.org"]


# The messages ------------------------------------------------------------------------


KINDS = {
    "amended",
    "approval_waiting",
    "approved",
    "closed_early",
    "closing_soon",
    "closing_tomorrow",
    "extended",
    "feedback",
    "feedback_due",
    "feedback_overdue",
    "findings",
    "opens",
    "recalled",
    "returned",
    "withdrawn",
}


def ask_twice_and_approve(consultation, officer, approver):
    actions.send_for_approval(consultation, by=officer)
    drain.drain(timezone.now())
    actions.return_with_reasons(consultation, by=approver, reason="Say <more>.")
    actions.send_for_approval(consultation, by=officer)
    actions.approve(consultation, by=approver)
    drain.drain(timezone.now())


def change_while_open(consultation, officer, clock):
    actions.amend_plan(
        consultation,
        by=officer,
        changes={"can_influence": "Only Sundays."},
        reason="The law & more.",
        is_material=True,
    )
    consultation.refresh_from_db()
    clock.move_to(consultation.closes_at() - timedelta(hours=12))
    last = timezone.localdate() + timedelta(days=8)
    actions.extend(consultation, by=officer, closes_on=last, reason="Snow.")
    clock.shift(timedelta(days=7))
    queue_due(timezone.now())
    drain.drain(timezone.now())
    actions.close_early(
        consultation, by=officer, reason="Fault.", public_note="A fault."
    )
    drain.drain(timezone.now())


def close_the_loop(consultation, clock):
    due = at_hour(consultation.feedback_due, 9)
    for moment in (due, due + timedelta(days=7)):
        clock.move_to(moment)
        queue_due(moment)
    for kind in ("findings", "feedback"):
        publish(consultation, kind, timezone.now())
    queue_due(timezone.now())
    drain.drain(timezone.now())


def withdraw_another():
    other = make_published_consultation()
    follow(other)
    actions.withdraw(
        other, by=other.lead_officer, reason="Dropped.", public_note="Dropped."
    )
    early = make_published_consultation(
        title="Opening " + "the libraries " * 9, opens=5, closes=30
    )
    follow(early)
    actions.recall(
        early, by=early.lead_officer, reason="A fault.", public_note="A fault."
    )
    drain.drain(timezone.now())


def test_every_message_can_be_written_and_its_subject_is_short(mailbox):
    start = datetime(2027, 5, 3, 12, tzinfo=LONDON)
    with time_machine.travel(start, tick=False) as clock:
        consultation = make_consultation(title="Changes to " + "the buses " * 12)
        officer = consultation.lead_officer
        follow(consultation)
        ask_twice_and_approve(consultation, officer, make_approver())
        window = consultation.windows.get()
        clock.move_to(window.starts + timedelta(hours=9))
        queue_due(timezone.now())
        begin(consultation, on=date(2027, 5, 11))
        leave_address(consultation, "answered@example.org")
        clock.move_to(window.ends - timedelta(days=5, hours=12))
        queue_due(timezone.now())
        drain.drain(timezone.now())
        change_while_open(consultation, officer, clock)
        close_the_loop(consultation, clock)
        withdraw_another()

    left = Notice.objects.exclude(status__in=["sent", "cancelled"])
    assert [(n.kind, n.status, n.error) for n in left] == []
    kinds = set(Notice.objects.filter(status="sent").values_list("kind", flat=True))
    assert kinds == {f"consultations.{name}" for name in KINDS}
    for message in mailbox:
        text = message.get_body(("plain",)).get_content()
        assert len(message["Subject"].strip()) <= 60, message["Subject"]
        assert "{{" not in text
        assert "{%" not in text
        assert "&lt;" not in text
