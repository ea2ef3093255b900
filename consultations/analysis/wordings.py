"""Questions as they were asked: the versions that asked alike are read together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from consultations.analysis.counting import same_question
from consultations.models import Consultation, QuestionnaireVersion
from consultations.questionnaire.document import Question, Questionnaire, load


@dataclass
class Wording:
    """One wording of one question, and the versions that used it, newest first.

    `key` is the question's key; an earlier wording adds its version ("q3-v1").
    """

    key: str
    question: Question
    questionnaire: Questionnaire
    versions: list[QuestionnaireVersion] = field(default_factory=list)
    is_current: bool = True

    @property
    def label(self) -> str:
        """The words of the question."""
        words = self.questionnaire.label(self.question.key)
        if self.is_current:
            return words
        return _("%(question)s (earlier wording)") % {"question": words}

    def label_of(self, key: str) -> str:
        """The words of one of its options or rows."""
        return self.questionnaire.label(key)


def frozen_versions(consultation: Consultation) -> list[QuestionnaireVersion]:
    """The versions that were ever asked, newest first."""
    versions = consultation.questionnaires.filter(frozen_at__isnull=False)
    return list(versions.order_by("-number"))


def wordings(versions: Sequence[QuestionnaireVersion]) -> list[Wording]:
    """Every question of these versions (newest first), in the newest's order.

    Earlier wordings, which are counted apart, come at the end.
    """
    found: list[Wording] = []
    for place, version in enumerate(versions):
        questionnaire = load(version.document)
        for question in questionnaire.questions():
            _sort_in(found, version, questionnaire, question, is_current=place == 0)
    return found


def _sort_in(
    found: list[Wording],
    version: QuestionnaireVersion,
    questionnaire: Questionnaire,
    question: Question,
    *,
    is_current: bool,
) -> None:
    key = question.key
    for wording in found:
        if wording.question.key == key and same_question(
            key, wording.questionnaire, questionnaire
        ):
            wording.versions.append(version)
            return
    if not is_current:
        key = f"{key}-v{version.number}"
    found.append(Wording(key, question, questionnaire, [version], is_current))
