"""Where a page or a question stands in a questionnaire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.utils.translation import gettext as _

from accounts.refusals import ActionRefused
from consultations.questionnaire.document import Questionnaire

Item = TypeVar("Item")


def moved(items: Sequence[Item], at: int, step: int) -> list[Item]:
    """Return the items with one of them a step further; at the edge it stays."""
    found = list(items)
    to = min(max(at + step, 0), len(found) - 1)
    found.insert(to, found.pop(at))
    return found


def page_place(questionnaire: Questionnaire, key: str) -> int:
    """Return the number of a page, from 0; refuse one that is gone."""
    for place, page in enumerate(questionnaire.pages):
        if page.key == key:
            return place
    raise ActionRefused(_("This page is no longer there."))


def question_place(questionnaire: Questionnaire, key: str) -> tuple[int, int]:
    """Return the number of a question's page and its own, from 0."""
    for place, page in enumerate(questionnaire.pages):
        for at, question in enumerate(page.questions):
            if question.key == key:
                return place, at
    raise ActionRefused(_("This question is no longer there."))
