"""Signing in: allauth's forms in our words. What they do is as allauth has it."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User

EMAIL = _("Email address")


class SignInForm(LoginForm):
    """Address and password; the page itself leads to a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = EMAIL
        self.fields["password"].help_text = ""


class NewPasswordForm(ResetPasswordForm):
    """Where the link to choose a new password goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = EMAIL

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """For an address nobody has, go the same way as for somebody who has not
        joined: the time that it takes must not tell who exists (SEC-6)."""
        self.users: list[User] = self.users or [User(pk=0, password="")]
        return str(super().save(request, **kwargs))
