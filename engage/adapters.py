"""How allauth behaves here: nobody signs up; people come by invitation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.models import User
from notices.adapters import OutboxMail


class AccountAdapter(OutboxMail):
    """Closed sign-up, and mail through the outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_password_reset_mail(
        self, user: User, email: str, context: dict[str, Any]
    ) -> None:
        """Nothing for who has not joined: a reset never revives an invitation (T-16).

        The page says the same either way.
        """
        if user.joined_at is not None:
            super().send_password_reset_mail(user, email, context)
