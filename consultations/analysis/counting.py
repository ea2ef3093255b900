"""Counts of closed answers, from a matrix of codes. Pure.

Every figure of every page, file and interface comes from `count` and `merge`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from consultations.analysis.codes import (
    ALPHABET,
    BLANK,
    ILLEGIBLE,
    NOT_SHOWN,
    TICKED,
    Slot,
)
from consultations.questionnaire.document import (
    OPTION_KINDS,
    Kind,
    Question,
    Questionnaire,
)

Codes = npt.NDArray[np.uint8]
# So many responses are turned at once: what fits into a processor's cache.
BLOCK = 512
# The third letter of "sent", which no other status has there.
SENT_MARK = ord("n")
MARKS = BLANK + NOT_SHOWN + ILLEGIBLE
# Up to so many letters it is quicker to look for each than to count all at once.
FEW = 16
# For each character, whether it marks that there is no answer.
IS_MARK = np.zeros(256, dtype=bool)
IS_MARK[[ord(mark) for mark in MARKS]] = True


@dataclass(frozen=True)
class Matrix:
    """Codes as places × responses, as they lie or, once counted, place by place."""

    slots: tuple[Slot, ...]
    codes: Codes
    status: Codes
    channel: Codes
    in_ward: npt.NDArray[np.bool_]

    @property
    def size(self) -> int:
        """The number of responses of every status."""
        return int(self.status.shape[0])

    def counted(self) -> Matrix:
        """The responses that count: those sent, and neither held nor excluded.

        Withdrawn ones and those that a later one replaced do not count either.
        """
        chosen = self.status == SENT_MARK
        return Matrix(
            self.slots,
            _turned(self.codes.T[chosen]),
            self.status[chosen],
            self.channel[chosen],
            self.in_ward[chosen],
        )


def _turned(responses: Codes) -> Codes:
    """Responses × places as places × responses, so that each place lies together."""
    size, width = responses.shape
    turned = np.empty((width, size), dtype=np.uint8)
    for start in range(0, size, BLOCK):
        turned[:, start : start + BLOCK] = responses[start : start + BLOCK].T
    return turned


@dataclass(frozen=True)
class Counts:
    """How the counted responses answered one question, or one row of a grid.

    `answered` is the base. For many choices it is the number of people, and the
    options may add up to more; for a grid whoever answered some row.
    """

    key: str
    answered: int = 0
    blank: int = 0
    not_shown: int = 0
    illegible: int = 0
    options: Mapping[str, int] = field(default_factory=dict)
    rows: Sequence[Counts] = ()


def count(questionnaire: Questionnaire, counted: Matrix) -> dict[str, Counts]:
    """Return the counts of every closed question, by its key.

    `counted` is `Matrix.counted()`: counting does not look at the status.
    """
    places = _places(counted.slots)
    found: dict[str, Counts] = {}
    for question in questionnaire.questions():
        if question.kind in OPTION_KINDS:
            own = [pair for pair in places if pair[0].question == question.key]
            found[question.key] = _of_question(question, own, counted)
    return found


def _places(slots: Iterable[Slot]) -> list[tuple[Slot, int]]:
    """Each slot with its first row in the matrix."""
    placed: list[tuple[Slot, int]] = []
    at = 0
    for slot in slots:
        placed.append((slot, at))
        at += slot.width
    return placed


def _of_question(
    question: Question, places: list[tuple[Slot, int]], matrix: Matrix
) -> Counts:
    if question.kind is Kind.MANY:
        return _of_many(question, places, matrix)
    rows = [_of_slot(slot, at, matrix) for slot, at in places]
    if question.kind is not Kind.AGREE_GRID:
        return rows[0]
    first = rows[0]
    answered = int((~_unmarked(places, matrix)).sum())
    return Counts(
        key=question.key,
        answered=answered,
        blank=matrix.size - answered - first.not_shown - first.illegible,
        not_shown=first.not_shown,
        illegible=first.illegible,
        rows=tuple(rows),
    )


def _unmarked(places: list[tuple[Slot, int]], matrix: Matrix) -> npt.NDArray[np.bool_]:
    """For each response, whether no row of a grid carries an answer."""
    nothing = np.ones(matrix.size, dtype=bool)
    for _slot, at in places:
        nothing &= IS_MARK.take(matrix.codes[at])
    return nothing


def _tally(row: Codes, letters: str) -> dict[str, int]:
    """How often each of these letters stands in a row."""
    if len(letters) > FEW:
        found = np.bincount(row, minlength=256)
        return {letter: int(found[ord(letter)]) for letter in letters}
    return {letter: int(np.count_nonzero(row == ord(letter))) for letter in letters}


def _of_slot(slot: Slot, at: int, matrix: Matrix) -> Counts:
    letters = ALPHABET[: len(slot.options)] if slot.width == 1 else ""
    first = _tally(matrix.codes[at], MARKS + letters)
    blank, hidden, illegible = (first[mark] for mark in MARKS)
    if slot.width == 1:
        pairs = zip(slot.options, letters, strict=True)
        options = {key: first[letter] for key, letter in pairs}
    else:
        options = _wide(slot, matrix.codes[at], matrix.codes[at + 1])
    return Counts(
        key=slot.part or slot.question,
        answered=matrix.size - blank - hidden - illegible,
        blank=blank,
        not_shown=hidden,
        illegible=illegible,
        options=options,
    )


def _wide(
    slot: Slot, high: npt.NDArray[np.uint8], low: npt.NDArray[np.uint8]
) -> dict[str, int]:
    """Options of a question with over 60 of them: two characters each."""
    tally = np.bincount(high.astype(np.int64) * 256 + low, minlength=65_536)
    size = len(ALPHABET)
    return {
        key: int(
            tally[ord(ALPHABET[index // size]) * 256 + ord(ALPHABET[index % size])]
        )
        for index, key in enumerate(slot.options)
    }


def _of_many(
    question: Question, places: list[tuple[Slot, int]], matrix: Matrix
) -> Counts:
    first = _tally(matrix.codes[places[0][1]], MARKS)
    blank, hidden, illegible = (first[mark] for mark in MARKS)
    ticked = ord(TICKED)
    return Counts(
        key=question.key,
        answered=matrix.size - blank - hidden - illegible,
        blank=blank,
        not_shown=hidden,
        illegible=illegible,
        options={
            slot.part: int(np.count_nonzero(matrix.codes[at] == ticked))
            for slot, at in places
        },
    )


def merge(parts: Sequence[Counts]) -> Counts:
    """Add up the counts of versions in which a question is the same."""
    first = parts[0]
    return Counts(
        key=first.key,
        answered=sum(part.answered for part in parts),
        blank=sum(part.blank for part in parts),
        not_shown=sum(part.not_shown for part in parts),
        illegible=sum(part.illegible for part in parts),
        options={
            key: sum(part.options[key] for part in parts) for key in first.options
        },
        rows=tuple(
            merge([part.rows[n] for part in parts]) for n in range(len(first.rows))
        ),
    )


def same_question(key: str, one: Questionnaire, other: Questionnaire) -> bool:
    """Whether two versions ask a question alike: same keys and same words.

    Only then may their answers be counted together.
    """
    mine, theirs = one.question(key), other.question(key)
    if mine is None or mine != theirs:
        return False
    keys = [key, *(o.key for o in mine.options), *(r.key for r in mine.rows)]
    return all(one.label(each) == other.label(each) for each in keys)
