"""Changing a questionnaire keeps it a questionnaire."""

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import ActionRefused
from consultations.questionnaire import edit
from consultations.questionnaire.change import Choice, Statement
from consultations.questionnaire.document import Kind, Role, Route, dump, load
from consultations.questionnaire.routing import END, path
from tests.consultations.questionnaire.documents import (
    an_edit,
    an_edited_questionnaire,
)
from tests.factories import make_questionnaire


def test_a_questionnaire_starts_by_asking_who_somebody_answers_for():
    started = edit.first()

    [question] = started.questions()
    assert question.kind is Kind.CAPACITY
    assert [option.role for option in question.options] == [
        Role.MYSELF,
        Role.ORGANISATION,
    ]
    assert not question.required


@pytest.mark.rule("NET-04", "accepts")
@pytest.mark.parametrize("kind", [Kind.AGREE, Kind.AGREE_GRID])
def test_an_agree_scale_comes_with_its_six_roles(kind):
    started = edit.first()

    asked = edit.add_question(
        started,
        page=started.pages[0].key,
        kind=kind,
        label="Do you agree?",
        rows=[Statement("A quiet room")],
    )

    question = asked.questions()[-1]
    assert [(asked.label(o.key), o.role) for o in question.options] == [
        ("Strongly agree", Role.STRONG_POSITIVE),
        ("Agree", Role.POSITIVE),
        ("Neither agree nor disagree", Role.NEUTRAL),
        ("Disagree", Role.NEGATIVE),
        ("Strongly disagree", Role.STRONG_NEGATIVE),
        ("Don’t know", Role.DONT_KNOW),
    ]


@given(an_edited_questionnaire())
def test_however_it_is_edited_it_can_be_stored_and_read_again(history):
    for document in history:
        assert load(dump(document)) == document


@given(an_edited_questionnaire())
def test_a_key_never_comes_back_once_it_has_gone(history):
    gone = set()
    for before, after in itertools.pairwise(history):
        keys = set(after.keys())
        assert not keys & gone
        gone |= set(before.keys()) - keys
        assert after.next_number >= before.next_number


@given(an_edited_questionnaire(), st.data())
def test_words_and_rules_stay_only_for_what_is_there(history, data):
    document = history[-1]

    assert all(set(words) <= set(document.keys()) for words in document.texts.values())
    for page in document.pages:
        options = {q.key: {o.key for o in q.options} for q in page.questions}
        for route in page.routes:
            assert set(route.options) <= options[route.question]
            assert route.to == END or document.page(route.to)


@given(an_edited_questionnaire(), st.data())
def test_every_path_ends_and_only_goes_forward(history, data):
    document = history[-1]
    answers = {
        question.key: data.draw(st.sampled_from([o.key for o in question.options]))
        for question in document.questions()
        if question.options
    }

    walked = [page.key for page in path(document, answers)]

    order = [page.key for page in document.pages]
    assert walked == sorted(set(walked), key=order.index)


@given(an_edited_questionnaire(most=4), st.data())
def test_an_edit_leaves_the_document_before_it_alone(history, data):
    before = history[-1]
    stored = dump(before)

    with contextlib.suppress(ActionRefused):
        data.draw(an_edit(before))(before)

    assert dump(before) == stored


def test_a_copied_question_has_its_words_and_keys_of_its_own():
    before = make_questionnaire()

    after = edit.copy_question(before, "q_grid")

    keys = [question.key for question in after.pages[1].questions]
    copied = after.question(keys[-1])
    assert keys[:-1] == ["q_days", "q_agree", "q_grid"]
    assert after.label(copied.key) == "Do you agree with each of these?"
    assert [after.label(row.key) for row in copied.rows] == ["A quiet room", "A café"]
    assert not {copied.key, *(o.key for o in copied.options)} & set(before.keys())


def test_deleting_a_question_takes_the_rules_about_it_with_it():
    after = edit.delete_question(make_questionnaire(), "q_use")

    assert after.question("q_use") is None
    assert after.pages[0].routes == ()


def test_deleting_a_page_takes_the_rules_that_lead_to_it_with_it():
    after = edit.delete_page(make_questionnaire(), "p3")

    assert [page.key for page in after.pages] == ["p1", "p2"]
    assert after.pages[0].routes == ()


def test_deleting_an_option_takes_it_out_of_the_rules():
    before = make_questionnaire()
    both = Route(question="q_use", options=("o_often", "o_never"), to="p3")
    before = edit.set_routes(before, "p1", [both])

    after = edit.change_question(
        before,
        "q_use",
        label="How often?",
        options=[Choice("Often", key="o_often"), Choice("Now and then")],
    )

    assert after.pages[0].routes == (
        Route(question="q_use", options=("o_often",), to="p3"),
    )
    assert "o_never" not in after.keys()  # noqa: SIM118


def test_moving_a_question_to_another_page_takes_its_rules_away():
    after = edit.move_question(make_questionnaire(), "q_use", page="p2")

    assert [q.key for q in after.pages[1].questions][-1] == "q_use"
    assert after.pages[0].routes == ()


def test_up_from_the_top_of_a_page_is_the_end_of_the_page_before():
    up = edit.move_question(make_questionnaire(), "q_days", step=-1)
    down = edit.move_question(up, "q_days", step=1)

    assert [q.key for q in up.pages[0].questions][-1] == "q_days"
    assert next(q.key for q in down.pages[1].questions) == "q_days"


@pytest.mark.parametrize(("key", "step"), [("q_capacity", -1), ("q_why", 1)])
def test_a_question_at_the_edge_stays_where_it_is(key, step):
    before = make_questionnaire()

    assert edit.move_question(before, key, step=step) == before


def test_one_choice_can_become_many_choices_and_keeps_its_keys():
    before = make_questionnaire()
    options = [
        Choice("Often", key="o_often"),
        Choice("None of these", key="o_never", exclusive=True),
    ]

    after = edit.change_question(
        before, "q_use", label="When?", kind=Kind.MANY, options=options
    )

    question = after.question("q_use")
    assert question.kind is Kind.MANY
    assert [option.key for option in question.options] == ["o_often", "o_never"]
    assert question.options[1].exclusive


def refused(function, *args, **kwargs):
    with pytest.raises(ActionRefused) as refusal:
        function(*args, **kwargs)
    return str(refusal.value)


def test_a_type_of_another_shape_is_refused():
    said = refused(
        edit.change_question, make_questionnaire(), "q_use", label="?", kind=Kind.NUMBER
    )

    assert "Add a new question instead" in said


@pytest.mark.parametrize(
    "route",
    [
        Route(question="q_days", options=("o_mon",), to="p1"),
        Route(question="q_days", options=("o_mon",), to="p2"),
        Route(question="q_days", options=("o_mon",), to="nowhere"),
        Route(question="q_use", options=("o_never",), to="p3"),
        Route(question="q_days", options=("o_never",), to="p3"),
        Route(question="q_grid", options=("go_sa",), to="p3"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused(route):
    said = refused(edit.set_routes, make_questionnaire(), "p2", [route])

    assert said.startswith("A rule ")


def test_what_is_too_much_is_refused_with_a_sentence():
    document = make_questionnaire()
    many = [Choice(f"Option {n}") for n in range(61)]
    full = document
    for _ in range(47):
        full = edit.add_page(full)
    asked = edit.first()
    page = asked.pages[0].key
    for n in range(199):
        asked = edit.add_question(
            asked, page=page, kind=Kind.WARD, label=f"Question {n}"
        )
    long = "x" * 2001

    def add(document, **fields):
        return refused(edit.add_question, document, **{"page": "p1", **fields})

    assert "60 options" in add(document, kind=Kind.ONE, label="?", options=many)
    rows = [Statement("A statement")] * 61
    assert "60 statements" in add(document, kind=Kind.AGREE_GRID, label="?", rows=rows)
    assert "50 pages" in refused(edit.add_page, full)
    assert "200 questions" in add(asked, page=page, kind=Kind.WARD, label="?")
    assert "2,000 characters" in add(document, kind=Kind.WARD, label=long)
    assert "2,000 characters" in refused(
        edit.set_words, document, "q_use", label="?", hint=long
    )
    heavy = [Choice("x" * 2000) for _ in range(60)]
    for _ in range(4):
        document = edit.add_question(
            document, page="p1", kind=Kind.ONE, label="?", options=heavy
        )
    assert "too long" in add(document, kind=Kind.ONE, label="?", options=heavy)


def test_what_is_not_there_is_refused_with_a_sentence():
    document = make_questionnaire()

    assert "page" in refused(edit.delete_page, document, "q_use")
    assert "question" in refused(edit.delete_question, document, "p1")
    assert "part" in refused(edit.set_words, document, "absent", label="?")
    assert "at least one page" in refused(
        edit.delete_page, edit.first(), edit.first().pages[0].key
    )


@given(st.text(alphabet=st.characters(), max_size=50))
def test_any_words_can_be_stored(text):
    after = edit.set_words(make_questionnaire(), "q_use", label=text, hint=text)

    kept = after.texts["en-gb"]["q_use"]
    assert "\0" not in kept.label
    kept.label.encode("utf-8")
