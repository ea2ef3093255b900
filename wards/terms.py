"""What is done to the terms of councillors.

A term is from a first day until its end day, exclusive; an open end is the next
election. Who may keep them is asked of `accounts.permissions.can_keep_terms`.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import ActionRefused, audit
from accounts.models import User
from accounts.permissions import acting_as
from accounts.roles import RoleKind
from wards.models import Councillor, Ward


@transaction.atomic
def start_term(
    person: User,
    *,
    ward: Ward,
    starts: date,
    ends: date | None,
    reason: str,
    by: User,
) -> Councillor:
    """Say that a person represents a ward from one day on."""
    row = User.objects.select_for_update().get(pk=person.pk)
    if not row.roles.filter(kind=RoleKind.COUNCILLOR, ended_at=None).exists():
        raise ActionRefused(_("Give this person the role of councillor first."))
    if ends is not None and ends <= starts:
        raise ActionRefused(_("The term must end after it starts."))
    same = row.terms.of_ward(ward).filter(Q(ends=None) | Q(ends__gt=starts))
    if ends is not None:
        same = same.filter(starts__lt=ends)
    if same.exists():
        raise ActionRefused(_("This person has a term for this ward on these days."))
    term = Councillor.objects.create(user=row, ward=ward, starts=starts, ends=ends)
    audit.record(
        "term.started",
        row,
        by=by,
        acting_as=acting_as(by),
        after={"ward": ward.name, "from": starts, "until": ends},
        reason=reason,
    )
    return term


@transaction.atomic
def end_term(term: Councillor, *, ends: date, reason: str, by: User) -> Councillor:
    """Set the day on which a term ends or ended."""
    row = Councillor.objects.select_for_update().get(pk=term.pk)
    if ends <= row.starts:
        raise ActionRefused(_("The term must end after it starts."))
    before, row.ends = row.ends, ends
    row.save(update_fields=["ends"])
    audit.record(
        "term.ended",
        row.user,
        by=by,
        acting_as=acting_as(by),
        before={"ward": row.ward.name, "until": before},
        after={"until": ends},
        reason=reason,
    )
    return row
