"""How every page of this package gets the consultation that it is about."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts import ActionRefused
from accounts.models import User
from accounts.requests import SignedInRequest
from consultations import permissions
from consultations.models import Consultation, Document

Allowed = Callable[[User, Consultation], bool]


def staff_consultation(
    request: SignedInRequest,
    slug: str,
    allowed: Allowed = permissions.can_edit,
) -> Consultation:
    """A consultation for a staff page: 404 where it is hidden, else 403 or it."""
    consultation = get_object_or_404(
        Consultation.objects.visible_to(request.user).select_related(
            "service", "topic", "level", "lead_officer", "privacy_notice"
        ),
        slug=slug,
    )
    if not allowed(request.user, consultation):
        raise PermissionDenied
    return consultation


def document_of(consultation: Consultation, pk: int) -> Document:
    """One of its documents, or 404."""
    if pk > 2**62:  # beyond what a database column can hold
        raise Http404
    return get_object_or_404(consultation.documents, pk=pk)


def tried(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do something and say so; what was refused is said instead, as an error."""
    try:
        act()
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True
