"""Charts drawn on the server: from plain counts to shapes that a template prints.

Pure functions without Django's request or database. A figure always has a headline,
its base, one sentence and a table with the same figures; the drawing is for those
who like to see them. Widths are percentages of the page and heights are in em, so a
drawing follows the column and the reader's text size; every number is formatted
here, because a template would write it in the reader's locale. Below `minimum_base`
answers there are counts and no percentages.
"""

from design.charts.bars import bars, columns
from design.charts.scales import agree, agree_grid, segments
from design.charts.shapes import MINIMUM_BASE, Drawing, Figure, Row, largest_first

__all__ = [
    "MINIMUM_BASE",
    "Drawing",
    "Figure",
    "Row",
    "agree",
    "agree_grid",
    "bars",
    "columns",
    "largest_first",
    "segments",
]
