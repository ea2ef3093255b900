"""Bars and columns: how many gave each answer."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from design.charts.shapes import (
    BAR,
    GAP,
    LONGEST_BAR,
    MINIMUM_BASE,
    Drawing,
    Figure,
    Rect,
    Row,
    Text,
    counts_table,
    em,
    largest_sentence,
    share_of_width,
    value,
    write_label,
)
from design.formats import number, percent

MOST_COLUMNS = 11
WIDEST_COLUMN_LABEL = 6
ROOMY_COLUMNS = 6
# The font size of .portal-chart__small, in rem.
SMALL = 0.8


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
        top = write_label(drawing, label, top)
        width = LONGEST_BAR * 100 * count // longest
        if count:
            drawing.rects.append(
                Rect("0", em(top), share_of_width(width), em(BAR), "portal-bar")
            )
        drawing.texts.append(
            Text(
                share_of_width(width),
                em(top + BAR - 0.4),
                value(count, base, percentages=percentages),
                "portal-chart__value" if count else "portal-chart__none",
            )
        )
        top += BAR + GAP
    drawing.height = em(max(top - GAP + 0.2, 1))
    return Figure(
        id=key,
        headline=headline,
        subtitle=subtitle,
        sentence=sentence or largest_sentence(rows, base, percentages=percentages),
        drawing=drawing,
        table=counts_table(
            headline, rows, base, head=head or _("Answer"), percentages=percentages
        ),
        note=note,
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
    drawing = Drawing(height=em(floor + 1.6))
    tallest = max(count for _label, count in rows) or 1
    step = 10_000 // len(rows)
    # Many figures side by side are smaller, and em counts from their own size.
    small = len(rows) > ROOMY_COLUMNS
    size = SMALL if small else 1
    classes = "portal-chart__middle" + (" portal-chart__small" if small else "")
    for place, (label, count) in enumerate(rows):
        middle = share_of_width(place * step + step // 2)
        height = highest * count / tallest
        if count:
            drawing.rects.append(
                Rect(
                    share_of_width(place * step + step // 10),
                    em(floor - height),
                    share_of_width(step * 8 // 10),
                    em(height),
                    "portal-bar",
                )
            )
        above = f"{percent(count, base)}%" if percentages else number(count)
        drawing.texts += [
            Text(middle, em((floor - height - 0.3) / size), above, classes),
            Text(middle, em((floor + 1.2) / size), label, classes),
        ]
    drawing.rects.append(Rect("0", em(floor), "100%", "1", "portal-chart__axis"))
    return drawing
