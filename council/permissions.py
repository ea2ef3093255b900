"""Who may change settings, brand and texts of the council (matrix row 34)."""

from __future__ import annotations

from accounts.models import User
from accounts.roles import RoleKind


def can_change_settings(user: User) -> bool:
    """Administrators, and nobody else: not even the superuser."""
    return RoleKind.ADMINISTRATOR in user.role_kinds


def can_see_health(user: User) -> bool:
    """See how the portal's parts are (row 30)."""
    return RoleKind.ADMINISTRATOR in user.role_kinds
