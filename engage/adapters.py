"""How allauth behaves here: nobody signs up; people come by invitation."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core import context as current
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from accounts.requests import client_address
from notices import outbox
from notices.adapters import ACCOUNT_MAIL, OutboxMail


class AccountAdapter(OutboxMail):
    """Closed sign-up, and mail through the outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_password_reset_mail(
        self, user: User, email: str, context: dict[str, Any]
    ) -> None:
        """Nothing for who has not joined: a reset never revives an invitation (T-16).

        Nor for who has just had several. The page says the same either way, and
        the work is the same, too (SEC-6): the message is made, and then taken back.
        """
        room = outbox.room_for(ACCOUNT_MAIL, email)
        may = user.joined_at is not None and room > 0
        with transaction.atomic():
            super().send_password_reset_mail(user, email, context)
            transaction.set_rollback(not may)
        if not may:
            outbox.ring()

    def get_client_ip(self, request: HttpRequest) -> str:
        """The visitor's; the proxy's own, with a warning, where it names none.

        Signing in is then still limited, for everybody together.
        """
        client_address(request)
        return str(super().get_client_ip(request))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has just signed in has just said who they are.

        allauth counts only what was given again after signing in, so that the
        first guarded page would ask at once for what was typed a moment ago.
        """
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        return not _signed_in_just_now(current.request)


def _signed_in_just_now(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records), default=0.0)
    return bool(time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
