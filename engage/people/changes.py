"""Changing what a person is: roles, services, signing in, their work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts import actions as accounts
from accounts import permissions
from accounts.doors import staff_page
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.roles import RoleKind
from consultations.actions import hand_over_all, work_of
from engage.people import actions
from engage.people.change import ask, find, sent
from engage.people.forms import (
    ConfirmForm,
    HandOverForm,
    ReasonForm,
    RoleForm,
    ServicesForm,
)
from portfolios.actions import place
from portfolios.models import Service
from portfolios.permissions import can_place_officers

METHODS = ["GET", "HEAD", "POST"]


@staff_page
@require_http_methods(METHODS)
def invite_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send a fresh invitation."""
    person = find(request, pk, permissions.can_manage_people)
    return ask(
        request,
        person,
        ConfirmForm(sent(request)),
        lambda data: actions.invite_again(person, by=request.user),
        heading=_("Invite %(name)s again") % {"name": person.full_name},
        button=_("Send a new invitation"),
        explain=_("The link in the earlier message stops working."),
        said=_("A new invitation is on its way."),
    )


@staff_page
@require_http_methods(METHODS)
def give_role(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give one more role."""
    person = find(request, pk, permissions.can_manage_people)
    held = person.roles.filter(ended_at=None).values_list("kind", flat=True)
    return ask(
        request,
        person,
        RoleForm(sent(request), held=frozenset(held)),
        lambda data: accounts.give_role(person, **data, by=request.user),
        heading=_("Give %(name)s a role") % {"name": person.full_name},
        button=_("Give this role"),
        said=_("The role is given. It works from now on."),
    )


@staff_page
@require_http_methods(METHODS)
def end_role(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """End one role."""
    person = find(request, pk, permissions.can_manage_people)
    if not person.roles.filter(kind=kind, ended_at=None).exists():
        raise Http404
    return ask(
        request,
        person,
        ReasonForm(sent(request)),
        lambda data: accounts.end_role(person, kind=kind, **data, by=request.user),
        heading=_("End the role “%(role)s” of %(name)s")
        % {"role": RoleKind(kind).label, "name": person.full_name},
        button=_("End this role"),
        said=_("The role has ended."),
        warning=True,
    )


@staff_page
@require_http_methods(METHODS)
def services(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say which services somebody works for."""
    person = find(request, pk, can_place_officers)
    return ask(
        request,
        person,
        ServicesForm(sent(request), initial={"services": _services_of(person)}),
        lambda data: place(person, **data, by=request.user),
        heading=_("Services of %(name)s") % {"name": person.full_name},
        button=_("Save"),
        said=_("The services are saved."),
    )


def _services_of(person: User) -> list[Service]:
    return list(Service.objects.of(person))


@staff_page
@require_http_methods(METHODS)
def switch_off(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop somebody from signing in."""
    return _switch(
        request,
        pk,
        accounts.switch_off,
        heading=_("Stop %(name)s from signing in"),
        button=_("Switch off sign-in"),
        explain=_("Open pages stop working at once. What they did stays as it is."),
        said=_("This person can no longer sign in."),
        warning=True,
    )


@staff_page
@require_http_methods(METHODS)
def switch_on(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let somebody sign in again."""
    return _switch(
        request,
        pk,
        accounts.switch_on,
        heading=_("Let %(name)s sign in again"),
        button=_("Switch on sign-in"),
        explain=_("Look at their roles first: those they hold work again at once."),
        said=_("This person can sign in again."),
    )


def _switch(
    request: SignedInRequest,
    pk: int,
    act: Callable[..., User],
    *,
    heading: str,
    **words: Any,
) -> HttpResponse:
    """Ask for the reason alone, and act on the person."""
    person = find(request, pk, permissions.can_manage_people)
    return ask(
        request,
        person,
        ReasonForm(sent(request)),
        lambda data: act(person, **data, by=request.user),
        heading=heading % {"name": person.full_name},
        **words,
    )


@staff_page
@require_http_methods(METHODS)
def hand_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand an officer's work to a colleague."""
    person = find(request, pk, permissions.can_manage_people)
    return ask(
        request,
        person,
        HandOverForm(sent(request), person=person),
        lambda data: hand_over_all(person, **data, by=request.user),
        heading=_("Hand over the work of %(name)s") % {"name": person.full_name},
        button=_("Hand over"),
        explain=_what_they_lead(person),
        said=_("The work is handed over."),
    )


def _what_they_lead(person: User) -> str:
    """How many, of which services: administrators may not read drafts (row 2)."""
    counted = Counter(each.service.name for each in work_of(person))
    if not counted:
        return _("This person leads no consultation now.")
    parts = [f"{name}: {count}" for name, count in sorted(counted.items())]
    said = ngettext(
        "They lead %(count)s consultation (%(parts)s).",
        "They lead %(count)s consultations (%(parts)s).",
        counted.total(),
    )
    return said % {
        "count": counted.total(),
        "parts": get_text_list(parts, _("and")),
    }
