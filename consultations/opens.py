"""Which page of a consultation a person may open."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import User
from consultations import permissions
from consultations.models import Consultation
from consultations.models.lifecycle import PUBLIC_STATUSES


def page_for(user: User, consultation: Consultation) -> str:
    """The hub, or the history for those who only watch, or the public page.

    "" where there is none that this person may read.
    """
    if permissions.can_read_plan(user, consultation):
        return reverse("consultations:hub", args=[consultation.slug])
    if permissions.can_read_trail(user, consultation):
        return reverse("consultations:history", args=[consultation.slug])
    is_public = consultation.status in PUBLIC_STATUSES
    return consultation.get_absolute_url() if is_public else ""


def leaving_questions(user: User, consultation: Consultation) -> str:
    """Where a preview of the questions ends: the builder, for those who may change."""
    if permissions.can_edit(user, consultation):
        return reverse("consultations:questions", args=[consultation.slug])
    return reverse("consultations:hub", args=[consultation.slug])
