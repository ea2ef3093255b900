"""How dates, times, money and numbers are written everywhere in the portal.

Plain functions: the template filters and the charts share them. Times are
Europe/London's, whatever the server's clock says.
"""

import math
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

MILLION = 1_000_000


def storable(text: str) -> str:
    """The text without NUL and lone surrogates, which no parser can take."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def day(value: date | datetime | None) -> str:
    """1 December 2026. A moment is the day that it is in London."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = _local(value).date()
    return date_format(value, "j F Y")


def clock(value: datetime) -> str:
    """5:30pm, 10am, noon. The minute a day begins is 12:00am, never midnight."""
    local = _local(value)
    if (local.hour, local.minute) == (12, 0):
        return _("noon")
    half = "am" if local.hour < 12 else "pm"
    hour = local.hour % 12 or 12
    if local.minute or hour == 12:
        return f"{hour}:{local.minute:02}{half}"
    return f"{hour}{half}"


def moment(value: datetime | None) -> str:
    """1 December 2026 at 5:30pm."""
    if value is None:
        return ""
    return _("%(day)s at %(time)s") % {"day": day(value), "time": clock(value)}


def last_moment(value: datetime) -> datetime:
    """The last minute of something that ends at `value`, when that is midnight."""
    local = _local(value)
    if (local.hour, local.minute) == (0, 0):
        return local.replace(tzinfo=None) - timedelta(minutes=1)
    return local


def closing(value: datetime | None) -> str:
    """As `moment`; an end at midnight is 11:59pm of the day that people mean."""
    return "" if value is None else moment(last_moment(value))


def number(value: float | Decimal | None) -> str:
    """1,250. Whole numbers lose their decimal point."""
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    exact = Decimal(str(value))
    if exact == exact.to_integral_value():
        return f"{int(exact):,}"
    return f"{exact:,f}"


def pounds(value: float | Decimal | None) -> str:
    """£450, £1,250.50, £1.2 million; what is below nothing is "£200 over"."""
    if value is None:
        return ""
    if not Decimal(value).is_finite():
        return ""
    try:
        exact = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    except InvalidOperation:
        return ""
    amount = abs(exact)
    if amount >= MILLION and amount % (MILLION // 10) == 0:
        millions = (amount / MILLION).normalize()
        text = _("£%(amount)s million") % {"amount": f"{millions:,f}"}
    elif amount == amount.to_integral_value():
        text = f"£{int(amount):,}"
    else:
        text = f"£{amount:,.2f}"
    return _("%(amount)s over") % {"amount": text} if exact < 0 else text


def percent(count: int, total: int) -> int:
    """The share as a whole percentage, half rounded up; 0 of nothing is 0."""
    if not total:
        return 0
    return (200 * count + total) // (2 * total)


def share(count: int, total: int) -> str:
    """45% (126 of 280): never a percentage alone."""
    return _("%(percent)s%% (%(count)s of %(total)s)") % {
        "percent": percent(count, total),
        "count": number(count),
        "total": number(total),
    }
