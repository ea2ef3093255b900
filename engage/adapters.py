"""How allauth behaves here: nobody signs up; people come by invitation."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up. Mail reaches the outbox in `notices.adapters`, from which
    the settings' adapter takes it."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
