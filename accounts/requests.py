"""The type of a request behind a login."""

from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request whose view has `login_required`: its user is a `User`."""

    user: User
