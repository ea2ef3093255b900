"""Forgetting what need not be kept: unfinished answers and traces against misuse."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from consultations.models import AbuseSignal, Consultation, Draft
from council.models import Council


@transaction.atomic
def purge_due(when: datetime) -> dict[str, int]:
    """Delete what is due at a moment; returns how many of each. Twice is once.

    Unfinished answers go some days after closing, with the address left beside
    them. An answer that was being changed stays sent as it was. Traces against
    misuse go some days after closing, too (GDPR-11).
    """
    council = Council.objects.current()
    over = _over_since(when - timedelta(days=council.draft_days))
    unfinished = Draft.objects.filter(is_sent=False, consultation__in=over)
    emptied = unfinished.exclude(changes=None).update(
        answers={},
        pages_done=[],
        email="",
        address_key="",
        updated_on=None,
        started_at=None,
        changes=None,
        is_sent=True,
    )
    drafts, _by_model = unfinished.filter(changes=None).delete()
    long_over = _over_since(when - timedelta(days=council.signal_days))
    signals, _by_model = AbuseSignal.objects.filter(
        response__consultation__in=long_over
    ).delete()
    return {"drafts": drafts, "changes": emptied, "signals": signals}


def _over_since(moment: datetime) -> QuerySet[Consultation]:
    """Consultations that had closed, or were withdrawn, by a moment."""
    return (
        Consultation.objects.with_dates()
        .filter(Q(last_ends__lte=moment) | Q(withdrawn_at__lte=moment))
        .order_by()
    )
