"""Who wrote findings or feedback, or asked for them: they may not confirm them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from accounts.models import AuditEntry, User
from consultations.models import (
    CancelledRelease,
    Consultation,
    Feedback,
    Findings,
    Release,
)

SAVED, READY, PUBLISHED = "saved", "ready", "published"
# A consultation and what is written about it: findings or feedback.
Text = tuple[int, str]


def took_part(draft: Findings | Feedback, person: User) -> bool:
    """Whether a person wrote any of it, or asked, since the newest release."""
    text = (draft.consultation_id, str(draft._meta.model_name))
    return draft.prepared_by_id == person.pk or text in taken_part_in(
        person, [draft.consultation_id]
    )


def taken_part_in(person: User, consultations: Iterable[int]) -> frozenset[Text]:
    """What a person wrote or asked for since the newest release of each.

    By the order in which the trail was written; a release that was cancelled before
    its time counts for nothing. Two queries, whatever the number.
    """
    keys = list(consultations)
    cancelled = CancelledRelease.objects.filter(release__consultation__in=keys)
    never_out = {str(pk) for pk in cancelled.values_list("release", flat=True)}
    part: set[Text] = set()
    for about, action, release in _entries(person, keys):
        kind, _dot, verb = action.partition(".")
        text = (int(about), kind)
        if verb != PUBLISHED:
            part.add(text)
        elif release not in never_out:
            part.discard(text)
    return frozenset(part)


def _entries(person: User, keys: list[int]) -> Iterable[tuple[str, str, str]]:
    """What the person did, and every publication, in order."""
    kinds = Release.Kind.values
    done = [f"{kind}.{verb}" for kind in kinds for verb in (SAVED, READY)]
    published = [f"{kind}.{PUBLISHED}" for kind in kinds]
    trail = AuditEntry.objects.filter(
        Q(actor=person, action__in=done) | Q(action__in=published),
        about_type=Consultation._meta.label_lower,
        about_id__in=[str(key) for key in keys],
    )
    return trail.order_by("pk").values_list("about_id", "action", "object_id")


def asked_by(draft: Findings | Feedback) -> User | None:
    """Who asked last for it to be confirmed."""
    trail = AuditEntry.objects.filter(
        action=f"{draft._meta.model_name}.{READY}",
        about_type=Consultation._meta.label_lower,
        about_id=str(draft.consultation_id),
    )
    entry = trail.select_related("actor").order_by("-pk").first()
    return entry.actor if entry else draft.prepared_by
