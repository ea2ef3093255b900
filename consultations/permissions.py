"""Who may do what with a consultation (permission matrix, rows 2 to 14 and 24).

`can_…` functions say who, never when: the actions say when. The superuser has
no business powers, so the flag is never read here.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.roles import RoleKind
from consultations.models import Consultation

Person = User | AnonymousUser


def _works_on(user: Person, consultation: Consultation) -> bool:
    """An officer of its service, or the central team."""
    if isinstance(user, AnonymousUser):
        return False
    if RoleKind.CONSULTATION_APPROVER in user.role_kinds:
        return True
    return (
        RoleKind.SERVICE_OFFICER in user.role_kinds
        and consultation.service_id in user_services(user)
    )


def user_services(user: User) -> frozenset[int]:
    """The services that a person works for, asked once a request."""
    found = getattr(user, "_service_ids", None)
    if found is None:
        posts = user.service_posts.filter(ended_at=None)
        found = frozenset(posts.values_list("service_id", flat=True))
        user._service_ids = found  # type: ignore[attr-defined]
    return found


def acting_as(user: User, consultation: Consultation) -> str:
    """The role in which a person acts on a consultation, for the trail."""
    if (
        RoleKind.SERVICE_OFFICER in user.role_kinds
        and consultation.service_id in user_services(user)
    ):
        return RoleKind.SERVICE_OFFICER
    if RoleKind.CONSULTATION_APPROVER in user.role_kinds:
        return RoleKind.CONSULTATION_APPROVER
    return ""


def can_start(user: Person) -> bool:
    """Start a new consultation (row 9)."""
    if isinstance(user, AnonymousUser):
        return False
    roles = {RoleKind.SERVICE_OFFICER, RoleKind.CONSULTATION_APPROVER}
    return bool(user.role_kinds & roles)


def can_edit(user: Person, consultation: Consultation) -> bool:
    """Edit the plan, documents and questions (row 9)."""
    return _works_on(user, consultation)


def can_send_for_approval(user: Person, consultation: Consultation) -> bool:
    """Ask for approval (row 10)."""
    return _works_on(user, consultation)


def can_approve(user: Person, consultation: Consultation) -> bool:
    """Approve or return it: the central team, but never its author (row 10)."""
    if isinstance(user, AnonymousUser):
        return False
    return (
        RoleKind.CONSULTATION_APPROVER in user.role_kinds
        and consultation.created_by_id != user.pk
        and consultation.lead_officer_id != user.pk
    )


def can_run(user: Person, consultation: Consultation) -> bool:
    """Extend, close early, amend, withdraw (row 11)."""
    return _works_on(user, consultation)


def can_decide_held(user: Person, consultation: Consultation) -> bool:
    """Release or exclude held responses (row 12)."""
    return _works_on(user, consultation)


def can_read_counts(user: Person, consultation: Consultation) -> bool:
    """See counts before publication (row 6)."""
    if _works_on(user, consultation):
        return True
    return (
        not isinstance(user, AnonymousUser)
        and RoleKind.EQUALITIES_OFFICER in user.role_kinds
    )


def can_read_comments(user: Person, consultation: Consultation) -> bool:
    """Read comments before publication (row 6); equalities officers see tables only."""
    return _works_on(user, consultation)


def can_read_response(user: Person, consultation: Consultation) -> bool:
    """Read one response whole, with re-authentication and an entry (row 5)."""
    return _works_on(user, consultation)


def can_export(user: Person, consultation: Consultation) -> bool:
    """Take the responses as a file, with re-authentication and an entry (row 7)."""
    return _works_on(user, consultation)


def can_write_feedback(user: Person, consultation: Consultation) -> bool:
    """Write findings and feedback (row 13)."""
    return _works_on(user, consultation)


def can_publish(user: Person, consultation: Consultation) -> bool:
    """Confirm publication as the second person; the action knows the first (row 14)."""
    return _works_on(user, consultation)


def can_read_trail(user: Person, consultation: Consultation) -> bool:
    """Read the history (row 24)."""
    if isinstance(user, AnonymousUser):
        return False
    watchers = {RoleKind.MONITORING_OFFICER, RoleKind.ADMINISTRATOR}
    return _works_on(user, consultation) or bool(user.role_kinds & watchers)


def can_read_plan(user: Person, consultation: Consultation) -> bool:
    """Open its staff page: who works on it, and equalities officers (row 2)."""
    if _works_on(user, consultation):
        return True
    return (
        not isinstance(user, AnonymousUser)
        and RoleKind.EQUALITIES_OFFICER in user.role_kinds
    )
