"""The service navigation: the public's links, or the staff's own when signed in."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts import permissions as people
from accounts.doors import STAFF
from accounts.models import User
from council import permissions as council
from notices import permissions as outbox


@dataclass(frozen=True)
class Link:
    """One entry of the navigation."""

    label: str
    url: str
    active: bool = False


def navigation(request: HttpRequest) -> dict[str, object]:
    """Costs nothing for the public, and the person's roles for staff."""
    user = getattr(request, "user", None)
    if isinstance(user, User) and user.role_kinds & STAFF:
        routes = _of_staff(user)
    else:
        routes = [
            (_("Consultations"), "consultations:list"),
            (_("What we did"), "consultations:what_we_did"),
            (_("Your ward"), "engage:find_ward"),
        ]
    links = [(label, _address(route)) for label, route in routes]
    here = max(
        (url for _label, url in links if url and request.path.startswith(url)),
        key=len,
        default="",
    )
    return {
        "navigation": [Link(label, url, url == here) for label, url in links if url]
    }


def _of_staff(user: User) -> list[tuple[str, str]]:
    """What this person may open; the pages ask again."""
    routes = [
        (_("Your work"), "consultations:your_work"),
        (_("Consultations"), "consultations:staff_list"),
    ]
    if outbox.can_open_outbox(user):
        routes.append((_("Messages"), "notices:outbox"))
    if people.can_open_people(user):
        routes.append((_("People"), "engage:people"))
    if council.can_change_settings(user):
        routes.append((_("Council"), "engage:council_settings"))
    routes.append((_("Your account"), "engage:account"))
    return routes


def _address(route: str) -> str:
    """A deployment may leave a page out; its link goes with it."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
