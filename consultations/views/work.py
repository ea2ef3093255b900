"""Your work, the staff's list of consultations, and a consultation's history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.audit import trail_of
from accounts.doors import staff_page
from accounts.models import User
from accounts.requests import SignedInRequest
from consultations import permissions
from consultations.forms.finding import StaffForm
from consultations.models import Consultation, ConsultationQuerySet
from consultations.opens import page_for
from consultations.views.public import searched
from consultations.views.standing import Standing, standings
from consultations.views.worklist import work_of

PER_PAGE = 20


@staff_page
@require_safe
def your_work(request: SignedInRequest) -> HttpResponse:
    """What needs this person now."""
    return render(
        request,
        "consultations/your_work.html",
        {
            "work": work_of(request.user, timezone.now()),
            "can_start": permissions.can_start(request.user),
        },
    )


@dataclass(frozen=True)
class Listed:
    """A row of the staff's list, and the page of it that this person may open."""

    standing: Standing
    href: str


@staff_page
@require_safe
def staff_list(request: SignedInRequest) -> HttpResponse:
    """Every consultation that this person works on or may read, newest first."""
    when = timezone.now()
    filters = StaffForm(request.GET)
    found = _found(request.user, filters.chosen, when).order_by("-created_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        Listed(row, page_for(request.user, row.consultation))
        for row in standings(page.object_list, when)
    ]
    return render(
        request,
        "consultations/staff_list.html",
        {
            "filters": filters,
            "page_obj": page,
            "rows": rows,
            "count": page.paginator.count,
            "can_start": permissions.can_start(request.user),
        },
    )


def _found(user: User, chosen: dict[str, str], when: datetime) -> ConsultationQuerySet:
    found = Consultation.objects.for_staff_list(user)
    if chosen.get("stage"):
        found = found.at_stage(chosen["stage"], when)
    if chosen.get("service"):
        found = found.filter(service__slug=chosen["service"])
    return searched(found, chosen.get("q", "")).for_list()


@staff_page
@require_safe
def history(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who did what, newest first."""
    rows = Consultation.objects.trail_visible_to(request.user)
    consultation = get_object_or_404(rows, slug=slug)
    if not permissions.can_read_trail(request.user, consultation):
        raise PermissionDenied
    page = Paginator(trail_of(consultation), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "consultations/history.html",
        {
            "consultation": consultation,
            "page_obj": page,
            "entries": page.object_list,
            "back_url": _back(request.user, consultation),
        },
    )


def _back(user: User, consultation: Consultation) -> str:
    """The hub, or the list for those who only watch."""
    if permissions.can_read_plan(user, consultation):
        return reverse("consultations:hub", args=[consultation.slug])
    return reverse("consultations:staff_list")
