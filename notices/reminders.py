"""When a reminder may go, and how many a person gets (REM-03). Rules, not sending."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from council.clock import at_hour, is_quiet, local_day
from council.models import Council
from notices.models import Notice


def allowed_moment(moment: datetime, council: Council) -> datetime:
    """Return the moment itself, or the end of the quiet hours that it falls in.

    Quiet hours are hours of the clock in London, so their length changes by an hour
    in the nights when the clocks do.
    """
    start, end = council.quiet_from_hour, council.quiet_until_hour
    if not is_quiet(moment, quiet_from=start, quiet_until=end):
        return moment
    day = local_day(moment)
    if at_hour(day, end) <= moment:
        day += timedelta(days=1)
    return at_hour(day, end)


def within_limit(
    rows: QuerySet[Any], *, kinds: Collection[str], occasion_prefix: str, limit: int
) -> QuerySet[Any]:
    """Keep the people who have had fewer reminders than the limit on an occasion.

    The rows have a field or annotation `address_key`. What was cancelled or came too
    late does not count. One subquery, so that `outbox.queue_many` stays one statement.
    """
    had = (
        Notice.objects.filter(
            kind__in=kinds,
            recipient_key=OuterRef("address_key"),
            occasion__startswith=occasion_prefix,
        )
        .exclude(status__in=[Notice.Status.CANCELLED, Notice.Status.EXPIRED])
        .order_by()
        .values("recipient_key")
        .annotate(count=Count("pk"))
        .values("count")
    )
    count: Any = Coalesce(Subquery(had, output_field=IntegerField()), 0)
    return rows.alias(reminders_had=count).filter(reminders_had__lt=limit)
