"""What a set of draft answers may be, says and looks like to a reader.

The form of a page checks what a person types; this checks a whole set of answers
again before it is stored, whichever way it came.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from consultations.questionnaire.document import (
    DEFAULT_LANGUAGE,
    TEXT_KINDS,
    Kind,
    Page,
    Question,
    Questionnaire,
    Role,
)
from consultations.questionnaire.routing import chosen, keep_shown, path
from consultations.responses.fields import (
    MAX_LONG,
    MAX_ORGANISATION,
    MAX_OTHER,
    MAX_SHORT,
)
from design.formats import number, storable

Answers = Mapping[str, Any]
OTHER, ORGANISATION = ".other", ".organisation"


def digest(answers: Answers) -> str:
    """Return the digest of a set of answers: equal for equal answers."""
    body = json.dumps(answers, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(body.encode()).hexdigest()


def text_keys(questionnaire: Questionnaire) -> set[str]:
    """Return the keys whose answers are texts, kept as comments."""
    texts = {q.key for q in questionnaire.questions() if q.kind in TEXT_KINDS}
    return texts | {f"{q.key}{OTHER}" for q in questionnaire.questions() if q.options}


def unfit(questionnaire: Questionnaire, answers: Answers) -> list[str]:
    """Return the keys of answers that do not fit their questions (T-11)."""
    questions = {q.key: q for q in questionnaire.questions()}
    found = []
    for key, value in answers.items():
        question = questions.get(key.split(".")[0])
        if question is None or not _fits(question, key, value, answers):
            found.append(key)
    return found


def missing(questionnaire: Questionnaire, answers: Answers) -> list[Page]:
    """Return the pages on the way that lack an answer which is required."""
    return [
        page
        for page in path(questionnaire, answers)
        if any(q.required and not is_answered(q, answers) for q in page.questions)
    ]


def is_answered(question: Question, answers: Answers) -> bool:
    """Whether a question has its answer; a grid needs every row."""
    value = answers.get(question.key)
    if question.kind is Kind.AGREE_GRID:
        return isinstance(value, dict) and len(value) == len(question.rows)
    if question.kind is Kind.CAPACITY and names_organisation(question, answers):
        return bool(answers.get(f"{question.key}{ORGANISATION}"))
    return value not in (None, "", [], {})


def names_organisation(question: Question, answers: Answers) -> bool:
    """Whether this answers for an organisation."""
    roles = {o.key for o in question.options if o.role is Role.ORGANISATION}
    return bool(chosen(answers.get(question.key)) & roles)


def _fits(question: Question, key: str, value: object, answers: Answers) -> bool:
    if key == question.key:
        return _CHECKS[question.kind](question, value)
    if key == f"{question.key}{ORGANISATION}":
        return (
            question.kind is Kind.CAPACITY
            and names_organisation(question, answers)
            and _is_text(value, MAX_ORGANISATION)
        )
    others = {o.key for o in question.options if o.other}
    return (
        key == f"{question.key}{OTHER}"
        and bool(chosen(answers.get(question.key)) & others)
        and _is_text(value, MAX_OTHER)
    )


def _is_text(value: object, limit: int) -> bool:
    return (
        isinstance(value, str) and 0 < len(value) <= limit and storable(value) == value
    )


def _text_fits(question: Question, value: object) -> bool:
    default = MAX_LONG if question.kind is Kind.LONG_TEXT else MAX_SHORT
    return _is_text(value, question.max_length or default)


def _choice_fits(question: Question, value: object) -> bool:
    return isinstance(value, str) and value in {o.key for o in question.options}


def _choices_fit(question: Question, value: object) -> bool:
    if (
        not isinstance(value, list)
        or not value
        or len(set(map(str, value))) < len(value)
    ):
        return False
    exclusive = {o.key for o in question.options if o.exclusive}
    return all(_choice_fits(question, each) for each in value) and (
        len(value) == 1 or not exclusive & set(value)
    )


def _grid_fits(question: Question, value: object) -> bool:
    rows = {row.key for row in question.rows}
    return (
        isinstance(value, dict)
        and set(value) <= rows
        and all(_choice_fits(question, given) for given in value.values())
    )


def _number_fits(question: Question, value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    low = -math.inf if question.minimum is None else question.minimum
    high = math.inf if question.maximum is None else question.maximum
    return math.isfinite(value) and low <= value <= high


def _ward_fits(question: Question, value: object) -> bool:
    if not isinstance(value, dict):
        return False
    if value.get("place") == "ward":
        return _is_text(value.get("ward_code"), 20) and len(value) == 2
    return value in ({"place": "outside"}, {"place": "not_stated"})


_CHECKS: dict[Kind, Callable[[Question, object], bool]] = {
    Kind.CAPACITY: _choice_fits,
    Kind.ONE: _choice_fits,
    Kind.MANY: _choices_fit,
    Kind.AGREE: _choice_fits,
    Kind.AGREE_GRID: _grid_fits,
    Kind.NUMBER: _number_fits,
    Kind.SHORT_TEXT: _text_fits,
    Kind.LONG_TEXT: _text_fits,
    Kind.WARD: _ward_fits,
}


# For reading ------------------------------------------------------------------


@dataclass(frozen=True)
class Answered:
    """A question and its answer in words; `lines` is empty where there is none."""

    key: str
    question: str
    lines: list[str]


@dataclass(frozen=True)
class AnsweredPage:
    """A page on the way, with its questions and answers in words."""

    number: int
    title: str
    answers: list[Answered]


def in_words(
    questionnaire: Questionnaire,
    answers: Answers,
    *,
    wards: Mapping[str, str],
    language: str = DEFAULT_LANGUAGE,
) -> list[AnsweredPage]:
    """Return the pages these answers lead through, as a person reads them.

    Pages skipped by routing are not there. `wards` maps codes to names.
    """
    shown = keep_shown(questionnaire, answers)
    places = {page.key: n for n, page in enumerate(questionnaire.pages, start=1)}
    return [
        AnsweredPage(
            number=places[page.key],
            title=questionnaire.label(page.key, language)
            or _("Page %(number)s") % {"number": places[page.key]},
            answers=[
                Answered(
                    key=question.key,
                    question=questionnaire.label(question.key, language),
                    lines=_lines(questionnaire, question, shown, wards, language),
                )
                for question in page.questions
            ],
        )
        for page in path(questionnaire, answers)
    ]


def _lines(
    questionnaire: Questionnaire,
    question: Question,
    answers: Answers,
    wards: Mapping[str, str],
    language: str,
) -> list[str]:
    value = answers.get(question.key)
    if question.kind is Kind.WARD:
        return _ward_lines(value, wards)
    if question.kind is Kind.AGREE_GRID:
        return [
            f"{questionnaire.label(row.key, language)}: "
            f"{questionnaire.label(value[row.key], language)}"
            for row in question.rows
            if isinstance(value, dict) and row.key in value
        ]
    if question.options:
        picked = chosen(value)
        lines = [
            questionnaire.label(option.key, language)
            for option in question.options
            if option.key in picked
        ]
        beside = (answers.get(f"{question.key}{end}") for end in (OTHER, ORGANISATION))
        return lines + [text for text in beside if isinstance(text, str)]
    if value in (None, ""):
        return []
    return [value if isinstance(value, str) else number(value)]


def _ward_lines(value: object, wards: Mapping[str, str]) -> list[str]:
    if not isinstance(value, dict):
        return []
    if value.get("place") == "ward":
        code = str(value.get("ward_code", ""))
        return [wards.get(code, code)]
    if value.get("place") == "outside":
        return [_("Outside the council’s area")]
    return [_("I prefer not to say")]
