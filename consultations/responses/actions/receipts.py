"""What a person may do with a response they sent. No audit entry says that they did."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.refusals import ActionRefused
from consultations.models import (
    AbuseSignal,
    Consultation,
    ContactOptIn,
    Draft,
    EqualityAnswers,
    Response,
    Stage,
    Status,
)
from consultations.questionnaire.document import Page
from consultations.questionnaire.routing import path
from consultations.responses import frozen, notices, writer
from consultations.responses.actions.drafts import save_page
from consultations.responses.actions.sending import SOURCE, empty
from consultations.responses.published import newest_with
from consultations.responses.timing import as_it_stands, closed_sentence
from council.clock import local_day

GONE = (Response.Status.WITHDRAWN, Response.Status.SUPERSEDED)


@transaction.atomic
def change(response: Response, *, when: datetime) -> Draft:
    """Open the draft of a response again, with all its answers, until closing.

    Sending that draft again changes the same response: its reference and links
    stay. Opening it twice gives the same draft, as it is now.
    """
    consultation = response.consultation
    if consultation.stage_at(when) != Stage.OPEN:
        raise ActionRefused(closed_sentence(consultation, when))
    if response.source != SOURCE:
        raise ActionRefused(_("Only an answer that was sent online can be changed."))
    # In the order of sending, which may go on in another tab: else each could wait
    # for the other. Who withdraws has the consultation's strong lock, and comes after.
    as_it_stands(consultation)
    key = uuid.UUID(response.source_key)
    Draft.objects.select_for_update().filter(pk=key).first()
    response = _locked(response)
    draft, _made = Draft.objects.get_or_create(
        pk=key,
        defaults={
            "consultation": consultation,
            "version": response.version,
            "is_sent": True,
            "started_at": None,
            "updated_on": None,
        },
    )
    draft.consultation, draft.version = consultation, response.version
    if not draft.is_sent:
        return draft
    answers = writer.stored_answers(response)
    draft.answers = answers
    draft.pages_done = [
        p.key for p in path(frozen.questionnaire(response.version), answers)
    ]
    draft.changes, draft.is_sent = response, False
    draft.started_at, draft.updated_on = when, local_day(when)
    draft.save(
        update_fields=[
            "answers",
            "pages_done",
            "changes",
            "is_sent",
            "started_at",
            "updated_on",
        ]
    )
    return draft


@transaction.atomic
def change_page(
    response: Response, *, page: Page, answers: Mapping[str, Any], when: datetime
) -> Draft:
    """Open the draft of a response again, with the answers of one page new (REL-3)."""
    draft = change(response, when=when)
    return save_page(draft, page=page, answers=answers, when=when, grace_minutes=0)


@transaction.atomic
def withdraw(response: Response) -> Response:
    """Take a response out of the counts and delete all that was answered.

    Its reference and day stay, as withdrawn. What was published stays published:
    the row remembers the newest results that counted it.
    """
    # Results are made under this lock: they count it, or come after.
    Consultation.objects.select_for_update().get(pk=response.consultation_id)
    response = _locked(response)
    if response.consultation.status == Status.ARCHIVED:
        raise ActionRefused(
            _("The answers are anonymous now, so we cannot find yours.")
        )
    response.published_in = newest_with(response)
    response.status = Response.Status.WITHDRAWN
    response.save(update_fields=["status", "published_in"])
    writer.empty(response)
    for draft in Draft.objects.select_for_update().filter(changes=response):
        empty(draft)
    ContactOptIn.objects.filter(response=response).delete()
    EqualityAnswers.objects.filter(response=response).delete()
    AbuseSignal.objects.filter(response=response).delete()
    notices.forget_response(response)
    return response


@transaction.atomic
def remove_contact(response: Response) -> None:
    """Forget the address and keep the anonymous response (GDPR-04).

    Removing twice changes nothing.
    """
    Response.objects.select_for_update().get(pk=response.pk)
    ContactOptIn.objects.filter(response=response).delete()
    notices.forget_response(response)


def _locked(response: Response) -> Response:
    locked = (
        Response.objects.select_for_update(of=("self",))
        .select_related("version", "consultation")
        .get(pk=response.pk)
    )
    if locked.status in GONE:
        raise ActionRefused(_("This response was withdrawn."))
    return locked
