"""Writing and reading the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.apps import apps
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


# The first of these columns that a model has is how people call its rows. No other
# is read: an entry never shows more of a row than its name.
NAMES = ("full_name", "title", "name")


def with_names(entries: Iterable[AuditEntry]) -> list[AuditEntry]:
    """Entries with `names`: of the thing, and of what it is about.

    One query for each kind of thing; what is gone, or has no name, has none.
    """
    found = list(entries)
    wanted: dict[str, set[str]] = {}
    for entry in found:
        for label, key in _things(entry):
            wanted.setdefault(label, set()).add(key)
    names = {label: _names(label, keys) for label, keys in wanted.items()}
    for entry in found:
        each = [names[label].get(key) for label, key in _things(entry)]
        entry.names = [name for name in each if name]  # type: ignore[attr-defined]
    return found


def _things(entry: AuditEntry) -> list[tuple[str, str]]:
    things = [(entry.object_type, entry.object_id)]
    if entry.about_type:
        things.append((entry.about_type, entry.about_id))
    return things


def _names(label: str, keys: set[str]) -> dict[str, str]:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return {}
    columns = {field.name for field in model._meta.concrete_fields}
    column = next((name for name in NAMES if name in columns), None)
    if column is None:
        return {}
    rows = model._default_manager.filter(pk__in=keys).values_list("pk", column)
    return {str(pk): str(name) for pk, name in rows}
