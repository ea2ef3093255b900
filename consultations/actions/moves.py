"""The gate that every verb passes: the row locked, and the move a legal one."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts import ActionRefused
from consultations.models import MOVES, Consultation, Status
from consultations.models.lifecycle import STAGES_FOR

# What may be planned is what nobody has been asked to approve.
PLANNED = frozenset({Status.DRAFT, Status.RETURNED})


def locked(consultation: Consultation) -> Consultation:
    """Return the row again, locked until the transaction ends."""
    return Consultation.objects.select_for_update().get(pk=consultation.pk)


def start(verb: str, consultation: Consultation, when: datetime) -> Consultation:
    """Lock a consultation for a verb; refuse a verb that makes no sense now.

    `MOVES` says from which statuses, `STAGES_FOR` at which stages of the clock.
    """
    row = locked(consultation)
    stage = row.stage_at(when)
    statuses = MOVES[verb][0] if verb in MOVES else frozenset({Status.APPROVED})
    stages = STAGES_FOR.get(verb)
    if row.status not in statuses or (stages is not None and stage not in stages):
        raise ActionRefused(_refusal(verb, str(stage.label).lower()))
    return row


def start_planning(consultation: Consultation) -> Consultation:
    """Lock a consultation whose plan is about to change."""
    row = locked(consultation)
    if row.status not in PLANNED:
        raise ActionRefused(
            _("This consultation is %(stage)s, so its plan cannot be changed.")
            % {"stage": str(row.get_status_display()).lower()}
        )
    return row


def _refusal(verb: str, stage: str) -> str:
    sentences = {
        "submit": _("It is %(stage)s, so it cannot be sent for approval."),
        "recall": _("It is %(stage)s, so it cannot be taken back to draft."),
        "return": _("It is %(stage)s, so changes cannot be asked for."),
        "approve": _("It is %(stage)s, so it cannot be approved."),
        "withdraw": _("It is %(stage)s, so it cannot be withdrawn."),
        "extend": _("It is %(stage)s. Only an open consultation can be extended."),
        "close early": _(
            "It is %(stage)s. Only an open consultation can be closed early."
        ),
        "amend": _("It is %(stage)s. Only an open consultation can be amended."),
        "move feedback": _("It is %(stage)s, so its feedback date cannot be moved."),
    }
    return sentences[verb] % {"stage": stage}
