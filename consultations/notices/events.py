"""Notices of what people did: each is queued in the transaction of its action."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from consultations.models import Amendment, ApprovalStep, Consultation, OpenWindow
from consultations.notices.recipients import (
    CLOSING_SOON,
    TO_DRAFTS,
    TO_FOLLOWERS,
    TO_RESPONDENTS,
    about,
    approvers,
    contacts,
    followers,
    queue_for,
    unfinished,
)
from design import formats
from notices import outbox

APPROVAL_WAITING = "consultations.approval_waiting"
REMINDERS = (CLOSING_SOON, "consultations.opens", "consultations.closing_tomorrow")
CALLS_TO_ANSWER = (*REMINDERS, "consultations.extended", "consultations.amended")


# Staff ----------------------------------------------------------------------------


def approval_waiting(
    consultation: Consultation, step: ApprovalStep, when: datetime
) -> int:
    """Tell everybody who may answer; who sent it may not."""
    made = queue_for(
        list(approvers(consultation, when).exclude(pk=step.by_id)),
        kind=APPROVAL_WAITING,
        occasion=str(step.pk),
        payload=about(
            consultation,
            sent_by=step.by.full_name,
            opens=formats.day(consultation.opens_on),
            pages={"approve": _page("approve", consultation)},
        ),
        about=consultation,
    )
    outbox.ring()
    return made


def cancel_approval(consultation: Consultation) -> int:
    """Nobody needs to approve it any more."""
    return outbox.cancel(consultation, kinds=[APPROVAL_WAITING])


def returned(
    consultation: Consultation, answer: ApprovalStep, sent: ApprovalStep
) -> int:
    """Tell who sent it, and its lead officer, what needs to change."""
    made = queue_for(
        list({sent.by, consultation.lead_officer}),
        kind="consultations.returned",
        occasion=str(answer.pk),
        payload=about(
            consultation,
            returned_by=answer.by.full_name,
            reason=answer.reason,
            pages={"hub": _page("hub", consultation)},
        ),
        about=consultation,
    )
    outbox.ring()
    return made


def approved(
    consultation: Consultation, answer: ApprovalStep, sent: ApprovalStep
) -> int:
    """Tell who sent it, and its lead officer, when it opens."""
    made = queue_for(
        list({sent.by, consultation.lead_officer}),
        kind="consultations.approved",
        occasion=str(answer.pk),
        payload=about(
            consultation,
            approved_by=answer.by.full_name,
            opens=formats.day(consultation.opens_on),
            pages={"hub": _page("hub", consultation)},
        ),
        about=consultation,
    )
    outbox.ring()
    return made


def recalled(
    consultation: Consultation, approver: User, *, by: User, reason: str
) -> int:
    """Tell the followers of one that will not open, and who approved it.

    Called before the windows go: the message says when it would have opened.
    """
    opens = consultation.opens_at()
    made = queue_for(
        [approver] if approver != by and approver.is_active else [],
        kind="consultations.recalled",
        occasion=_once(consultation),
        payload=about(
            consultation,
            recalled_by=by.full_name,
            reason=reason,
            opens=formats.day(opens),
            pages={"hub": _page("hub", consultation)},
        ),
        about=consultation,
    )
    return made + withdrawn(consultation, never_opened=True)


# The public -----------------------------------------------------------------------


def cancel_reminders(consultation: Consultation) -> int:
    """What was to be said about a closing date that no longer holds (REM-04)."""
    return outbox.cancel(consultation, kinds=REMINDERS)


def extended(consultation: Consultation, window: OpenWindow) -> int:
    """Tell followers and those with an unfinished answer of the new closing date."""
    cancel_reminders(consultation)
    return _tell(
        consultation,
        "consultations.extended",
        str(window.pk),
        expires_at=window.ends,
        reason=window.public_note,
    )


def closed_early(consultation: Consultation, window: OpenWindow) -> int:
    """Tell the same people that it has closed."""
    cancel_reminders(consultation)
    return _tell(
        consultation,
        "consultations.closed_early",
        str(window.pk),
        reason=window.ended_early_note,
    )


def withdrawn(consultation: Consultation, *, never_opened: bool = False) -> int:
    """Tell them, and those who answered, and say nothing else any more (REM-04)."""
    outbox.cancel(consultation, kinds=CALLS_TO_ANSWER)
    return _tell(
        consultation,
        "consultations.withdrawn",
        _once(consultation),
        and_respondents=True,
        reason=consultation.public_note,
        never_opened=never_opened,
    )


def _once(consultation: Consultation) -> str:
    """The occasion of taking it away: what comes back may go again."""
    return f"{consultation.pk}:{consultation.withdrawn_at:%Y-%m-%dT%H:%M:%S.%f}"


def amended(consultation: Consultation, amendment: Amendment) -> int:
    """Tell all of them of a material change (CON-09)."""
    return _tell(
        consultation,
        "consultations.amended",
        str(amendment.pk),
        and_respondents=True,
        what=amendment.what,
        reason=amendment.reason,
    )


def _tell(
    consultation: Consultation,
    kind: str,
    occasion: str,
    *,
    and_respondents: bool = False,
    expires_at: datetime | None = None,
    **words: str | bool,
) -> int:
    payload = about(consultation, **words)
    # In this order: a person of two lists gets the message of the first.
    lists: list[tuple[QuerySet[Any], dict[str, Any]]] = [
        (unfinished(consultation), TO_DRAFTS)
    ]
    if and_respondents:
        lists.append((contacts(consultation), TO_RESPONDENTS))
    lists.append((followers(consultation), TO_FOLLOWERS))
    made = 0
    for people, reader in lists:
        made += outbox.queue_many(
            people,
            kind=kind,
            occasion=occasion,
            payload={**payload, **reader},
            about=consultation,
            expires_at=expires_at,
        )
    outbox.ring()
    return made


def _page(name: str, consultation: Consultation) -> str:
    return reverse(f"consultations:{name}", args=[consultation.slug])
