"""What changed, in sentences that an approver can read."""

import itertools

from hypothesis import given

from consultations.questionnaire import edit
from consultations.questionnaire.change import Choice
from consultations.questionnaire.compare import changes
from consultations.questionnaire.document import Kind, Role, Route
from tests.consultations.questionnaire.documents import an_edited_questionnaire
from tests.factories import make_questionnaire


def after(function, *args, **kwargs):
    before = make_questionnaire()
    return changes(before, function(before, *args, **kwargs))


def test_nothing_changed_says_nothing():
    assert changes(make_questionnaire(), make_questionnaire()) == []


@given(an_edited_questionnaire())
def test_whatever_changed_is_said(history):
    for before, now in itertools.pairwise(history):
        same = before.model_copy(update={"next_number": now.next_number}) == now
        assert bool(changes(before, now)) != same


def test_a_question_that_was_added_is_named():
    assert after(
        edit.add_question, page="p2", kind=Kind.SHORT_TEXT, label="Which room?"
    ) == ["Question 7 (“Which room?”) was added."]


def test_a_question_that_was_removed_is_named_with_its_old_number():
    assert after(edit.delete_question, "q_use") == [
        "Question 3 (“How often do you use the library?”) was removed.",
        "A rule of Page 1 (“You and the library”) was removed: If the answer to "
        "question 3 (“How often do you use the library?”) is “Never”, "
        "go to page 3 (“Anything else”).",
    ]


def test_a_question_that_moved_is_the_only_one_said_to_have_moved():
    assert after(edit.move_question, "q_days", step=1) == [
        "Question 5 (“Which days suit you?”) was moved."
    ] or after(edit.move_question, "q_days", step=1) == [
        "Question 4 (“Should the library open later?”) was moved."
    ]


def test_a_question_that_went_to_another_page_says_which():
    assert after(edit.move_question, "q_ward", page="p3") == [
        "Question 9 (“Where do you live?”) was moved to Page 3 (“Anything else”)."
    ]


def test_other_words_are_said_with_the_old_ones():
    assert after(edit.set_words, "q_why", label="Why not?", hint="In short") == [
        "Question 9 (“Why not?”) was “Why?” before.",
        "The hint of Question 9 (“Why not?”) was changed to “In short”.",
    ]


def test_an_option_that_was_renamed_is_said_so():
    assert after(
        edit.change_question,
        "q_use",
        label="How often do you use the library?",
        required=True,
        options=[
            Choice("Every week", key="o_often"),
            Choice("Never", key="o_never", role=Role.DONT_KNOW),
            Choice("Sometimes"),
        ],
    ) == [
        f"{sentence.replace('Q3', 'Question 3 (“How often do you use the library?”)')}"
        for sentence in (
            "Q3 must now be answered.",
            "“Something else” was removed from Q3.",
            "“Often” was renamed “Every week” in Q3.",
            "“Sometimes” was added to Q3.",
            "“Never” of Q3 now means: Does not know.",
        )
    ]


def test_a_page_that_came_or_went_is_named():
    assert after(edit.add_page, label="Last")[0] == "Page 4 (“Last”) was added."
    assert after(edit.delete_page, "p2")[0] == "Page 2 (“Opening hours”) was removed."


def test_a_rule_that_changed_is_written_out():
    rule = Route(question="q_use", options=("o_never", "o_often"), to="end")

    assert after(edit.set_routes, "p1", [rule])[1] == (
        "A rule of Page 1 (“You and the library”) was added: If the answer to "
        "question 3 (“How often do you use the library?”) is “Never” or “Often”, "
        "go to the page to check your answers."
    )
