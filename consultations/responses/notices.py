"""What is written to people who answer: their links, and nothing about answers.

The message's row names the draft or response only until it has gone, and its
occasion holds a keyed digest, so that no table leads from an address to a
response (T-19).
"""

from __future__ import annotations

from datetime import datetime

from django.utils.crypto import salted_hmac

from consultations.models import ContactOptIn, Draft, Response
from consultations.notices.recipients import about
from council.clock import local_day
from notices import outbox
from notices.models import Notice, NoticeQuerySet


def _occasion(thing: object, when: datetime) -> str:
    """At most once a day for one draft or response and one address."""
    digest = salted_hmac("consultations.responses.notices", str(thing)).hexdigest()
    return f"{digest[:24]} {local_day(when)}"


DRAFT_SAVED = "consultations.draft_saved"
RECEIPT_SENT = "consultations.receipt"
RESUME = {"path": "/resume/", "purpose": "draft"}
STOP_REMINDERS = {"path": "/reminders/stop/", "purpose": "stop-reminders"}
RECEIPT = {"path": "/receipt/", "purpose": "receipt"}
LOST_LINK = "consultations.lost_link"


def queue_draft_saved(draft: Draft, *, when: datetime) -> None:
    """The link to come back by, to the address that was left with the draft."""
    if not outbox.room_for(DRAFT_SAVED, draft.email):
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
    """The link and the reference of the receipt, once; the row forgets both."""
    if not outbox.room_for(RECEIPT_SENT, contact.email):
        return
    consultation = response.consultation
    outbox.queue(
        RECEIPT_SENT,
        to=contact.email,
        occasion=_occasion(response.pk, when),
        payload={
            **about(consultation, forget_subject=True),
            "response_reference": response.reference,
            "forget_payload": True,
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
    """A message for each unfinished answer and each receipt of an address.

    All the rows have the same address. Each message goes once a day, and only so
    many in an hour: the rows that come first are written about first.
    """
    links: list[tuple[Draft | Response, str, dict[str, str]]]
    links = [(draft, draft.email, RESUME) for draft in drafts]
    links += [(contact.response, contact.email, RECEIPT) for contact in contacts]
    room = outbox.room_for(LOST_LINK, links[0][1]) if links else 0
    for opens, address, link in links:
        if room:
            room -= _queue_lost_link(opens, address, link, when=when)
    outbox.ring()


def _queue_lost_link(
    opens: Draft | Response, address: str, link: dict[str, str], *, when: datetime
) -> bool:
    """Put the message into the outbox; False if it has gone today already."""
    return outbox.queue(
        LOST_LINK,
        to=address,
        occasion=_occasion(opens.pk, when),
        payload={
            **about(opens.consultation, forget_subject=True),
            "is_draft": link is RESUME,
            "links": {"open": link},
        },
        language=opens.language,
        subject_id=opens.pk,
        subject_generation=opens.generation,
        about=opens.consultation,
    )


def forget_draft(draft: Draft, kinds: tuple[str, ...] = ()) -> None:
    """Keep messages with a link to a draft from being sent, and drop the tie."""
    waiting = Notice.objects.waiting().opening(draft.pk, resume="draft", open="draft")
    if kinds:
        waiting = waiting.filter(kind__in=kinds)
    _forget(waiting)


def forget_response(response: Response) -> None:
    """The same for a response: its receipt, and what its contact is to be told."""
    opens = {"receipt": "receipt", "open": "receipt", "stop": "contact"}
    _forget(Notice.objects.waiting().opening(response.pk, **opens))


def _forget(waiting: NoticeQuerySet) -> None:
    waiting.update(
        status=Notice.Status.CANCELLED, recipient="", subject_id="", payload={}
    )
