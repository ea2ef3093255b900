"""Asking for approval, and what the second person answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import ActionRefused, audit
from accounts.models import User
from consultations import notices, permissions
from consultations.actions import checks, moves, snapshots
from consultations.actions.writers import changed_by
from consultations.models import ApprovalStep, Consultation, OpenWindow, Status
from consultations.questionnaire import actions as questionnaires
from council.clock import day_ends, day_starts, local_day


@transaction.atomic
def send_for_approval(
    consultation: Consultation, *, by: User, when: datetime | None = None
) -> ApprovalStep:
    """Ask the central team. Refused while anything is missing (CON-10, GDPR-02)."""
    when = when or timezone.now()
    row = moves.start("submit", consultation, when)
    lacks = checks.missing(row, when)
    if lacks:
        raise ActionRefused(" ".join(each.text for each in lacks))
    version = checks.newest_version(row)
    step = ApprovalStep.objects.create(
        consultation=row,
        step=ApprovalStep.Step.SENT,
        at=when,
        by=by,
        plan=snapshots.plan_of(row),
        questionnaire=version.document if version else {},
    )
    _move(row, Status.WAITING, by=by, action="consultation.sent_for_approval")
    notices.approval_waiting(row, step, when)
    return step


@transaction.atomic
def recall(
    consultation: Consultation,
    *,
    by: User,
    reason: str = "",
    public_note: str = "",
    when: datetime | None = None,
) -> Consultation:
    """Take a plan back to draft: while it waits, or before it has opened.

    What was approved stands in the public list already. Taking that back needs a
    reason for the trail and a note that stays at its address; those who follow it,
    and who approved it, are told.
    """
    when = when or timezone.now()
    row = moves.start("recall", consultation, when)
    approver = row.approved_by
    if approver and not (reason.strip() and public_note.strip()):
        raise ActionRefused(_("Give a reason, and a note to the public."))
    planned = [
        {"starts": window.starts, "ends": window.ends} for window in row.windows.all()
    ]
    if approver:
        row.withdrawn_at, row.public_note = when, public_note
        notices.recalled(row, approver, by=by, reason=reason)
    # It never opened, so that there is nothing to tell of these windows.
    row.windows.all().delete()
    row.approved_at = row.approved_by = None
    _move(
        row,
        Status.DRAFT,
        by=by,
        action="consultation.recalled",
        reason=reason,
        also=("approved_at", "approved_by", "withdrawn_at", "public_note"),
        before={"windows": planned},
        after={"public_note": public_note} if approver else None,
    )
    questionnaires.draft_of(row)
    notices.cancel_reminders(row)
    notices.cancel_approval(row)
    return row


@transaction.atomic
def return_with_reasons(
    consultation: Consultation,
    *,
    by: User,
    reason: str,
    step: int | None = None,
    when: datetime | None = None,
) -> ApprovalStep:
    """Ask for changes. `step` is what the approver read, as in `approve`."""
    when = when or timezone.now()
    row = moves.start("return", consultation, when)
    if not reason.strip():
        raise ActionRefused(_("Say what needs to change."))
    sent = _sent(row, step, by)
    answer = ApprovalStep.objects.create(
        consultation=row,
        step=ApprovalStep.Step.RETURNED,
        at=when,
        by=by,
        reason=reason,
        plan=sent.plan,
        questionnaire=sent.questionnaire,
    )
    _move(row, Status.RETURNED, by=by, action="consultation.returned", reason=reason)
    notices.cancel_approval(row)
    notices.returned(row, answer, sent)
    return answer


@transaction.atomic
def approve(
    consultation: Consultation,
    *,
    by: User,
    step: int | None = None,
    opens_on: date | None = None,
    when: datetime | None = None,
) -> Consultation:
    """Approve what was sent, as a second person who wrote nothing of it.

    Makes the window in which it may be answered and freezes the questions.
    `step` is the key of the ApprovalStep that the approver read: one that was
    sent again meanwhile is refused. `opens_on` is a later opening day than the
    planned one; the closing day moves with it, so that people have as long.
    """
    when = when or timezone.now()
    row = moves.start("approve", consultation, when)
    sent = _sent(row, step, by)
    _refuse_a_writer(row, by)
    version = checks.newest_version(row)
    if version is None or version.document != sent.questionnaire:
        raise ActionRefused(_("The questions have changed since they were sent."))
    planned = {"opens_on": row.opens_on, "closes_on": row.closes_on}
    _open_from(row, opens_on)
    # The same checks again: a day may have passed while it waited.
    lacks = checks.missing(row, when)
    if lacks:
        raise ActionRefused(" ".join(each.text for each in lacks))
    window = _make_window(row, when)
    questionnaires.freeze(row, by=by)
    row.approved_at, row.approved_by = when, by
    row.withdrawn_at, row.public_note = None, ""
    answer = ApprovalStep.objects.create(
        consultation=row,
        step=ApprovalStep.Step.APPROVED,
        at=when,
        by=by,
        plan=sent.plan,
        questionnaire=sent.questionnaire,
    )
    _move(
        row,
        Status.APPROVED,
        by=by,
        action="consultation.approved",
        also=(
            "approved_at",
            "approved_by",
            "opens_on",
            "closes_on",
            "withdrawn_at",
            "public_note",
        ),
        before=planned,
        after={"starts": window.starts, "ends": window.ends},
    )
    notices.cancel_approval(row)
    notices.approved(row, answer, sent)
    return row


def last_sent(consultation: Consultation) -> ApprovalStep | None:
    """What was last sent for approval."""
    return (
        consultation.approval_steps.filter(step=ApprovalStep.Step.SENT)
        .select_related("by")
        .last()
    )


def sent_before(step: ApprovalStep) -> ApprovalStep | None:
    """What had been sent before, of the same consultation."""
    return (
        ApprovalStep.objects.filter(
            consultation=step.consultation_id,
            step=ApprovalStep.Step.SENT,
            pk__lt=step.pk,
        )
        .order_by("pk")
        .last()
    )


def _sent(row: Consultation, step: int | None, by: User) -> ApprovalStep:
    """The step to answer; refuse one that is out of date or one's own."""
    sent = last_sent(row)
    if sent is None or (step is not None and sent.pk != step):
        raise ActionRefused(
            _("It was sent again after you opened this page. Read it once more.")
        )
    if by.pk in {sent.by_id, row.created_by_id, row.lead_officer_id}:
        raise ActionRefused(_("A second person must answer: you wrote or sent it."))
    return sent


def _refuse_a_writer(row: Consultation, by: User) -> None:
    """Refuse who changed anything since the last approval; they may return it."""
    if row.pk in changed_by(by, [row.pk]):
        raise ActionRefused(
            _(
                "You changed the plan, a document or a question yourself. "
                "Somebody else must approve it."
            )
        )


def _open_from(row: Consultation, opens_on: date | None) -> None:
    if opens_on is None or row.opens_on is None or row.closes_on is None:
        return
    if opens_on < row.opens_on:
        raise ActionRefused(_("Choose an opening day after the planned one."))
    row.closes_on += opens_on - row.opens_on
    row.opens_on = opens_on


def _make_window(row: Consultation, when: datetime) -> OpenWindow:
    if row.opens_on is None or row.closes_on is None:
        raise ActionRefused(_("Say on which days it opens and closes."))
    starts, ends = day_starts(row.opens_on), day_ends(row.closes_on)
    if local_day(when) == row.opens_on:
        # It cannot have been open before it was approved.
        starts = max(starts, when)
    return OpenWindow.objects.create(consultation=row, starts=starts, ends=ends)


def _move(
    row: Consultation,
    status: str,
    *,
    by: User,
    action: str,
    reason: str = "",
    also: tuple[str, ...] = (),
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Set and save the status of a locked row, `also` other fields; write the entry."""
    was = row.status
    row.status = status
    row.save(update_fields=["status", *also])
    audit.record(
        action,
        row,
        by=by,
        acting_as=permissions.acting_as(by, row),
        before={"status": was, **(before or {})},
        after={"status": status, **(after or {})},
        reason=reason,
    )
