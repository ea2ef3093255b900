"""The terms of councillors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import permissions
from accounts.doors import staff_page
from accounts.requests import SignedInRequest
from engage.people.change import ask, find, sent
from engage.people.forms import TermEndForm, TermForm
from wards import terms

ONE_DAY = timedelta(days=1)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def start_term(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say which ward a councillor represents, from which day."""
    person = find(request, pk, permissions.can_keep_terms)

    def act(data: dict[str, Any]) -> object:
        last = data.pop("ends")
        ends = last + ONE_DAY if last else None
        return terms.start_term(person, **data, ends=ends, by=request.user)

    return ask(
        request,
        person,
        TermForm(sent(request)),
        act,
        heading=_("Add a term of %(name)s") % {"name": person.full_name},
        button=_("Add this term"),
        said=_("The term is saved."),
    )


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def end_term(request: SignedInRequest, pk: int, term: int) -> HttpResponse:
    """Set the last day of a term."""
    person = find(request, pk, permissions.can_keep_terms)
    found = get_object_or_404(person.terms.select_related("ward"), pk=term)

    def act(data: dict[str, Any]) -> object:
        ends = data["ends"] + ONE_DAY
        return terms.end_term(found, ends=ends, reason=data["reason"], by=request.user)

    return ask(
        request,
        person,
        TermEndForm(sent(request)),
        act,
        heading=_("End the term of %(name)s for %(ward)s")
        % {"name": person.full_name, "ward": found.ward.name},
        button=_("Save the last day"),
        said=_("The last day is saved."),
    )
