"""Problems keep questions from being approved; advice does not."""

from itertools import combinations, product

import pytest
from hypothesis import given

from consultations.questionnaire import checks, edit, estimate, reach
from consultations.questionnaire.change import Choice, Statement
from consultations.questionnaire.document import (
    DEFAULT_LANGUAGE,
    Kind,
    Option,
    Page,
    Question,
    Questionnaire,
    Role,
    Route,
    Words,
)
from consultations.questionnaire.routing import next_page, path
from tests.consultations.questionnaire.documents import a_routed_questionnaire
from tests.factories import make_questionnaire


def with_question(**fields):
    """The first page with one more question, made past what `edit` refuses."""
    document = edit.first()
    labels = fields.pop("labels", {})
    question = Question(key="q_new", **fields)
    page = document.pages[0]
    page = page.model_copy(update={"questions": (*page.questions, question)})
    texts = {
        **document.texts[DEFAULT_LANGUAGE],
        "q_new": Words(label="Which of these?"),
        **{key: Words(label=label) for key, label in labels.items()},
    }
    return document.model_copy(
        update={"pages": (page,), "texts": {DEFAULT_LANGUAGE: texts}}
    )


def with_route(page, route):
    document = make_questionnaire()
    pages = tuple(
        each.model_copy(update={"routes": (route,)}) if each.key == page else each
        for each in document.pages
    )
    return document.model_copy(update={"pages": pages})


def options(*roles, **fields):
    return tuple(
        Option(key=f"o_{n}", role=role, **fields) for n, role in enumerate(roles)
    )


def labels(count):
    return {f"o_{n}": f"Option {n}" for n in range(count)}


@pytest.mark.rule("NET-04", "accepts")
def test_a_good_questionnaire_has_no_problems():
    assert checks.problems(make_questionnaire()) == []
    assert checks.problems(edit.first()) == []


def test_no_questions_are_a_problem():
    assert checks.problems(Questionnaire()) == [
        "There are no questions yet. Add at least one."
    ]


@pytest.mark.rule("NET-04", "refuses")
@pytest.mark.parametrize(
    "roles",
    [
        (Role.NONE, Role.NONE),
        (Role.STRONG_POSITIVE, Role.NONE, Role.NEGATIVE),
        (Role.POSITIVE, Role.NEUTRAL),
        (Role.NEGATIVE, Role.DONT_KNOW),
    ],
)
def test_a_scale_without_roles_is_a_problem(roles):
    document = with_question(
        kind=Kind.AGREE, options=options(*roles), labels=labels(len(roles))
    )

    assert checks.problems(document) == [
        "Question 2 (“Which of these?”) needs a meaning for each option, "
        "for and against included."
    ]


@pytest.mark.rule("NET-04", "accepts")
def test_a_statement_worded_the_other_way_round_carries_its_own_roles():
    reversed_roles = (Role.STRONG_NEGATIVE, Role.NEGATIVE, Role.POSITIVE)
    document = with_question(
        kind=Kind.AGREE, options=options(*reversed_roles), labels=labels(3)
    )

    assert checks.problems(document) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"kind": Kind.ONE, "options": options(Role.NONE), "labels": labels(1)},
            "needs at least two options.",
        ),
        (
            {
                "kind": Kind.ONE,
                "options": options(Role.NONE, Role.NONE),
                "labels": {"o_0": "Yes", "o_1": " YES "},
            },
            "has “Yes” more than once.",
        ),
        (
            {
                "kind": Kind.ONE,
                "options": options(Role.NONE, Role.NONE),
                "labels": {"o_0": "Yes"},
            },
            "has an option without words.",
        ),
        (
            {"kind": Kind.NUMBER, "minimum": 5, "maximum": 4},
            "has a lowest number above its highest.",
        ),
        (
            {
                "kind": Kind.MANY,
                "options": options(Role.NONE, Role.NONE, exclusive=True),
                "labels": labels(2),
            },
            "has only options that exclude all others.",
        ),
        (
            {
                "kind": Kind.MANY,
                "options": options(Role.NONE, Role.DONT_KNOW),
                "labels": labels(2),
            },
            "has an unsure option that must exclude the others.",
        ),
    ],
)
def test_a_problem_names_its_question(fields, sentence):
    assert checks.problems(with_question(**fields)) == [
        f"Question 2 (“Which of these?”) {sentence}"
    ]


def test_a_question_without_wording_is_a_problem():
    document = with_question(kind=Kind.WARD, labels={"q_new": " "})

    assert checks.problems(document) == ["Question 2 has no wording."]


def test_asking_twice_who_or_where_somebody_is_is_a_problem():
    document = edit.first()
    page = document.pages[0].key
    for kind in (Kind.CAPACITY, Kind.WARD, Kind.WARD):
        document = edit.add_question(document, page=page, kind=kind, label="Again?")

    assert checks.problems(document) == [
        "Who somebody answers for is asked more than once.",
        "The ward or postcode is asked more than once.",
    ]


def test_a_page_without_questions_is_a_problem():
    document = edit.add_page(make_questionnaire(), label="Empty")

    assert checks.problems(document) == [
        "Page 4 (“Empty”) has no questions. Add one or delete the page."
    ]


@pytest.mark.parametrize(
    ("page", "route", "sentence"),
    [
        (
            "p2",
            Route(question="q_days", options=("o_mon",), to="p1"),
            "leads backwards. It must lead to a later page.",
        ),
        (
            "p2",
            Route(question="q_days", options=("o_mon",), to="p2"),
            "leads backwards. It must lead to a later page.",
        ),
        (
            "p2",
            Route(question="q_days", options=("o_mon",), to="nowhere"),
            "leads to a page that is not there.",
        ),
        (
            "p2",
            Route(question="q_use", options=("o_never",), to="p3"),
            "is about a question of another page.",
        ),
        (
            "p2",
            Route(question="q_days", options=("o_never",), to="p3"),
            "is about an option that is not there.",
        ),
    ],
)
def test_a_rule_that_cannot_be_followed_is_a_problem(page, route, sentence):
    assert checks.problems(with_route(page, route)) == [
        f"A rule of Page 2 (“Opening hours”) {sentence}"
    ]


def test_a_page_that_no_answers_lead_to_is_a_problem():
    document = make_questionnaire()
    asked = document.pages[0].questions[2]
    everything = Route(
        question="q_use", options=("o_often", "o_never", "o_use_other"), to="p3"
    )
    must = edit.change_question(
        document,
        "q_use",
        label="How often?",
        required=True,
        options=[
            Choice(document.label(o.key), key=o.key, other=o.other)
            for o in asked.options
        ],
    )

    optional = edit.set_routes(document, "p1", [everything])
    required = edit.set_routes(must, "p1", [everything])

    assert checks.problems(optional) == []
    assert checks.problems(required) == [
        "No answers lead to Page 2 (“Opening hours”). "
        "Change the rules or delete the page."
    ]


def test_more_than_a_thousand_places_to_tick_are_a_problem():
    document = edit.first()
    page = document.pages[0].key
    many = [Choice(f"Option {n}") for n in range(60)]
    for n in range(17):
        document = edit.add_question(
            document, page=page, kind=Kind.MANY, label=f"Which {n}?", options=many
        )

    [problem] = checks.problems(document)
    assert problem.startswith("The questions have 1,021 places to tick")


def every_answer(page):
    """Every way to answer a page, as the residents' form would let it through."""
    ways = []
    for question in page.questions:
        keys = [option.key for option in question.options]
        if question.kind is Kind.ONE:
            some = list(keys)
        else:
            some = [
                list(each)
                for n in range(1, len(keys) + 1)
                for each in combinations(keys, n)
            ]
        ways.append([(question.key, value) for value in some])
        if not question.required:
            ways[-1].append((question.key, None))
    return [dict(each) for each in product(*ways)]


@given(a_routed_questionnaire())
def test_reachable_pages_are_those_that_some_answers_reach(questionnaire):
    waiting, seen = [questionnaire.pages[0]], set()
    while waiting:
        page = waiting.pop()
        if page.key in seen:
            continue
        seen.add(page.key)
        for answers in every_answer(page):
            walked = path(questionnaire.model_copy(update={"pages": (page,)}), answers)
            assert walked == [page]
            # One step of the real walk, begun at this page.
            keys = [each.key for each in questionnaire.pages]
            rest = questionnaire.pages[keys.index(page.key) :]
            steps = path(questionnaire.model_copy(update={"pages": rest}), answers)
            waiting.extend(steps[1:2])

    assert reach.reached(questionnaire) == seen


@given(a_routed_questionnaire())
def test_a_rule_works_if_some_answers_take_it(questionnaire):
    for page in questionnaire.pages:
        for place, route in enumerate(page.routes):
            taken = any(
                _first_rule(page, answers) == place for answers in every_answer(page)
            )
            assert reach.works(page, place) == taken, route


def _first_rule(page, answers):
    marked = page.model_copy(
        update={
            "routes": tuple(
                route.model_copy(update={"to": f"rule_{n}"})
                for n, route in enumerate(page.routes)
            )
        }
    )
    to = next_page(Questionnaire(pages=(marked, Page(key="after"))), marked, answers)
    return int(to.removeprefix("rule_")) if to.startswith("rule_") else None


# CON-11 -----------------------------------------------------------------------


@pytest.mark.rule("CON-11", "accepts")
def test_up_to_the_councils_number_of_questions_nothing_is_advised():
    assert checks.advice(make_questionnaire(), 9) == []


@pytest.mark.rule("CON-11", "refuses")
def test_above_it_the_author_is_told_how_many_and_how_long():
    assert checks.advice(make_questionnaire(), 8) == [
        "There are 9 questions, which take about 4 minutes. "
        "Fewer questions bring more answers."
    ]


@pytest.mark.rule("CON-11", "accepts")
def test_the_minutes_are_those_of_the_longest_path():
    # 6 closed questions, 2 rows of a grid and 2 texts: 60 + 12 + 150 = 222 seconds.
    document = make_questionnaire()
    short = edit.delete_question(edit.delete_question(document, "q_name"), "q_why")

    assert estimate.minutes(document) == 4
    assert estimate.minutes(short) == 2
    assert estimate.minutes(Questionnaire()) == 1


def test_reading_an_introduction_takes_time():
    document = make_questionnaire()

    slow = edit.set_words(document, "p1", label="You", hint="word " * 400)

    assert estimate.minutes(slow) == estimate.minutes(document) + 2


@pytest.mark.parametrize(
    ("label", "part"),
    [
        ("word " * 26, "has 26 words"),
        ("Do you like the park and the library?", "two things at once"),
        ("Should the park close? Should the library?", "two things at once"),
        ("Surely the park should stay open?", "lead people to an answer"),
    ],
)
def test_unwise_wording_is_advice_and_no_problem(label, part):
    document = edit.set_words(make_questionnaire(), "q_why", label=label)

    assert checks.problems(document) == []
    [sentence] = checks.advice(document, 25)
    assert sentence.startswith("Question 9 (“")
    assert part in sentence


def test_a_question_that_must_be_answered_is_advised_against():
    document = edit.add_question(
        edit.first(), page="p1", kind=Kind.LONG_TEXT, label="Why?", required=True
    )
    document = edit.add_question(
        document,
        page="p1",
        kind=Kind.ONE,
        label="Which?",
        required=True,
        options=[Choice("This"), Choice("That")],
    )

    assert [each[:10] for each in checks.advice(document, 25)] == [
        "Question 2",
        "Question 3",
    ]


def test_a_rule_behind_another_is_advised_against():
    document = make_questionnaire()
    rule = Route(question="q_use", options=("o_never",), to="p3")

    document = edit.set_routes(document, "p1", [rule, rule])

    assert checks.advice(document, 25) == [
        "A rule of Page 1 (“You and the library”) can never be used, "
        "because others come before it."
    ]


def test_a_grid_asks_for_its_statements():
    document = edit.add_question(
        edit.first(),
        page="p1",
        kind=Kind.AGREE_GRID,
        label="Do you agree?",
        rows=[Statement("A café"), Statement("a  café")],
    )

    assert checks.problems(document) == [
        "Question 2 (“Do you agree?”) has “A café” more than once."
    ]
