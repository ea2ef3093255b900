"""What people do to a consultation: planning, approval, running."""

from consultations.actions.amending import amend_document, amend_plan, amend_words
from consultations.actions.approval import (
    approve,
    recall,
    return_with_reasons,
    send_for_approval,
)
from consultations.actions.checks import missing
from consultations.actions.documents import (
    add_document,
    edit_document,
    move_document,
    remove_document,
)
from consultations.actions.handover import hand_over_all, work_of
from consultations.actions.planning import create, edit
from consultations.actions.running import (
    close_early,
    extend,
    move_feedback,
    withdraw,
)

__all__ = [
    "add_document",
    "amend_document",
    "amend_plan",
    "amend_words",
    "approve",
    "close_early",
    "create",
    "edit",
    "edit_document",
    "extend",
    "hand_over_all",
    "missing",
    "move_document",
    "move_feedback",
    "recall",
    "remove_document",
    "return_with_reasons",
    "send_for_approval",
    "withdraw",
    "work_of",
]
