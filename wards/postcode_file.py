"""Reading a CSV of postcodes and wards, as any council or the ONS names its columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wards.boundaries import UnreadableFile
from wards.postcodes import normalise
from wards.reports import ImportReport

if TYPE_CHECKING:
    from _csv import Reader

_COLUMNS = {
    "postcode": re.compile(r"\A(pcds?|pcd[78]|postcode)\Z"),
    "ward": re.compile(r"\A(ward_?code|osward|wd(\d\d)?(cd)?|area_code)\Z"),
    "area": re.compile(r"\A(lad_?code|oslaua|laua|lad(\d\d)?(cd)?)\Z"),
    "ended": re.compile(r"\A(doterm|terminated|terminated_on)\Z"),
}


@dataclass(frozen=True)
class PostcodeRow:
    """One postcode of a file, normalised."""

    code: str
    ward_code: str
    area_code: str
    terminated: bool


def read_postcodes(
    text: str, report: ImportReport, *, area: str = ""
) -> list[PostcodeRow]:
    """Return the postcodes of a CSV text; bad rows go to the report.

    `area` keeps only the postcodes of one council of a larger file.
    Raises UnreadableFile where the columns are not there.
    """
    reader = csv.reader(io.StringIO(text, newline=""))
    columns = _find_columns(reader)
    found: dict[str, PostcodeRow] = {}
    for cells in _rows(reader):
        if not any(cell.strip() for cell in cells):
            report.count("blank lines")
            continue
        row, problem = _row(cells, columns)
        if row and area and row.area_code != area:
            report.count("left out, of another area")
            continue
        if row and not problem:
            problem = _clash(row, found)
        if problem or row is None:
            report.refuse(f"line {reader.line_num}", problem)
            continue
        found[row.code] = row
    return list(found.values())


def _rows(reader: Reader) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise UnreadableFile(
            f"Line {reader.line_num} cannot be read as CSV: {error}."
        ) from error


def _find_columns(reader: Reader) -> dict[str, int]:
    header = next(_rows(reader), [])
    names = [name.strip().lower() for name in header]
    columns: dict[str, int] = {}
    for what, pattern in _COLUMNS.items():
        for number, name in enumerate(names):
            if pattern.match(name):
                columns.setdefault(what, number)
    missing = [what for what in ("postcode", "ward") if what not in columns]
    if missing:
        raise UnreadableFile(
            "The first line must name the columns. "
            f"No column was found for: {', '.join(missing)}. "
            "Known names are pcds or postcode, and ward_code or osward."
        )
    return columns


def _row(cells: list[str], columns: dict[str, int]) -> tuple[PostcodeRow | None, str]:
    def cell(what: str) -> str:
        at = columns.get(what)
        return cells[at].strip() if at is not None and at < len(cells) else ""

    code = normalise(cell("postcode"))
    if code is None:
        return None, f"{cell('postcode')[:20]!r} is not a full UK postcode"
    ward = cell("ward")
    if not ward or len(ward) > 20 or not ward.isprintable():
        return None, f"{cell('postcode')} has no ward code"
    ended = cell("ended").lower() not in {"", "0", "no", "false"}
    return PostcodeRow(code, ward, cell("area")[:20], ended), ""


def _clash(row: PostcodeRow, found: dict[str, PostcodeRow]) -> str:
    earlier = found.get(row.code)
    if earlier and earlier.ward_code != row.ward_code:
        return f"{row.code} stands in the file twice, with different wards"
    return ""
