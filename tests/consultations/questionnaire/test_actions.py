"""Changing the questions of a consultation: kept, undone, fixed, refused."""

import pytest

from accounts import ActionRefused
from accounts.models import AuditEntry
from consultations.analysis import codes
from consultations.models import QuestionnaireVersion
from consultations.questionnaire import actions, edit
from consultations.questionnaire.document import Kind, Route, dump, load
from tests.factories import (
    make_consultation,
    make_published_consultation,
    make_questionnaire,
)

pytestmark = pytest.mark.django_db


def rename(questionnaire):
    return edit.set_words(questionnaire, "q_why", label="Why not?")


def add(questionnaire):
    return edit.add_question(questionnaire, page="p1", kind=Kind.WARD, label="Where?")


def test_the_first_draft_asks_who_somebody_answers_for():
    consultation = make_consultation(questionnaire=None)

    draft = actions.draft_of(consultation)

    assert load(draft.document) == edit.first()
    assert (draft.number, draft.frozen_at) == (1, None)
    assert actions.draft_of(consultation) == draft


def test_looking_at_the_questions_writes_nothing():
    consultation = make_consultation(questionnaire=None)

    assert actions.latest(consultation) == edit.first()

    assert not QuestionnaireVersion.objects.exists()


def test_a_change_is_kept_with_a_step_and_an_entry():
    consultation = make_consultation()
    officer = consultation.lead_officer
    draft = actions.draft_of(consultation)

    actions.change(draft, rename, by=officer)

    draft.refresh_from_db()
    assert load(draft.document).label("q_why") == "Why not?"
    sentence = "Question 9 (“Why not?”) was “Why?” before."
    assert [step.what for step in draft.steps.all()] == [sentence]
    [entry] = AuditEntry.objects.filter(action="questionnaire.changed")
    assert (entry.actor, entry.acting_as) == (officer, "service_officer")
    assert entry.after == {"what": sentence}
    assert entry.about_id == str(consultation.pk)


def test_a_change_that_changes_nothing_leaves_no_trace():
    draft = actions.draft_of(make_consultation())

    actions.change(draft, lambda same: same, by=None)

    assert not draft.steps.exists()
    assert not AuditEntry.objects.exists()


def test_undo_takes_changes_back_one_by_one():
    draft = actions.draft_of(make_consultation())
    actions.change(draft, rename, by=None)
    actions.change(draft, add, by=None)

    actions.undo(draft, by=None)
    actions.undo(draft, by=None)

    draft.refresh_from_db()
    now = load(draft.document)
    assert now.model_copy(update={"next_number": 100}) == make_questionnaire()
    with pytest.raises(ActionRefused, match="nothing to undo"):
        actions.undo(draft, by=None)


def test_a_key_is_not_used_again_after_undo():
    draft = actions.draft_of(make_consultation())
    first = load(actions.change(draft, add, by=None).document)

    actions.undo(draft, by=None)
    second = load(actions.change(draft, add, by=None).document)

    assert first.pages[0].questions[-1].key != second.pages[0].questions[-1].key


def test_only_the_last_hundred_steps_are_kept():
    draft = actions.draft_of(make_consultation())

    for n in range(103):
        actions.change(
            draft, lambda q, n=n: edit.set_words(q, "q_why", label=f"{n}"), by=None
        )

    assert draft.steps.count() == 100
    assert load(draft.steps.last().document).label("q_why") == "2"


def test_a_page_from_before_somebody_elses_change_is_refused():
    draft = actions.draft_of(make_consultation())
    seen = actions.revision_of(load(draft.document))
    actions.change(draft, add, by=None, seen=seen)

    with pytest.raises(ActionRefused, match="changed after you opened this page"):
        actions.change(draft, rename, by=None, seen=seen)
    with pytest.raises(ActionRefused, match="changed after you opened this page"):
        actions.undo(draft, by=None, seen=seen)

    draft.refresh_from_db()
    assert load(draft.document).label("q_why") == "Why?"
    assert draft.steps.count() == 1


@pytest.mark.parametrize("status", ["waiting", "approved"])
def test_after_it_is_sent_for_approval_nothing_changes(status):
    consultation = make_consultation()
    draft = actions.draft_of(consultation)
    if status == "approved":
        consultation.approved_by = consultation.lead_officer
        consultation.approved_at = consultation.created_at
    consultation.status = status
    consultation.save()

    with pytest.raises(ActionRefused, match="Nothing was changed"):
        actions.change(draft, rename, by=None)
    with pytest.raises(ActionRefused, match="Nothing was changed"):
        actions.undo(draft, by=None)

    draft.refresh_from_db()
    assert load(draft.document) == make_questionnaire()


def test_after_it_is_returned_it_can_be_changed_again():
    consultation = make_consultation(status="returned")

    changed = actions.change(actions.draft_of(consultation), rename, by=None)

    assert load(changed.document).label("q_why") == "Why not?"


def test_fixing_the_questions_writes_the_map_of_the_codes():
    consultation = make_consultation()
    draft = actions.draft_of(consultation)
    actions.change(draft, rename, by=None)

    fixed = actions.freeze(consultation, by=consultation.lead_officer)

    assert fixed.frozen_at is not None
    assert codes.from_stored(fixed.slots) == codes.slot_map(load(fixed.document))
    assert not fixed.steps.exists()
    assert actions.current(consultation) == fixed
    assert AuditEntry.objects.filter(action="questionnaire.fixed").count() == 1
    with pytest.raises(ActionRefused, match="questions are fixed"):
        actions.change(fixed, add, by=None)


def test_questions_with_a_problem_are_not_fixed():
    consultation = make_consultation(questionnaire=edit.add_page(make_questionnaire()))

    with pytest.raises(ActionRefused, match="Page 4 has no questions"):
        actions.freeze(consultation, by=None)

    assert actions.current(consultation) is None


def test_an_approved_consultation_gets_no_new_draft():
    consultation = make_published_consultation()

    with pytest.raises(ActionRefused, match="are approved"):
        actions.draft_of(consultation)

    assert consultation.questionnaires.count() == 1


@pytest.mark.rule("CON-09", "accepts")
def test_after_approval_the_words_can_be_mended_in_a_next_version():
    consultation = make_published_consultation()
    before = actions.current(consultation)

    after = actions.reword(consultation, rename, by=None)

    assert after.number == 2
    assert codes.from_stored(after.slots) == codes.from_stored(before.slots)
    assert after.frozen_at is not None
    assert actions.current(consultation) == after
    before.refresh_from_db()
    assert load(before.document).label("q_why") == "Why?"


@pytest.mark.rule("CON-09", "refuses")
@pytest.mark.parametrize(
    "function",
    [
        add,
        lambda q: edit.delete_question(q, "q_why"),
        lambda q: edit.set_routes(
            q, "p2", [Route(question="q_days", options=("o_mon",), to="end")]
        ),
    ],
)
def test_after_approval_nothing_but_the_words_can_change(function):
    consultation = make_published_consultation()

    with pytest.raises(ActionRefused, match="only the words"):
        actions.reword(consultation, function, by=None)

    assert consultation.questionnaires.count() == 1


def test_mended_words_may_not_be_a_problem():
    consultation = make_published_consultation()

    with pytest.raises(ActionRefused, match="has no wording"):
        actions.reword(
            consultation, lambda q: edit.set_words(q, "q_why", label=""), by=None
        )

    assert consultation.questionnaires.count() == 1


def test_the_revision_is_the_same_however_it_is_stored():
    questionnaire = make_questionnaire()
    version = actions.draft_of(make_consultation())
    version.refresh_from_db()

    assert actions.revision_of(load(version.document)) == actions.revision_of(
        load(dump(questionnaire))
    )
