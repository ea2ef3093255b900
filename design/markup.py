"""The inner parts of drawings and tables, written as strings.

A results page has thousands of shapes and cells; a template loop over them costs
five times as much. Everything that comes from people is escaped here; the rest are
numbers and class names of design.charts and design.components.
"""

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from design.charts import Drawing
from design.components import Table


def shapes(drawing: Drawing) -> SafeString:
    """The rectangles and texts of a drawing, patterns above their rectangle."""
    parts = []
    for r in drawing.rects:
        box = f'x="{r.x}" y="{r.y}" width="{r.width}" height="{r.height}"'
        parts.append(f'<rect {box} class="{r.classes}"/>')
        if r.pattern:
            fill = conditional_escape(r.pattern)
            parts.append(f'<rect {box} class="portal-pattern" fill="url(#{fill})"/>')
    for t in drawing.texts:
        shift = ' dx="8"' if t.classes == "portal-chart__value" else ""
        classes = f"portal-chart__text {t.classes}".rstrip()
        text = conditional_escape(t.text)
        parts.append(
            f'<text x="{t.x}" y="{t.y}"{shift} class="{classes}">{text}</text>'
        )
    return mark_safe("".join(parts))


def table_head(table: Table) -> SafeString:
    cells = []
    for place, text in enumerate(table.head):
        extra = " govuk-table__header--numeric" if place in table.numeric else ""
        cells.append(
            f'<th scope="col" class="govuk-table__header{extra}">'
            f"{conditional_escape(text)}</th>"
        )
    return mark_safe("".join(cells))


def table_rows(table: Table) -> SafeString:
    rows = []
    for row in table.rows:
        rows.append('<tr class="govuk-table__row">')
        for place, text in enumerate(row):
            shown = conditional_escape(text)
            if place == 0 and table.first_is_header:
                rows.append(f'<th scope="row" class="govuk-table__header">{shown}</th>')
            elif place in table.numeric:
                rows.append(
                    '<td class="govuk-table__cell govuk-table__cell--numeric">'
                    f"{shown}</td>"
                )
            else:
                rows.append(f'<td class="govuk-table__cell">{shown}</td>')
        rows.append("</tr>")
    return mark_safe("".join(rows))
