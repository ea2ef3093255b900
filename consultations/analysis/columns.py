"""The columns of the file of all responses: what each is called and how it is read.

Closed answers are read from the codes, like every figure, so that the file and the
pages cannot disagree. A cell is written once for each option, not once for each
response: that is most of what a large file costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from consultations.analysis.cells import JOIN, quoted, safe
from consultations.analysis.codes import (
    TICKED,
    Slot,
    from_stored,
    option_code,
    width_for,
)
from consultations.analysis.wordings import Wording
from consultations.models import QuestionnaireVersion
from consultations.questionnaire.document import TEXT_KINDS, Kind

EMPTY = quoted("")
# So many sets of ticks are remembered for a question.
REMEMBERED = 2000


class Said(dict[str, str]):
    """The cell of each code; a mark that is no option's says nothing."""

    def __missing__(self, letters: str) -> str:
        return EMPTY


class Ticked(Said):
    """The cell of each set of ticks that has been seen, with all their labels."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__()
        self.labels = labels

    def __missing__(self, letters: str) -> str:
        pairs = zip(self.labels, letters, strict=False)
        cell = quoted(JOIN.join(label for label, mark in pairs if mark == TICKED))
        if len(self) < REMEMBERED:
            self[letters] = cell
        return cell


NOTHING = Said()


class Column(NamedTuple):
    """One column, and the versions whose answers stand in it.

    A closed one reads the slots of `question`, for a grid the one of its row `part`.
    The others read what was written under the key `text` or `number`.
    """

    heading: str
    versions: frozenset[int]
    question: str = ""
    part: str = ""
    said: Said = NOTHING
    text: str = ""
    number: str = ""


class Layout(NamedTuple):
    """How a row is made from a response to one version: a cell for each column.

    What is not in the codes reads an empty slice of them, which says nothing, and is
    put into its place afterwards.
    """

    width: int
    closed: list[tuple[Said, slice]]
    texts: dict[str, int]
    numbers: dict[str, int]

    def cells(self, codes: str, texts: Iterable[tuple[str, str]]) -> list[str]:
        """The cells of one response, from its codes and its texts by their keys."""
        found = [said[codes[at]] for said, at in self.closed]
        for key, text in texts:
            place = self.texts.get(key)
            if place is not None:
                found[place] = quoted(safe(text))
        return found


def columns(asked: Sequence[Wording]) -> list[Column]:
    """The columns of all questions, in their order."""
    return [column for wording in asked for column in _of_question(wording)]


def layout(version: QuestionnaireVersion, found: Sequence[Column]) -> Layout:
    """Where each column's cell comes from in a response to this version."""
    places = _places(from_stored(version.slots))
    nowhere = slice(0, 0)
    own = [
        column if version.pk in column.versions else Column("", frozenset())
        for column in found
    ]
    return Layout(
        width=sum(int(slot["width"]) for slot in version.slots),
        closed=[(c.said, places.get((c.question, c.part), nowhere)) for c in own],
        texts={c.text: place for place, c in enumerate(own) if c.text},
        numbers={c.number: place for place, c in enumerate(own) if c.number},
    )


def _places(slots: Sequence[Slot]) -> dict[tuple[str, str], slice]:
    """Where the codes of a question stand, and those of each row of a grid.

    A question of ticks has a slot for each option, side by side: together its own.
    """
    places: dict[tuple[str, str], slice] = {}
    at = 0
    for slot in slots:
        part = slot.part if slot.options else ""
        first = places.get((slot.question, part), slice(at, at)).start
        at += slot.width
        places[slot.question, part] = slice(first, at)
    return places


def _of_question(wording: Wording) -> list[Column]:
    """The columns of one question: one, or one for each row of a grid."""
    question, key = wording.question, wording.question.key
    versions = frozenset(version.pk for version in wording.versions)
    heading = safe(wording.label)
    if question.kind is Kind.WARD:
        return []
    if question.kind is Kind.NUMBER:
        return [Column(heading, versions, number=key)]
    if question.kind in TEXT_KINDS:
        return [Column(heading, versions, text=key)]
    said = _said(wording)
    if question.kind is Kind.AGREE_GRID:
        rows = [(row.key, wording.label_of(row.key)) for row in question.rows]
        return [
            Column(f"{heading}: {label}", versions, key, row, said)
            for row, label in rows
        ]
    found = [Column(heading, versions, key, "", said)]
    if any(option.other for option in question.options):
        other = _("%(question)s: in their own words") % {"question": heading}
        found.append(Column(other, versions, text=f"{key}.other"))
    return found


def _said(wording: Wording) -> Said:
    labels = [safe(wording.label_of(o.key)) for o in wording.question.options]
    if wording.question.kind is Kind.MANY:
        # Every label is safe by itself (T-21).
        return Ticked(labels)
    width = width_for(len(labels))
    return Said(
        (option_code(index, width), quoted(label)) for index, label in enumerate(labels)
    )
