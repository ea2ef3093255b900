"""Invented wards on a schematic map of six-sided tiles, and invented postcodes.

No postcode area is called FN, so that nobody real lives at one of these.
"""

from __future__ import annotations

import math
from datetime import date

from accounts.models import User
from wards.models import Councillor, Postcode, Ward, WardSet

AREA = "E10000099"

# name: column and row of its tile.
WARDS = {
    "Alder Vale": (0, 0),
    "Bracken Hill": (1, 0),
    "Castlegate": (2, 0),
    "Dunmere": (0, 1),
    "Fernhaven Central": (1, 1),
    "Gorse and Heath": (2, 1),
    "Hollow Mill": (0, 2),
    "Kingsferry": (1, 2),
    "Larkfield": (2, 2),
    "St Wystan's": (1, 3),
}


def tile(column: int, row: int) -> dict[str, object]:
    """A six-sided tile as a GeoJSON geometry, in degrees near nowhere."""
    size = 0.05
    x = -1.5 + column * size * 1.75 + (row % 2) * size * 0.875
    y = 52.5 - row * size * 0.95
    corners = [
        [
            round(x + size * math.cos(math.radians(60 * corner + 30)), 5),
            round(y + 0.62 * size * math.sin(math.radians(60 * corner + 30)), 5),
        ]
        for corner in range(6)
    ]
    return {"type": "MultiPolygon", "coordinates": [[[*corners, corners[0]]]]}


def load_places(councillor: User) -> list[Ward]:
    """The ward set, ten postcodes a ward, and one councillor's term."""
    ward_set = WardSet.objects.create(
        in_force_from=date(2021, 5, 6),
        name="Wards of May 2021",
        source="Invented for the demonstration",
    )
    wards = []
    for number, (name, (column, row)) in enumerate(WARDS.items(), start=1):
        slug = name.lower().replace(" ", "-").replace("'", "")
        ward = Ward.objects.create(
            ward_set=ward_set,
            code=f"E0599{number:04}",
            name=name,
            slug=slug,
            outline=tile(column, row),
            area_code=AREA,
        )
        wards.append(ward)
        Postcode.objects.bulk_create(
            Postcode(
                code=f"FN{number}{digit}{letters}",
                ward_code=ward.code,
                area_code=AREA,
            )
            for digit in (1, 2)
            for letters in ("AA", "AB", "BD", "EF", "GH")
        )
    Councillor.objects.create(user=councillor, ward=wards[4], starts=date(2025, 5, 1))
    return wards
