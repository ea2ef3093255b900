"""The data behind the components: rows, links and pages, as plain Python.

Templates show them; views may build them. Nothing here is HTML.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page

# Which colour a status has; the word itself is always beside it.
STATUS_COLOURS = {
    "draft": "grey",
    "waiting": "yellow",
    "submitted": "yellow",
    "returned": "orange",
    "approved": "teal",
    "opens_soon": "blue",
    "open": "green",
    "closing_soon": "orange",
    "paused": "yellow",
    "closed": "grey",
    "findings": "purple",
    "findings_published": "purple",
    "feedback": "purple",
    "feedback_published": "purple",
    "overdue": "red",
    "withdrawn": "red",
    "failed": "red",
    "sent": "green",
    "pending": "yellow",
    "not_started": "blue",
    "in_progress": "teal",
    "problem": "red",
}


@dataclass
class Table:
    """A table with its caption; cells are escaped unless marked as safe HTML.

    `numeric` names the columns (from 0) whose figures are aligned to the right. A
    table of more than three columns gets a region that scrolls on narrow screens.
    """

    caption: str
    head: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    numeric: frozenset[int] | set[int] | tuple[int, ...] = ()
    first_is_header: bool = True
    caption_classes: str = "govuk-table__caption--m"
    id: str = ""
    scrolls: bool | None = None

    @property
    def in_region(self) -> bool:
        return len(self.head) > 3 if self.scrolls is None else self.scrolls


@dataclass
class PageLink:
    """One entry of the pagination: a page, or the gap between two."""

    number: int | None
    href: str = ""
    current: bool = False


@dataclass
class Pages:
    """The pagination of a list."""

    previous: str = ""
    next: str = ""
    items: list[PageLink] = field(default_factory=list)


def pages(page: Page[Any], address: Callable[[int], str]) -> Pages:
    """Links to the pages around this one; `address` makes the link of a number."""
    paginator = page.paginator
    made = Pages(
        previous=address(page.previous_page_number()) if page.has_previous() else "",
        next=address(page.next_page_number()) if page.has_next() else "",
    )
    elided = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    for each in elided:
        if isinstance(each, int):
            made.items.append(
                PageLink(each, address(each), current=each == page.number)
            )
        else:
            made.items.append(PageLink(None))
    return made
