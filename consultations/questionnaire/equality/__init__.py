"""Equality questions: their versions as data, and which of them are asked."""

from consultations.questionnaire.equality.rules import (
    hidden,
    keep_asked,
    pages_with_questions,
    validate,
)

__all__ = ["hidden", "keep_asked", "pages_with_questions", "validate"]
