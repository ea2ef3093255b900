"""Taking up an invitation: a link that works once, then a password of one's own."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import ActionRefused, actions
from accounts.models import User
from accounts.secret_links import opens, row_of
from engage.people.forms import JoinForm

COOKIE_SECONDS = 60 * 60


def _cookie() -> str:
    return f"{settings.COOKIE_PREFIX}join"


@never_cache
@require_safe
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address, so that it stays out of history and logs."""
    if _invited(token) is None:
        return _stopped(request)
    response = redirect("engage:join_here")
    response.set_cookie(
        _cookie(),
        token,
        max_age=COOKIE_SECONDS,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Choose a password, and be signed in."""
    person = _invited(request.COOKIES.get(_cookie(), ""))
    if person is None:
        return _stopped(request)
    form = JoinForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            joined = actions.join(
                person,
                generation=person.link_generation,
                password=form.cleaned_data["password"],
                when=timezone.now(),
            )
        except ActionRefused:
            return _stopped(request)
        return _welcome(request, joined)
    return render(request, "engage/join.html", {"form": form, "person": person})


def _welcome(request: HttpRequest, joined: User) -> HttpResponse:
    login(request, joined, backend=settings.AUTHENTICATION_BACKENDS[0])
    messages.success(request, _("Welcome. Your account is ready."))
    response = redirect(settings.LOGIN_REDIRECT_URL)
    response.delete_cookie(_cookie(), samesite="Lax")
    return response


def _invited(token: str) -> User | None:
    """The person whom a token invites, while the invitation stands."""
    row = row_of(token)
    if row is None or not row.isdecimal():
        return None
    person = User.objects.filter(pk=int(row)).first()
    if person is None or not opens(token, "join", person.pk, person.link_generation):
        return None
    ends = actions.invitation_ends(person)
    return person if ends and timezone.now() < ends else None


def _stopped(request: HttpRequest) -> HttpResponse:
    return render(request, "engage/invitation_stopped.html", status=404)
