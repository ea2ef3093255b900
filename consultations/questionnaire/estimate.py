"""How long a questionnaire takes to answer (CON-11). Pure."""

from __future__ import annotations

import math

from consultations.questionnaire.document import (
    TEXT_KINDS,
    Kind,
    Page,
    Question,
    Questionnaire,
)
from consultations.questionnaire.reach import exits
from consultations.questionnaire.routing import END

CLOSED_SECONDS = 10
OPEN_SECONDS = 75
ROW_SECONDS = 6
WORDS_A_MINUTE = 200


def minutes(questionnaire: Questionnaire) -> int:
    """Return the minutes that the longest path of answers takes, at least 1.

    The time for a question has its own wording in it; introductions and hints are
    reading on top.
    """
    longest: dict[str, float] = {END: 0}
    for page in reversed(questionnaire.pages):
        after = max(longest.get(key, 0) for key in exits(questionnaire, page))
        longest[page.key] = after + _page_seconds(questionnaire, page)
    whole = longest[questionnaire.pages[0].key] if questionnaire.pages else 0
    return max(1, math.ceil(whole / 60))


def _page_seconds(questionnaire: Questionnaire, page: Page) -> float:
    keys = [page.key, *(question.key for question in page.questions)]
    words = sum(len(questionnaire.hint(key).split()) for key in keys)
    answering = sum(_seconds(question) for question in page.questions)
    return answering + words * 60 / WORDS_A_MINUTE


def _seconds(question: Question) -> int:
    if question.kind in TEXT_KINDS:
        return OPEN_SECONDS
    if question.kind is Kind.AGREE_GRID:
        return ROW_SECONDS * len(question.rows)
    return CLOSED_SECONDS
