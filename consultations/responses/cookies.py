"""The cookies that hold a secret link's token on a person's own device.

`draft-<consultation>` and `receipt-<consultation>`. A token never stays in an
address: opening a link moves it here. "Finish on this device" removes both.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.secret_links import make_token, opens, row_of
from consultations.models import Consultation, Draft, Response
from council.models import Council

LARGEST_KEY = 2**63 - 1
MOST_DRAFTS = 100
# What answering and sending need, and no more: this is asked on every page of them.
# The document is large, and mostly known already (`frozen.questionnaire`).
_LIGHT = (
    Draft.objects.select_related("version", "consultation")
    .prefetch_related("consultation__windows")
    .only(
        *(field.name for field in Draft._meta.concrete_fields),
        "version__frozen_at",
        "consultation__reference",
        "consultation__title",
        "consultation__slug",
        "consultation__status",
        "consultation__summary",
        "consultation__feedback_due",
        "consultation__contact_name",
        "consultation__contact_email",
        "consultation__contact_phone",
        "consultation__privacy_notice",
    )
)


def draft_of_token(token: str, purpose: str = "draft") -> Draft | None:
    """Return the draft that a token opens, or None."""
    drafts = Draft.objects.select_related("version", "consultation")
    return _draft(drafts, token, purpose)


def _draft(drafts: QuerySet[Draft], token: str, purpose: str) -> Draft | None:
    key = _draft_key(token)
    draft = drafts.filter(pk=key).first() if key else None
    if draft and opens(token, purpose, draft.pk, draft.generation):
        return draft
    return None


def _draft_key(token: str) -> uuid.UUID | None:
    """Return the key of the draft that a token speaks of, unchecked, or None."""
    try:
        return uuid.UUID(row_of(token) or "")
    except ValueError:
        return None


def response_of_token(token: str) -> Response | None:
    """Return the response whose receipt a token opens, or None."""
    row = row_of(token) or ""
    if not row.isdecimal() or int(row) > LARGEST_KEY:
        return None
    response = (
        Response.objects.filter(pk=int(row))
        .select_related("version", "consultation")
        .first()
    )
    if response and opens(token, "receipt", response.pk, response.generation):
        return response
    return None


def draft_on_device(request: HttpRequest, consultation: Consultation) -> Draft | None:
    """Return this device's draft for a consultation, or None."""
    token = request.COOKIES.get(_name("draft", consultation.pk), "")
    draft = _draft(_LIGHT, token, "draft") if token else None
    if draft is None or draft.consultation_id != consultation.pk:
        return None
    draft.consultation = consultation
    return draft


def draft_at(request: HttpRequest, slug: str) -> Draft | None:
    """Return this device's draft for the consultation of an address, or None.

    One question to the database, however many consultations a device has answered.
    """
    start = _name("draft", "")
    tokens = {k: v for k, v in request.COOKIES.items() if k.startswith(start)}
    keys = [key for token in tokens.values() if (key := _draft_key(token))]
    for draft in _LIGHT.filter(pk__in=keys[:MOST_DRAFTS], consultation__slug=slug):
        token = tokens.get(_name("draft", draft.consultation_id), "")
        if opens(token, "draft", draft.pk, draft.generation):
            return draft
    return None


def response_on_device(
    request: HttpRequest, consultation: Consultation
) -> Response | None:
    """Return the response whose receipt is on this device, or None."""
    token = request.COOKIES.get(_name("receipt", consultation.pk), "")
    response = response_of_token(token) if token else None
    if response is None or response.consultation_id != consultation.pk:
        return None
    response.consultation = consultation
    return response


def draft_token(draft: Draft) -> str:
    """Return the token of a draft's link."""
    return make_token("draft", draft.pk, draft.generation)


def receipt_token(response: Response) -> str:
    """Return the token of a receipt's link."""
    return make_token("receipt", response.pk, response.generation)


def remember_draft(
    answer: HttpResponse, draft: Draft, council: Council, when: datetime
) -> None:
    """Keep the draft on this device."""
    until = _until(draft.consultation, council, when)
    _set(answer, "draft", draft.consultation, draft_token(draft), until)


def remember_receipt(
    answer: HttpResponse, response: Response, council: Council, when: datetime
) -> None:
    """Keep the receipt on this device."""
    until = _until(response.consultation, council, when)
    _set(answer, "receipt", response.consultation, receipt_token(response), until)


def _until(consultation: Consultation, council: Council, when: datetime) -> datetime:
    """Return when a device forgets: as unfinished answers are deleted here."""
    ends = consultation.closes_at() or when
    return max(ends, when) + timedelta(days=council.draft_days)


def forget_all(answer: HttpResponse, consultation: Consultation) -> None:
    """Leave nothing of this consultation on the device."""
    for kind in ("draft", "receipt"):
        forget(answer, kind, consultation)


def forget(answer: HttpResponse, kind: str, consultation: Consultation) -> None:
    """Remove one cookie, in the way it was set: `__Host-` asks for Secure."""
    answer.set_cookie(_name(kind, consultation.pk), "", max_age=0, **_FLAGS)


def _name(kind: str, consultation: object) -> str:
    return f"{settings.COOKIE_PREFIX}{kind}-{consultation}"


_FLAGS = {
    "path": "/",
    "httponly": True,
    "samesite": "Lax",
    "secure": settings.SECURE,
}


def _set(
    answer: HttpResponse,
    kind: str,
    consultation: Consultation,
    token: str,
    until: datetime,
) -> None:
    answer.set_cookie(_name(kind, consultation.pk), token, expires=until, **_FLAGS)
