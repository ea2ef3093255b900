"""What is written to people who answer: their links, and nothing about answers.

The message's row names the draft or response only until it has gone, and its
occasion holds a keyed digest, so that no table leads from an address to a
response (T-19).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from accounts.secret_links import address_key
from consultations.models import ContactOptIn, Draft, Response
from consultations.notices.recipients import about
from council.clock import local_day
from notices import outbox
from notices.models import Notice


def _occasion(thing: object, when: datetime) -> str:
    """At most once a day for one draft or response and one address."""
    digest = salted_hmac("consultations.responses.notices", str(thing)).hexdigest()
    return f"{digest[:24]} {local_day(when)}"


DRAFT_SAVED = "consultations.draft_saved"
RECEIPT_SENT = "consultations.receipt"
RESUME = {"path": "/resume/", "purpose": "draft"}
STOP_REMINDERS = {"path": "/reminders/stop/", "purpose": "stop-reminders"}
RECEIPT = {"path": "/receipt/", "purpose": "receipt"}
# Anybody can type anybody's address: so many messages of a kind it gets in an hour.
MOST_PER_HOUR = 5


def _has_had_enough(kind: str, address: str, when: datetime) -> bool:
    """Whether an address has just been sent as much of a kind as it should be.

    Whoever typed it is told nothing of this: the page says the same either way.
    """
    lately = Notice.objects.filter(
        kind=kind,
        recipient_key=address_key(address),
        created_at__gt=when - timedelta(hours=1),
    )
    return lately.count() >= MOST_PER_HOUR


def queue_draft_saved(draft: Draft, *, when: datetime) -> None:
    """The link to come back by, to the address that was left with the draft."""
    if _has_had_enough(DRAFT_SAVED, draft.email, when):
        return
    outbox.queue(
        DRAFT_SAVED,
        to=draft.email,
        occasion=_occasion(draft.pk, when),
        payload={
            **about(draft.consultation, forget_subject=True),
            "links": {"resume": RESUME, "stop_reminders": STOP_REMINDERS},
        },
        language=draft.language,
        subject_id=draft.pk,
        subject_generation=draft.generation,
        about=draft.consultation,
    )
    outbox.ring()


def queue_receipt(contact: ContactOptIn, response: Response, *, when: datetime) -> None:
    """The link of the receipt, once."""
    if _has_had_enough(RECEIPT_SENT, contact.email, when):
        return
    consultation = response.consultation
    outbox.queue(
        RECEIPT_SENT,
        to=contact.email,
        occasion=_occasion(response.pk, when),
        payload={
            **about(consultation, forget_subject=True),
            "wants_feedback": contact.wants_feedback,
            "links": {"receipt": RECEIPT},
        },
        language=contact.language,
        subject_id=response.pk,
        subject_generation=response.generation,
        about=consultation,
    )
    outbox.ring()


def queue_lost_links(
    drafts: list[Draft], contacts: list[ContactOptIn], *, when: datetime
) -> None:
    """A message for each unfinished answer and each receipt of an address."""
    for draft in drafts:
        outbox.queue(
            "consultations.lost_link",
            to=draft.email,
            occasion=_occasion(draft.pk, when),
            payload={
                **about(draft.consultation, forget_subject=True),
                "is_draft": True,
                "links": {"open": RESUME},
            },
            language=draft.language,
            subject_id=draft.pk,
            subject_generation=draft.generation,
            about=draft.consultation,
        )
    for contact in contacts:
        outbox.queue(
            "consultations.lost_link",
            to=contact.email,
            occasion=_occasion(contact.response_id, when),
            payload={
                **about(contact.consultation, forget_subject=True),
                "is_draft": False,
                "links": {"open": RECEIPT},
            },
            language=contact.language,
            subject_id=contact.response_id,
            subject_generation=contact.response.generation,
            about=contact.consultation,
        )
    if drafts or contacts:
        outbox.ring()


def forget(subject: object, kinds: tuple[str, ...] = ()) -> None:
    """Keep messages about a draft or response from being sent, and drop the tie."""
    waiting = Notice.objects.waiting().filter(subject_id=str(subject))
    if kinds:
        waiting = waiting.filter(kind__in=kinds)
    waiting.update(
        status=Notice.Status.CANCELLED, recipient="", subject_id="", payload={}
    )
