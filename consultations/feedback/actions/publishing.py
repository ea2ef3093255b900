"""Asking for confirmation, publishing as a second person, and cancelling (SDC-09)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import ActionRefused, audit
from accounts.models import User
from consultations import notices, permissions
from consultations.actions import releases
from consultations.feedback import content
from consultations.feedback.actions.writing import locked, refuse_early
from consultations.feedback.taking_part import took_part
from consultations.models import (
    Consultation,
    Draft,
    Feedback,
    Findings,
    Release,
)
from council.models import Council
from design import formats

NEEDS_REASON = frozenset(
    {Consultation.Outcome.PARTLY, Consultation.Outcome.NOT_CHANGED}
)


@transaction.atomic
def ask_for_confirmation(
    draft: Findings | Feedback,
    *,
    by: User,
    publish_at: datetime | None = None,
    when: datetime | None = None,
) -> None:
    """Say that it is ready: a second person confirms, and it is published then.

    `publish_at` is the moment from which it is public; None means at once. Who
    asks is in the trail: `prepared_by` stays the last person who wrote.
    """
    when = when or timezone.now()
    consultation = locked(draft.consultation)
    refuse_early(consultation, when)
    row = _again(draft)
    refuse_incomplete(row)
    _refuse_while_pending(row, when)
    if publish_at is not None and publish_at <= when:
        raise ActionRefused(_("The time of publication must be in the future."))
    _refuse_before_findings(row, publish_at or when)
    row.ready_at, row.publish_at = when, publish_at
    row.save(update_fields=["ready_at", "publish_at"])
    audit.record(
        f"{row._meta.model_name}.ready",
        row,
        by=by,
        acting_as=permissions.acting_as(by, consultation),
        after={"publish_at": publish_at},
        about=consultation,
    )


@transaction.atomic
def confirm(
    draft: Findings | Feedback,
    *,
    by: User,
    seen: str | None = None,
    when: datetime | None = None,
) -> Release:
    """Publish as the second person: the release and its notices, in one transaction.

    Refused to everybody who wrote or asked since the release before (`took_part`).
    `seen` is the fingerprint of what the second person was shown; a release that
    would hold something else is refused, and so is an empty one. None is for callers
    without a page. A later release supersedes by its number.
    """
    consultation = locked(draft.consultation)
    # After the lock: what was decided while this waited is in its figures.
    when = when or timezone.now()
    refuse_early(consultation, when)
    row = _again(draft)
    if row.ready_at is None:
        raise ActionRefused(_("Nobody has asked for this to be confirmed."))
    _refuse_in_grace(consultation, when)
    if row.prepared_by is None or took_part(row, by):
        raise ActionRefused(_("A second person must confirm this."))
    refuse_incomplete(row)
    public_from = max(row.publish_at or when, when)
    _refuse_before_findings(row, public_from)
    release = unpublished(row)
    if seen is not None and seen != content.fingerprint(release):
        raise ActionRefused(
            _("Something has changed since you opened this page. Read it again.")
        )
    release.number = _next_number(consultation, release.kind)
    release.prepared_by, release.checked_by = row.prepared_by, by
    release.created_at = when
    release.public_from = public_from
    release.save(force_insert=True)
    row.ready_at = row.publish_at = None
    row.save(update_fields=["ready_at", "publish_at"])
    audit.record(
        f"{release.kind}.published",
        release,
        by=by,
        acting_as=permissions.acting_as(by, consultation),
        after={
            "number": release.number,
            "public_from": release.public_from,
            "prepared_by": row.prepared_by.full_name,
            "input_digest": release.input_digest,
        },
        about=consultation,
    )
    notices.released(release, when)
    return release


@transaction.atomic
def cancel(
    consultation: Consultation, *, kind: str, by: User, when: datetime | None = None
) -> Release:
    """Take back what was confirmed for later, before its time.

    What was written stays, and can be changed and confirmed anew.
    """
    consultation = locked(consultation)
    when = when or timezone.now()
    pending = Release.objects.pending(when).filter(consultation=consultation)
    release = pending.filter(kind=kind).order_by("-number").first()
    if release is None:
        raise ActionRefused(_("It is public already, or nobody has set a time for it."))
    rests_on_it = pending.filter(kind=Release.Kind.FEEDBACK).exists()
    if kind == Release.Kind.FINDINGS and rests_on_it:
        raise ActionRefused(
            _("The feedback is set to be published too. Cancel that first.")
        )
    releases.cancel(release, consultation, by=by, when=when)
    return release


def refuse_incomplete(draft: Findings | Feedback) -> None:
    """Refuse what lacks a part: all three of feedback (WASWYD-01), and its reason."""
    if isinstance(draft, Findings):
        if not draft.summary.strip():
            raise ActionRefused(_("Write a summary of what people said first."))
        return
    parts = (draft.we_asked, draft.you_said, draft.we_did)
    if not all(part.strip() for part in parts):
        raise ActionRefused(
            _("Fill in all three parts first: We asked, You said and We did.")
        )
    if draft.outcome not in Consultation.Outcome.values:
        raise ActionRefused(_("Select what came of it first."))
    if draft.outcome in NEEDS_REASON and not draft.outcome_reason.strip():
        raise ActionRefused(_("Say why it was not changed, or not all of it."))
    if not draft.signed_off_by.strip():
        raise ActionRefused(_("Say who signed it off first."))


def _refuse_in_grace(consultation: Consultation, when: datetime) -> None:
    """Refuse while an answer that was begun in time may still be sent (REM-05).

    The figures would lack it, and nothing that is kept could tell: an answer carries
    the day on which it came, never the time.
    """
    ends = consultation.closes_at()
    grace = timedelta(minutes=Council.objects.current().grace_minutes)
    if ends is None or when >= ends + grace:
        return
    unfinished = Draft.objects.filter(consultation=consultation, is_sent=False)
    if unfinished.filter(started_at__lt=ends).exists():
        raise ActionRefused(
            _(
                "People who began before it closed may send their answers until "
                "%(moment)s. Publish it after that."
            )
            % {"moment": formats.moment(ends + grace)}
        )


def _refuse_while_pending(draft: Findings | Feedback, when: datetime) -> None:
    """Refuse to ask for a second time while the first waits for its own."""
    pending = Release.objects.pending(when).filter(consultation=draft.consultation)
    release = pending.filter(kind=str(draft._meta.model_name)).first()
    if release is not None:
        raise ActionRefused(
            _("It will be published on %(moment)s already. Cancel that first.")
            % {"moment": formats.moment(release.public_from)}
        )


def _refuse_before_findings(draft: Findings | Feedback, public_from: datetime) -> None:
    """Refuse feedback that would be public before people can read the findings."""
    if isinstance(draft, Findings):
        return
    findings = content.newest(draft.consultation, Release.Kind.FINDINGS)
    if findings is None:
        raise ActionRefused(
            _("Publish the findings first: what people said comes before what we did.")
        )
    if public_from < findings.public_from:
        raise ActionRefused(
            _("The findings are published on %(moment)s. Feedback comes after them.")
            % {"moment": formats.moment(findings.public_from)}
        )


def _again(draft: Findings | Feedback) -> Findings | Feedback:
    """The draft as it is now, under the consultation's lock."""
    rows = type(draft)._default_manager.select_related("consultation")
    found: Findings | Feedback = rows.get(pk=draft.pk)
    return found


def unpublished(draft: Findings | Feedback) -> Release:
    """The release that this draft would make now."""
    council = Council.objects.current()
    if isinstance(draft, Findings):
        return content.findings_release(draft, council)
    return content.feedback_release(draft, council)


def _next_number(consultation: Consultation, kind: str) -> int:
    # Those that were cancelled keep their number.
    found = Release.every.filter(consultation=consultation, kind=kind)
    last: int | None = found.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
