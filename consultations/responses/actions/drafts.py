"""Starting an answer, keeping it page by page, and finding the way back to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.refusals import ActionRefused
from accounts.secret_links import address_key
from consultations.models import Consultation, ContactOptIn, Draft, Stage
from consultations.questionnaire.actions import current
from consultations.questionnaire.document import Page
from consultations.responses import notices
from consultations.responses.forms import answer_keys
from consultations.responses.timing import (
    AlreadySent,
    as_it_stands,
    closed_sentence,
    is_late,
)
from council.clock import local_day

MOST_LOST_LINKS = 20


@transaction.atomic
def start(consultation: Consultation, *, language: str, when: datetime) -> Draft:
    """Make a draft of the questions in force. Nothing is asked of the person."""
    stands = as_it_stands(consultation)
    if stands.stage_at(when) != Stage.OPEN:
        raise ActionRefused(closed_sentence(stands, when))
    version = current(consultation)
    if version is None:
        raise ActionRefused(_("This consultation has no questions to answer online."))
    return Draft.objects.create(
        consultation=consultation,
        version=version,
        language=language,
        started_at=when,
        updated_on=local_day(when),
    )


@transaction.atomic
def save_page(
    draft: Draft,
    *,
    page: Page,
    answers: Mapping[str, Any],
    when: datetime,
    grace_minutes: int,
    is_done: bool = True,
) -> Draft:
    """Keep the answers of one page; those of the other pages stay.

    Pages may come in any order and from several tabs. Raises AlreadySent and
    Closed. With `is_done=False` the page is to be finished later.
    """
    locked = _locked(draft)
    is_late(
        draft.consultation,
        started_at=locked.started_at,
        when=when,
        grace_minutes=grace_minutes,
    )
    keys = answer_keys(page)
    kept = {key: value for key, value in locked.answers.items() if key not in keys}
    locked.answers = {**kept, **answers}
    done = [key for key in locked.pages_done if key != page.key]
    locked.pages_done = [*done, page.key] if is_done else done
    locked.updated_on = local_day(when)
    locked.save(update_fields=["answers", "pages_done", "updated_on"])
    return locked


@transaction.atomic
def keep_email(draft: Draft, *, email: str, when: datetime) -> None:
    """Keep an address with a draft and send it the link, at most once a day."""
    locked = _locked(draft)
    locked.email, locked.address_key = email, address_key(email)
    locked.wants_reminders = True
    locked.save(update_fields=["email", "address_key", "wants_reminders"])
    notices.queue_draft_saved(locked, when=when)


@transaction.atomic
def stop_reminders(draft: Draft) -> None:
    """Write no more about an unfinished answer; stopping twice changes nothing."""
    Draft.objects.filter(pk=draft.pk).update(wants_reminders=False)
    notices.forget_draft(draft, kinds=("consultations.closing_soon",))


@transaction.atomic
def send_lost_links(email: str, *, when: datetime) -> None:
    """Send an address the links of its unfinished answers and its receipts.

    Whether there are any is not told to the one who asks.
    """
    key = address_key(email)
    drafts = (
        Draft.objects.filter(address_key=key, is_sent=False)
        .select_related("consultation")
        .prefetch_related("consultation__windows")
        .order_by("-updated_on", "pk")[:MOST_LOST_LINKS]
    )
    contacts = (
        ContactOptIn.objects.filter(address_key=key)
        .select_related("response__consultation")
        .prefetch_related("response__consultation__windows")
        .order_by("-pk")[:MOST_LOST_LINKS]
    )
    notices.queue_lost_links(list(drafts), list(contacts), when=when)


def _locked(draft: Draft) -> Draft:
    """Lock the draft's row; its consultation and version are as they were loaded."""
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if locked.is_sent:
        raise AlreadySent(_("We already have this response."))
    locked.consultation, locked.version = draft.consultation, draft.version
    return locked
