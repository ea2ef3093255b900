"""Cells of files for spreadsheets: no stranger's text may become a formula (T-21)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from design.formats import storable

# What a spreadsheet takes for the start of a formula, full-width forms included,
# also behind white space, control characters and marks that nobody sees.
_UNSEEN = r"[\s\x00-\x1f\x7f\u200b-\u200f\u2060\ufeff]*"
_FORMULA = re.compile(rf"{_UNSEEN}[=+\-@＝＋－＠−﹢﹣﹦﹫\t\r\n]")
JOIN = "; "
BOM = "\ufeff"
LINES_AT_ONCE = 500


def safe(text: object) -> str:
    """Return a text that every spreadsheet shows and none calculates."""
    words = str(text)
    if not words.isprintable():
        words = storable(words)
    if words[:1].isalnum() or not _FORMULA.match(words):
        return words
    return f"'{words}"


def joined(parts: Iterable[object]) -> str:
    """Several texts in one cell, each made safe by itself."""
    return JOIN.join(safe(part) for part in parts)


def quoted(value: object) -> str:
    """A cell as it stands in a line: in quotes, so that no other separator splits it.

    A text is expected to be safe already.
    """
    return '"' + str(value).replace('"', '""') + '"'


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Rows as lines of CSV for spreadsheets, a block at a time."""
    return blocks(map(quoted, row) for row in rows)


def blocks(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The same from rows whose cells are quoted already."""
    left = iter(rows)
    yield BOM
    while block := list(islice(left, LINES_AT_ONCE)):
        yield "".join([",".join(row) + "\r\n" for row in block])
