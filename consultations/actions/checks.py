"""What a plan still lacks before anybody is asked to approve it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from consultations.models import Consultation, QuestionnaireVersion
from consultations.questionnaire import checks as questionnaire_checks
from consultations.questionnaire.document import Questionnaire, load
from council.clock import local_day

NOTICE_PARTS = {
    "controller": gettext_lazy("who is responsible for the data"),
    "purposes": gettext_lazy("what the data is for"),
    "lawful_basis": gettext_lazy("the lawful basis"),
    "special_category_condition": gettext_lazy("the condition for equality questions"),
    "retention": gettext_lazy("how long answers are kept"),
    "sharing": gettext_lazy("who the data is shared with"),
    "publication": gettext_lazy("what is published"),
    "rights": gettext_lazy("people's rights"),
    "dpo_contact": gettext_lazy("how to reach the data protection officer"),
}


@dataclass(frozen=True)
class Missing:
    """One thing to mend, and the route of the page that mends it."""

    text: str
    route: str


def missing(consultation: Consultation, when: datetime) -> list[Missing]:
    """Everything that keeps a plan from being sent for approval."""
    return [
        *_overview(consultation),
        *_people(consultation),
        *_dates(consultation, local_day(when)),
        *_privacy(consultation),
        *_questions(consultation),
    ]


def _ask(route: str, *pairs: tuple[object, str]) -> Iterator[Missing]:
    for value, sentence in pairs:
        if not str(value or "").strip():
            yield Missing(sentence, f"consultations:{route}")


def _overview(plan: Consultation) -> Iterator[Missing]:
    yield from _ask(
        "edit_overview",
        (plan.summary, _("Say in one sentence what this is about.")),
        (plan.overview, _("Say what you are asking, and why.")),
        (plan.can_influence, _("Say what people can influence.")),
        (plan.cannot_influence, _("Say what people cannot influence.")),
    )


def _people(plan: Consultation) -> Iterator[Missing]:
    wards = plan.all_wards or plan.wards.exists()
    yield from _ask(
        "edit_people",
        (plan.audience, _("Say who it is for.")),
        (wards, _("Choose the wards, or the whole council area.")),
        (plan.level, _("Choose the level of engagement.")),
        (plan.contact_name, _("Say who people can contact.")),
        (
            plan.contact_email or plan.contact_phone,
            _("Give an email address or a telephone number of the contact."),
        ),
        (plan.other_ways, _("Say how people can answer in other ways.")),
    )
    if plan.level and not plan.level.takes_responses:
        yield Missing(
            _(
                "The level “%(level)s” takes no answers. Choose one that does, "
                "or do not ask questions."
            )
            % {"level": plan.level.name},
            "consultations:edit_people",
        )


def _dates(plan: Consultation, today: date) -> Iterator[Missing]:
    yield from _ask(
        "edit_dates",
        (plan.opens_on, _("Say on which day it opens.")),
        (plan.closes_on, _("Say on which day it closes.")),
        (plan.decision_maker, _("Say who decides.")),
        (plan.decision_due, _("Say when they decide.")),
        (plan.feedback_how, _("Say how people hear what came of it.")),
        (plan.feedback_due, _("Say by which day people hear what came of it.")),
    )
    for sentence in date_problems(plan, today):
        yield Missing(sentence, "consultations:edit_dates")


def date_problems(plan: Consultation, today: date) -> Iterator[str]:
    """What is wrong with the order of the dates that are filled in."""
    opens, closes = plan.opens_on, plan.closes_on
    if opens and opens < today:
        yield _("The opening day has passed. Choose today or a later day.")
    if closes is None:
        return
    if opens and closes < opens:
        yield _("It must close on or after it opens.")
    if plan.decision_due and plan.decision_due <= closes:
        yield _("The decision must come after the closing day.")
    if plan.feedback_due and plan.feedback_due <= closes:
        yield _("The day of feedback must come after the closing day.")


def _privacy(plan: Consultation) -> Iterator[Missing]:
    notice = plan.privacy_notice
    if notice is None:
        yield Missing(_("Choose a privacy notice."), "consultations:edit_privacy")
        return
    parts = notice.missing(asks_equality=plan.equality_set_id is not None)
    for part in parts:
        yield Missing(
            _("The privacy notice does not say: %(part)s.")
            % {"part": NOTICE_PARTS[part]},
            "consultations:edit_privacy",
        )


def _questions(plan: Consultation) -> Iterator[Missing]:
    questionnaire = draft_document(plan)
    if questionnaire is None:
        yield Missing(_("Add a question."), "consultations:questions")
        return
    for sentence in questionnaire_checks.problems(questionnaire):
        yield Missing(sentence, "consultations:questions")
    if questionnaire_checks.asks_only_who_people_are(questionnaire):
        nothing = _("You only ask who people are. Add what you want to ask them.")
        yield Missing(nothing, "consultations:questions")


def newest_version(plan: Consultation) -> QuestionnaireVersion | None:
    """The version that is edited, or else the newest frozen one."""
    return plan.questionnaires.order_by("-number").first()


def draft_document(plan: Consultation) -> Questionnaire | None:
    """The questions as they stand, or None where there are none to read."""
    version = newest_version(plan)
    if version is None:
        return None
    try:
        return load(version.document)
    except ValidationError:
        return None
