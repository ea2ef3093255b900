"""Charts drawn on the server: from plain counts to shapes that a template prints.

Pure functions without Django's request or database. A figure always has a headline,
its base, one sentence and a table with the same figures; the drawing is for those
who like to see them. Widths are percentages of the page and heights are in em, so a
drawing follows the column and the reader's text size; every number is formatted
here, because a template would write it in the reader's locale. Below `minimum_base`
answers there are counts and no percentages.
"""

import itertools
import textwrap
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from design.components import Table
from design.formats import number, percent

MINIMUM_BASE = 30
# A longer table waits behind "Show as a table".
OPEN_TABLE_ROWS = 7
# Characters of 1rem that fit a 320 px screen.
LABEL_WIDTH = 32
# What is left of the width is for the figure at the bar's end.
LONGEST_BAR = 66
LINE, BAR, GAP = 1.3, 1.5, 0.9
# A segment narrower than this has no room for "12%".
LABELLED_SEGMENT = 12
MOST_COLUMNS = 11
WIDEST_COLUMN_LABEL = 6
# Which of the five shades a scale of so many steps takes, and the last for a step
# outside the scale, such as "Do not know".
SHADES = {
    1: (1,),
    2: (1, 5),
    3: (1, 3, 5),
    4: (1, 2, 4, 5),
    5: (1, 2, 3, 4, 5),
    6: (1, 2, 3, 4, 5, 6),
}
DARK_SHADES = {1, 5}
# The two palest, which need a pattern on paper.
PALE_SHADES = {2, 4}


@dataclass(frozen=True)
class Rect:
    x: str
    y: str
    width: str
    height: str
    classes: str
    pattern: str = ""


@dataclass(frozen=True)
class Text:
    x: str
    y: str
    text: str
    classes: str = ""


@dataclass(frozen=True)
class KeyEntry:
    label: str
    classes: str
    value: str = ""


@dataclass
class Drawing:
    """The shapes of one SVG."""

    height: str = "0"
    rects: list[Rect] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    pattern_id: str = ""


@dataclass
class Figure:
    """A chart as the page shows it, from headline to table."""

    id: str
    headline: str
    subtitle: str
    sentence: str
    drawing: Drawing
    table: Table
    key: list[KeyEntry] = field(default_factory=list)
    note: str = ""

    @property
    def table_is_open(self) -> bool:
        return len(self.table.rows) <= OPEN_TABLE_ROWS


Row = tuple[str, int]


def largest_first(rows: Sequence[Row], last: Collection[str] = ()) -> list[Row]:
    """The rows by size, ties as asked; those labelled as in `last` come last."""
    return sorted(rows, key=lambda row: (row[0] in last, -row[1]))


def _em(value: float) -> str:
    return f"{value:.4g}em"


def _share(hundredths: int) -> str:
    return f"{hundredths / 100:g}%"


def _value(count: int, base: int, *, percentages: bool) -> str:
    if not percentages:
        return number(count)
    return _("%(percent)s%% (%(count)s)") % {
        "percent": percent(count, base),
        "count": number(count),
    }


def _lines(label: str) -> list[str]:
    if len(label) <= LABEL_WIDTH:
        return [label]
    return textwrap.wrap(label, LABEL_WIDTH) or [""]


def _labels(drawing: Drawing, label: str, top: float) -> float:
    """Write a label over its bar; answers where the bar starts."""
    for line in _lines(label):
        drawing.texts.append(Text("0", _em(top + 1), line))
        top += LINE
    return top + 0.1


def _counts_table(
    headline: str, rows: Sequence[Row], base: int, *, head: str, percentages: bool
) -> Table:
    if not percentages:
        return Table(
            headline,
            [head, _("Answers")],
            [[label, number(count)] for label, count in rows],
            numeric={1},
            caption_classes="govuk-visually-hidden",
        )
    return Table(
        headline,
        [head, _("Answers"), "%"],
        [[label, number(n), f"{percent(n, base)}%"] for label, n in rows],
        numeric={1, 2},
        caption_classes="govuk-visually-hidden",
    )


def _largest_sentence(rows: Sequence[Row], base: int, *, percentages: bool) -> str:
    if not base or not rows:
        return _("Nobody has answered this question.")
    label, count = max(rows, key=lambda row: row[1])
    return _("The most common answer was “%(label)s”: %(value)s.") % {
        "label": label,
        "value": _value(count, base, percentages=percentages),
    }


def bars(
    key: str,
    headline: str,
    rows: Sequence[Row],
    *,
    base: int,
    subtitle: str = "",
    sentence: str = "",
    note: str = "",
    head: str = "",
    minimum_base: int = MINIMUM_BASE,
) -> Figure:
    """Horizontal bars, in the order given. `base` is the number who answered."""
    percentages = base >= minimum_base
    drawing = Drawing()
    longest = max((count for _label, count in rows), default=0) or 1
    top = 0.0
    for label, count in rows:
        top = _labels(drawing, label, top)
        width = LONGEST_BAR * 100 * count // longest
        if count:
            drawing.rects.append(
                Rect("0", _em(top), _share(width), _em(BAR), "portal-bar")
            )
        drawing.texts.append(
            Text(
                _share(width),
                _em(top + BAR - 0.4),
                _value(count, base, percentages=percentages),
                "portal-chart__value" if count else "portal-chart__none",
            )
        )
        top += BAR + GAP
    drawing.height = _em(max(top - GAP + 0.2, 1))
    return Figure(
        id=key,
        headline=headline,
        subtitle=subtitle,
        sentence=sentence or _largest_sentence(rows, base, percentages=percentages),
        drawing=drawing,
        table=_counts_table(
            headline, rows, base, head=head or _("Answer"), percentages=percentages
        ),
        note=note,
    )


def segments(counts: Sequence[int]) -> list[tuple[int, int]]:
    """Where each piece of a 100% bar starts and how wide it is, in 1/100 percent.

    The pieces of a bar that has any answers add up to exactly 10,000.
    """
    total = sum(counts)
    if not total:
        return [(0, 0) for _count in counts]
    edges = [0]
    running = 0
    for count in counts:
        running += count
        edges.append((running * 20_000 + total) // (2 * total))
    return [(start, end - start) for start, end in itertools.pairwise(edges)]


def _stack(
    drawing: Drawing, counts: Sequence[int], top: float, *, percentages: bool
) -> None:
    shades = SHADES[len(counts)]
    total = sum(counts)
    for shade, count, (start, width) in zip(
        shades, counts, segments(counts), strict=True
    ):
        if not width:
            continue
        pattern = drawing.pattern_id if shade in PALE_SHADES else ""
        drawing.rects.append(
            Rect(
                _share(start),
                _em(top),
                _share(width),
                _em(BAR * 1.4),
                f"portal-scale portal-scale-{shade}",
                pattern,
            )
        )
        if width >= LABELLED_SEGMENT * 100:
            tone = "light" if shade in DARK_SHADES else "dark"
            drawing.texts.append(
                Text(
                    _share(start + width // 2),
                    _em(top + BAR * 1.4 - 0.7),
                    f"{percent(count, total)}%" if percentages else number(count),
                    f"portal-chart__on-{tone}",
                )
            )


def _agreement(counts: Sequence[int]) -> tuple[int, int]:
    """How many are on the agreeing and on the disagreeing side of the scale."""
    steps = counts[:5]
    side = len(steps) // 2
    return sum(steps[:side]), sum(steps[len(steps) - side :])


def _agreement_sentence(counts: Sequence[int], *, percentages: bool) -> str:
    total = sum(counts)
    if not total:
        return _("Nobody has answered this question.")
    agree, disagree = _agreement(counts)
    if percentages:
        return _(
            "%(agree)s%% agree, %(disagree)s%% disagree "
            "(%(agree_count)s and %(disagree_count)s of %(total)s)."
        ) % {
            "agree": percent(agree, total),
            "disagree": percent(disagree, total),
            "agree_count": number(agree),
            "disagree_count": number(disagree),
            "total": number(total),
        }
    return _("%(agree)s agree, %(disagree)s disagree, of %(total)s who answered.") % {
        "agree": number(agree),
        "disagree": number(disagree),
        "total": number(total),
    }


def agree(
    key: str,
    headline: str,
    counts: Sequence[int],
    *,
    scale: Sequence[str],
    subtitle: str = "",
    sentence: str = "",
    note: str = "",
    head: str = "",
    minimum_base: int = MINIMUM_BASE,
) -> Figure:
    """One scale as a bar of 100%, from the most agreeing step to the least."""
    base = sum(counts)
    percentages = base >= minimum_base
    drawing = Drawing(height=_em(BAR * 1.4 + 0.1), pattern_id=f"{key}-pattern")
    _stack(drawing, counts, 0, percentages=percentages)
    rows = list(zip(scale, counts, strict=True))
    return Figure(
        id=key,
        headline=headline,
        subtitle=subtitle,
        sentence=sentence or _agreement_sentence(counts, percentages=percentages),
        drawing=drawing,
        table=_counts_table(
            headline, rows, base, head=head or _("Answer"), percentages=percentages
        ),
        key=_key(scale, lambda at: _value(counts[at], base, percentages=percentages)),
        note=note,
    )


def _key(scale: Sequence[str], value: Callable[[int], str]) -> list[KeyEntry]:
    shades = SHADES[len(scale)]
    return [
        KeyEntry(label, f"portal-scale-{shade}", value(at))
        for at, (label, shade) in enumerate(zip(scale, shades, strict=True))
    ]


def agree_grid(
    key: str,
    headline: str,
    rows: Sequence[tuple[str, Sequence[int]]],
    *,
    scale: Sequence[str],
    subtitle: str = "",
    sentence: str = "",
    note: str = "",
    head: str = "",
    minimum_base: int = MINIMUM_BASE,
) -> Figure:
    """One bar of 100% for each statement, the most agreed with first.

    A statement below the minimum base keeps the order as asked, and nobody's order
    gives away a percentage: one small base makes the whole figure counts.
    """
    bases = [sum(counts) for _label, counts in rows]
    percentages = min(bases, default=0) >= minimum_base
    ordered = list(rows)
    if percentages:
        ordered.sort(key=lambda row: -_agreement(row[1])[0] / sum(row[1]))
    drawing = Drawing(pattern_id=f"{key}-pattern")
    top = 0.0
    for label, counts in ordered:
        top = _labels(drawing, label, top)
        _stack(drawing, counts, top, percentages=percentages)
        top += BAR * 1.4 + GAP
    drawing.height = _em(max(top - GAP + 0.2, 1))
    if not sentence and ordered:
        label, counts = ordered[0]
        sentence = f"{label}: {_agreement_sentence(counts, percentages=percentages)}"
    return Figure(
        id=key,
        headline=headline,
        subtitle=subtitle,
        sentence=sentence,
        drawing=drawing,
        table=_grid_table(headline, ordered, scale, head, percentages=percentages),
        key=_key(scale, lambda at: ""),
        note=note,
    )


def _grid_table(
    headline: str,
    rows: Sequence[tuple[str, Sequence[int]]],
    scale: Sequence[str],
    head: str,
    *,
    percentages: bool,
) -> Table:
    return Table(
        headline,
        [head or _("Statement"), *scale, _("All answers")],
        [
            [
                label,
                *(_value(n, sum(counts), percentages=percentages) for n in counts),
                number(sum(counts)),
            ]
            for label, counts in rows
        ],
        numeric=set(range(1, len(scale) + 2)),
        caption_classes="govuk-visually-hidden",
    )


def columns(
    key: str,
    headline: str,
    rows: Sequence[Row],
    *,
    base: int,
    subtitle: str = "",
    sentence: str = "",
    note: str = "",
    head: str = "",
    minimum_base: int = MINIMUM_BASE,
) -> Figure:
    """Upright columns over equal bins, from zero; bars when the labels do not fit."""
    figure = bars(
        key,
        headline,
        rows,
        base=base,
        subtitle=subtitle,
        sentence=sentence,
        note=note,
        head=head,
        minimum_base=minimum_base,
    )
    widest = max((len(label) for label, _count in rows), default=0)
    if not rows or len(rows) > MOST_COLUMNS or widest > WIDEST_COLUMN_LABEL:
        return figure
    percentages = base >= minimum_base
    figure.drawing = _columns(rows, base, percentages=percentages)
    return figure


def _columns(rows: Sequence[Row], base: int, *, percentages: bool) -> Drawing:
    highest, floor = 10.0, 11.5
    drawing = Drawing(height=_em(floor + 1.6))
    tallest = max(count for _label, count in rows) or 1
    step = 10_000 // len(rows)
    for place, (label, count) in enumerate(rows):
        middle = _share(place * step + step // 2)
        height = highest * count / tallest
        if count:
            drawing.rects.append(
                Rect(
                    _share(place * step + step // 10),
                    _em(floor - height),
                    _share(step * 8 // 10),
                    _em(height),
                    "portal-bar",
                )
            )
        value = f"{percent(count, base)}%" if percentages else number(count)
        drawing.texts += [
            Text(middle, _em(floor - height - 0.3), value, "portal-chart__middle"),
            Text(middle, _em(floor + 1.2), label, "portal-chart__middle"),
        ]
    drawing.rects.append(Rect("0", _em(floor), "100%", "1", "portal-chart__axis"))
    return drawing
