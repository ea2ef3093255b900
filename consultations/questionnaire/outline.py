"""The questions as the builder lists them: words ready to be shown. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.questionnaire.compare import rule
from consultations.questionnaire.document import (
    CHOICE_KINDS,
    Kind,
    Option,
    Page,
    Question,
    Questionnaire,
)
from consultations.questionnaire.kinds import KIND_NAMES
from consultations.questionnaire.naming import quoted


@dataclass(frozen=True)
class QuestionLine:
    """One question of the list."""

    key: str
    number: int
    label: str
    hint: str
    kind: str
    required: bool
    options: list[str]
    rows: list[str]
    limit: str
    can_go_up: bool
    can_go_down: bool


@dataclass(frozen=True)
class PageLines:
    """One page of the list with its questions."""

    key: str
    number: int
    title: str
    name: str
    hint: str
    rules: list[str]
    can_have_rules: bool
    can_go_up: bool
    can_go_down: bool
    can_go: bool
    questions: list[QuestionLine] = field(default_factory=list)


def outline(questionnaire: Questionnaire) -> list[PageLines]:
    """Return every page with its questions, in order."""
    count = len(questionnaire.pages)
    found = []
    number = 0
    for place, page in enumerate(questionnaire.pages, start=1):
        lines = _page(questionnaire, page, place, count)
        for at, question in enumerate(page.questions):
            number += 1
            first = place == 1 and at == 0
            last = place == count and at == len(page.questions) - 1
            lines.questions.append(
                _question(questionnaire, question, number, first=first, last=last)
            )
        found.append(lines)
    return found


def _page(
    questionnaire: Questionnaire, page: Page, place: int, count: int
) -> PageLines:
    title = questionnaire.label(page.key)
    name = _("Page %(number)s") % {"number": place}
    return PageLines(
        key=page.key,
        number=place,
        title=title,
        name=f"{name}: {quoted(title)}" if title else name,
        hint=questionnaire.hint(page.key),
        rules=[rule(questionnaire, route) for route in page.routes],
        can_have_rules=any(q.kind in CHOICE_KINDS for q in page.questions),
        can_go_up=place > 1,
        can_go_down=place < count,
        can_go=count > 1,
    )


def _question(
    questionnaire: Questionnaire,
    question: Question,
    number: int,
    *,
    first: bool,
    last: bool,
) -> QuestionLine:
    return QuestionLine(
        key=question.key,
        number=number,
        label=questionnaire.label(question.key) or _("(no wording yet)"),
        hint=questionnaire.hint(question.key),
        kind=str(KIND_NAMES[question.kind]),
        required=question.required,
        options=[_option(questionnaire, option) for option in question.options],
        rows=[questionnaire.label(row.key) for row in question.rows],
        limit=_limit(question),
        can_go_up=not first,
        can_go_down=not last,
    )


def _option(questionnaire: Questionnaire, option: Option) -> str:
    label = questionnaire.label(option.key)
    if option.other:
        return _("%(option)s (asks for words)") % {"option": label}
    if option.exclusive:
        return _("%(option)s (excludes the others)") % {"option": label}
    return label


def _limit(question: Question) -> str:
    low, high = question.minimum, question.maximum
    if question.kind is Kind.NUMBER:
        return _range(low, high)
    if question.max_length:
        return ngettext(
            "Up to %(count)s character",
            "Up to %(count)s characters",
            question.max_length,
        ) % {"count": f"{question.max_length:,}"}
    return ""


def _range(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return _("From %(low)s to %(high)s") % {
            "low": f"{low:,g}",
            "high": f"{high:,g}",
        }
    if low is not None:
        return _("%(low)s or more") % {"low": f"{low:,g}"}
    if high is not None:
        return _("%(high)s or less") % {"high": f"{high:,g}"}
    return ""
