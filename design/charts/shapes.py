"""The parts that every chart is made of: shapes, their sizes, and the figure."""

import textwrap
from collections.abc import Collection, Sequence
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
    pattern: str = ""


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


def em(value: float) -> str:
    return f"{value:.4g}em"


def share_of_width(hundredths: int) -> str:
    return f"{hundredths / 100:g}%"


def value(count: int, base: int, *, percentages: bool) -> str:
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


def write_label(drawing: Drawing, label: str, top: float) -> float:
    """Write a label over its bar; answers where the bar starts."""
    for line in _lines(label):
        drawing.texts.append(Text("0", em(top + 1), line))
        top += LINE
    return top + 0.1


def counts_table(
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


def largest_sentence(rows: Sequence[Row], base: int, *, percentages: bool) -> str:
    if not base or not rows:
        return _("Nobody has answered this question.")
    label, count = max(rows, key=lambda row: row[1])
    return _("The most common answer was “%(label)s”: %(value)s.") % {
        "label": label,
        "value": value(count, base, percentages=percentages),
    }
