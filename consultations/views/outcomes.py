"""What we did: feedback that is published, and feedback that is late."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations.forms.finding import OutcomeForm
from consultations.models import Consultation, ConsultationQuerySet, Release
from consultations.views.standing import standings
from council.clock import day_starts, last_day, local_day
from wards.models import Ward

PER_PAGE = 20


@require_safe
def what_we_did(request: HttpRequest) -> HttpResponse:
    """Outcomes, newest first; late feedback is shown and not hidden (CON-10)."""
    when = timezone.now()
    filters = OutcomeForm(request.GET, _years(when))
    found = _closed(filters.chosen, when).for_list()
    found = found.order_by(F("last_ends").desc(), "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"standing": row, "outcome": _outcome(row.consultation)}
        for row in standings(page.object_list, when)
    ]
    return render(
        request,
        "consultations/what_we_did.html",
        {
            "filters": filters,
            "page_obj": page,
            "rows": rows,
            "count": page.paginator.count,
        },
    )


def _closed(chosen: dict[str, str], when: datetime) -> ConsultationQuerySet:
    """With feedback, or overdue for it."""
    newest = Release.objects.filter(
        consultation=OuterRef("pk"), kind=Release.Kind.FEEDBACK, public_from__lte=when
    ).order_by("-number")
    public = Consultation.objects.visible_to(AnonymousUser()).with_clock(when)
    late = Q(
        feedback_out_then=False,
        is_open_then=False,
        will_open_then=False,
        feedback_due__lt=local_day(when),
    )
    found = public.annotate(outcome_code=Subquery(newest.values("outcome")[:1]))
    outcome = chosen.get("outcome")
    if outcome == "late":
        found = found.filter(late)
    elif outcome:
        found = found.filter(Q(feedback_out_then=True, outcome_code=outcome))
    else:
        found = found.filter(late | Q(feedback_out_then=True))
    return _narrowed(found, chosen)


def _narrowed(
    found: ConsultationQuerySet, chosen: dict[str, str]
) -> ConsultationQuerySet:
    if chosen.get("year"):
        year = int(chosen["year"])
        closed = Consultation.objects.annotate(end=Max("windows__ends")).filter(
            # An end is exclusive: who closed on 31 December ended on 1 January.
            Q(end__gt=day_starts(date(year, 1, 1))),
            Q(end__lte=day_starts(date(year + 1, 1, 1))),
        )
        found = found.filter(pk__in=closed.values("pk"))
    if chosen.get("service"):
        found = found.filter(service__slug=chosen["service"])
    ward = Ward.objects.in_force().filter(slug=chosen.get("ward") or "").first()
    return found.in_ward(ward) if ward is not None else found


def _years(when: datetime) -> list[int]:
    """The years in which consultations have closed, newest first."""
    public = Consultation.objects.visible_to(AnonymousUser())
    ends = public.filter(windows__ends__lte=when).values_list("windows__ends")
    return sorted({last_day(end).year for (end,) in ends.distinct()}, reverse=True)


def _outcome(consultation: Consultation) -> str:
    """The words of the outcome, from the releases that `for_list` loaded."""
    now = timezone.now()
    out = [
        release
        for release in consultation.releases.all()
        if release.kind == Release.Kind.FEEDBACK and release.public_from <= now
    ]
    newest = max(out, key=lambda release: release.number, default=None)
    words = dict(Consultation.Outcome.choices)
    return str(words.get(newest.outcome, "")) if newest else ""
