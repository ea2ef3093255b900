"""What a notice says: rendered in the reader's language, when it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.utils.translation import get_language_bidi, override

from accounts.secret_links import make_token
from council.models import Council
from notices.models import Notice


def letter(notice: Notice, council: Council) -> EmailMultiAlternatives:
    """Return the message of a notice, both parts, ready to be sent.

    Addresses in it begin with the configured one, never with a Host header (T-23).
    """
    with override(notice.language):
        context = _context(notice, council)
        subject = " ".join(_render(notice.kind, "subject.txt", context).split())
        context["subject"] = subject
        text = _render(notice.kind, "txt", context)
        html = _render(notice.kind, "html", context)
    message = EmailMultiAlternatives(
        subject=subject,
        body=text.strip() + "\n",
        from_email=_sender(council),
        to=[notice.recipient],
        reply_to=[notice.payload.get("reply_to") or council.email],
        headers=_headers(notice, context["links"]),
    )
    message.attach_alternative(html, "text/html")
    return message


def message_id(notice: Notice) -> str:
    """Return the same id for the same row, so that a repeat can be recognised."""
    key = f"{notice.kind}\x1f{notice.recipient_key}\x1f{notice.occasion}".encode()
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{hashlib.sha256(key).hexdigest()[:40]}@{domain or 'localhost'}>"


def _context(notice: Notice, council: Council) -> dict[str, Any]:
    payload: dict[str, Any] = notice.payload
    return {
        **payload,
        "links": {
            name: _link(notice, link) for name, link in payload.get("links", {}).items()
        },
        "pages": {
            name: settings.BASE_URL + path
            for name, path in payload.get("pages", {}).items()
        },
        "council": council,
        "base_url": settings.BASE_URL,
        "language": notice.language,
        "direction": "rtl" if get_language_bidi() else "ltr",
    }


def _link(notice: Notice, link: Mapping[str, str]) -> str:
    token = make_token(link["purpose"], notice.subject_id, notice.subject_generation)
    return f"{settings.BASE_URL}{link['path']}{token}/"


def _headers(notice: Notice, links: Mapping[str, str]) -> dict[str, str]:
    headers = {"Message-ID": message_id(notice), "Auto-Submitted": "auto-generated"}
    if "stop" in links:
        headers["List-Unsubscribe"] = f"<{links['stop']}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _sender(council: Council) -> str:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or f"{council.name} {council.service_name}", address))


def _render(kind: str, part: str, context: dict[str, Any]) -> str:
    app, _dot, name = kind.partition(".")
    template = Engine.get_default().get_template(f"{app}/email/{name}.{part}")
    # A text is not HTML: "&" stays "&" in it.
    text: str = template.render(Context(context, autoescape=part == "html"))
    return text
