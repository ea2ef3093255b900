"""The mail of signing in (allauth's), through the outbox like all other mail."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from council.models import Council
from notices import outbox

ACCOUNT_MAIL = "notices.account_mail"


class OutboxMail(DefaultAccountAdapter):
    """Queues what allauth has to say, instead of sending it in the request.

    The text is written at once, as only allauth knows the link in it; the row
    forgets it as soon as the message has gone.
    """

    @transaction.atomic
    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        request = current.request
        said = {
            "request": request,
            "email": email,
            "council": Council.objects.current(),
            **_with_our_address(context, request.build_absolute_uri("/")),
        }
        subject = render_to_string(f"{template_prefix}_subject.txt", said)
        outbox.queue(
            ACCOUNT_MAIL,
            to=email,
            occasion=f"{template_prefix.rpartition('/')[2]}:{uuid.uuid4().hex}",
            payload={
                "subject_line": " ".join(subject.split()),
                "text": render_to_string(f"{template_prefix}_message.txt", said),
                "forget_payload": True,
            },
            language=get_language() or settings.LANGUAGE_CODE,
            expires_at=timezone.now()
            + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        )
        outbox.ring()


def _with_our_address(context: dict[str, Any], asked_at: str) -> dict[str, Any]:
    """Links begin with the configured address, whatever Host was sent (T-23)."""
    return {
        name: f"{settings.BASE_URL}/{value.removeprefix(asked_at)}"
        if isinstance(value, str) and value.startswith(asked_at)
        else value
        for name, value in context.items()
    }
