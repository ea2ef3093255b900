"""Who wrote what an approver is asked to approve: they may not approve it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from accounts.models import AuditEntry, User
from consultations.models import Consultation

APPROVED = "consultation.approved"
# What changes the words that an approver approves.
WRITING = frozenset(
    {
        "consultation.created",
        "consultation.edited",
        "consultation.amended",
        "document.added",
        "document.edited",
        "document.moved",
        "document.removed",
        "questionnaire.changed",
    }
)


def changed_by(person: User, consultations: Iterable[int]) -> frozenset[int]:
    """Those of which a person changed anything since the last approval.

    By the order in which the trail was written: call it under the row's lock where
    an action depends on it. One query, whatever the number.
    """
    keys = [str(key) for key in consultations]
    label = Consultation._meta.label_lower
    here = Q(object_type=label, object_id__in=keys)
    here |= Q(about_type=label, about_id__in=keys)
    theirs = Q(actor=person, action__in=WRITING)
    trail = AuditEntry.objects.filter(here, theirs | Q(action=APPROVED))
    changed: set[int] = set()
    for action, kind, key, about in trail.order_by("pk").values_list(
        "action", "object_type", "object_id", "about_id"
    ):
        consultation = int(key if kind == label else about)
        if action == APPROVED:
            changed.discard(consultation)
        else:
            changed.add(consultation)
    return frozenset(changed)
