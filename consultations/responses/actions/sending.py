"""Sending a draft: once, however often it is tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.refusals import ActionRefused
from accounts.secret_links import address_key
from consultations.models import ContactOptIn, Draft, Response
from consultations.notices.recipients import no_more_reminders
from consultations.questionnaire.document import Page
from consultations.questionnaire.routing import keep_shown
from consultations.responses import answers as answer_rules
from consultations.responses import frozen, notices, traces, writer
from consultations.responses.timing import (
    AlreadySent,
    Closed,
    as_it_stands,
    closed_sentence,
    is_late,
)
from council.clock import local_day

SOURCE = "online"


@dataclass(frozen=True)
class Contact:
    """Where to write to, and what about (GDPR-04)."""

    email: str
    wants_receipt: bool
    wants_feedback: bool


class Incomplete(ActionRefused):
    """Answers that must be given are missing: on these pages."""

    def __init__(self, pages: list[Page]) -> None:
        super().__init__(_("Some questions that need an answer have none."))
        self.pages = pages


def sent_response(draft: Draft) -> Response | None:
    """Return the response that a draft became, or None."""
    return (
        Response.objects.filter(
            consultation=draft.consultation_id, source=SOURCE, source_key=str(draft.pk)
        )
        .select_related("version")
        .first()
    )


def send(
    draft: Draft,
    *,
    when: datetime,
    grace_minutes: int,
    marks: traces.Traces | None = None,
    contact: Contact | None = None,
) -> Response:
    """Turn a draft into a response, or into the changed answers of its response.

    The draft is the key: sent twice, by two tabs, a double click or a retry, it
    gives one response and the same reference (T-01). Raises Closed after the
    grace, Incomplete where a required answer is missing, ActionRefused else: also
    where nothing at all was answered.
    """
    try:
        with transaction.atomic():
            return _send(draft, when, grace_minutes, marks, contact)
    except IntegrityError:
        # Another process was first, and the unique key said so; or, once in a
        # very long while, two references were alike and a second try mends it.
        if stored := sent_response(draft):
            return stored
        with transaction.atomic():
            return _send(draft, when, grace_minutes, marks, contact)


def _send(
    draft: Draft,
    when: datetime,
    grace_minutes: int,
    marks: traces.Traces | None,
    contact: Contact | None,
) -> Response:
    consultation, stands = draft.consultation, as_it_stands(draft.consultation)
    locked = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if locked.is_sent:
        if stored := sent_response(locked):
            return stored
        raise AlreadySent(_("We already have this response."))
    late = is_late(
        stands, started_at=locked.started_at, when=when, grace_minutes=grace_minutes
    )
    if late and stands.releases.exists():
        # Its figures would lack this one, and its receipt could not tell.
        raise Closed(closed_sentence(stands, when))
    questionnaire = frozen.questionnaire(draft.version)
    if pages := answer_rules.missing(questionnaire, locked.answers):
        raise Incomplete(pages)
    if not keep_shown(questionnaire, locked.answers):
        raise ActionRefused(_("Answer at least one question before you send"))
    locked.consultation, locked.version = consultation, draft.version
    if locked.changes_id is not None:
        response = _rewrite(locked, late=late)
    else:
        response = _write(locked, when, marks, late=late)
    _keep_contact(locked, response, contact, when)
    empty(locked)
    return response


def _write(
    draft: Draft, when: datetime, marks: traces.Traces | None, *, late: bool
) -> Response:
    signal, held_because = None, ""
    if marks is not None:
        signal = traces.signal_of(
            draft.consultation, marks, started_at=draft.started_at, when=when
        )
        shown = keep_shown(frozen.questionnaire(draft.version), draft.answers)
        body = answer_rules.digest(shown)
        held_because = traces.suspicion(marks, signal, body)
    response = writer.write(
        draft.consultation,
        draft.version,
        answers=draft.answers,
        source=SOURCE,
        source_key=str(draft.pk),
        channel=Response.Channel.ONLINE,
        received_on=local_day(when),
        language=draft.language,
        is_late=late,
        status=Response.Status.HELD if held_because else Response.Status.SENT,
        held_because=held_because,
    )
    if signal is not None:
        signal.response = response
        signal.save(force_insert=True)
    return response


def _rewrite(draft: Draft, *, late: bool) -> Response:
    """Give the response that this draft changes its new answers."""
    stored = (
        Response.objects.select_for_update(of=("self",))
        .select_related("version")
        .get(pk=draft.changes_id or 0)
    )
    if stored.status in (Response.Status.WITHDRAWN, Response.Status.SUPERSEDED):
        raise ActionRefused(_("This response was withdrawn and cannot be changed."))
    return writer.write(
        draft.consultation,
        draft.version,
        answers=draft.answers,
        source=stored.source,
        source_key=stored.source_key,
        channel=stored.channel,
        received_on=stored.received_on,
        language=draft.language,
        is_late=late,
        response=stored,
    )


def _keep_contact(
    draft: Draft, response: Response, contact: Contact | None, when: datetime
) -> None:
    """Keep the address apart from the answers, and only if it is wanted (GDPR-04)."""
    if draft.address_key:
        notices.forget_draft(draft)
        no_more_reminders(draft.consultation, draft.address_key)
    if contact is None or not (contact.wants_receipt or contact.wants_feedback):
        return
    if draft.changes_id is not None:
        ContactOptIn.objects.filter(response=response).delete()
    row = ContactOptIn.objects.create(
        response=response,
        consultation=draft.consultation,
        email=contact.email,
        address_key=address_key(contact.email),
        language=draft.language,
        wants_feedback=contact.wants_feedback,
    )
    if row.address_key != draft.address_key:
        no_more_reminders(draft.consultation, row.address_key)
    if contact.wants_receipt:
        response.consultation = draft.consultation
        notices.queue_receipt(row, response, when=when)


def empty(draft: Draft) -> None:
    """A sent draft keeps its key alone."""
    draft.answers, draft.pages_done = {}, []
    draft.email = draft.address_key = ""
    draft.updated_on = draft.started_at = draft.changes = None
    draft.is_sent = True
    draft.save(
        update_fields=[
            "answers",
            "pages_done",
            "email",
            "address_key",
            "updated_on",
            "started_at",
            "changes",
            "is_sent",
        ]
    )
