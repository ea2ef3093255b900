"""The codes of all responses to a questionnaire version, as one matrix.

One query lays them out in the order of the responses' ids; everything that is
counted is counted from here, on PostgreSQL and on SQLite alike.
"""

from __future__ import annotations

import numpy as np
from django.db import connection

from consultations.analysis.codes import ILLEGIBLE, Slot, from_stored
from consultations.analysis.counting import Matrix
from consultations.models import QuestionnaireVersion, Response

# The third letter of a status and the first of a channel tell them apart, so that
# the database need not choose: a test holds that they do.
STATUS_MARKS = {ord(status[2]): status for status in Response.Status.values}
CHANNEL_MARKS = {ord(channel[0]): channel for channel in Response.Channel.values}
# Behind the codes of each response: its status, its channel, and whether it
# names a ward.
TAIL = 3

_ROW = (
    "CASE WHEN length(codes) = %s THEN codes ELSE %s END"
    " || substr(status, 3, 1) || substr(channel, 1, 1)"
    " || CASE WHEN ward_code = '' THEN '0' ELSE '1' END"
)
# From rows in order, which both databases then join in that order; an order inside
# the aggregate takes PostgreSQL half as long again, and SQLite before 3.44 has none.
_ORDERED = (
    f"(SELECT {_ROW} AS line FROM consultations_response"  # noqa: S608
    " WHERE version_id = %s ORDER BY id) ordered"
)
_SQL = {
    "postgresql": f"SELECT string_agg(line, '') FROM {_ORDERED}",  # noqa: S608
    "sqlite": f"SELECT group_concat(line, '') FROM {_ORDERED}",  # noqa: S608
}


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
    slots = tuple(from_stored(version.slots))
    width = sum(slot.width for slot in slots)
    return from_text(slots, fetch(version.pk, width))


def fetch(version_id: int, width: int) -> str:
    """Return the codes, states and channels of a version as one text."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL[connection.vendor], [width, ILLEGIBLE * width, version_id])
        (text,) = cursor.fetchone()
    return text or ""


def from_text(slots: tuple[Slot, ...], text: str) -> Matrix:
    """Lay out a text of `fetch` as a matrix."""
    width = sum(slot.width for slot in slots)
    lines = np.frombuffer(text.encode("latin-1"), dtype=np.uint8)
    lines = lines.reshape(-1, width + TAIL)
    laid = np.ascontiguousarray(lines.T)
    return Matrix(
        slots, laid[:width], laid[width], laid[width + 1], laid[width + 2] == ord("1")
    )
