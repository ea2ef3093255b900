"""Whether the portal is ready to serve, and how its parts are (matrix row 30).

Alive is the process alone. Ready is: the database answers, every migration is
applied, no due message has waited for long, and beat and a worker were heard of
lately, through the whole chain: beat rings, a worker writes the row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from design.formats import number
from notices.models import Heartbeat, Notice

OLDEST_NOTICE = timedelta(minutes=5)
OLDEST_BEAT = timedelta(minutes=3)


@dataclass(frozen=True)
class Part:
    """One part of the portal and how it is."""

    name: str
    is_well: bool
    said: str


class _Migrations:
    """Once all are applied they stay so for this process: its code does not change."""

    applied = False

    @classmethod
    def are_applied(cls) -> bool:
        if not cls.applied:
            executor = MigrationExecutor(connection)
            targets = executor.loader.graph.leaf_nodes()
            cls.applied = not executor.migration_plan(targets)
        return cls.applied


def is_ready(when: datetime) -> bool:
    """Whether every part is well."""
    return all(part.is_well for part in parts(when))


def parts(when: datetime) -> list[Part]:
    """Every part, the database first; without it nothing else can be asked."""
    try:
        applied = _Migrations.are_applied()
        if not applied:
            return [
                Part(_("Database"), is_well=True, said=_("It answers.")),
                Part(
                    _("Migrations"), is_well=False, said=_("Some are not applied yet.")
                ),
            ]
        return [
            Part(_("Database"), is_well=True, said=_("It answers.")),
            Part(_("Migrations"), is_well=True, said=_("All are applied.")),
            _outbox(when),
            _process(_("Beat"), "beat", when),
            _process(_("Worker"), "worker", when),
        ]
    except DatabaseError:
        return [Part(_("Database"), is_well=False, said=_("It does not answer."))]


def _outbox(when: datetime) -> Part:
    oldest = Notice.objects.due(when).values_list("due_at", flat=True).first()
    if oldest is None:
        return Part(_("Outbox"), is_well=True, said=_("Nothing waits."))
    age = when - oldest
    return Part(
        _("Outbox"),
        is_well=age < OLDEST_NOTICE,
        said=_("The oldest message has waited for %(age)s.") % {"age": _ago(age)},
    )


def _process(label: str, name: str, when: datetime) -> Part:
    seconds = Heartbeat.objects.age(name, when)
    if seconds is None:
        return Part(label, is_well=False, said=_("It was never heard of."))
    age = timedelta(seconds=seconds)
    return Part(
        label,
        is_well=age < OLDEST_BEAT,
        said=_("Last heard of %(age)s ago.") % {"age": _ago(age)},
    )


def _ago(age: timedelta) -> str:
    seconds = max(int(age.total_seconds()), 0)
    if seconds < 120:
        return _("%(count)s seconds") % {"count": seconds}
    return _("%(count)s minutes") % {"count": number(seconds // 60)}
