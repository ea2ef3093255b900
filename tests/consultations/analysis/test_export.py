"""The file of all responses says what each document says."""

import csv
import io

from hypothesis import given

from consultations.analysis import codes, export
from consultations.analysis.cells import BOM, joined, safe
from consultations.analysis.columns import REMEMBERED, Ticked, columns, layout
from consultations.analysis.wordings import wordings
from consultations.models import QuestionnaireVersion, Response
from consultations.questionnaire.document import OPTION_KINDS, Kind, Words
from consultations.questionnaire.routing import chosen, keep_shown
from tests.consultations.analysis.test_counting import collections
from tests.factories import make_published_consultation, make_response


def read(text):
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))


def worded(questionnaire):
    """The same with words that a spreadsheet would calculate, and with quotes."""
    found = questionnaire.keys()
    words = {key: Words(label=f'=2;"{key}"') for key in found}
    return questionnaire.model_copy(update={"texts": {"en-gb": words}})


def frozen(questionnaire):
    return QuestionnaireVersion(
        pk=1,
        number=1,
        document=questionnaire.model_dump(mode="json"),
        slots=codes.as_stored(codes.slot_map(questionnaire)),
    )


def naive(questionnaire, answers):
    """Read one document by itself, with no codes."""
    cells = []
    for question in questionnaire.questions():
        value = answers.get(question.key)
        if question.kind is Kind.AGREE_GRID:
            picked = [(value or {}).get(row.key) for row in question.rows]
            cells += [safe(questionnaire.label(key)) if key else "" for key in picked]
        elif question.kind in OPTION_KINDS:
            keys = [o.key for o in question.options if o.key in chosen(value)]
            cells.append(joined(questionnaire.label(key) for key in keys))
        else:
            cells.append("")
    return cells


@given(collections())
def test_a_row_read_from_the_codes_says_what_the_document_says(collection):
    questionnaire, rows = worded(collection[0]), collection[1]
    version = frozen(questionnaire)
    plan = layout(version, columns(wordings([version])))

    for answers, _status in rows:
        cells = plan.cells(codes.encode(questionnaire, answers), ())

        [row] = read(",".join(cells))
        assert row == naive(questionnaire, keep_shown(questionnaire, answers))


def test_no_more_sets_of_ticks_are_remembered_than_memory_holds():
    said = Ticked([f"Answer {number}" for number in range(12)])

    for number in range(2**12):
        assert said[f"{number:012b}"].count("Answer") == number.bit_count()

    assert len(said) == REMEMBERED


def test_codes_that_do_not_fit_are_made_again_from_the_answers(
    db, django_assert_num_queries
):
    consultation = make_published_consultation()
    stale = [make_response(consultation, {"q_days": ["o_mon"]}) for _n in range(2)]
    Response.objects.filter(pk__in=[each.pk for each in stale]).update(codes="?")
    make_response(consultation, {"q_days": ["o_sat"]})

    with django_assert_num_queries(4):
        heading, *rows = read("".join(export.lines(consultation)))

    days = heading.index("Which days suit you?")
    assert [row[days] for row in rows] == ["Monday", "Monday", "Saturday"]
