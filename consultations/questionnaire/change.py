"""A questionnaire being changed: new keys, words, limits, and what goes with what.

`edit` has the functions that people's changes are made of; this is how they do it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.refusals import ActionRefused
from consultations.questionnaire.document import (
    DEFAULT_LANGUAGE,
    OPTION_KINDS,
    Kind,
    Option,
    Page,
    Question,
    Questionnaire,
    Role,
    Route,
    Row,
    Words,
    dump,
)
from consultations.questionnaire.routing import END

MAX_PAGES = 50
MAX_QUESTIONS = 200
MAX_OPTIONS = 60
MAX_ROWS = 60
MAX_LABEL = 2000
MAX_BYTES = 500_000
# Kinds whose questions have the same shape, so that one can become the other.
ALIKE = (
    frozenset({Kind.ONE, Kind.MANY}),
    frozenset({Kind.SHORT_TEXT, Kind.LONG_TEXT}),
)
USUAL_LENGTH = {Kind.SHORT_TEXT: 200, Kind.LONG_TEXT: 2000}


@dataclass(frozen=True)
class Choice:
    """An option as somebody wants it; without `key` it is a new one."""

    label: str
    key: str = ""
    role: Role = Role.NONE
    exclusive: bool = False
    other: bool = False


@dataclass(frozen=True)
class Statement:
    """A row of a grid as somebody wants it; without `key` it is a new one."""

    label: str
    key: str = ""


# NET-04: the roles are what net agreement is counted from.
AGREE_SCALE = (
    Choice("Strongly agree", role=Role.STRONG_POSITIVE),
    Choice("Agree", role=Role.POSITIVE),
    Choice("Neither agree nor disagree", role=Role.NEUTRAL),
    Choice("Disagree", role=Role.NEGATIVE),
    Choice("Strongly disagree", role=Role.STRONG_NEGATIVE),
    Choice("Don’t know", role=Role.DONT_KNOW),
)
CAPACITIES = (
    Choice("For myself", role=Role.MYSELF),
    Choice("For an organisation", role=Role.ORGANISATION),
)
USUAL_OPTIONS = {
    Kind.AGREE: AGREE_SCALE,
    Kind.AGREE_GRID: AGREE_SCALE,
    Kind.CAPACITY: CAPACITIES,
}


class Change:
    """A document being changed; `done` makes the next one of it."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.old = questionnaire
        self.pages = list(questionnaire.pages)
        self.texts: dict[str, dict[str, Words]] = {
            language: dict(words) for language, words in questionnaire.texts.items()
        }
        self.next_number = questionnaire.next_number
        # A document from elsewhere may have keys that its number does not know.
        self.taken = {*questionnaire.keys()}.union(*self.texts.values())

    def new_key(self, letter: str) -> str:
        """Return a key that was never used."""
        key = f"{letter}{self.next_number}"
        self.next_number += 1
        return self.new_key(letter) if key in self.taken else key

    def say(
        self,
        key: str,
        label: str,
        hint: str | None = None,
        *,
        language: str = DEFAULT_LANGUAGE,
    ) -> None:
        """Set the words of a key."""
        words = self.texts.setdefault(language, {})
        if hint is None:
            hint = words.get(key, Words()).hint
        words[key] = Words(label=_clean(label), hint=_clean(hint))

    def put(self, place: int, questions: Iterable[Question]) -> None:
        """Set the questions of a page."""
        page = self.pages[place]
        self.pages[place] = page.model_copy(update={"questions": tuple(questions)})

    def shaped(
        self,
        question: Question,
        *,
        options: Sequence[Choice],
        rows: Sequence[Statement],
        minimum: float | None,
        maximum: float | None,
        max_length: int | None,
    ) -> Question:
        """Return the question with what its kind has, and only that."""
        kind = question.kind
        options = options if kind in OPTION_KINDS else ()
        rows = rows if kind is Kind.AGREE_GRID else ()
        _refuse_shape(kind, options, rows)
        old = {option.key: option for option in question.options}
        numbers = kind is Kind.NUMBER
        return Question(
            key=question.key,
            kind=kind,
            required=question.required,
            options=tuple(self._option(choice, old, kind) for choice in options),
            rows=tuple(self._row(row, question) for row in rows),
            minimum=minimum if numbers else None,
            maximum=maximum if numbers else None,
            max_length=max_length if kind in USUAL_LENGTH else None,
        )

    def _option(self, choice: Choice, old: dict[str, Option], kind: Kind) -> Option:
        before = old.get(choice.key)
        key = before.key if before else self.new_key("o")
        self.say(key, choice.label)
        return Option(
            key=key,
            role=choice.role,
            exclusive=choice.exclusive and kind is Kind.MANY,
            other=choice.other and kind in ALIKE[0],
            group=before.group if before else None,
        )

    def _row(self, statement: Statement, question: Question) -> Row:
        kept = {row.key for row in question.rows}
        key = statement.key if statement.key in kept else self.new_key("s")
        self.say(key, statement.label)
        return Row(key=key)

    def done(self) -> Questionnaire:
        """Return the next document: without rules and words of what has gone."""
        keys = [page.key for page in self.pages]
        gone = set(self.old.keys()).difference(self._keys())
        pages = tuple(
            page.model_copy(update={"routes": _kept_routes(page, keys)})
            for page in self.pages
        )
        new = Questionnaire(
            pages=pages,
            texts={
                language: {k: w for k, w in words.items() if k not in gone}
                for language, words in self.texts.items()
            },
            next_number=self.next_number,
        )
        _refuse_size(new)
        return new

    def _keys(self) -> list[str]:
        return Questionnaire.model_construct(pages=tuple(self.pages)).keys()


def _kept_routes(page: Page, pages: list[str]) -> tuple[Route, ...]:
    """The rules of a page that still have their question, options and page.

    A rule that has come to lead backwards stays: `checks` names it.
    """
    options = {q.key: {o.key for o in q.options} for q in page.questions}
    kept = []
    for route in page.routes:
        still = tuple(o for o in route.options if o in options.get(route.question, ()))
        if still and (route.to == END or route.to in pages):
            kept.append(route.model_copy(update={"options": still}))
    return tuple(kept)


def _refuse_shape(
    kind: Kind, options: Sequence[Choice], rows: Sequence[Statement]
) -> None:
    if kind in OPTION_KINDS and not options:
        raise ActionRefused(_("Enter the options that people choose from."))
    if kind is Kind.AGREE_GRID and not rows:
        raise ActionRefused(_("Enter the statements of the grid."))
    if len(options) > MAX_OPTIONS:
        raise ActionRefused(_("A question can have up to 60 options."))
    if len(rows) > MAX_ROWS:
        raise ActionRefused(_("A grid can have up to 60 statements."))


def _refuse_size(questionnaire: Questionnaire) -> None:
    if len(questionnaire.pages) > MAX_PAGES:
        raise ActionRefused(_("A questionnaire can have up to 50 pages."))
    if len(questionnaire.questions()) > MAX_QUESTIONS:
        raise ActionRefused(_("A questionnaire can have up to 200 questions."))
    if len(json.dumps(dump(questionnaire))) > MAX_BYTES:
        raise ActionRefused(
            _("This questionnaire is too long. Shorten its words or delete a part.")
        )


def _clean(text: str) -> str:
    """The words as they can be stored and shown, or a refusal where too long."""
    kept = "".join(
        char
        for char in text.replace("\r\n", "\n")
        if (char >= " " or char == "\n") and not "\ud800" <= char <= "\udfff"
    ).strip()
    if len(kept) > MAX_LABEL:
        raise ActionRefused(_("Each text must be 2,000 characters or less."))
    return kept
