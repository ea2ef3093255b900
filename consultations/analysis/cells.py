"""Cells of files for spreadsheets: no stranger's text may become a formula (T-21)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

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


def lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Rows as lines of CSV for spreadsheets, a block at a time.

    Texts are expected to be safe already; every cell is quoted, so that no other
    separator splits one.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    buffer.write(BOM)
    for number, row in enumerate(rows, start=1):
        writer.writerow(row)
        if number % LINES_AT_ONCE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
