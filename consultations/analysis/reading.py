"""Everything that is counted of a consultation, read from its responses now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.db.models import Count
from django.db.models.fields.json import KeyTransform

from consultations.analysis import counting, matrix
from consultations.analysis.codes import from_stored
from consultations.analysis.tables import (
    QuestionTable,
    closed_table,
    empty_table,
    number_table,
)
from consultations.analysis.wordings import Wording, frozen_versions, wordings
from consultations.models import Comment, Consultation, QuestionnaireVersion, Response
from consultations.questionnaire.document import OPTION_KINDS, TEXT_KINDS, Kind, load


class ChannelTotal(TypedDict):
    """How many came by one channel, and how many of them count."""

    channel: str
    received: int
    counted: int


class Totals(TypedDict):
    """What became of everything that was received (CON-08).

    received = counted + held + excluded + withdrawn. A response that a later one
    replaced is not a second one, and is nowhere in these numbers.
    """

    received: int
    counted: int
    held: int
    withdrawn: int
    excluded: dict[str, int]
    channels: list[ChannelTotal]


@dataclass(frozen=True)
class Reading:
    """The figures of a consultation at one moment."""

    totals: Totals
    tables: list[QuestionTable]
    wordings: list[Wording]
    digest: str

    def table(self, key: str) -> QuestionTable | None:
        """The table of one question, or None."""
        return next((t for t in self.tables if t["key"] == key), None)


@dataclass(frozen=True)
class _Counted:
    """One version with its matrix and its counts."""

    matrix: counting.Matrix
    closed: dict[str, counting.Counts]
    in_ward: int


def read(
    consultation: Consultation,
    *,
    min_base: int,
    with_dont_know: bool = False,
    for_release: bool = False,
) -> Reading:
    """Count everything anew: a response just sent is in the next reading.

    `with_dont_know` counts those who do not know in the base of net support (NET-01).
    `for_release` also counts who wrote a text, which is most of the time that a
    large consultation takes, and adds a digest of all that was read.
    """
    versions = frozen_versions(consultation)
    asked = wordings(versions)
    sha = hashlib.sha256()
    counted: dict[int, _Counted] = {}
    loaded: list[counting.Matrix] = []
    for version in versions:
        columns = matrix.fetch(version.pk)
        if for_release:
            sha.update(f"{version.number}:{'|'.join(columns)}\n".encode())
        laid = matrix.lay_out(tuple(from_stored(version.slots)), columns)
        loaded.append(laid)
        counted[version.pk] = _count(version, laid)
    totals = _totals(consultation, loaded)
    texts = _texts(versions, asked) if for_release else {}
    numbers = _numbers(asked)
    sha.update(json.dumps([totals, texts_as_json(texts), numbers]).encode())
    tables = [
        _table(
            wording,
            counted,
            texts,
            numbers,
            min_base=min_base,
            with_dont_know=with_dont_know,
        )
        for wording in asked
    ]
    return Reading(totals, tables, asked, sha.hexdigest() if for_release else "")


def late(consultation: Consultation) -> int:
    """How many of those that count arrived after closing, within the grace (REM-05)."""
    return Response.objects.filter(
        consultation=consultation, is_late=True, status=Response.Status.SENT
    ).count()


def _count(version: QuestionnaireVersion, laid: counting.Matrix) -> _Counted:
    sent = laid.counted()
    closed = counting.count(load(version.document), sent)
    return _Counted(sent, closed, int(sent.in_ward.sum()))


def texts_as_json(texts: dict[tuple[int, str], int]) -> list[list[object]]:
    """The numbers of texts in a shape that is the same every time."""
    return sorted([version, key, count] for (version, key), count in texts.items())


def _table(
    wording: Wording,
    counted: dict[int, _Counted],
    texts: dict[tuple[int, str], int],
    numbers: dict[str, list[float]],
    *,
    min_base: int,
    with_dont_know: bool,
) -> QuestionTable:
    kind, key = wording.question.kind, wording.question.key
    if kind in OPTION_KINDS:
        parts = [counted[version.pk].closed[key] for version in wording.versions]
        return closed_table(
            wording,
            counting.merge(parts),
            min_base=min_base,
            with_dont_know=with_dont_know,
        )
    if kind is Kind.NUMBER:
        return number_table(wording, numbers[wording.key], min_base=min_base)
    if kind is Kind.WARD:
        answered = sum(counted[v.pk].in_ward for v in wording.versions)
        return empty_table(wording, answered)
    answered = sum(texts.get((v.pk, key), 0) for v in wording.versions)
    return empty_table(wording, answered)


def _texts(
    versions: Sequence[QuestionnaireVersion], asked: Iterable[Wording]
) -> dict[tuple[int, str], int]:
    """How many counted responses wrote something, by version and question."""
    if not any(wording.question.kind in TEXT_KINDS for wording in asked):
        return {}
    found = (
        Comment.objects.filter(
            response__version__in=versions, response__status=Response.Status.SENT
        )
        .values_list("response__version", "question_key")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return {(version, key): number for version, key, number in found}


def _numbers(asked: Iterable[Wording]) -> dict[str, list[float]]:
    """What was entered where a number was asked; numbers are not in the codes."""
    return {
        wording.key: _values(wording)
        for wording in asked
        if wording.question.kind is Kind.NUMBER
    }


def _values(wording: Wording) -> list[float]:
    key = wording.question.key
    found = (
        Response.objects.filter(
            version__in=wording.versions,
            status=Response.Status.SENT,
            answers__has_key=key,
        )
        .order_by("pk")
        .values_list(KeyTransform(key, "answers"), flat=True)
    )
    return [
        value
        for value in found
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]


def _totals(consultation: Consultation, loaded: list[counting.Matrix]) -> Totals:
    by_both: dict[tuple[str, str], int] = {}
    for laid in loaded:
        for pair, number in matrix.by_channel_and_status(laid).items():
            by_both[pair] = by_both.get(pair, 0) + number
    status = Response.Status
    received = {p: n for p, n in by_both.items() if p[1] != status.SUPERSEDED}

    def having(wanted: str) -> int:
        return sum(n for (_channel, s), n in received.items() if s == wanted)

    return Totals(
        received=sum(received.values()),
        counted=having(status.SENT),
        held=having(status.HELD),
        withdrawn=having(status.WITHDRAWN),
        excluded=_exclusions(consultation) if having(status.EXCLUDED) else {},
        channels=[
            ChannelTotal(
                channel=channel,
                received=sum(n for (c, _s), n in received.items() if c == channel),
                counted=received.get((channel, status.SENT), 0),
            )
            for channel in Response.Channel.values
            if any(c == channel for c, _s in received)
        ],
    )


def _exclusions(consultation: Consultation) -> dict[str, int]:
    """How many responses were left out, by the reason that was given (CON-08)."""
    found = (
        Response.objects.filter(
            consultation=consultation, status=Response.Status.EXCLUDED
        )
        .values_list("excluded_because")
        .annotate(number=Count("pk"))
        .order_by("excluded_because")
    )
    return dict(found)
