"""Scales of agreement: bars of 100%, for one question or a row of each statement."""

import itertools
from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from design.charts.shapes import (
    BAR,
    GAP,
    MINIMUM_BASE,
    Drawing,
    Figure,
    KeyEntry,
    Rect,
    Text,
    counts_table,
    em,
    share_of_width,
    value,
    write_label,
)
from design.components import Table
from design.formats import number, percent

# A segment narrower than this has no room for "12%".
LABELLED_SEGMENT = 12
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
                share_of_width(start),
                em(top),
                share_of_width(width),
                em(BAR * 1.4),
                f"portal-scale portal-scale-{shade}",
                pattern,
            )
        )
        if width >= LABELLED_SEGMENT * 100:
            tone = "light" if shade in DARK_SHADES else "dark"
            drawing.texts.append(
                Text(
                    share_of_width(start + width // 2),
                    em(top + BAR * 1.4 - 0.7),
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
    drawing = Drawing(height=em(BAR * 1.4 + 0.1), pattern_id=f"{key}-pattern")
    _stack(drawing, counts, 0, percentages=percentages)
    rows = list(zip(scale, counts, strict=True))
    return Figure(
        id=key,
        headline=headline,
        subtitle=subtitle,
        sentence=sentence or _agreement_sentence(counts, percentages=percentages),
        drawing=drawing,
        table=counts_table(
            headline, rows, base, head=head or _("Answer"), percentages=percentages
        ),
        key=_key(
            scale, drawing, lambda at: value(counts[at], base, percentages=percentages)
        ),
        note=note,
    )


def _key(
    scale: Sequence[str], drawing: Drawing, shown: Callable[[int], str]
) -> list[KeyEntry]:
    return [
        KeyEntry(
            label,
            f"portal-scale-{shade}",
            shown(at),
            drawing.pattern_id if shade in PALE_SHADES else "",
        )
        for at, (label, shade) in enumerate(zip(scale, SHADES[len(scale)], strict=True))
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
        top = write_label(drawing, label, top)
        _stack(drawing, counts, top, percentages=percentages)
        top += BAR * 1.4 + GAP
    drawing.height = em(max(top - GAP + 0.2, 1))
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
        key=_key(scale, drawing, lambda at: ""),
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
                *(value(n, sum(counts), percentages=percentages) for n in counts),
                number(sum(counts)),
            ]
            for label, counts in rows
        ],
        numeric=set(range(1, len(scale) + 2)),
        caption_classes="govuk-visually-hidden",
    )
