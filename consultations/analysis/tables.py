"""The figures of a question as plain JSON: what pages show and releases freeze."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from decimal import Decimal
from statistics import median
from typing import TypedDict

from consultations.analysis.counting import Counts
from consultations.analysis.net import ASIDE, Net, half_up, has_roles, net_support
from consultations.analysis.wordings import Wording
from consultations.questionnaire.document import Kind

MOST_BINS = 10
TOO_LONG = 1e15


class OptionFigure(TypedDict):
    """One option: `percent` is None below the smallest base, and beside the base."""

    key: str
    label: str
    role: str
    count: int
    percent: int | None


class NetFigure(TypedDict):
    """Net support with the raw counts behind it (NET-02)."""

    value: int
    signed: str
    positive: int
    negative: int
    neutral: int
    aside: int
    base: int


class RowFigure(TypedDict):
    """One row of a grid."""

    key: str
    label: str
    answered: int
    base: int
    options: list[OptionFigure]
    net: NetFigure | None


class Bin(TypedDict):
    """How many numbers fall from one number to another."""

    label: str
    count: int
    percent: int | None


class NumberFigures(TypedDict):
    """What people entered where a number was asked."""

    middle: str
    lowest: str
    highest: str
    bins: list[Bin]


class QuestionTable(TypedDict):
    """Everything that is shown of one question."""

    key: str
    kind: str
    label: str
    versions: list[int]
    answered: int
    blank: int
    not_shown: int
    illegible: int
    base: int
    options: list[OptionFigure]
    rows: list[RowFigure]
    net: NetFigure | None
    numbers: NumberFigures | None
    headline: str
    sentence: str


def empty_table(wording: Wording, answered: int) -> QuestionTable:
    """The table of a question that nothing but the number of answers is told of."""
    return QuestionTable(
        key=wording.key,
        kind=wording.question.kind,
        label=wording.label,
        versions=[version.number for version in wording.versions],
        answered=answered,
        blank=0,
        not_shown=0,
        illegible=0,
        base=answered,
        options=[],
        rows=[],
        net=None,
        numbers=None,
        headline="",
        sentence="",
    )


def closed_table(
    wording: Wording, counts: Counts, *, min_base: int, with_dont_know: bool = False
) -> QuestionTable:
    """The table of a closed question from its counts.

    `with_dont_know` counts those who do not know in the base of net support alone.
    """
    table = empty_table(wording, counts.answered)
    table["blank"], table["not_shown"] = counts.blank, counts.not_shown
    table["illegible"] = counts.illegible
    if wording.question.kind is Kind.AGREE_GRID:
        # One row with too few answers makes the whole figure counts.
        if min(_base(wording, row) for row in counts.rows) < min_base:
            min_base = sys.maxsize
        table["rows"] = [
            RowFigure(
                key=row.key,
                label=wording.label_of(row.key),
                answered=row.answered,
                base=_base(wording, row),
                options=_options(wording, row, min_base=min_base),
                net=_net(wording, row, min_base, with_dont_know=with_dont_know),
            )
            for row in counts.rows
        ]
        return table
    table["base"] = _base(wording, counts)
    table["options"] = _options(wording, counts, min_base=min_base)
    table["net"] = _net(wording, counts, min_base, with_dont_know=with_dont_know)
    return table


def is_scale(wording: Wording) -> bool:
    """Whether its options carry the roles of a scale (NET-04)."""
    return wording.question.kind in {Kind.AGREE, Kind.AGREE_GRID} and has_roles(
        option.role for option in wording.question.options
    )


def _base(wording: Wording, counts: Counts) -> int:
    """All who answered; on a scale without those who do not know (NET-01)."""
    if not is_scale(wording):
        return counts.answered
    return counts.answered - sum(
        counts.options[option.key]
        for option in wording.question.options
        if option.role in ASIDE
    )


def _options(wording: Wording, counts: Counts, *, min_base: int) -> list[OptionFigure]:
    base, scale = _base(wording, counts), is_scale(wording)
    return [
        OptionFigure(
            key=option.key,
            label=wording.label_of(option.key),
            role=option.role,
            count=counts.options[option.key],
            percent=None
            if scale and option.role in ASIDE
            else percent(counts.options[option.key], base, min_base=min_base),
        )
        for option in wording.question.options
    ]


def percent(count: int, base: int, *, min_base: int) -> int | None:
    """The whole percentage, half up; None below the smallest base (SDC-01)."""
    if base < max(min_base, 1):
        return None
    return half_up(100 * count, base)


def _net(
    wording: Wording, counts: Counts, min_base: int, *, with_dont_know: bool
) -> NetFigure | None:
    """Net support is a percentage too: none below the smallest base."""
    if not is_scale(wording) or _base(wording, counts) < min_base:
        return None
    net = net_support(
        (
            (option.role, counts.options[option.key])
            for option in wording.question.options
        ),
        with_dont_know=with_dont_know,
    )
    return _as_figure(net) if net else None


def _as_figure(net: Net) -> NetFigure:
    return NetFigure(
        value=net.value,
        signed=net.signed,
        positive=net.positive,
        negative=net.negative,
        neutral=net.neutral,
        aside=net.aside,
        base=net.base,
    )


def number_table(
    wording: Wording, values: Sequence[float], *, min_base: int
) -> QuestionTable:
    """The table of a question that asked for a number."""
    table = empty_table(wording, len(values))
    if values:
        table["numbers"] = NumberFigures(
            middle=plain(median(values)),
            lowest=plain(min(values)),
            highest=plain(max(values)),
            bins=_bins(values, min_base=min_base),
        )
    return table


def plain(value: float) -> str:
    """A number as people write it: at most two decimals, none where it is whole."""
    if abs(value) >= TOO_LONG:
        return f"{value:.3g}"
    rounded = round(Decimal(str(value)), 2)
    if rounded == rounded.to_integral_value():
        return f"{int(rounded):,}"
    return f"{rounded.normalize():,f}"


def _bins(values: Sequence[float], *, min_base: int) -> list[Bin]:
    """Equal steps from the lowest number, or from zero, to the highest."""
    lowest, highest = min(0.0, min(values)), max(values)
    width = _step((highest - lowest) / MOST_BINS)
    first = math.floor(lowest / width)
    last = math.floor(highest / width)
    tally = dict.fromkeys(range(first, last + 1), 0)
    for value in values:
        tally[min(max(math.floor(value / width), first), last)] += 1
    whole = all(float(value).is_integer() for value in values)
    return [
        Bin(
            label=_bin_label(place * width, width, whole=whole),
            count=count,
            percent=percent(count, len(values), min_base=min_base),
        )
        for place, count in tally.items()
    ]


def _step(least: float) -> float:
    """The next round width: 1, 2, 5, 10, 20, 50 and so on."""
    if least <= 1:
        return 1.0
    size = 10.0 ** math.floor(math.log10(least))
    steps = (size * step for step in (1, 2, 5) if size * step >= least)
    return next(steps, size * 10)


def _bin_label(start: float, width: float, *, whole: bool) -> str:
    if whole and width == 1:
        return plain(start)
    return f"{plain(start)}–{plain(start + width - (1 if whole else 0))}"
