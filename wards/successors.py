"""Which ward of a set follows which of the set before it.

The importer finds those that keep their code or their name. The others a person
names: a file of outlines does not say where the people went.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.text import slugify

from wards.models import Successor, Ward, WardSet
from wards.reports import ImportReport

WHOLE = Decimal(1)
Shares = dict[tuple[int, int], Decimal]


@dataclass(frozen=True)
class Following:
    """That a ward, by code, is followed by another, with the share of its people."""

    earlier: str
    later: str
    share: Decimal = WHOLE


def read_following(text: str) -> Following:
    """Read `E05000001=E05010001`, or with a share of the people `…=E05010001:0.4`.

    Raises ValueError with a sentence.
    """
    codes, _, share = text.partition(":")
    earlier, _, later = (part.strip() for part in codes.partition("="))
    if not earlier or not later:
        raise ValueError(f"{text!r} is not like E05000001=E05010001")
    try:
        part = Decimal(share or "1").quantize(Decimal("0.0001"))
    except InvalidOperation:
        part = Decimal(0)
    if not 0 < part <= 1:
        raise ValueError(f"the share in {text!r} is not more than 0 and at most 1")
    return Following(earlier, later, part)


def link_neighbours(
    ward_set: WardSet, named: Iterable[Following], report: ImportReport
) -> None:
    """Link a set with the one before it and the one after it.

    What is named is of the set before; where it names a ward, it names all that
    followed it. Wards that nothing follows go to the report.
    """
    day = ward_set.in_force_from
    before = WardSet.objects.filter(in_force_from__lt=day).order_by("-in_force_from")
    after = WardSet.objects.filter(in_force_from__gt=day).order_by("in_force_from")
    named = list(named)
    if earlier := before.first():
        _link(earlier, ward_set, named, report)
    for each in [] if earlier else named:
        report.refuse(f"{each.earlier}={each.later}", "no earlier set is loaded")
    if later := after.first():
        _link(ward_set, later, [], report)


def _link(
    earlier: WardSet, later: WardSet, named: list[Following], report: ImportReport
) -> None:
    old = {ward.code: ward for ward in earlier.wards.defer("outline")}
    new = {ward.code: ward for ward in later.wards.defer("outline")}
    there: Shares = {
        (pair.earlier_id, pair.later_id): pair.share
        for pair in Successor.objects.filter(
            earlier__ward_set=earlier, later__ward_set=later
        )
    }
    wanted = {**there, **_same(old, new, {key for key, _ in there})}
    chosen = _chosen(old, new, named, report)
    again = {key for key, _ in chosen}
    wanted = {pair: n for pair, n in wanted.items() if pair[0] not in again} | chosen
    _store(there, wanted, report)
    followed = {key for key, _ in wanted}
    report.notes.extend(
        f"{ward.code} {ward.name} has no successor in “{later}”: name it with "
        f"--successor {ward.code}=CODE when you load that set"
        for ward in old.values()
        if ward.pk not in followed
    )


def _same(old: Mapping[str, Ward], new: Mapping[str, Ward], linked: set[int]) -> Shares:
    """Those that keep their code, else those whose name one ward of each set has."""
    kept = {old[code].pk: new[code].pk for code in old.keys() & new.keys()}
    names = _by_name(ward for code, ward in new.items() if code not in old)
    for name, ward in _by_name(w for code, w in old.items() if code not in new).items():
        if name in names:
            kept[ward.pk] = names[name].pk
    return {
        (earlier, later): WHOLE
        for earlier, later in kept.items()
        if earlier not in linked
    }


def _by_name(wards: Iterable[Ward]) -> dict[str, Ward]:
    found: dict[str, list[Ward]] = defaultdict(list)
    for ward in wards:
        found[slugify(ward.name) or ward.name].append(ward)
    return {name: same[0] for name, same in found.items() if len(same) == 1}


def _chosen(
    old: Mapping[str, Ward],
    new: Mapping[str, Ward],
    named: list[Following],
    report: ImportReport,
) -> Shares:
    chosen: Shares = {}
    total: dict[str, Decimal] = defaultdict(Decimal)
    for each in named:
        where = f"{each.earlier}={each.later}"
        if each.earlier not in old:
            report.refuse(where, f"{each.earlier} is not in the set before this one")
        elif each.later not in new:
            report.refuse(where, f"{each.later} is not in this set")
        else:
            chosen[old[each.earlier].pk, new[each.later].pk] = each.share
            total[each.earlier] += each.share
    for code, shares in total.items():
        if shares > WHOLE:
            report.refuse(code, "the shares of its successors come to more than 1")
    return chosen


def _store(there: Shares, wanted: Shares, report: ImportReport) -> None:
    for earlier, later in there.keys() - wanted.keys():
        Successor.objects.filter(earlier=earlier, later=later).delete()
        report.count("successors taken away")
    changed = {pair: n for pair, n in wanted.items() if there.get(pair) != n}
    Successor.objects.bulk_create(
        [Successor(earlier_id=a, later_id=b, share=n) for (a, b), n in changed.items()],
        update_conflicts=True,
        unique_fields=["earlier", "later"],
        update_fields=["share"],
    )
    if changed:
        report.count("successors named", len(changed))
