"""The door of staff pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.roles import RoleKind

View = TypeVar("View", bound=Callable[..., HttpResponse])

STAFF = frozenset(set(RoleKind.values) - {RoleKind.GROUP_MEMBER})


def staff_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for people who hold some role now: others sign in, or get 403.

    Marks the view for `StaffGateMiddleware`. What a role may do is asked of
    `permissions.py`, in the view.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.role_kinds & STAFF:  # type: ignore[union-attr]
            raise PermissionDenied
        return view(request, *args, **kwargs)

    door = login_required(guarded)
    door.for_staff = True  # type: ignore[attr-defined]
    return door
