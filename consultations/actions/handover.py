"""Handing the work of one officer to a colleague."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts import ActionRefused, audit
from accounts.models import Role, User
from accounts.permissions import acting_as
from accounts.roles import RoleKind
from consultations.models import Consultation, ConsultationQuerySet, Status
from portfolios.models import ServiceOfficer

FINISHED = (Status.WITHDRAWN, Status.ABANDONED, Status.ARCHIVED)


def work_of(person: User) -> ConsultationQuerySet:
    """The consultations that a person leads and that are not finished."""
    return (
        Consultation.objects.filter(lead_officer=person)
        .exclude(status__in=FINISHED)
        .select_related("service")
        .order_by("title", "pk")
    )


@transaction.atomic
def hand_over_all(person: User, *, to: User, reason: str, by: User) -> int:
    """Make a colleague the lead officer of all of a person's work; returns how many.

    The colleague must already work for each of the services: handing over gives
    work, never powers.
    """
    if to.pk == person.pk:
        raise ActionRefused(_("Choose somebody else."))
    if not to.is_active:
        raise ActionRefused(_("This person cannot sign in."))
    rows = list(work_of(person).select_for_update(of=("self",)).order_by("pk"))
    if not rows:
        raise ActionRefused(_("This person leads no consultation now."))
    _refuse_a_stranger(rows, to)
    for row in rows:
        row.lead_officer = to
        row.save(update_fields=["lead_officer"])
        audit.record(
            "consultation.handed_over",
            row,
            by=by,
            acting_as=acting_as(by),
            before={"lead_officer": person.full_name},
            after={"lead_officer": to.full_name},
            reason=reason,
            about=person,
        )
    return len(rows)


def _refuse_a_stranger(rows: list[Consultation], to: User) -> None:
    kinds = set(
        Role.objects.filter(user=to, ended_at=None).values_list("kind", flat=True)
    )
    if RoleKind.CONSULTATION_APPROVER in kinds:
        return
    posts = ServiceOfficer.objects.filter(user=to, ended_at=None)
    theirs = set(posts.values_list("service_id", flat=True))
    if RoleKind.SERVICE_OFFICER not in kinds:
        theirs = set()
    missing = sorted({row.service.name for row in rows if row.service_id not in theirs})
    if missing:
        raise ActionRefused(
            _("%(name)s does not work for %(services)s. Add that service first.")
            % {"name": to.full_name, "services": get_text_list(missing, _("or"))}
        )
