"""The page that stays where a consultation was: why it went, in the council's words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from consultations.models import ApprovalStep, Consultation, Status

View = Callable[..., HttpResponseBase]
CONTACT = ("contact_name", "contact_email", "contact_phone")


def or_public_note(view: View) -> View:
    """A page of a consultation that leads to the public note once it was taken away."""

    @wraps(view)
    def door(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, slug, **kwargs)
        except Http404:
            if _at(slug) is None:
                raise
            return redirect("consultations:detail", slug)

    return door


def public_note(request: HttpRequest, slug: str) -> HttpResponse:
    """410 with the public note; 404 where the public never read anything."""
    consultation = _at(slug)
    if consultation is None:
        raise Http404
    opened, went = consultation.opens_at(), consultation.withdrawn_at
    context = {
        "consultation": consultation,
        "has_opened": opened is not None and went is not None and opened <= went,
        **_last_public(consultation),
    }
    return render(request, "consultations/taken_away.html", context, status=410)


def _at(slug: str) -> Consultation | None:
    """What was taken away from an address that the public knew."""
    rows = Consultation.objects.taken_away().select_related("service")
    known = Q(old_addresses__slug=slug, old_addresses__was_public=True)
    here = rows.filter(Q(slug=slug) | known).order_by("pk")
    found = here.first()
    if found is None or found.slug != slug:
        return found
    # A draft that has been given another title is a secret at its new address.
    is_as_known = _last_public(found)["title"] == found.title
    return found if is_as_known else None


def _last_public(consultation: Consultation) -> dict[str, Any]:
    """Its title and contact as the public last read them.

    One that was taken back to draft may have been rewritten since: what was
    approved tells.
    """
    names = ("title", *CONTACT)
    if consultation.status != Status.WITHDRAWN:
        steps = consultation.approval_steps.filter(step=ApprovalStep.Step.APPROVED)
        if approved := steps.last():
            return {name: approved.plan.get(name) or "" for name in names}
    return {name: getattr(consultation, name) for name in names}
