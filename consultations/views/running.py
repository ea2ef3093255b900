"""Extending, closing early, withdrawing, moving the day of feedback."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.doors import staff_page
from accounts.requests import SignedInRequest
from consultations import actions, permissions
from consultations.forms.running import EndForm, ExtendForm, MoveFeedbackForm
from consultations.models import Consultation
from consultations.views.fetch import staff_consultation, tried
from consultations.views.standing import standing


def decide(
    request: SignedInRequest,
    slug: str,
    template: str,
    form_class: type[forms.Form],
    act: Callable[..., object],
    done: str,
) -> HttpResponse:
    """A page with a form, a page that asks to confirm, then the act."""
    consultation = staff_consultation(request, slug, permissions.can_run)
    posted = request.POST if request.method == "POST" else None
    form = form_class(posted)
    context = {
        "consultation": consultation,
        "form": form,
        "standing": standing(consultation, timezone.now()),
    }
    if posted is None or not form.is_valid() or "change" in posted:
        return render(request, f"consultations/{template}.html", context)
    if "confirmed" not in posted:
        return render(
            request, "consultations/confirm.html", {**context, "act": template}
        )
    if tried(request, _call(act, consultation, request, form), done):
        return redirect("consultations:hub", slug)
    return render(request, f"consultations/{template}.html", context)


def _call(
    act: Callable[..., object],
    consultation: Consultation,
    request: SignedInRequest,
    form: forms.Form,
) -> Callable[[], object]:
    return lambda: act(consultation, by=request.user, **form.cleaned_data)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: SignedInRequest, slug: str) -> HttpResponse:
    done = _("It is extended. We are telling the people who follow it.")
    return decide(request, slug, "extend", ExtendForm, actions.extend, done)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def close_early(request: SignedInRequest, slug: str) -> HttpResponse:
    done = _("It is closed. We are telling the people who follow it.")
    return decide(request, slug, "close_early", EndForm, actions.close_early, done)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, slug: str) -> HttpResponse:
    done = _("It is withdrawn. We are telling the people who follow it.")
    return decide(request, slug, "withdraw", EndForm, actions.withdraw, done)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def move_feedback(request: SignedInRequest, slug: str) -> HttpResponse:
    done = _("The day of feedback is moved.")
    return decide(
        request,
        slug,
        "move_feedback",
        MoveFeedbackForm,
        actions.move_feedback,
        done,
    )
