"""Who may look after people, their roles and deputies (permission matrix, row 26).

The superuser has no business powers, so the flag is never read here.
"""

from __future__ import annotations

from accounts.models import User
from accounts.roles import RoleKind


def can_manage_people(user: User) -> bool:
    """Invite people, give and end roles, switch sign-in off, hand work over."""
    return RoleKind.ADMINISTRATOR in user.role_kinds


def can_keep_terms(user: User) -> bool:
    """Enter the terms of councillors."""
    keepers = {RoleKind.ADMINISTRATOR, RoleKind.DEMOCRATIC_SERVICES}
    return bool(user.role_kinds & keepers)


def can_open_people(user: User) -> bool:
    """Open the list of people; whom it shows is `User.objects.visible_to`."""
    return can_keep_terms(user)


def can_name_deputy(user: User, approver: User) -> bool:
    """An approver names their own deputy, an administrator anybody's."""
    return user.pk == approver.pk or can_manage_people(user)


def can_read_trail_of_people(user: User) -> bool:
    """Read what was done to people's accounts and roles (row 24)."""
    readers = {RoleKind.ADMINISTRATOR, RoleKind.MONITORING_OFFICER}
    return bool(user.role_kinds & readers)


def acting_as(user: User) -> str:
    """The role in which a person looks after people, for the trail."""
    for role in (
        RoleKind.ADMINISTRATOR,
        RoleKind.DEMOCRATIC_SERVICES,
        RoleKind.CONSULTATION_APPROVER,
    ):
        if role in user.role_kinds:
            return role
    return ""
