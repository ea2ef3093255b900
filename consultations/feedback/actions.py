"""Writing findings and feedback, asking for confirmation, and publishing (SDC-09)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import ActionRefused, audit
from accounts.models import AuditQuerySet, User
from consultations import notices, permissions
from consultations.feedback import content
from consultations.models import (
    Consultation,
    Feedback,
    Findings,
    Release,
    Stage,
    Status,
)
from council.models import Council

Draft = TypeVar("Draft", Findings, Feedback)
AFTER_CLOSING = frozenset({Stage.CLOSED, Stage.FINDINGS, Stage.FEEDBACK})
NEEDS_REASON = frozenset(
    {Consultation.Outcome.PARTLY, Consultation.Outcome.NOT_CHANGED}
)


@transaction.atomic
def save_findings(
    consultation: Consultation,
    *,
    by: User,
    summary: str,
    how_people_took_part: str,
    question_texts: dict[str, dict[str, Any]],
    when: datetime | None = None,
) -> Findings:
    """Keep what an officer has written about what people said; after closing only."""
    when = when or timezone.now()
    _after_closing(_locked(consultation), when)
    findings = _draft(Findings, consultation)
    findings.summary = summary
    findings.how_people_took_part = how_people_took_part
    findings.question_texts = question_texts
    _keep(findings, ["summary", "how_people_took_part", "question_texts"], by, when)
    return findings


@transaction.atomic
def save_feedback(
    consultation: Consultation,
    *,
    by: User,
    we_asked: str,
    you_said: str,
    we_did: str,
    outcome: str,
    outcome_reason: str,
    signed_off_by: str,
    next_update_on: date | None,
    when: datetime | None = None,
) -> Feedback:
    """Keep what an officer has written of We asked, You said, We did."""
    when = when or timezone.now()
    _approved(_locked(consultation))
    feedback = _draft(Feedback, consultation)
    feedback.we_asked, feedback.you_said = we_asked, you_said
    feedback.we_did, feedback.outcome = we_did, outcome
    feedback.outcome_reason = outcome_reason
    feedback.signed_off_by = signed_off_by
    feedback.next_update_on = next_update_on
    fields = ["we_asked", "you_said", "we_did", "outcome", "outcome_reason"]
    _keep(feedback, [*fields, "signed_off_by", "next_update_on"], by, when)
    return feedback


@transaction.atomic
def save_charts(
    consultation: Consultation,
    *,
    by: User,
    charts: list[str],
    when: datetime | None = None,
) -> Feedback:
    """Choose the charts that stand under "You said"."""
    when = when or timezone.now()
    _approved(_locked(consultation))
    feedback = _draft(Feedback, consultation)
    feedback.charts = charts
    _keep(feedback, ["charts"], by, when)
    return feedback


def _locked(consultation: Consultation) -> Consultation:
    return Consultation.objects.select_for_update().get(pk=consultation.pk)


def _approved(consultation: Consultation) -> None:
    if consultation.status != Status.APPROVED:
        raise ActionRefused(_("Feedback is written once a consultation is approved."))


def _after_closing(consultation: Consultation, when: datetime) -> None:
    if consultation.stage_at(when) not in AFTER_CLOSING:
        raise ActionRefused(_("Findings are written after a consultation has closed."))


def _draft(model: type[Draft], consultation: Consultation) -> Draft:
    """The one draft of a consultation, whose lock the caller holds."""
    found, _made = model._default_manager.get_or_create(consultation=consultation)
    return found


def _keep(draft: Draft, fields: list[str], by: User, when: datetime) -> None:
    """Save what was written: a draft that changed must be confirmed anew."""
    draft.ready_at = draft.publish_at = None
    draft.prepared_by, draft.updated_at = by, when
    times: list[str] = ["ready_at", "publish_at", "prepared_by", "updated_at"]
    draft.save(update_fields=[*fields, *times])
    consultation = draft.consultation
    audit.record(
        f"{draft._meta.model_name}.saved",
        draft,
        by=by,
        acting_as=permissions.acting_as(by, consultation),
        after={"fields": fields},
        about=consultation,
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
    consultation = _locked(draft.consultation)
    _after_closing(consultation, when)
    row = _again(draft)
    refuse_incomplete(row)
    if publish_at is not None and publish_at <= when:
        raise ActionRefused(_("The time of publication must be in the future."))
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


def _again(draft: Findings | Feedback) -> Findings | Feedback:
    """The draft as it is now, under the consultation's lock."""
    rows = type(draft)._default_manager.select_related("consultation")
    found: Findings | Feedback = rows.get(pk=draft.pk)
    return found


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


@transaction.atomic
def confirm(
    draft: Findings | Feedback,
    *,
    by: User,
    seen: str = "",
    when: datetime | None = None,
) -> Release:
    """Publish as the second person: the release and its notices, in one transaction.

    Refused to everybody who wrote or asked since the release before (`took_part`).
    `seen` is the fingerprint of what the second person was shown; a release that
    would hold something else is refused. A later release supersedes by its number.
    """
    when = when or timezone.now()
    consultation = _locked(draft.consultation)
    _after_closing(consultation, when)
    row = _again(draft)
    if row.ready_at is None:
        raise ActionRefused(_("Nobody has asked for this to be confirmed."))
    if row.prepared_by is None or took_part(row, by):
        raise ActionRefused(_("A second person must confirm this."))
    refuse_incomplete(row)
    release = unpublished(row)
    if seen and seen != content.fingerprint(release):
        raise ActionRefused(
            _("Something has changed since you opened this page. Read it again.")
        )
    release.number = _next_number(consultation, release.kind)
    release.prepared_by, release.checked_by = row.prepared_by, by
    release.created_at = when
    release.public_from = max(row.publish_at or when, when)
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
            "prepared_by": release.prepared_by_id,
            "input_digest": release.input_digest,
        },
        about=consultation,
    )
    notices.released(release, when)
    return release


def took_part(draft: Findings | Feedback, person: User) -> bool:
    """Whether a person wrote any of it, or asked, since the newest release."""
    if draft.prepared_by_id == person.pk:
        return True
    return _since_release(draft, "saved", "ready").filter(actor=person).exists()


def asked_by(draft: Findings | Feedback) -> User | None:
    """Who asked last for it to be confirmed."""
    entry = _since_release(draft, "ready").order_by("-pk").first()
    return entry.actor if entry else draft.prepared_by


def _since_release(draft: Findings | Feedback, *verbs: str) -> AuditQuerySet:
    kind = draft._meta.model_name
    return audit.done_since(
        draft.consultation,
        [f"{kind}.{verb}" for verb in verbs],
        last=f"{kind}.published",
    )


def unpublished(draft: Findings | Feedback) -> Release:
    """The release that this draft would make now."""
    council = Council.objects.current()
    if isinstance(draft, Findings):
        return content.findings_release(draft, council)
    return content.feedback_release(draft, council)


def _next_number(consultation: Consultation, kind: str) -> int:
    found = Release.objects.filter(consultation=consultation, kind=kind)
    last: int | None = found.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
