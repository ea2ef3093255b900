"""What people do with findings and feedback: write, ask, confirm, cancel."""

from consultations.feedback.actions.publishing import (
    ask_for_confirmation,
    cancel,
    confirm,
    unpublished,
)
from consultations.feedback.actions.writing import (
    AFTER_CLOSING,
    save_charts,
    save_feedback,
    save_findings,
)

__all__ = [
    "AFTER_CLOSING",
    "ask_for_confirmation",
    "cancel",
    "confirm",
    "save_charts",
    "save_feedback",
    "save_findings",
    "unpublished",
]
