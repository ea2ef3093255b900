"""Publishing the findings and the feedback of the strategy, on their days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from accounts.models import User
from consultations.feedback import actions
from consultations.models import Consultation, Release
from council.clock import at_hour
from engage.demo.strategy import texts

CHARTS = ["q_priorities", "q_blocks", "q_actions"]


def publish(
    consultation: Consultation, *, days: dict[str, date], staff: dict[str, User]
) -> list[Release]:
    """Publish both through the actions, as they were on their days."""
    author, second = staff["officer@example.org"], staff["second.officer@example.org"]
    return [
        _findings(consultation, days, author, second),
        _feedback(consultation, days, author, second),
    ]


def _moments(day: date) -> tuple[datetime, datetime]:
    """When the author asks for confirmation, and when the second person confirms."""
    return at_hour(day - timedelta(days=1), 15), at_hour(day, 10)


def _findings(
    consultation: Consultation, days: dict[str, date], author: User, second: User
) -> Release:
    written, confirmed = _moments(days["findings"])
    findings = actions.save_findings(
        consultation,
        by=author,
        summary=texts.text("findings", days),
        how_people_took_part=texts.text("how_people_took_part", days),
        question_texts={
            question: {"headline": headline, "sentence": sentence}
            for question, (headline, sentence) in texts.QUESTION_TEXTS.items()
        },
        when=written,
    )
    actions.ask_for_confirmation(findings, by=author, when=written)
    return actions.confirm(findings, by=second, when=confirmed)


def _feedback(
    consultation: Consultation, days: dict[str, date], author: User, second: User
) -> Release:
    written, confirmed = _moments(days["feedback"])
    actions.save_feedback(
        consultation,
        by=author,
        we_asked=texts.text("we_asked", days),
        you_said=texts.text("you_said", days),
        we_did=texts.text("we_did", days),
        outcome=Consultation.Outcome.CHANGED,
        outcome_reason="",
        signed_off_by="The Cabinet",
        next_update_on=days["plan"],
        when=written,
    )
    feedback = actions.save_charts(consultation, by=author, charts=CHARTS, when=written)
    actions.ask_for_confirmation(feedback, by=author, when=written)
    return actions.confirm(feedback, by=second, when=confirmed)
