"""Loading wards and postcodes: all or nothing, and twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts import ActionRefused, audit
from accounts.models import User
from wards.boundaries import WardFile, WardRow, read_wards
from wards.models import Postcode, Ward, WardSet
from wards.postcode_file import PostcodeRow, read_postcodes
from wards.reports import ImportReport
from wards.successors import Following, link_neighbours

CHUNK = 2000
CHANGES = (
    "wards added",
    "wards changed",
    "successors named",
    "successors taken away",
)


@transaction.atomic
def import_wards(
    text: str,
    *,
    by: User | None,
    in_force_from: date | None = None,
    area: str = "",
    source: str = "",
    successors: Iterable[Following] = (),
    dry_run: bool = False,
) -> ImportReport:
    """Load a GeoJSON text as a dated ward set, and link it with its neighbours.

    The day is `in_force_from`, else 1 May of the year in the key names, else
    today. With a bad row nothing is loaded; `report.bad` names each. A ward of
    the set that the file lacks is kept, with a note. A ward of the set before that
    nothing follows by code, by name or in `successors` is named in a note.
    Raises boundaries.UnreadableFile where it is no such file.
    """
    report = ImportReport()
    file = read_wards(text, report, area=area)
    report.count("wards read", len(file.rows))
    if not file.rows and not report.bad:
        raise ActionRefused("No ward of this file is in the area asked for.")
    day = in_force_from or file.in_force_from or timezone.localdate()
    report.notes.append(f"in force from {day.day} {day:%B %Y}")
    if not report.bad:
        ward_set = _store_wards(file, day, source, report)
        link_neighbours(ward_set, successors, report)
    if dry_run or report.bad:
        transaction.set_rollback(True)
    elif any(report.counts.get(what) for what in CHANGES):
        audit.record("wards.imported", ward_set, by=by, after=report.counts)
    return report


def _store_wards(
    file: WardFile, day: date, source: str, report: ImportReport
) -> WardSet:
    ward_set, _ = WardSet.objects.get_or_create(
        in_force_from=day, defaults={"name": f"Wards of {day:%B %Y}", "source": source}
    )
    there = {ward.code: ward for ward in ward_set.wards.all()}
    slugs = {ward.slug for ward in there.values()}
    new: list[Ward] = []
    for row in file.rows:
        ward = there.pop(row.code, None)
        if ward is None:
            slug = _slug(row, slugs)
            slugs.add(slug)
            new.append(
                Ward(
                    ward_set=ward_set,
                    code=row.code,
                    name=row.name,
                    slug=slug,
                    outline=row.outline,
                )
            )
        elif (ward.name, ward.outline) != (row.name, row.outline):
            ward.name, ward.outline = row.name, row.outline
            ward.save(update_fields=["name", "outline"])
            report.count("wards changed")
        else:
            report.count("wards unchanged")
    Ward.objects.bulk_create(new)
    report.count("wards added", len(new))
    report.notes.extend(
        f"{ward.code} {ward.name} is not in the file: kept" for ward in there.values()
    )
    return ward_set


def _slug(row: WardRow, taken: set[str]) -> str:
    slug = slugify(row.name)[:90] or slugify(row.code) or "ward"
    return slug if slug not in taken else f"{slug}-{slugify(row.code)}"


@transaction.atomic
def import_postcodes(
    text: str, *, by: User | None, area: str = "", dry_run: bool = False
) -> ImportReport:
    """Load a CSV text of postcodes, replacing what is known of each postcode in it.

    With a bad row nothing is loaded; `report.bad` names each.
    Raises boundaries.UnreadableFile where the columns are not there.
    """
    report = ImportReport()
    rows = read_postcodes(text, report, area=area)
    report.count("postcodes read", len(rows))
    if not rows and not report.bad:
        raise ActionRefused("No postcode of this file is in the area asked for.")
    if not report.bad:
        _store_postcodes(rows, report)
    if dry_run or report.bad:
        transaction.set_rollback(True)
    elif any(report.counts.get(f"postcodes {w}", 0) for w in ("added", "changed")):
        ward_set = WardSet.objects.in_force()
        if ward_set:
            audit.record("postcodes.imported", ward_set, by=by, after=report.counts)
    return report


def _store_postcodes(rows: list[PostcodeRow], report: ImportReport) -> None:
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        known = Postcode.objects.in_bulk([row.code for row in chunk])
        to_store = []
        for row in chunk:
            postcode = Postcode(
                code=row.code,
                ward_code=row.ward_code,
                area_code=row.area_code,
                terminated=row.terminated,
            )
            earlier = known.get(row.code)
            if earlier is None:
                report.count("postcodes added")
            elif _facts(earlier) == _facts(postcode):
                report.count("postcodes unchanged")
                continue
            else:
                report.count("postcodes changed")
            to_store.append(postcode)
        Postcode.objects.bulk_create(
            to_store,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["ward_code", "area_code", "terminated"],
        )
    _learn_area_codes(rows)
    _note_unknown_wards(rows, report)


def _learn_area_codes(rows: list[PostcodeRow]) -> None:
    """Keep whose wards these are: a later file may know none of their codes."""
    told = {row.ward_code: row.area_code for row in rows if row.area_code}
    changed = []
    for ward in Ward.objects.only("code", "area_code"):
        area_code = told.get(ward.code, ward.area_code)
        if ward.area_code != area_code:
            ward.area_code = area_code
            changed.append(ward)
    Ward.objects.bulk_update(changed, ["area_code"], batch_size=CHUNK)


def _facts(postcode: Postcode) -> tuple[str, str, bool]:
    return postcode.ward_code, postcode.area_code, postcode.terminated


def _note_unknown_wards(rows: list[PostcodeRow], report: ImportReport) -> None:
    loaded = set(Ward.objects.values_list("code", flat=True))
    unknown = sorted({row.ward_code for row in rows} - loaded)
    if unknown:
        report.notes.append(
            f"{len(unknown)} ward codes of this file are in no ward set that is "
            f"loaded, for instance {', '.join(unknown[:3])}"
        )
