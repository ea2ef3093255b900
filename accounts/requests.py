"""What is known of a request: who signed in, and where it came from."""

import logging

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User

log = logging.getLogger(__name__)


class SignedInRequest(HttpRequest):
    """A request whose view has `login_required`: its user is a `User`."""

    user: User


def client_address(request: HttpRequest) -> str:
    """The visitor's address; "" where it is not known.

    Behind a proxy it is what the proxy wrote. Where the proxy wrote nothing, the
    address next to us is its own: everybody would be one visitor.
    """
    if not settings.BEHIND_PROXY:
        return str(request.META.get("REMOTE_ADDR", ""))
    nearest = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if not nearest:
        log.warning(
            "The proxy does not set X-Forwarded-For: limits by address do not work. "
            "See docs/deploy.md."
        )
    return nearest
