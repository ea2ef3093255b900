"""Who may look into the outbox and act on it (permission matrix, row 29)."""

from __future__ import annotations

from accounts.models import User
from accounts.roles import RoleKind

SEES_ALL = (RoleKind.CONSULTATION_APPROVER, RoleKind.ADMINISTRATOR)


def sees_whole_outbox(user: User) -> bool:
    """The central team and administrators see every message."""
    return bool(user.role_kinds & set(SEES_ALL))


def can_open_outbox(user: User) -> bool:
    """Service officers too, for what their own services' consultations send."""
    return sees_whole_outbox(user) or RoleKind.SERVICE_OFFICER in user.role_kinds


def can_read_mail_files(user: User, *, is_demonstration: bool) -> bool:
    """Mail kept in files: administrators; in a demonstration, all staff."""
    return is_demonstration or RoleKind.ADMINISTRATOR in user.role_kinds


def acting_as(user: User) -> str:
    """The role in which a person acts on the outbox, for the trail."""
    for role in (*SEES_ALL, RoleKind.SERVICE_OFFICER):
        if role in user.role_kinds:
            return role
    return ""
