"""Your work, the staff's list of consultations, and a consultation's history."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.audit import trail_of
from accounts.doors import staff_page
from accounts.requests import SignedInRequest
from consultations import permissions
from consultations.forms.finding import StaffForm
from consultations.models import Consultation
from consultations.views.public import searched
from consultations.views.standing import standings
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


@staff_page
@require_safe
def staff_list(request: SignedInRequest) -> HttpResponse:
    """Every consultation that this person works on, newest first."""
    when = timezone.now()
    filters = StaffForm(request.GET)
    found = Consultation.objects.run_by(request.user)
    if filters.chosen.get("stage"):
        found = found.at_stage(filters.chosen["stage"], when)
    if filters.chosen.get("service"):
        found = found.filter(service__slug=filters.chosen["service"])
    found = searched(found, filters.chosen.get("q", "")).for_list()
    page = Paginator(found.order_by("-created_at", "-pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "consultations/staff_list.html",
        {
            "filters": filters,
            "page_obj": page,
            "rows": standings(page.object_list, when),
            "count": page.paginator.count,
            "can_start": permissions.can_start(request.user),
        },
    )


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
        {"consultation": consultation, "page_obj": page, "entries": page.object_list},
    )
