"""Which equality questions are asked, and what a set must keep to. Pure.

The keys are those of the sets that the portal comes with; a later version of a set
keeps them, because a key is never used for another meaning (EQ-04).
"""

from __future__ import annotations

from collections.abc import Mapping

from consultations.questionnaire.document import Kind, Page, Questionnaire, Role
from consultations.questionnaire.naming import name_of

UNDER_16 = "age_under_16"
CONDITION = "cond_yes"
# EQ-03 names the first two; the Census asks the third from 16, too.
FROM_16 = frozenset({"gender_id", "orient", "marital"})
IF_CONDITION = frozenset({"limit", "impair"})


def hidden(answers: Mapping[str, object]) -> set[str]:
    """Return the keys of the questions that these answers hide (EQ-03).

    Questions about the effect of a condition are asked of those who have one.
    """
    found: set[str] = set()
    if answers.get("age") == UNDER_16:
        found |= FROM_16
    if answers.get("cond") != CONDITION:
        found |= IF_CONDITION
    return found


def keep_asked(answers: Mapping[str, object]) -> dict[str, object]:
    """Return the answers without those to hidden questions, and their texts (EQ-03)."""
    gone = hidden(answers)
    return {key: value for key, value in answers.items() if _question(key) not in gone}


def pages_with_questions(
    questionnaire: Questionnaire, answers: Mapping[str, object]
) -> list[Page]:
    """Return the pages without hidden questions; a page with none left is left out."""
    gone = hidden(answers)
    pages = [
        page.model_copy(
            update={"questions": tuple(q for q in page.questions if q.key not in gone)}
        )
        for page in questionnaire.pages
    ]
    return [page for page in pages if page.questions]


def validate(questionnaire: Questionnaire) -> list[str]:
    """Return what keeps a set from being published, as sentences (EQ-01, EQ-02)."""
    found = []
    for question in questionnaire.questions():
        name = name_of(questionnaire, question.key)
        if question.required:
            found.append(f"{name} must be optional, as every equality question is.")
        if not question.options:
            continue
        silent = [o for o in question.options if o.role == Role.PREFER_NOT_TO_SAY]
        if question.kind in (Kind.ONE, Kind.MANY) and len(silent) != 1:
            found.append(f"{name} needs exactly one option “Prefer not to say”.")
        if not all(option.exclusive for option in silent):
            found.append(f"“Prefer not to say” in {name} must exclude the others.")
    return found


def _question(key: str) -> str:
    return key.split(".")[0]
