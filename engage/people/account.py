"""A person's own page, and the whole trail for those who watch."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import permissions
from accounts.audit import with_names
from accounts.doors import staff_page
from accounts.models import AuditEntry
from accounts.requests import SignedInRequest
from accounts.roles import RoleKind
from portfolios.models import Service

PAGE_SIZE = 20


@staff_page
@require_safe
def account(request: SignedInRequest) -> HttpResponse:
    """What I am here, and what I can change about it."""
    roles = request.user.roles.filter(ended_at=None).order_by("kind")
    own = {role.kind for role in roles}
    context = {
        "roles": roles,
        "services": Service.objects.of(request.user),
        "has_second_factor": is_mfa_enabled(request.user),
        "is_approver": RoleKind.CONSULTATION_APPROVER in own,
        "deputies": request.user.deputies.filter(ends__gt=timezone.now())
        .select_related("deputy")
        .order_by("starts", "pk"),
        "may_read_trail": permissions.can_read_trail_of_people(request.user),
    }
    return render(request, "engage/account.html", context)


@staff_page
@require_safe
def history(request: SignedInRequest) -> HttpResponse:
    """Every change that was made in the portal, newest first (row 24)."""
    if not permissions.can_read_trail_of_people(request.user):
        raise PermissionDenied
    entries = AuditEntry.objects.select_related("actor").order_by("-at", "-pk")
    page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = with_names(page.object_list)
    return render(request, "engage/history.html", {"page_obj": page})
