"""Writing and reading the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection, models
from django.db.models import Q

from accounts import request_id
from accounts.models import AuditEntry, AuditQuerySet, User


def record(
    action: str,
    thing: models.Model,
    *,
    by: User | None,
    acting_as: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    about: models.Model | None = None,
) -> AuditEntry:
    """Write one entry of the trail, inside the transaction of the change.

    `action` is a verb in the past tense with a dot ("consultation.approved").
    `by` is None for what the portal does by itself. `about` is the thing on
    whose page the entry is read too, where that is not `thing`.
    Raises RuntimeError outside a transaction: the entry and the change must
    stand or fall together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record belongs inside the change's transaction")
    return AuditEntry.objects.create(
        actor=by,
        acting_as=acting_as,
        action=action,
        object_type=thing._meta.label_lower,
        object_id=str(thing.pk),
        about_type=about._meta.label_lower if about else "",
        about_id=str(about.pk) if about else "",
        before=dict(before or {}),
        after=dict(after or {}),
        reason=reason,
        request_id=request_id.current(),
    )


def trail_of(thing: models.Model) -> AuditQuerySet:
    """Everything that happened to a thing or to its parts, newest first."""
    label, key = thing._meta.label_lower, str(thing.pk)
    return (
        AuditEntry.objects.filter(
            Q(object_type=label, object_id=key) | Q(about_type=label, about_id=key)
        )
        .select_related("actor")
        .order_by("-at", "-pk")
    )


def done_since(
    thing: models.Model, actions: Collection[str], *, last: str
) -> AuditQuerySet:
    """Entries of these actions, later than the newest `last` one; else all of them.

    By the order in which entries were written: call it under the thing's lock
    where an action depends on it.
    """
    trail = trail_of(thing)
    newest = trail.filter(action=last).order_by("-pk").values_list("pk", flat=True)
    return trail.filter(action__in=actions, pk__gt=newest.first() or 0)
