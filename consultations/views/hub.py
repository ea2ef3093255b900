"""What the hub of a consultation shows beside its tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count

from accounts.models import User
from consultations import permissions
from consultations.actions.approval import last_sent
from consultations.actions.checks import missing
from consultations.actions.moves import PLANNED
from consultations.actions.writers import changed_by
from consultations.models import ApprovalStep, Consultation, Response, Status
from consultations.views import hub_tasks
from consultations.views.standing import standing


def hub_context(
    consultation: Consultation, user: User, when: datetime
) -> dict[str, Any]:
    """Everything on the page."""
    stands = standing(consultation, when)
    lacks = missing(consultation, when) if consultation.status in PLANNED else []
    can_edit = permissions.can_edit(user, consultation)
    run, close = [], []
    if can_edit:
        run = hub_tasks.run(consultation, stands.stage)
        close = hub_tasks.close(consultation, stands.stage, user, when)
    return {
        "consultation": consultation,
        "standing": stands,
        "can_edit": can_edit,
        "can_read_trail": permissions.can_read_trail(user, consultation),
        "returned": _returned(consultation),
        "prepare": hub_tasks.prepare(consultation, lacks, can_edit=can_edit),
        "run": run,
        "close": close,
        "channels": _channels(consultation),
        **_approval(consultation, user),
    }


def _approval(consultation: Consultation, user: User) -> dict[str, Any]:
    """What waits for approval, and whether this person may give it."""
    if consultation.status != Status.WAITING:
        return {"sent": None}
    sent = last_sent(consultation)
    can_approve = permissions.can_approve(user, consultation)
    return {
        "sent": sent,
        "can_approve": can_approve,
        "is_sender": sent is not None and sent.by_id == user.pk,
        "is_writer": can_approve
        and consultation.pk in changed_by(user, [consultation.pk]),
    }


def _returned(consultation: Consultation) -> ApprovalStep | None:
    if consultation.status != Status.RETURNED:
        return None
    steps = consultation.approval_steps.filter(step=ApprovalStep.Step.RETURNED)
    return steps.select_related("by").last()


def _channels(consultation: Consultation) -> list[tuple[str, int]]:
    """How many answers came by each channel, of those that are counted."""
    words = dict(Response.Channel.choices)
    counted = consultation.responses.filter(status=Response.Status.SENT)
    rows = counted.order_by().values("channel").annotate(n=Count("pk"))
    return [(str(words[row["channel"]]), row["n"]) for row in rows]
