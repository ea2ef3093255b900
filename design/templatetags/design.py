"""The components of the design as template tags and filters.

A builtin library: no template loads it. Where a component takes a text, the text
is escaped; block tags take HTML between their two ends.

    {% tag "Open" "green" %}                       {% status_tag stage label %}
    {% breadcrumbs "Home" home_url "Your ward" %}  {% back_link url %}
    {% button_link url "Start" start=True %}       {% pagination page_obj %}
    {% summary_list rows %}  {% table table %}     {% task_list items %}
    {% summary %}{% row "Closes" action=url hidden="closing date" %}…{% endrow %}
    {% endsummary %}                               {% card "Page 1" %}…{% endcard %}
    {% details "Show as a table" %}…{% enddetails %}
    {% inset %}…{% endinset %}  {% warning %}…{% endwarning %}
    {% panel "Response received" %}…{% endpanel %}
    {% banner "Important" %}…{% endbanner %}       {% error_summary form %}
    {% figure chart csv=url %}

The filters for words are in words.py.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template import Context
from django.template.loader import get_template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from design import controls, markup
from design.charts import Figure
from design.components import STATUS_COLOURS, Table, pages

register = template.Library()


@lru_cache(maxsize=64)
def _include(name: str) -> Any:
    return get_template(f"includes/{name}.html")


def _show(name: str, **context: Any) -> SafeString:
    html: SafeString = _include(name).render(context)
    return html


# Forms ------------------------------------------------------------------------


@register.filter
def ordered_fields(form: Any) -> list[BoundField]:
    return controls.ordered_fields(form)


@register.simple_tag
def control(
    bound: BoundField, is_heading: Any = False, mark_optional: Any = True
) -> controls.Control:
    """Work out how a field is shown. Absent template variables mean the defaults."""
    return controls.control(
        bound, is_heading=bool(is_heading), mark_optional=mark_optional is not False
    )


@register.simple_tag
def error_summary(*forms: Any) -> str:
    """What is wrong, once a page: a form that was summarised before stays silent.

    base.html shows the summary of the context's `form` above the heading, so that
    includes/form.html, further down, does not repeat it.
    """
    fresh = [each for each in forms if each and not _summarised(each)]
    links = controls.error_links(*fresh)
    if not links:
        return ""
    for each in fresh:
        each.is_summarised = True
    return _show("error_summary", links=links)


def _summarised(form: Any) -> bool:
    if not hasattr(form, "errors") or not hasattr(form, "is_bound"):
        return True
    return bool(getattr(form, "is_summarised", False))


# The page ---------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def heading_text(context: Context) -> str:
    """The text of the page's h1 block, for its title."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block("h1") if blocks else None
    if block is None:
        return ""
    # The block's text is HTML already; without its tags it may stand in a title.
    text = " ".join(strip_tags(block.nodelist.render(context)).split())
    return mark_safe(text)


@register.simple_tag(takes_context=True)
def page_number(context: Context) -> str:
    """(page 2 of 4), when the list of this page has several."""
    page = context.get("page_obj") or context.get("page")
    if not isinstance(page, Page) or page.paginator.num_pages < 2:
        return ""
    return _("(page %(number)s of %(count)s)") % {
        "number": page.number,
        "count": page.paginator.num_pages,
    }


@register.simple_tag
def tag(text: str, colour: str = "", classes: str = "") -> SafeString:
    return markup.tag(text, colour, classes)


@register.simple_tag
def status_tag(status: str, label: str = "") -> SafeString:
    """A status with its colour. `status` is the code, `label` the word to show."""
    colour = STATUS_COLOURS.get(str(status), "grey")
    return markup.tag(label or status, colour)


@register.simple_tag
def breadcrumbs(*labels_and_addresses: Any) -> SafeString:
    """Labels and addresses in turn; a last label alone is the page itself.

    Also takes one list of mappings with `label` and `url`.
    """
    if len(labels_and_addresses) == 1 and isinstance(
        labels_and_addresses[0], list | tuple
    ):
        items = list(labels_and_addresses[0])
    else:
        pairs = [*labels_and_addresses, ""]
        items = [
            {"label": pairs[place], "url": pairs[place + 1]}
            for place in range(0, len(labels_and_addresses), 2)
        ]
    return markup.breadcrumbs(items)


@register.simple_tag
def back_link(url: str, text: str = "") -> SafeString:
    """A link back, in a landmark of its own: it stands outside `main`."""
    return _show("back", url=url, text=text)


@register.simple_tag
def button_link(
    url: str, text: str, start: bool = False, classes: str = ""
) -> SafeString:
    """A link that looks like a button; `start` is the large one that begins."""
    return _show("button_link", url=url, text=text, start=start, classes=classes)


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page[Any], parameter: str = "page") -> str:
    """Links to the pages of a list; every other query parameter is kept."""
    if not isinstance(page, Page) or page.paginator.num_pages < 2:
        return ""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)

    def address(wanted: int) -> str:
        query[parameter] = str(wanted)
        return f"?{query.urlencode()}"

    return _show("pagination", pages=pages(page, address))


@register.simple_tag
def summary_list(
    rows: Sequence[Mapping[str, Any]], card: str = "", classes: str = ""
) -> SafeString:
    """Rows are mappings: key, value, and actions, each with href, text and hidden."""
    has_actions = any(each.get("actions") for each in rows)
    return _show(
        "summary_list", rows=rows, has_actions=has_actions, card=card, classes=classes
    )


@register.simple_block_tag
def summary(content: str, classes: str = "") -> SafeString:
    """A summary list whose rows are written out with {% row %}."""
    return _show("summary", content=markup.aligned(content), classes=classes)


@register.simple_block_tag
def row(
    content: str, key: str, action: str = "", text: str = "", hidden: str = ""
) -> SafeString:
    """A row of {% summary %}: `action` is the address of its Change link."""
    return markup.summary_row(key, content, action=action, text=text, hidden=hidden)


@register.simple_block_tag
def card(
    content: str,
    title: str,
    action: str = "",
    text: str = "",
    level: int = 2,
) -> SafeString:
    """A summary card around a summary list or anything else."""
    actions = [{"href": action, "text": text or _("Change")}] if action else []
    return _show(
        "summary_card", title=title, content=content, actions=actions, level=level
    )


@register.simple_tag
def task_list(items: Sequence[Mapping[str, Any]], prefix: str = "task") -> SafeString:
    """Items are mappings: title, href, hint, status (a text), colour."""
    return _show("task_list", items=items, prefix=prefix)


@register.simple_block_tag
def details(
    content: str, summary: str, is_open: bool = False, classes: str = ""
) -> SafeString:
    return _show(
        "details", content=content, summary=summary, is_open=is_open, classes=classes
    )


@register.simple_block_tag
def inset(content: str) -> SafeString:
    return _show("inset_text", content=content)


@register.simple_block_tag
def warning(content: str) -> SafeString:
    return _show("warning_text", content=content)


@register.simple_block_tag
def panel(content: str, title: str, level: int = 1) -> SafeString:
    return _show("panel", title=title, content=content, level=level)


@register.simple_block_tag
def banner(
    content: str, title: str = "", success: bool = False, key: str = "banner-title"
) -> SafeString:
    return _show(
        "notification_banner", title=title, content=content, success=success, id=key
    )


@register.simple_tag
def table(table: Table) -> SafeString:
    head, rows = markup.table_head(table), markup.table_rows(table)
    return _show("table", table=table, head=head, rows=rows)


@register.simple_tag
def figure(figure: Figure, csv: str = "", level: int = 3) -> SafeString:
    """A chart with its headline, base, sentence, table and file."""
    return _show(
        "figure",
        figure=figure,
        shapes=markup.shapes(figure.drawing),
        table=table(figure.table),
        csv=csv,
        level=level,
    )
