"""The list of people, one person's page, and inviting."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import ActionRefused, audit, permissions
from accounts.actions import invitation_ends
from accounts.doors import staff_page
from accounts.models import User, UserQuerySet
from accounts.requests import SignedInRequest
from accounts.roles import RoleKind
from consultations.actions import work_of
from engage.people import actions
from engage.people.forms import InvitationForm, PeopleFilter
from portfolios.models import ServiceOfficer

PAGE_SIZE = 20
NEWEST = 20


@staff_page
@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """Everybody whom the viewer may look up, with roles and services."""
    if not permissions.can_open_people(request.user):
        raise PermissionDenied
    form = PeopleFilter(request.GET or None)
    found = User.objects.visible_to(request.user)
    if form.is_valid():
        found = _narrow(found, **form.cleaned_data)
    rows = found.for_list().prefetch_related(_posts())
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": form,
        "page_obj": page,
        "may_invite": permissions.can_manage_people(request.user),
    }
    return render(request, "engage/people.html", context)


def _narrow(found: UserQuerySet, *, q: str, role: str) -> UserQuerySet:
    if q:
        found = found.filter(Q(full_name__icontains=q) | Q(email__icontains=q))
    if role:
        found = found.filter(roles__kind=role, roles__ended_at=None)
    return found


def _posts() -> Prefetch[str]:
    held = ServiceOfficer.objects.filter(ended_at=None).select_related("service")
    return Prefetch(
        "service_posts", queryset=held.order_by("service__name"), to_attr="held_posts"
    )


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: SignedInRequest) -> HttpResponse:
    """Invite somebody: name, address, roles, services."""
    if not permissions.can_manage_people(request.user):
        raise PermissionDenied
    return _invite(request)


@reauthentication_required
def _invite(request: SignedInRequest) -> HttpResponse:
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.invite(**form.cleaned_data, by=request.user)
        except ActionRefused as refusal:
            form.add_error("email", str(refusal))
        else:
            said = _("The invitation goes to %(name)s.") % {"name": person.full_name}
            messages.success(request, said)
            return redirect("engage:person", person.pk)
    return render(request, "engage/invite.html", {"form": form})


@staff_page
@require_safe
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One person: what they are, what can be changed, what was done."""
    rows = User.objects.visible_to(request.user).for_list().prefetch_related(_posts())
    found = get_object_or_404(rows, pk=pk)
    if not permissions.can_open_people(request.user):
        raise PermissionDenied
    held = {role.kind for role in found.held_roles}
    context = {
        "person": found,
        "when": timezone.now(),
        "invitation_ends": invitation_ends(found),
        "terms": found.terms.select_related("ward"),
        "is_councillor": RoleKind.COUNCILLOR in held,
        "is_approver": RoleKind.CONSULTATION_APPROVER in held,
        "deputies": found.deputies.select_related("deputy").order_by("-starts", "-pk"),
        "may_manage": permissions.can_manage_people(request.user),
        "leads": work_of(found).exists(),
    }
    if permissions.can_read_trail_of_people(request.user):
        context["trail"] = audit.trail_of(found)[:NEWEST]
    return render(request, "engage/person.html", context)
