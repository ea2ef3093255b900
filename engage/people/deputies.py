"""Who approves in an approver's place: named by the approver or an administrator."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import ActionRefused, actions, permissions
from accounts.doors import staff_page
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.roles import RoleKind
from council.clock import day_ends, day_starts
from engage.people.change import Question, put, sent
from engage.people.forms import DeputyForm


def _approver(request: SignedInRequest, pk: int) -> User:
    approver = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    if not permissions.can_name_deputy(request.user, approver):
        raise PermissionDenied
    if not approver.roles.filter(
        kind=RoleKind.CONSULTATION_APPROVER, ended_at=None
    ).exists():
        raise Http404
    return approver


def _back(request: SignedInRequest, approver: User) -> str:
    if request.user.pk == approver.pk:
        return reverse("engage:account")
    return reverse("engage:person", args=[approver.pk])


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def deputy(request: SignedInRequest, pk: int) -> HttpResponse:
    """Name a deputy for some days."""
    approver = _approver(request, pk)
    question = Question(
        heading=_("Name a deputy for %(name)s") % {"name": approver.full_name},
        button=_("Name this deputy"),
        explain=_("The deputy approves consultations on these days, as you would.")
        if request.user.pk == approver.pk
        else _("The deputy approves consultations on these days instead of them."),
        said=_("The deputy is named."),
        back=_back(request, approver),
    )
    return put(
        request,
        approver,
        DeputyForm(sent(request), approver=approver),
        lambda data: _name(approver, data, by=request.user),
        question,
    )


def _name(approver: User, data: dict[str, Any], *, by: User) -> None:
    actions.name_deputy(
        approver,
        deputy=data["deputy"],
        starts=day_starts(data["first_day"]),
        ends=day_ends(data["last_day"]),
        by=by,
    )


@staff_page
@require_POST
def end_deputy(request: SignedInRequest, pk: int, named: int) -> HttpResponse:
    """End a deputy's days now."""
    approver = _approver(request, pk)
    row = get_object_or_404(approver.deputies, pk=named)
    try:
        actions.end_deputy(row, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The deputy no longer stands in."))
    return redirect(_back(request, approver))
