"""Filters that put a value into words: dates, numbers, pounds, Markdown.

A builtin library, like design.py: no template loads it.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from design import formats
from design.richtext import richtext as render_richtext

register = template.Library()


@register.filter
def day(value: date | datetime | None) -> str:
    """1 December 2026."""
    return formats.day(value) if isinstance(value, date) else ""


@register.filter
def moment(value: datetime | None) -> str:
    """1 December 2026 at 5:30pm."""
    return formats.moment(value) if isinstance(value, datetime) else ""


@register.filter
def closing(value: datetime | None) -> str:
    """As moment; an end at midnight is 11:59pm of the day before."""
    return formats.closing(value) if isinstance(value, datetime) else ""


@register.filter
def number(value: Any) -> str:
    """1,250. What is no number is shown as it is."""
    if isinstance(value, int | float | Decimal):
        return formats.number(value)
    return "" if value is None else str(value)


@register.filter
def pounds(value: Any) -> str:
    """£1,250.50."""
    if isinstance(value, int | float | Decimal):
        return formats.pounds(value)
    return "" if value is None else str(value)


@register.filter
def richtext(value: str | None) -> SafeString:
    """Markdown as safe HTML, its headings from h3."""
    return render_richtext(value)


@register.filter
def bare_svg(value: str) -> SafeString:
    """The svg element of a drawing that we made, without its XML prologue."""
    return mark_safe(value[max(value.find("<svg"), 0) :])
