"""The counting engine, held against a naive reading of the same answers."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.analysis import codes, counting, matrix
from consultations.models import Response
from consultations.questionnaire.document import (
    OPTION_KINDS,
    Kind,
    Option,
    Page,
    Question,
    Questionnaire,
    Route,
    Row,
    Words,
)
from consultations.questionnaire.routing import chosen, shown_questions
from tests.factories import make_published_consultation, make_questionnaire

KINDS = [Kind.ONE, Kind.MANY, Kind.AGREE_GRID, Kind.CAPACITY, Kind.LONG_TEXT]


def _question(number, kind, options, rows):
    return Question(
        key=f"q{number}",
        kind=kind,
        options=tuple(Option(key=f"q{number}_o{n}") for n in range(options))
        if kind in OPTION_KINDS
        else (),
        rows=tuple(Row(key=f"q{number}_r{n}") for n in range(rows))
        if kind is Kind.AGREE_GRID
        else (),
    )


@st.composite
def questionnaires(draw):
    """Up to four pages of up to three questions, some with a route past the next."""
    pages, number = [], 0
    for place in range(draw(st.integers(1, 4))):
        questions = []
        for _ in range(draw(st.integers(1, 3))):
            number += 1
            questions.append(
                _question(
                    number,
                    draw(st.sampled_from(KINDS)),
                    draw(st.sampled_from([1, 2, 5, 60, 61, 75])),
                    draw(st.integers(1, 3)),
                )
            )
        routes = ()
        routing = [q for q in questions if q.kind in (Kind.ONE, Kind.MANY)]
        if routing and draw(st.booleans()):
            routes = (
                Route(
                    question=routing[0].key,
                    options=(routing[0].options[0].key,),
                    to=draw(st.sampled_from(["end", f"p{place + 2}"])),
                ),
            )
        pages.append(Page(key=f"p{place}", questions=tuple(questions), routes=routes))
    return Questionnaire(pages=tuple(pages))


def answers_to(draw, questionnaire):
    given_answers = {}
    for question in questionnaire.questions():
        keys = [option.key for option in question.options]
        if not draw(st.booleans()) or not keys:
            continue
        if question.kind is Kind.MANY:
            value = draw(st.lists(st.sampled_from(keys), max_size=3, unique=True))
        elif question.kind is Kind.AGREE_GRID:
            value = {
                row.key: draw(st.sampled_from(keys))
                for row in question.rows
                if draw(st.booleans())
            }
        else:
            value = draw(st.sampled_from(keys))
        given_answers[question.key] = value
    return given_answers


@st.composite
def collections(draw):
    questionnaire = draw(questionnaires())
    statuses = st.sampled_from(Response.Status.values)
    rows = [
        (answers_to(draw, questionnaire), draw(statuses))
        for _ in range(draw(st.integers(0, 12)))
    ]
    return questionnaire, rows


def laid_out(questionnaire, rows):
    lines = [
        (codes.encode(questionnaire, answers), status, "online", "")
        for answers, status in rows
    ]
    columns = ["\n".join(row[n] for row in lines) for n in range(4)]
    slots = tuple(codes.slot_map(questionnaire))
    return matrix.lay_out(slots, matrix.Columns(*columns))


def naive(questionnaire, question, sent):
    """Read each document by itself, with no codes and no matrix."""
    shown = [a for a in sent if question.key in shown_questions(questionnaire, a)]
    values = [a[question.key] for a in shown if a.get(question.key)]
    return {
        "answered": len(values),
        "not_shown": len(sent) - len(shown),
        "blank": len(shown) - len(values),
        "options": Counter(key for value in values for key in chosen(value)),
        "rows": {
            row.key: Counter(value[row.key] for value in values if row.key in value)
            for row in question.rows
        },
    }


@given(collections())
def test_the_engine_counts_what_reading_each_document_counts(collection):
    questionnaire, rows = collection

    found = counting.count(questionnaire, laid_out(questionnaire, rows).counted())

    sent = [answers for answers, status in rows if status == "sent"]
    for question in questionnaire.questions():
        if question.kind not in OPTION_KINDS:
            assert question.key not in found
            continue
        counts, wanted = found[question.key], naive(questionnaire, question, sent)
        assert counts.answered == wanted["answered"]
        assert counts.blank == wanted["blank"]
        assert counts.not_shown == wanted["not_shown"]
        assert counts.illegible == 0
        for option in question.options:
            if not question.rows:
                assert counts.options[option.key] == wanted["options"][option.key]
        for row in counts.rows:
            assert row.answered == sum(wanted["rows"][row.key].values())
            assert row.answered + row.blank + row.not_shown == len(sent)
            for key, number in row.options.items():
                assert number == wanted["rows"][row.key][key]


@given(collections(), st.integers(0, 12))
def test_counts_of_two_halves_add_up_to_the_counts_of_all(collection, cut):
    questionnaire, rows = collection

    halves = [
        counting.count(questionnaire, laid_out(questionnaire, part).counted())
        for part in (rows[:cut], rows[cut:])
    ]

    whole = counting.count(questionnaire, laid_out(questionnaire, rows).counted())
    for key, counts in whole.items():
        assert counting.merge([half[key] for half in halves]) == counts


def test_marks_tell_statuses_and_channels_apart():
    assert len(matrix.STATUS_MARKS) == len(Response.Status.values)
    assert len(matrix.CHANNEL_MARKS) == len(Response.Channel.values)
    assert matrix.STATUS_MARKS[counting.SENT_MARK] == Response.Status.SENT


def test_a_question_with_another_word_is_another_question():
    old = make_questionnaire()
    words = {**old.texts["en-gb"], "o_often": Words(label="Every week")}

    new = old.model_copy(update={"texts": {"en-gb": words}})

    assert not counting.same_question("q_use", old, new)
    assert counting.same_question("q_days", old, new)
    assert not counting.same_question("q_unknown", old, new)


@pytest.fixture
def version(db):
    return make_published_consultation().questionnaires.get()


def _store(version, number, *, answers, **fields):
    questionnaire = Questionnaire.model_validate(version.document)
    return Response.objects.create(
        consultation=version.consultation,
        version=version,
        source_key=f"key-{number}",
        reference=f"R{number}",
        answers=answers,
        codes=fields.pop("codes", codes.encode(questionnaire, answers)),
        **fields,
    )


def test_one_query_loads_every_response_in_the_order_of_ids(
    version, django_assert_num_queries
):
    _store(version, 1, answers={"q_use": "o_often"})
    _store(version, 2, answers={"q_use": "o_never"}, channel="paper", status="held")
    _store(
        version,
        3,
        answers={"q_use": "o_use_other"},
        place="ward",
        ward_code="E05000001",
    )

    with django_assert_num_queries(1):
        loaded = matrix.load(version)

    slot = [s.question for s in loaded.slots].index("q_use")
    assert bytes(loaded.codes[slot]) == b"012"
    assert bytes(loaded.counted().codes[slot]) == b"02"
    assert loaded.counted().codes.flags["C_CONTIGUOUS"]
    assert loaded.in_ward.tolist() == [False, False, True]
    assert matrix.by_channel_and_status(loaded) == {
        ("online", "sent"): 2,
        ("paper", "held"): 1,
    }


def test_a_new_response_counts_in_the_next_request(version):
    questionnaire = Questionnaire.model_validate(version.document)

    def often():
        found = counting.count(questionnaire, matrix.load(version).counted())
        return found["q_use"].options["o_often"]

    assert often() == 0
    response = _store(version, 1, answers={"q_use": "o_often"})
    assert often() == 1
    Response.objects.filter(pk=response.pk).update(status="withdrawn")
    assert often() == 0


@pytest.mark.parametrize("misfit", ["", "0", "0" * 999])
def test_codes_that_do_not_fit_are_seen_and_not_guessed(version, misfit):
    questionnaire = Questionnaire.model_validate(version.document)
    _store(version, 1, answers={"q_use": "o_often"})
    _store(version, 2, answers={}, codes=misfit)
    _store(version, 3, answers={"q_use": "o_never"})

    found = counting.count(questionnaire, matrix.load(version).counted())

    assert (found["q_use"].answered, found["q_use"].illegible) == (2, 1)
    assert found["q_use"].options["o_often"] == found["q_use"].options["o_never"] == 1


def test_misfits_that_are_as_long_together_as_two_that_fit_are_seen(version):
    questionnaire = Questionnaire.model_validate(version.document)
    width = len(codes.encode(questionnaire, {}))
    _store(version, 1, answers={}, codes="0" * (width - 1))
    _store(version, 2, answers={}, codes="0" * (width + 1))

    found = counting.count(questionnaire, matrix.load(version).counted())

    assert (found["q_use"].answered, found["q_use"].illegible) == (0, 2)
