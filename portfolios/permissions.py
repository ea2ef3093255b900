"""Who may say which services a person works for (permission matrix, row 26)."""

from __future__ import annotations

from accounts.models import User
from accounts.roles import RoleKind


def can_place_officers(user: User) -> bool:
    """Administrators say it; the directory of services comes with its own rule."""
    return RoleKind.ADMINISTRATOR in user.role_kinds


def can_keep_services(user: User) -> bool:
    """Add services and change their contacts."""
    return RoleKind.ADMINISTRATOR in user.role_kinds
