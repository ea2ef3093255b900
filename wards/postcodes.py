"""From a postcode, however it is typed, to a ward of the set in force."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from wards.models import Postcode, Ward, WardQuerySet

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

    `is_known` is False where it leads to choosing the ward: no file has named the
    postcode, or its ward cannot be told. A known one without a ward lies outside the
    council's area.
    """

    is_known: bool
    ward: Ward | None


UNTOLD = Place(is_known=False, ward=None)
OUTSIDE = Place(is_known=True, ward=None)


def place_of(postcode: str, on: date | None = None) -> Place:
    """Return the place of a normalised postcode on a day (default: today).

    A terminated postcode still says where somebody lived: it is known. One whose
    ward is of another set lies in the ward of that day which follows it, if that is
    one; it was loaded before the boundaries changed, or for those to come.
    """
    found = Postcode.objects.filter(code=postcode).first()
    if found is None:
        return UNTOLD
    ward = Ward.objects.in_force(on).filter(code=found.ward_code).first()
    if ward is not None:
        return Place(is_known=True, ward=ward)
    named = list(Ward.objects.filter(code=found.ward_code))
    if not named:
        return OUTSIDE if _is_of_another_council(found) else UNTOLD
    ward = _only(Ward.objects.in_force(on).line_of(named))
    return Place(is_known=True, ward=ward) if ward else UNTOLD


def ward_now(code: str, wards: Iterable[Ward]) -> str:
    """Return which of the wards in force a code means, "" where it cannot be told.

    It is of an earlier set where somebody began to answer before a change.
    """
    if code in {ward.code for ward in wards}:
        return code
    named = Ward.objects.filter(code=code)
    ward = _only(Ward.objects.in_force().line_of(named))
    return ward.code if ward else ""


def _only(wards: WardQuerySet) -> Ward | None:
    found = list(wards[:2])
    return found[0] if len(found) == 1 else None


def _is_of_another_council(postcode: Postcode) -> bool:
    """False also where it cannot be told: a guess would be somebody's answer."""
    ours = Ward.objects.exclude(area_code="").order_by().values_list("area_code")
    known = {code for (code,) in ours.distinct()}
    return bool(postcode.area_code and known and postcode.area_code not in known)
