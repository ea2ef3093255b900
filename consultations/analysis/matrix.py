"""The codes of all responses to a questionnaire version, as one matrix.

One query lays them out in the order of the responses' ids; everything that is
counted is counted from here, on PostgreSQL and on SQLite alike.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from django.db import connection

from consultations.analysis.codes import ILLEGIBLE, Slot, from_stored
from consultations.analysis.counting import Codes, Matrix
from consultations.models import QuestionnaireVersion, Response

# The third letter of a status and the first of a channel tell them apart: a test
# holds that they do.
STATUS_MARKS = {ord(status[2]): status for status in Response.Status.values}
CHANNEL_MARKS = {ord(channel[0]): channel for channel in Response.Channel.values}
END = "\n"

# Whole columns, a line for each response: an expression in each row takes the
# database longer than cutting the lines takes numpy. From rows in order, which both
# databases then join in that order; an order inside the aggregate takes PostgreSQL
# half as long again, and SQLite before 3.44 has none.
_JOIN = {"postgresql": "string_agg", "sqlite": "group_concat"}
_ORDERED = (
    "(SELECT codes, status, channel, ward_code FROM consultations_response"
    " WHERE version_id = %s ORDER BY id) ordered"
)


class Columns(NamedTuple):
    """What is counted of the responses to a version: a text of lines for each."""

    codes: str
    status: str
    channel: str
    ward_code: str


class _Lines(NamedTuple):
    """A text as bytes, where its lines start, and how long they are."""

    letters: Codes
    starts: npt.NDArray[np.intp]
    lengths: npt.NDArray[np.intp]


def by_channel_and_status(matrix: Matrix) -> dict[tuple[str, str], int]:
    """How many responses came by each channel and are in each status now."""
    pairs = matrix.channel.astype(np.uint16) * 256 + matrix.status
    found, counts = np.unique(pairs, return_counts=True)
    return {
        (CHANNEL_MARKS[int(pair) // 256], STATUS_MARKS[int(pair) % 256]): int(n)
        for pair, n in zip(found, counts, strict=True)
    }


def load(version: QuestionnaireVersion) -> Matrix:
    """Return the matrix of a frozen version, with one query.

    A response whose codes do not fit the version's slots (because its answers
    were taken out) is laid out as illegible, so that it is seen and not guessed.
    """
    return lay_out(tuple(from_stored(version.slots)), fetch(version.pk))


def fetch(version_id: int) -> Columns:
    """Return what is counted of a version's responses."""
    join = _JOIN[connection.vendor]
    joined = ", ".join(f"{join}({name}, '{END}')" for name in Columns._fields)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {joined} FROM {_ORDERED}", [version_id])  # noqa: S608
        row = cursor.fetchone()
    return Columns(*(text or "" for text in row))


def lay_out(slots: tuple[Slot, ...], columns: Columns) -> Matrix:
    """Lay out what was fetched as a matrix."""
    width = sum(slot.width for slot in slots)
    if not columns.status:
        none = np.empty(0, dtype=np.uint8)
        return Matrix(slots, np.empty((width, 0), np.uint8), none, none, none > 0)
    status, channel = _lines(columns.status), _lines(columns.channel)
    return Matrix(
        slots,
        _table(columns.codes, width, status.starts.size).T,
        status.letters[status.starts + 2],
        channel.letters[channel.starts],
        _lines(columns.ward_code).lengths > 0,
    )


def _lines(text: str) -> _Lines:
    letters = np.frombuffer(text.encode(), dtype=np.uint8)
    ends = np.append(np.flatnonzero(letters == ord(END)), letters.size)
    starts = np.zeros_like(ends)
    starts[1:] = ends[:-1] + 1
    return _Lines(letters, starts, ends - starts)


def _table(text: str, width: int, size: int) -> Codes:
    """The codes as responses × places, illegible where a line has another width.

    Where all lines fit, the text itself is the table: there are as many ends of
    lines as it takes, so that none can be anywhere else.
    """
    letters = np.frombuffer(text.encode(), dtype=np.uint8)
    step = width + 1
    if letters.size == size * step - 1 and (letters[width::step] == ord(END)).all():
        return np.ndarray((size, width), np.uint8, letters.data, strides=(step, 1))
    codes = _lines(text)
    fits = codes.lengths == width
    table = np.full((size, width), ord(ILLEGIBLE), dtype=np.uint8)
    table[fits] = codes.letters[codes.starts[fits, None] + np.arange(width)]
    return table
