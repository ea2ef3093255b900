"""What officers see of responses to decide about: the signals, not the answers."""

from __future__ import annotations

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from consultations.models import AbuseSignal, Consultation, Response

Status = Response.Status


def for_list(consultation: Consultation) -> QuerySet[Response]:
    """Held and excluded responses with their signals, the held ones first."""
    unusual = to_decide(consultation).filter(status__in=[Status.HELD, Status.EXCLUDED])
    return unusual.order_by(F("status").desc(), "pk")


def to_decide(consultation: Consultation) -> QuerySet[Response]:
    """Responses that may be counted or left out, a counted one too (CON-08).

    `seconds_taken`, `hour` and `same_place` (how many came from the same network
    and kind of browser in that hour) are None once the traces are deleted.
    """
    signal = AbuseSignal.objects.filter(response=OuterRef("pk"))
    same = (
        AbuseSignal.objects.filter(
            address_digest=OuterRef("address_digest"),
            agent_digest=OuterRef("agent_digest"),
            hour=OuterRef("hour"),
        )
        .exclude(address_digest="")
        .order_by()
        .values("address_digest")
        .annotate(n=Count("pk"))
        .values("n")
    )
    counted = signal.annotate(same=Subquery(same)).values("same")
    return (
        Response.objects.filter(
            consultation=consultation,
            status__in=[Status.SENT, Status.HELD, Status.EXCLUDED],
        )
        .select_related("decided_by")
        .annotate(
            seconds_taken=Subquery(signal.values("seconds_taken")[:1]),
            hour=Subquery(signal.values("hour")[:1]),
            same_place=Subquery(counted[:1]),
        )
    )
