"""What is decided about a consultation once it is public."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import ActionRefused, audit
from accounts.models import User
from consultations import notices, permissions
from consultations.actions import moves, releases
from consultations.models import (
    Amendment,
    Consultation,
    OpenWindow,
    Release,
    Stage,
    Status,
)
from council.clock import day_ends, last_day, local_day
from design import formats


@transaction.atomic
def extend(
    consultation: Consultation,
    *,
    by: User,
    closes_on: date,
    reason: str,
    when: datetime | None = None,
) -> OpenWindow:
    """Keep an open consultation open until a later day, with a public reason.

    The window ends now and another starts, so that reminders speak of the new
    date, and those of the old one that were not sent are cancelled (REM-04).
    """
    when = when or timezone.now()
    row = moves.start("extend", consultation, when)
    if not reason.strip():
        raise ActionRefused(_("Say why it stays open longer."))
    window = lengthen(row, by=by, closes_on=closes_on, reason=reason, when=when)
    notices.extended(row, window)
    return window


def lengthen(
    row: Consultation, *, by: User, closes_on: date, reason: str, when: datetime
) -> OpenWindow:
    """Give a locked, open consultation a new last day; who calls it tells people."""
    window = _window_at(row, when)
    old = last_day(window.ends)
    if closes_on <= old:
        raise ActionRefused(
            _("The new closing day must be after %(day)s.") % {"day": formats.day(old)}
        )
    _refuse_late(row, closes_on)
    made = _follow_on(row, window, day_ends(closes_on), reason, when)
    _publish(row, by, _("Closing date"), old, closes_on, reason, when)
    audit.record(
        "consultation.extended",
        row,
        by=by,
        acting_as=permissions.acting_as(by, row),
        before={"closes_on": old},
        after={"closes_on": closes_on},
        reason=reason,
    )
    return made


@transaction.atomic
def close_early(
    consultation: Consultation,
    *,
    by: User,
    reason: str,
    public_note: str,
    when: datetime | None = None,
) -> OpenWindow:
    """Close an open consultation now: the reason for the trail, the note for all."""
    when = when or timezone.now()
    row = moves.start("close early", consultation, when)
    if not reason.strip() or not public_note.strip():
        raise ActionRefused(_("Give a reason, and a note to the public."))
    window = _window_at(row, when)
    if window.starts >= when:
        raise ActionRefused(_("It has opened this very moment. Try again."))
    planned = last_day(window.ends)
    window.ends, window.ended_early_note = when, public_note
    window.save(update_fields=["ends", "ended_early_note"])
    today = local_day(when)
    _publish(row, by, _("Closing date"), planned, today, public_note, when)
    audit.record(
        "consultation.closed_early",
        row,
        by=by,
        acting_as=permissions.acting_as(by, row),
        before={"closes_on": planned},
        after={"closed_at": when},
        reason=reason,
    )
    notices.closed_early(row, window)
    return window


@transaction.atomic
def withdraw(
    consultation: Consultation,
    *,
    by: User,
    reason: str,
    public_note: str,
    when: datetime | None = None,
) -> Consultation:
    """Take a consultation away from the public; its responses are kept.

    Everybody who follows it, began or answered it is told the public note, and
    every reminder that was not sent is cancelled (REM-04).
    """
    when = when or timezone.now()
    row = moves.start("withdraw", consultation, when)
    if not reason.strip() or not public_note.strip():
        raise ActionRefused(_("Give a reason, and a note to the public."))
    was = row.stage_at(when)
    row.status, row.withdrawn_at = Status.WITHDRAWN, when
    row.public_note = public_note
    row.save(update_fields=["status", "withdrawn_at", "public_note"])
    audit.record(
        "consultation.withdrawn",
        row,
        by=by,
        acting_as=permissions.acting_as(by, row),
        before={"stage": was},
        after={"status": row.status, "public_note": public_note},
        reason=reason,
    )
    # Nothing that was confirmed for later is published of it.
    for release in Release.objects.pending(when).filter(consultation=row):
        releases.cancel(release, row, by=by, when=when)
    notices.withdrawn(row)
    return row


@transaction.atomic
def move_feedback(
    consultation: Consultation,
    *,
    by: User,
    feedback_due: date,
    reason: str,
    when: datetime | None = None,
) -> Consultation:
    """Promise feedback by another day, with a reason that the public reads (CON-10)."""
    when = when or timezone.now()
    row = moves.start("move feedback", consultation, when)
    if row.stage_at(when) == Stage.FEEDBACK:
        raise ActionRefused(_("Feedback has been published."))
    if not reason.strip():
        raise ActionRefused(_("Say why the day of feedback moves."))
    ends, old = row.closes_at(), row.feedback_due
    if ends is not None and feedback_due <= last_day(ends):
        raise ActionRefused(_("The day of feedback must come after the closing day."))
    if feedback_due < local_day(when):
        raise ActionRefused(_("The day of feedback must be today or later."))
    if feedback_due == old:
        raise ActionRefused(_("That is the day of feedback already."))
    row.feedback_due, row.feedback_late_reason = feedback_due, reason
    row.save(update_fields=["feedback_due", "feedback_late_reason"])
    _publish(row, by, _("Day of feedback"), old, feedback_due, reason, when)
    audit.record(
        "consultation.feedback_moved",
        row,
        by=by,
        acting_as=permissions.acting_as(by, row),
        before={"feedback_due": old},
        after={"feedback_due": feedback_due},
        reason=reason,
    )
    return row


def _window_at(row: Consultation, when: datetime) -> OpenWindow:
    return row.windows.select_for_update().get(starts__lte=when, ends__gt=when)


def _refuse_late(row: Consultation, closes_on: date) -> None:
    if row.decision_due and closes_on >= row.decision_due:
        raise ActionRefused(
            _("The decision is on %(day)s. It must come after the closing day.")
            % {"day": formats.day(row.decision_due)}
        )
    if row.feedback_due and closes_on >= row.feedback_due:
        raise ActionRefused(
            _("Feedback is due on %(day)s. Move that day first.")
            % {"day": formats.day(row.feedback_due)}
        )


def _follow_on(
    row: Consultation,
    window: OpenWindow,
    ends: datetime,
    reason: str,
    when: datetime,
) -> OpenWindow:
    """End a window now and start the next at the same moment: no gap, no overlap."""
    if window.starts == when:
        window.ends, window.public_note = ends, reason
        window.why = OpenWindow.Why.EXTENDED
        window.save(update_fields=["ends", "public_note", "why"])
        return window
    window.ends = when
    window.save(update_fields=["ends"])
    return OpenWindow.objects.create(
        consultation=row,
        starts=when,
        ends=ends,
        why=OpenWindow.Why.EXTENDED,
        public_note=reason,
    )


def _publish(
    row: Consultation,
    by: User,
    what: str,
    old: date | None,
    new: date,
    reason: str,
    when: datetime,
) -> None:
    """Show a changed date under "What changed and when"."""
    Amendment.objects.create(
        consultation=row,
        what=what,
        old=formats.day(old),
        new=formats.day(new),
        reason=reason,
        at=when,
        by=by,
    )
