"""Reading the mail that the embedded default writes to files instead of sending."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

# How Django's file backend ends a message.
_END = b"\n" + b"-" * 79 + b"\n"
NEWEST_FILES = 500
_BACKEND = "django.core.mail.backends.filebased.EmailBackend"


@dataclass(frozen=True)
class Mail:
    """One message, as a reader sees its text part."""

    to: str
    subject: str
    date: str
    text: str


def are_kept() -> bool:
    """Whether mail is written to files: the embedded default, on one machine."""
    return not settings.PRODUCTION and _BACKEND == settings.EMAIL_BACKEND


def newest_first(folder: Path) -> list[bytes]:
    """Return the messages of the newest files, unread."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.name, reverse=True)
    found: list[bytes] = []
    for file in files[:NEWEST_FILES]:
        messages = [part for part in file.read_bytes().split(_END) if part.strip()]
        found += reversed(messages)
    return found


def read(raw: bytes) -> Mail:
    """Return what one message says."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("plain",))
    return Mail(
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        date=str(message["Date"] or ""),
        text=body.get_content() if body else "",
    )
