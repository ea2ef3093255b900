"""The service navigation: the public's links, or the staff's own when signed in."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import permissions as people
from accounts.doors import STAFF
from accounts.models import User
from council import permissions as council
from council.context_processors import current_council
from council.models import Council
from notices import mail_files
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
        links = _linked(_of_staff(user, current_council(request)))
    else:
        links = _of_public(get_language())
    here = max(
        (url for _label, url in links if request.path.startswith(url)),
        key=len,
        default="",
    )
    match = request.resolver_match
    return {
        "navigation": [Link(label, url, url == here) for label, url in links],
        # Where staff work, the help for residents would only be in the way.
        "is_staff_page": bool(match and getattr(match.func, "for_staff", False)),
    }


@lru_cache
def _of_public(_language: str | None) -> list[tuple[str, str]]:
    """The same on every page: put together once for each language."""
    return _linked(
        [
            (_("Consultations"), "consultations:list"),
            (_("What we did"), "consultations:what_we_did"),
            (_("Your ward"), "engage:find_ward"),
        ]
    )


def _of_staff(user: User, our: Council) -> list[tuple[str, str]]:
    """What this person may open; the pages ask again."""
    routes = [
        (_("Your work"), "consultations:your_work"),
        (_("Consultations"), "consultations:staff_list"),
    ]
    if outbox.can_open_outbox(user):
        routes.append((_("Messages"), "notices:outbox"))
    if mail_files.are_kept() and outbox.can_read_mail_files(
        user, is_demonstration=our.is_demonstration
    ):
        routes.append((_("Emails in files"), "notices:mail"))
    if people.can_open_people(user):
        routes.append((_("People"), "engage:people"))
    if council.can_change_settings(user):
        routes.append((_("Council"), "engage:council_settings"))
    routes.append((_("Your account"), "engage:account"))
    return routes


def _linked(routes: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Labels with addresses; a page that a deployment leaves out has no link."""
    found = []
    for label, route in routes:
        with suppress(NoReverseMatch):
            found.append((label, reverse(route)))
    return found
