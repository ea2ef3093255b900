"""One response whole, as a person reads it: question by question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from consultations.models import Response
from consultations.questionnaire.document import (
    TEXT_KINDS,
    Kind,
    Question,
    Questionnaire,
    load,
)
from consultations.questionnaire.routing import chosen, shown_questions
from design.formats import number


@dataclass(frozen=True)
class Line:
    """A question, with the lines of its answer; none where it was left out."""

    label: str
    answers: list[str]


def sheet(response: Response) -> list[Line]:
    """What was asked of somebody and what they answered, in order."""
    questionnaire = load(response.version.document)
    texts = dict(response.comments.values_list("pk", "text"))
    shown = shown_questions(questionnaire, response.answers)
    return [
        Line(
            questionnaire.label(question.key),
            [
                *_said(questionnaire, question, response, texts),
                *_other(question, response.answers, texts),
            ],
        )
        for question in questionnaire.questions()
        if question.key in shown
    ]


def _said(
    questionnaire: Questionnaire,
    question: Question,
    response: Response,
    texts: dict[int, str],
) -> list[str]:
    value = response.answers.get(question.key)
    if question.kind is Kind.WARD:
        return [f"{response.get_place_display()} {response.ward_code}".strip()]
    if value is None:
        return []
    if question.kind in TEXT_KINDS:
        return [texts[value]] if value in texts else []
    if question.kind is Kind.NUMBER:
        return [number(value)]
    if question.kind is Kind.AGREE_GRID:
        return _grid(questionnaire, question, value)
    said = chosen(value)
    found = [questionnaire.label(o.key) for o in question.options if o.key in said]
    if question.kind is Kind.CAPACITY and response.organisation:
        found.append(response.organisation)
    return found


def _grid(questionnaire: Questionnaire, question: Question, value: Any) -> list[str]:
    return [
        f"{questionnaire.label(row.key)}: {questionnaire.label(value[row.key])}"
        for row in question.rows
        if row.key in value
    ]


def _other(
    question: Question, answers: dict[str, Any], texts: dict[int, str]
) -> list[str]:
    text = texts.get(answers.get(f"{question.key}.other", 0))
    return [text] if text else []
