"""How allauth behaves here: nobody signs up; people come by invitation."""

from django.http import HttpRequest

from notices.adapters import OutboxMail


class AccountAdapter(OutboxMail):
    """Closed sign-up. Mail goes through the outbox, like everybody's."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
