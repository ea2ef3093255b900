"""The equality questions that the portal comes with, and what holds for every set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import ActionRefused
from consultations.analysis import codes
from consultations.models import EqualitySet
from consultations.questionnaire import edit, equality
from consultations.questionnaire.change import Choice
from consultations.questionnaire.document import Kind, Role, load
from consultations.questionnaire.equality import actions
from tests.factories import make_equality_set


@pytest.fixture
def census(db):
    return make_equality_set()


@pytest.fixture
def questions(census):
    return load(census.document)


def said(questionnaire, key):
    """The words of a question's options, in order."""
    return [questionnaire.label(o.key) for o in questionnaire.question(key).options]


def test_the_set_is_there_and_published(census):
    assert EqualitySet.objects.get() == census
    assert census.published_at is not None
    assert codes.from_stored(census.slots) == codes.slot_map(load(census.document))
    assert str(census) == "Census 2021 aligned, version 1"


def test_its_two_pages_ask_in_order(questions):
    assert [[q.key for q in page.questions] for page in questions.pages] == [
        ["age", "sex", "cond", "ethnic", "religion"],
        ["limit", "impair", "gender_id", "orient", "carer", "marital"],
    ]


def test_its_options_are_those_of_the_census(questions):
    assert said(questions, "age") == [
        "Under 16",
        "16 to 24",
        "25 to 34",
        "35 to 44",
        "45 to 54",
        "55 to 64",
        "65 to 74",
        "75 to 84",
        "85 or over",
        "Prefer not to say",
    ]
    assert said(questions, "sex") == ["Female", "Male", "Prefer not to say"]
    assert said(questions, "religion")[:2] == [
        "No religion",
        "Christian (including Church of England, Catholic, Protestant "
        "and all other Christian denominations)",
    ]
    assert said(questions, "limit") == [
        "Yes, a lot",
        "Yes, a little",
        "Not at all",
        "Prefer not to say",
    ]
    assert len(said(questions, "carer")) == 7
    assert len(said(questions, "impair")) == 12


def test_ethnic_groups_stand_in_five_groups(questions):
    ethnic = questions.question("ethnic")
    groups = {}
    for option in ethnic.options:
        groups.setdefault(option.group, []).append(option)

    assert [questions.label(group) for group in groups if group] == [
        "Asian or Asian British",
        "Black, Black British, Caribbean or African",
        "Mixed or Multiple ethnic groups",
        "White",
        "Other ethnic group",
    ]
    assert [len(options) for options in groups.values()] == [5, 3, 4, 5, 2, 1]
    assert [questions.label(o.key) for o in ethnic.options if o.other] == [
        "Any other Asian background",
        "African",
        "Any other Black, Black British or Caribbean background",
        "Any other Mixed or Multiple background",
        "Any other White background",
        "Any other ethnic group",
    ]


@pytest.mark.rule("EQ-01", "accepts")
@pytest.mark.rule("EQ-02", "accepts")
def test_every_question_is_optional_and_can_be_declined(questions):
    assert equality.validate(questions) == []
    for question in questions.questions():
        silent = [o for o in question.options if o.role is Role.PREFER_NOT_TO_SAY]
        assert not question.required
        assert [questions.label(o.key) for o in silent] == ["Prefer not to say"]
        assert silent[0].exclusive


def with_question(questionnaire, **changes):
    """The set with its first question changed past what `edit` refuses."""
    page = questionnaire.pages[0]
    question = page.questions[0].model_copy(update=changes)
    page = page.model_copy(update={"questions": (question, *page.questions[1:])})
    return questionnaire.model_copy(update={"pages": (page, *questionnaire.pages[1:])})


@pytest.mark.rule("EQ-01", "refuses")
def test_a_question_that_must_be_answered_is_refused(questions):
    assert equality.validate(with_question(questions, required=True)) == [
        "Question 1 (“What is your age group?”) must be optional, "
        "as every equality question is."
    ]


@pytest.mark.rule("EQ-02", "refuses")
def test_a_question_without_exactly_one_way_to_decline_is_refused(questions):
    options = questions.question("age").options
    twice = (
        options[0].model_copy(
            update={"role": Role.PREFER_NOT_TO_SAY, "exclusive": True}
        ),
        *options[1:],
    )
    shared = (*options[:-1], options[-1].model_copy(update={"exclusive": False}))

    for made in (options[:-1], twice):
        [sentence] = equality.validate(with_question(questions, options=made))
        assert sentence.endswith("needs exactly one option “Prefer not to say”.")
    [sentence] = equality.validate(with_question(questions, options=shared))
    assert sentence.endswith("must exclude the others.")


@pytest.mark.rule("EQ-03", "accepts")
@pytest.mark.parametrize("age", [None, "age_16_24", "age_85_over", "age_pnts"])
def test_from_16_and_where_no_age_is_given_everything_is_asked(age):
    answers = {"age": age, "cond": "cond_yes", "orient": "orient_bisexual"}

    assert equality.hidden(answers) == set()
    assert equality.keep_asked(answers) == answers


@pytest.mark.rule("EQ-03", "refuses")
def test_under_16_gender_identity_and_orientation_are_hidden_and_discarded():
    answers = {
        "age": "age_under_16",
        "gender_id": "gender_id_no",
        "gender_id.other": "some words",
        "orient": "orient_bisexual",
        "carer": "carer_no",
    }

    assert equality.hidden(answers) >= {"gender_id", "orient"}
    assert equality.keep_asked(answers) == {"age": "age_under_16", "carer": "carer_no"}


@pytest.mark.parametrize("answer", [None, "cond_no", "cond_pnts"])
def test_the_effect_of_a_condition_is_asked_of_those_who_have_one(answer):
    assert equality.hidden({"cond": answer}) == {"limit", "impair"}
    assert equality.hidden({"cond": "cond_yes"}) == set()


@given(
    st.dictionaries(
        st.text(max_size=9), st.one_of(st.text(), st.none(), st.lists(st.text()))
    )
)
def test_any_answers_can_be_asked_about(answers):
    kept = equality.keep_asked(answers)

    assert kept.items() <= answers.items()


def test_a_page_whose_questions_are_all_hidden_is_left_out(questions):
    few = questions.model_copy(
        update={
            "pages": (
                questions.pages[0],
                questions.pages[1].model_copy(
                    update={"questions": questions.pages[1].questions[:2]}
                ),
            )
        }
    )

    assert [p.key for p in equality.pages_with_questions(few, {})] == ["ep1"]
    asked = equality.pages_with_questions(questions, {"age": "age_under_16"})
    assert [q.key for q in asked[1].questions] == ["carer"]


# EQ-04 ------------------------------------------------------------------------


def rename(questionnaire):
    return edit.set_words(questionnaire, "age", label="How old are you?")


@pytest.mark.rule("EQ-04", "refuses")
def test_a_published_version_cannot_be_changed_or_published_again(census):
    before = census.document

    with pytest.raises(ActionRefused, match="cannot be changed"):
        actions.change(census, rename, by=None)
    with pytest.raises(ActionRefused, match="cannot be changed"):
        actions.publish(census, by=None)

    census.refresh_from_db()
    assert census.document == before


@pytest.mark.rule("EQ-04", "accepts")
def test_a_copy_can_be_changed_and_published_as_the_next_version(census):
    copied = actions.new_version(census, by=None)

    actions.change(copied, rename, by=None)
    published = actions.publish(copied, by=None)

    census.refresh_from_db()
    assert (published.version, published.published_at is None) == (2, False)
    assert load(published.document).label("age") == "How old are you?"
    assert load(census.document).label("age") == "What is your age group?"


def test_only_one_unpublished_version_at_a_time(census):
    actions.new_version(census, by=None)

    with pytest.raises(ActionRefused, match="not published yet"):
        actions.new_version(census, by=None)

    assert EqualitySet.objects.count() == 2


@pytest.mark.rule("EQ-04", "refuses")
def test_a_code_is_never_used_for_another_meaning(census):
    copied = actions.new_version(census, by=None)
    actions.change(
        copied,
        lambda q: edit.set_words(q, "sex_female", label="Something else"),
        by=None,
    )

    with pytest.raises(ActionRefused, match="another meaning"):
        actions.publish(copied, by=None)

    copied.refresh_from_db()
    assert copied.published_at is None


@pytest.mark.rule("EQ-01", "refuses")
def test_a_version_that_breaks_a_rule_is_not_published(census):
    copied = actions.new_version(census, by=None)
    actions.change(
        copied,
        lambda q: edit.add_question(
            q,
            page="ep1",
            kind=Kind.ONE,
            label="Which language do you speak?",
            required=True,
            options=[Choice("English"), Choice("Welsh")],
        ),
        by=None,
    )

    with pytest.raises(ActionRefused, match="must be optional"):
        actions.publish(copied, by=None)

    copied.refresh_from_db()
    assert copied.published_at is None
