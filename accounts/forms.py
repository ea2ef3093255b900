"""Signing in: allauth's forms in our words. What they do is as allauth has it."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django.utils.translation import gettext_lazy as _

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
