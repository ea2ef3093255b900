"""Reading a GeoJSON file of wards, whatever year or source named its keys. Pure.

Key names known: those of the Office for National Statistics for any year
("WD25CD", "WD13NM", "CED24CD"), "area_code"/"area_name", "ward_code"/"ward_name",
and plain "code"/"name".
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from wards.reports import ImportReport

_CODE_KEYS = re.compile(r"\A(?:(?:WD|CED|DIV)(\d\d)CD|AREA_CODE|WARD_CODE|WDCD|CODE)\Z")
_NAME_KEYS = re.compile(r"\A(?:(?:WD|CED|DIV)\d\dNM|AREA_NAME|WARD_NAME|WDNM|NAME)\Z")
_AREA_KEYS = re.compile(r"\A(?:(?:LAD|UTLA|CTY)\d\dCD|LAD_CODE|LADCD)\Z")
MAX_CODE, MAX_NAME = 20, 120


class UnreadableFile(Exception):
    """The file is not of the kind asked for; the message says what to do."""


@dataclass(frozen=True)
class WardRow:
    """One ward of a file; `outline` is a GeoJSON geometry or None."""

    code: str
    name: str
    area_code: str
    outline: dict[str, object] | None


@dataclass(frozen=True)
class WardFile:
    """The wards of a file and the day that its key names suggest, if any."""

    rows: list[WardRow]
    in_force_from: date | None


def read_wards(text: str, report: ImportReport, *, area: str = "") -> WardFile:
    """Return the wards of a GeoJSON text; bad features go to the report.

    `area` keeps only the wards of one council of a larger file.
    Raises UnreadableFile where it is no GeoJSON FeatureCollection.
    """
    rows: list[WardRow] = []
    seen: set[str] = set()
    year: int | None = None
    for number, feature in enumerate(_features(text), start=1):
        where = f"feature {number}"
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            report.refuse(where, "it has no properties")
            continue
        row = _row(properties, feature)
        if area and row.area_code != area:
            report.count("left out, of another area")
            continue
        problem = _problem(row, feature, seen)
        if problem:
            report.refuse(f"{where} ({row.code or row.name or 'no code'})", problem)
            continue
        seen.add(row.code)
        rows.append(row)
        year = year or _year(properties)
    return WardFile(rows, date(2000 + year, 5, 1) if year is not None else None)


def _features(text: str) -> Iterator[dict[str, object]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            "This file is not GeoJSON. Export the wards as GeoJSON and try again."
        ) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise UnreadableFile(
            "This file has no features. A GeoJSON file of wards has one for each ward."
        )
    yield from features


def _text(properties: Mapping[str, object], keys: re.Pattern[str]) -> str:
    for key, value in properties.items():
        if keys.match(str(key).upper()) and isinstance(value, str | int):
            return str(value).strip()
    return ""


def _row(properties: dict[str, object], feature: dict[str, object]) -> WardRow:
    geometry = feature.get("geometry")
    return WardRow(
        code=_text(properties, _CODE_KEYS),
        name=_text(properties, _NAME_KEYS),
        area_code=_text(properties, _AREA_KEYS),
        outline=_rounded(geometry) if isinstance(geometry, dict) else None,
    )


def _problem(row: WardRow, feature: dict[str, object], seen: set[str]) -> str:
    if not row.code:
        return "no ward code was found under any known key"
    if len(row.code) > MAX_CODE or not row.code.isprintable():
        return f"the code is longer than {MAX_CODE} characters or has odd ones"
    if not row.name:
        return "no ward name was found under any known key"
    if len(row.name) > MAX_NAME or not row.name.isprintable():
        return f"the name is longer than {MAX_NAME} characters or has odd ones"
    if row.code in seen:
        return "this code stands in the file twice"
    if feature.get("geometry") is not None and row.outline is None:
        return "the outline is not a Polygon or MultiPolygon of longitude and latitude"
    return ""


def _year(properties: Mapping[str, object]) -> int | None:
    for key in properties:
        match = _CODE_KEYS.match(str(key).upper())
        if match and match.group(1):
            return int(match.group(1))
    return None


def _rounded(geometry: dict[str, object]) -> dict[str, object] | None:
    """The geometry with five decimals (about a metre), or None if it is none."""
    coordinates = geometry.get("coordinates")
    kind = geometry.get("type")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if kind not in {"Polygon", "MultiPolygon"} or not isinstance(polygons, list):
        return None
    try:
        rounded = [[_ring(ring) for ring in polygon] for polygon in polygons]
    except (TypeError, ValueError):
        return None
    if not rounded or not all(rounded):
        return None
    return {"type": "MultiPolygon", "coordinates": rounded}


def _ring(ring: list[list[float]]) -> list[list[float]]:
    points = [_point(point) for point in ring]
    if len(points) < 4 or points[0] != points[-1]:
        raise ValueError("a ring is closed and has four points at least")
    return points


def _point(point: list[float]) -> list[float]:
    longitude, latitude = float(point[0]), float(point[1])
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise ValueError("a number is not finite")
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise ValueError("not longitude and latitude")
    return [round(longitude, 5), round(latitude, 5)]
