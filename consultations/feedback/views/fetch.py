"""How these pages get what they are about."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import User
from accounts.requests import SignedInRequest
from consultations import permissions
from consultations.models import Consultation, Release


def written_about(
    request: SignedInRequest,
    slug: str,
    allowed: Callable[[User, Consultation], bool] = permissions.can_write_feedback,
) -> Consultation:
    """A consultation that this person may do this with, its clock loaded."""
    visible = Consultation.objects.visible_to(request.user).with_stage()
    consultation = get_object_or_404(visible, slug=slug)
    if not allowed(request.user, consultation):
        raise PermissionDenied
    return consultation


def pending_release(consultation: Consultation, kind: str) -> Release | None:
    """What is confirmed and becomes public later."""
    pending = Release.objects.pending(timezone.now())
    found = pending.filter(consultation=consultation, kind=kind)
    return found.order_by("-number").first()
