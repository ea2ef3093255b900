"""From a postcode, however it is typed, to a ward of the set in force."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from wards.models import Postcode, Ward

# The shapes of UK postcodes, without the space (general form, not a register).
_SHAPE = re.compile(r"\A(GIR0AA|[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2})\Z")


def normalise(text: str) -> str | None:
    """Return a full postcode in upper case without the space, or None.

    Any case, spaces and punctuation are taken, as people type them.
    """
    code = re.sub(r"[^A-Z0-9]", "", text[:40].upper())
    return code if _SHAPE.match(code) else None


@dataclass(frozen=True)
class Place:
    """Where a postcode lies.

    `is_known` is False for a postcode that no file has named; a known one
    without a ward lies outside the council's area.
    """

    is_known: bool
    ward: Ward | None


def place_of(postcode: str, on: date | None = None) -> Place:
    """Return the place of a normalised postcode on a day (default: today).

    A terminated postcode still says where somebody lived: it is known.
    """
    found = Postcode.objects.filter(code=postcode).first()
    if found is None:
        return Place(is_known=False, ward=None)
    ward = Ward.objects.in_force(on).filter(code=found.ward_code).first()
    return Place(is_known=True, ward=ward)
