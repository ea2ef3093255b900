"""Writing findings and feedback, until a second person is asked to confirm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import ActionRefused, audit
from accounts.models import User
from consultations import permissions
from consultations.models import (
    Consultation,
    Feedback,
    Findings,
    Stage,
    Status,
)

Draft = TypeVar("Draft", Findings, Feedback)
AFTER_CLOSING = frozenset({Stage.CLOSED, Stage.FINDINGS, Stage.FEEDBACK})


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
    refuse_early(locked(consultation), when)
    findings = _draft(Findings, consultation)
    written = {
        "summary": summary,
        "how_people_took_part": how_people_took_part,
        "question_texts": question_texts,
    }
    _keep(findings, written, by, when)
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
    _approved(locked(consultation))
    feedback = _draft(Feedback, consultation)
    written = {
        "we_asked": we_asked,
        "you_said": you_said,
        "we_did": we_did,
        "outcome": outcome,
        "outcome_reason": outcome_reason,
        "signed_off_by": signed_off_by,
        "next_update_on": next_update_on,
    }
    _keep(feedback, written, by, when)
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
    _approved(locked(consultation))
    feedback = _draft(Feedback, consultation)
    _keep(feedback, {"charts": charts}, by, when)
    return feedback


def locked(consultation: Consultation) -> Consultation:
    return Consultation.objects.select_for_update().get(pk=consultation.pk)


def _approved(consultation: Consultation) -> None:
    if consultation.status != Status.APPROVED:
        raise ActionRefused(_("Feedback is written once a consultation is approved."))


def refuse_early(consultation: Consultation, when: datetime) -> None:
    if consultation.stage_at(when) not in AFTER_CLOSING:
        raise ActionRefused(_("Findings are written after a consultation has closed."))


def _draft(model: type[Draft], consultation: Consultation) -> Draft:
    """The one draft of a consultation, whose lock the caller holds."""
    found, _made = model._default_manager.get_or_create(consultation=consultation)
    return found


def _keep(
    draft: Draft, written: Mapping[str, object], by: User, when: datetime
) -> None:
    """Save what was written: a draft that changed must be confirmed anew.

    Pressing Save without a change writes nothing: who did that wrote nothing.
    """
    before = {name: getattr(draft, name) for name in written}
    changed: list[str] = [name for name in written if written[name] != before[name]]
    if not changed:
        return
    for name in changed:
        setattr(draft, name, written[name])
    draft.ready_at = draft.publish_at = None
    draft.prepared_by, draft.updated_at = by, when
    times: list[str] = ["ready_at", "publish_at", "prepared_by", "updated_at"]
    draft.save(update_fields=[*changed, *times])
    consultation = draft.consultation
    audit.record(
        f"{draft._meta.model_name}.saved",
        draft,
        by=by,
        acting_as=permissions.acting_as(by, consultation),
        before=_for_trail(before, changed, written),
        after=_for_trail(written, changed, before),
        about=consultation,
    )


def _for_trail(
    side: Mapping[str, object], changed: list[str], other: Mapping[str, object]
) -> dict[str, object]:
    """One side of a change; of texts by question, those that differ."""
    found: dict[str, object] = {}
    for name in changed:
        mine, theirs = side[name], other[name]
        if isinstance(mine, dict) and isinstance(theirs, dict):
            mine = {key: own for key, own in mine.items() if own != theirs.get(key)}
        found[name] = mine
    return found
