"""The rows of a consultation's life, a module for each noun."""

from consultations.models.address import OldAddress
from consultations.models.amendment import Amendment
from consultations.models.approval import ApprovalStep
from consultations.models.consultation import Consultation, ConsultationQuerySet
from consultations.models.document import Document
from consultations.models.feedback import (
    CancelledRelease,
    Feedback,
    Findings,
    Release,
)
from consultations.models.lifecycle import MOVES, Stage, Status
from consultations.models.questionnaire import (
    EqualitySet,
    QuestionnaireStep,
    QuestionnaireVersion,
)
from consultations.models.response import (
    AbuseSignal,
    Comment,
    ContactOptIn,
    Draft,
    EqualityAnswers,
    Response,
)
from consultations.models.topic import Topic
from consultations.models.window import OpenWindow

__all__ = [
    "MOVES",
    "AbuseSignal",
    "Amendment",
    "ApprovalStep",
    "CancelledRelease",
    "Comment",
    "Consultation",
    "ConsultationQuerySet",
    "ContactOptIn",
    "Document",
    "Draft",
    "EqualityAnswers",
    "EqualitySet",
    "Feedback",
    "Findings",
    "OldAddress",
    "OpenWindow",
    "QuestionnaireStep",
    "QuestionnaireVersion",
    "Release",
    "Response",
    "Stage",
    "Status",
    "Topic",
]
