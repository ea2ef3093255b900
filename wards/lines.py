"""Which ward became which, over all sets. Pure.

A ward that keeps its code is the same ward in the next set; where codes change, pairs
of an earlier and a later ward say who followed whom.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

Links = Mapping[int, set[int]]


def line(start: Iterable[int], rows: Iterable[tuple[int, str, int | None]]) -> set[int]:
    """Return the keys of wards, of all they came from and of all that came of them.

    `rows` is (key, code, key of a predecessor or None), the earliest set first. A ward
    split off from the same earlier ward is a neighbour, not of the line.
    """
    earlier: dict[int, set[int]] = defaultdict(set)
    later: dict[int, set[int]] = defaultdict(set)
    newest: dict[str, int] = {}
    for key, code, predecessor in rows:
        for before in (newest.get(code), predecessor):
            if before is not None and before != key:
                earlier[key].add(before)
                later[before].add(key)
        newest[code] = key
    wanted = set(start)
    return wanted | _reached(wanted, earlier) | _reached(wanted, later)


def _reached(start: set[int], links: Links) -> set[int]:
    found: set[int] = set()
    ahead = list(start)
    while ahead:
        new = links.get(ahead.pop(), set()) - found
        found |= new
        ahead.extend(new)
    return found
