"""What pages have many of, written as strings: shapes, cells, rows and tags.

A results page has thousands of shapes and cells, a list a tag in each row; a
template for each costs five times as much. Everything that comes from people is
escaped here; the rest are numbers and class names of design.charts and
design.components.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import conditional_escape as escaped
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from design.charts import Drawing
from design.components import Table


def shapes(drawing: Drawing) -> SafeString:
    """The rectangles and texts of a drawing, patterns above their rectangle."""
    parts = []
    for r in drawing.rects:
        box = f'x="{r.x}" y="{r.y}" width="{r.width}" height="{r.height}"'
        parts.append(f'<rect {box} class="{r.classes}"/>')
        if r.pattern:
            fill = escaped(r.pattern)
            parts.append(f'<rect {box} class="portal-pattern" fill="url(#{fill})"/>')
    for t in drawing.texts:
        shift = ' dx="8"' if t.classes == "portal-chart__value" else ""
        classes = f"portal-chart__text {t.classes}".rstrip()
        text = escaped(t.text)
        parts.append(
            f'<text x="{t.x}" y="{t.y}"{shift} class="{classes}">{text}</text>'
        )
    return mark_safe("".join(parts))


def table_head(table: Table) -> SafeString:
    cells = []
    for place, text in enumerate(table.head):
        extra = " govuk-table__header--numeric" if place in table.numeric else ""
        cells.append(
            f'<th scope="col" class="govuk-table__header{extra}">{escaped(text)}</th>'
        )
    return mark_safe("".join(cells))


def table_rows(table: Table) -> SafeString:
    rows = []
    for row in table.rows:
        rows.append('<tr class="govuk-table__row">')
        for place, text in enumerate(row):
            shown = escaped(text)
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


def tag(text: Any, colour: str = "", classes: str = "") -> SafeString:
    """A status in a coloured box."""
    extra = f" govuk-tag--{colour}" if colour else ""
    if classes:
        extra += f" {classes}"
    return mark_safe(
        f'<strong class="govuk-tag{escaped(extra)}">{escaped(text)}</strong>'
    )


def breadcrumbs(items: Iterable[Mapping[str, Any]]) -> SafeString:
    """Items are mappings: label, and url but for the page itself."""
    parts = []
    for item in items:
        text, here = escaped(item["label"]), ' aria-current="page"'
        if url := escaped(item["url"]):
            link = f'<a class="govuk-breadcrumbs__link" href="{url}">{text}</a>'
            text, here = mark_safe(link), ""
        parts.append(f'<li class="govuk-breadcrumbs__list-item"{here}>{text}</li>')
    name = escaped(_("Breadcrumb"))
    return mark_safe(
        f'<nav class="govuk-breadcrumbs" aria-label="{name}">'
        f'<ol class="govuk-breadcrumbs__list">{"".join(parts)}</ol></nav>'
    )


# A row cannot know whether another one has a link, which moves its edge: `aligned`
# takes the mark away.
_PLAIN_ROW = '<div class="govuk-summary-list__row" data-plain>'
_ACTIONS = '<dd class="govuk-summary-list__actions">'


def summary_row(
    key: Any, content: Any, *, action: str = "", text: Any = "", hidden: Any = ""
) -> SafeString:
    """A row of a summary list: `action` is the address of its Change link."""
    row = (
        f'<dt class="govuk-summary-list__key">{escaped(key)}</dt>'
        f'<dd class="govuk-summary-list__value">{escaped(content)}</dd>'
    )
    if not action:
        return mark_safe(f"{_PLAIN_ROW}{row}</div>")
    words = escaped(text or _("Change"))
    aside = f'<span class="govuk-visually-hidden"> {escaped(hidden)}</span>'
    return mark_safe(
        f'<div class="govuk-summary-list__row">{row}{_ACTIONS}'
        f'<a class="govuk-link" href="{escaped(action)}">'
        f"{words}{aside if hidden else ''}</a></dd></div>"
    )


def aligned(rows: str) -> SafeString:
    """Rows of a summary list, their edges in line whether or not one has a link."""
    extra = " govuk-summary-list__row--no-actions" if _ACTIONS in rows else ""
    start = f'<div class="govuk-summary-list__row{extra}">'
    return mark_safe(rows.replace(_PLAIN_ROW, start))
