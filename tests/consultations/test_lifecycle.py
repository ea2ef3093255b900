"""The table of moves, the clock's stages, and what happens to a public consultation."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts import ActionRefused
from accounts.models import AuditEntry
from consultations import actions
from consultations.models import (
    MOVES,
    Amendment,
    Consultation,
    OldAddress,
    OpenWindow,
    QuestionnaireVersion,
    Release,
    Stage,
    Status,
)
from consultations.models.lifecycle import STAGES_FOR
from consultations.questionnaire.document import load
from council.clock import LONDON, day_ends, day_starts, last_day
from notices.models import Notice
from tests.factories import (
    make_approver,
    make_consultation,
    make_council,
    make_published_consultation,
)

TICK = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def council(db):
    return make_council()


# Every status and verb -------------------------------------------------------------

LATER = date(2090, 1, 1)


def act(verb, consultation, by):
    """Do a verb as its own page would."""
    verbs = {
        "submit": lambda: actions.send_for_approval(consultation, by=by),
        "recall": lambda: actions.recall(
            consultation, by=by, reason="Why", public_note="Note"
        ),
        "return": lambda: actions.return_with_reasons(
            consultation, by=by, reason="Say more."
        ),
        "approve": lambda: actions.approve(consultation, by=by),
        "withdraw": lambda: actions.withdraw(
            consultation, by=by, reason="Why", public_note="Note"
        ),
        "extend": lambda: actions.extend(
            consultation,
            by=by,
            closes_on=timezone.localdate() + timedelta(days=20),
            reason="Why",
        ),
        "close early": lambda: actions.close_early(
            consultation, by=by, reason="Why", public_note="Note"
        ),
        "amend": lambda: actions.amend_plan(
            consultation,
            by=by,
            changes={"overview": "Other words."},
            reason="Why",
            is_material=False,
        ),
    }
    return verbs[verb]()


LEGAL = {
    Stage.DRAFT: {"submit"},
    Stage.RETURNED: {"submit"},
    Stage.WAITING: {"recall", "return", "approve"},
    Stage.OPENS_SOON: {"recall", "withdraw"},
    Stage.OPEN: {"withdraw", "extend", "close early", "amend"},
    Stage.CLOSED: {"withdraw"},
    Stage.FINDINGS: set(),
    Stage.FEEDBACK: set(),
    Stage.WITHDRAWN: set(),
    Stage.ABANDONED: set(),
    Stage.ARCHIVED: set(),
}
VERBS = sorted(set(MOVES) | set(STAGES_FOR))


def at(stage):
    """A consultation that stands at a stage now."""
    days = {Stage.OPENS_SOON: (3, 9), Stage.OPEN: (-3, 9)}
    if stage in {Stage.DRAFT, Stage.RETURNED, Stage.WAITING, Stage.ABANDONED}:
        consultation = make_consultation()
        if stage == Stage.WAITING:
            actions.send_for_approval(consultation, by=consultation.lead_officer)
        else:
            Consultation.objects.filter(pk=consultation.pk).update(status=stage)
    else:
        opens, closes = days.get(stage, (-9, -3))
        consultation = make_published_consultation(opens=opens, closes=closes)
        if stage in {Stage.FINDINGS, Stage.FEEDBACK}:
            publish(consultation, stage.value, timezone.now())
        if stage in {Stage.WITHDRAWN, Stage.ARCHIVED}:
            Consultation.objects.filter(pk=consultation.pk).update(
                status=stage, withdrawn_at=timezone.now(), public_note="Note"
            )
    consultation.refresh_from_db()
    assert consultation.stage_at(timezone.now()) == stage
    return consultation


def publish(consultation, kind, public_from):
    return Release.objects.create(
        consultation=consultation,
        kind=kind,
        input_digest="x",
        prepared_by=consultation.lead_officer,
        checked_by=make_approver(),
        public_from=public_from,
    )


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("stage", LEGAL)
def test_only_legal_moves_are_made(stage, verb):
    consultation = at(stage)
    by = make_approver()
    entries = AuditEntry.objects.count()

    if verb in LEGAL[stage]:
        act(verb, consultation, by)
        assert AuditEntry.objects.count() > entries
        return
    with pytest.raises(ActionRefused) as refused:
        act(verb, consultation, by)

    assert str(refused.value).endswith(".")
    consultation.refresh_from_db()
    assert consultation.stage_at(timezone.now()) == stage
    assert AuditEntry.objects.count() == entries


# The clock -------------------------------------------------------------------------

SPRING = date(2027, 3, 28)  # London loses an hour
AUTUMN = date(2027, 10, 31)  # and gets it back
EDGES = [date(2027, 3, 27), SPRING, date(2027, 3, 29), AUTUMN, date(2027, 11, 1)]


def assert_agreement(consultation, when):
    found = Consultation.objects.get(pk=consultation.pk).stage_at(when)
    listed = {
        stage
        for stage in Stage
        if Consultation.objects.at_stage(stage, when)
        .filter(pk=consultation.pk)
        .exists()
    }
    assert listed == {found}
    return found


def with_windows(*windows):
    consultation = make_published_consultation()
    consultation.windows.all().delete()
    for starts, ends in windows:
        OpenWindow.objects.create(consultation=consultation, starts=starts, ends=ends)
    return consultation


@pytest.mark.rule("REM-05", "accepts")
@pytest.mark.parametrize("last", EDGES)
def test_it_is_open_until_the_end_of_its_last_day_in_london(last):
    first = last - timedelta(days=3)
    starts, ends = day_starts(first), day_ends(last)
    consultation = with_windows((starts, ends))

    assert assert_agreement(consultation, starts - TICK) == Stage.OPENS_SOON
    assert assert_agreement(consultation, starts) == Stage.OPEN
    assert assert_agreement(consultation, starts + TICK) == Stage.OPEN
    assert assert_agreement(consultation, ends - TICK) == Stage.OPEN
    assert ends.astimezone(LONDON).hour == 0


@pytest.mark.rule("REM-05", "refuses")
@pytest.mark.parametrize("last", EDGES)
def test_it_is_closed_from_midnight_on_whatever_the_season(last):
    ends = day_ends(last)
    consultation = with_windows((day_starts(last), ends))

    assert assert_agreement(consultation, ends) == Stage.CLOSED
    assert assert_agreement(consultation, ends + TICK) == Stage.CLOSED
    assert last_day(ends) == last


def test_between_two_windows_it_is_paused():
    day = datetime(2027, 6, 1, tzinfo=LONDON)
    consultation = with_windows(
        (day, day + timedelta(days=2)),
        (day + timedelta(days=4), day + timedelta(days=6)),
    )

    assert assert_agreement(consultation, day + timedelta(days=2)) == Stage.PAUSED
    assert assert_agreement(consultation, day + timedelta(days=4) - TICK) == (
        Stage.PAUSED
    )
    assert assert_agreement(consultation, day + timedelta(days=4)) == Stage.OPEN


hours = st.integers(0, 400)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(windows=[(0, 24), (24, 48)], release=None, kind="findings")
@example(windows=[(0, 24)], release=24, kind="feedback")
@given(
    windows=st.lists(
        st.tuples(hours, st.integers(1, 100)).map(lambda w: (w[0], w[0] + w[1])),
        max_size=3,
        unique_by=lambda w: w[0],
    ),
    release=st.none() | hours,
    kind=st.sampled_from(["findings", "feedback"]),
)
def test_the_row_and_the_queryset_agree_at_every_edge(windows, release, kind):
    base = datetime(2027, 3, 20, tzinfo=LONDON)  # the clocks change within it
    moments = [
        (base + timedelta(hours=a), base + timedelta(hours=b)) for a, b in windows
    ]
    consultation = with_windows(*moments)
    edges = [moment for window in moments for moment in window]
    if release is not None:
        public_from = base + timedelta(hours=release)
        publish(consultation, kind, public_from)
        edges.append(public_from)

    for edge in edges or [base]:
        for when in (edge - TICK, edge, edge + TICK):
            assert_agreement(consultation, when)


# Extending, closing, withdrawing --------------------------------------------------


def test_an_extension_follows_on_without_a_gap():
    consultation = make_published_consultation(opens=-7, closes=2)
    when = timezone.now()
    later = timezone.localdate() + timedelta(days=10)

    actions.extend(
        consultation,
        by=consultation.lead_officer,
        closes_on=later,
        reason="It snowed.",
        when=when,
    )

    first, second = consultation.windows.all()
    assert first.ends == second.starts == when
    assert second.ends == day_ends(later)
    assert second.public_note == "It snowed."
    assert assert_agreement(consultation, when) == Stage.OPEN
    amendment = Amendment.objects.get()
    assert amendment.what == "Closing date"
    assert amendment.reason == "It snowed."


@pytest.mark.parametrize("days", [-1, 0, 2])
def test_an_extension_that_is_none_is_refused(days):
    consultation = make_published_consultation(opens=-7, closes=2)

    with pytest.raises(ActionRefused, match="must be after"):
        actions.extend(
            consultation,
            by=consultation.lead_officer,
            closes_on=timezone.localdate() + timedelta(days=days),
            reason="Why",
        )

    assert consultation.windows.count() == 1


def test_an_extension_past_the_decision_or_the_feedback_is_refused():
    consultation = make_published_consultation(closes=2)

    with pytest.raises(ActionRefused, match="decision"):
        actions.extend(
            consultation,
            by=consultation.lead_officer,
            closes_on=consultation.decision_due,
            reason="Why",
        )

    assert consultation.windows.count() == 1


def test_closing_early_ends_the_window_now_with_a_note():
    consultation = make_published_consultation()
    when = timezone.now()

    actions.close_early(
        consultation,
        by=consultation.lead_officer,
        reason="A fault.",
        public_note="We found a fault.",
        when=when,
    )

    window = consultation.windows.get()
    assert window.ends == when
    assert window.ended_early_note == "We found a fault."
    assert assert_agreement(consultation, when) == Stage.CLOSED
    entry = AuditEntry.objects.about(consultation).first()
    assert entry.reason == "A fault."


@pytest.mark.parametrize(
    "words", [{}, {"reason": "Why"}, {"public_note": "Note"}, {"reason": " "}]
)
def test_taking_back_what_the_public_can_read_needs_a_reason_and_a_note(words):
    consultation = at(Stage.OPENS_SOON)

    with pytest.raises(ActionRefused, match="a reason, and a note to the public"):
        actions.recall(consultation, by=consultation.lead_officer, **words)

    consultation.refresh_from_db()
    assert consultation.status == Status.APPROVED
    assert consultation.windows.count() == 1
    assert not Notice.objects.exists()


def test_an_approver_who_has_left_is_not_written_to():
    consultation = make_published_consultation(opens=3, closes=9)
    consultation.approved_by.is_active = False
    consultation.approved_by.save(update_fields=["is_active"])

    actions.recall(
        consultation,
        by=consultation.lead_officer,
        reason="A fault.",
        public_note="We found a fault.",
    )

    assert not Notice.objects.filter(kind="consultations.recalled").exists()


def test_withdrawing_without_a_note_is_refused():
    consultation = make_published_consultation()

    with pytest.raises(ActionRefused, match="note"):
        actions.withdraw(
            consultation, by=consultation.lead_officer, reason="Why", public_note=" "
        )

    consultation.refresh_from_db()
    assert consultation.status == Status.APPROVED


# The day of feedback ------------------------------------------------------------------


@pytest.mark.rule("CON-10", "accepts")
def test_the_day_of_feedback_moves_with_a_reason_and_its_history_is_kept():
    consultation = make_published_consultation(opens=-100, closes=-90)
    old = consultation.feedback_due
    new = timezone.localdate() + timedelta(days=30)

    actions.move_feedback(
        consultation,
        by=consultation.lead_officer,
        feedback_due=new,
        reason="We need longer.",
    )

    consultation.refresh_from_db()
    assert consultation.feedback_due == new
    assert consultation.feedback_late_reason == "We need longer."
    entry = AuditEntry.objects.about(consultation).first()
    assert entry.before == {"feedback_due": old.isoformat()}
    assert Amendment.objects.get().what == "Day of feedback"


@pytest.mark.rule("CON-10", "refuses")
@pytest.mark.parametrize(("days", "reason"), [(30, " "), (-1, "Why"), (-95, "Why")])
def test_the_day_of_feedback_does_not_move_silently_or_into_the_past(days, reason):
    consultation = make_published_consultation(opens=-100, closes=-90)
    old = consultation.feedback_due

    with pytest.raises(ActionRefused):
        actions.move_feedback(
            consultation,
            by=consultation.lead_officer,
            feedback_due=timezone.localdate() + timedelta(days=days),
            reason=reason,
        )

    consultation.refresh_from_db()
    assert consultation.feedback_due == old
    assert not Amendment.objects.exists()


# Amendments ------------------------------------------------------------------------


@pytest.mark.rule("CON-09", "accepts")
def test_a_correction_is_published_with_the_old_and_the_new_text():
    consultation = make_published_consultation()

    actions.amend_plan(
        consultation,
        by=consultation.lead_officer,
        changes={"contact_email": "new@example.org", "overview": "Clearer words."},
        reason="It was wrong.",
        is_material=False,
    )

    consultation.refresh_from_db()
    assert consultation.contact_email == "new@example.org"
    found = {a.what: (a.old, a.new, a.reason) for a in Amendment.objects.all()}
    assert found["Email address"] == (
        "library@example.org",
        "new@example.org",
        "It was wrong.",
    )
    assert len(found) == 2
    assert not Notice.objects.exists()


@pytest.mark.rule("CON-09", "accepts")
def test_new_wording_makes_the_next_frozen_version_with_the_same_keys():
    consultation = make_published_consultation()
    first = QuestionnaireVersion.objects.get()

    actions.amend_words(
        consultation,
        by=consultation.lead_officer,
        key="q_use",
        label="How often do you go to the library?",
        hint="",
        reason="It was unclear.",
        is_material=False,
    )

    second = QuestionnaireVersion.objects.exclude(pk=first.pk).get()
    old, new = load(first.document), load(second.document)
    assert second.frozen_at
    assert second.slots == first.slots
    assert old.keys() == new.keys()
    assert old.label("q_use") == "How often do you use the library?"
    assert new.label("q_use") == "How often do you go to the library?"
    assert Amendment.objects.get().new == "How often do you go to the library?"


@pytest.mark.rule("CON-09", "accepts")
def test_a_material_change_gives_people_14_days_more():
    consultation = make_published_consultation(closes=3)
    closes = timezone.localdate() + timedelta(days=17)

    actions.amend_plan(
        consultation,
        by=consultation.lead_officer,
        changes={"can_influence": "Only the hours on Sunday."},
        reason="The council decided.",
        is_material=True,
    )

    assert consultation.windows.last().ends == day_ends(closes)
    assert {a.what for a in Amendment.objects.all()} == {
        "What people can influence",
        "Closing date",
    }


@pytest.mark.rule("CON-09", "refuses")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"overview": "Other."}, " "),
        ({"opens_on": date(2027, 1, 1)}, "Why"),
        ({"level": None}, "Why"),
        ({"overview": "We want to change when the library is open."}, "Why"),
    ],
)
def test_what_was_approved_does_not_change_without_a_public_reason(changes, reason):
    consultation = make_published_consultation()

    with pytest.raises(ActionRefused):
        actions.amend_plan(
            consultation,
            by=consultation.lead_officer,
            changes=changes,
            reason=reason,
            is_material=False,
        )

    consultation.refresh_from_db()
    assert consultation.overview == "We want to change when the library is open."
    assert consultation.level is not None
    assert not Amendment.objects.exists()


@pytest.mark.rule("CON-09", "refuses")
def test_a_document_of_an_open_consultation_is_only_changed_by_an_amendment():
    consultation = make_consultation()
    officer = consultation.lead_officer
    document = actions.add_document(consultation, by=officer, title="Map", text="Old")
    actions.send_for_approval(consultation, by=officer)
    today = timezone.localdate()
    actions.approve(consultation, by=make_approver())
    OpenWindow.objects.update(starts=day_starts(today - timedelta(days=1)))

    with pytest.raises(ActionRefused):
        actions.edit_document(document, by=officer, title="Map", text="New")
    actions.amend_document(
        document,
        by=officer,
        title="Map",
        text="New",
        reason="A road was missing.",
        is_material=False,
    )

    document.refresh_from_db()
    assert document.text == "New"
    assert Amendment.objects.get().old == "Map\nOld"


def test_a_corrected_title_redirects_from_the_old_address(client):
    consultation = make_published_consultation()
    old = consultation.slug

    actions.amend_plan(
        consultation,
        by=consultation.lead_officer,
        changes={"title": "Opening hours of the library"},
        reason="Clearer.",
        is_material=False,
    )

    response = client.get(f"/consultations/{old}/")
    assert response.status_code == 301
    assert response["Location"] == "/consultations/opening-hours-of-the-library/"
    assert OldAddress.objects.count() == 1
