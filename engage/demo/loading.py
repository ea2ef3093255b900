"""Putting the demonstration into an empty database."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from consultations import actions
from consultations.actions import snapshots
from consultations.analysis import codes
from consultations.models import (
    ApprovalStep,
    Consultation,
    EqualitySet,
    OpenWindow,
    QuestionnaireVersion,
    Response,
    Topic,
)
from consultations.questionnaire.document import Kind, Questionnaire, dump
from consultations.responses import writer
from council.clock import day_ends, day_starts, local_day
from council.models import EngagementLevel, PrivacyNotice
from engage.demo import others, people, places, strategy
from portfolios.models import Service
from wards.models import Ward

APPROVER = "approver@example.org"


@transaction.atomic
def load(when: datetime) -> list[Consultation]:
    """Load the demonstration into an empty database, as it stands at a moment."""
    people.load_council()
    staff = people.load_people()
    notice = people.load_texts()
    wards = places.load_places(staff["councillor@example.org"])
    loader = Loader(when, staff, notice, wards)
    return [loader.strategy(), *(loader.other(plan) for plan in others.PLANS)]


class Loader:
    """Makes the consultations; dates are days from the moment it is given."""

    def __init__(
        self,
        when: datetime,
        staff: dict[str, User],
        notice: PrivacyNotice,
        wards: list[Ward],
    ) -> None:
        self.when, self.staff, self.notice, self.wards = when, staff, notice, wards
        self.today = local_day(when)
        self.number = 0

    def strategy(self) -> Consultation:
        """The main consultation, with its 90 answers, findings and feedback."""
        days = strategy.texts.dates(self.today)
        consultation = self._consultation(
            title=strategy.texts.TITLE,
            summary=strategy.texts.SUMMARY,
            overview=strategy.texts.text("overview", days),
            service=Service.objects.get(slug="policy-and-communities"),
            topic=Topic.objects.get(slug="communities"),
            lead_officer=self.staff["officer@example.org"],
            level=EngagementLevel.objects.get(name="Consulting"),
            opens_on=days["opens"],
            closes_on=days["closes"],
            decision_due=days["decision"],
            feedback_due=days["closes"] + timedelta(days=84),
            equality_set=_equality_set(),
            is_generated=True,
            **strategy.texts.PLAN,
        )
        version = self._questions(consultation, strategy.questions.build())
        self._approve(consultation, version)
        codes_of_wards = [ward.code for ward in self.wards]
        made = strategy.answers.make_answers(codes_of_wards, days["opens"], 70)
        for number, answer in enumerate(made, start=1):
            self._respond(version, number, answer.answers, answer.received_on)
        strategy.publishing.publish(consultation, days=days, staff=self.staff)
        return consultation

    def other(self, plan: others.Plan) -> Consultation:
        """One of the smaller consultations."""
        consultation = self._consultation(
            title=plan.title,
            summary=plan.summary,
            overview=plan.overview,
            can_influence=plan.can_influence,
            cannot_influence=plan.cannot_influence,
            audience="Everybody who lives or works here.",
            decision_maker=plan.decision_maker,
            service=Service.objects.get(slug=plan.service),
            topic=Topic.objects.get(name=plan.topic),
            lead_officer=self.staff[plan.lead],
            level=EngagementLevel.objects.get(name=plan.level),
            opens_on=self._day(plan.opens),
            closes_on=self._day(plan.closes),
            decision_due=self._day(plan.decision),
            feedback_due=self._day(plan.feedback_due),
            feedback_how="On this page, and by email to everyone who asked.",
            contact_name="The consultation team",
            contact_email="haveyoursay@example.org",
            contact_phone="01632 960 123",
            other_ways="Telephone us, or ask for a paper form at any library.",
            equality_set=_equality_set(),
            is_generated=plan.answers > 0,
            all_wards=not plan.wards,
        )
        consultation.wards.set([w for w in self.wards if w.slug in plan.wards])
        version = self._questions(consultation, others.build(plan))
        if plan.state == "approved":
            self._approve(consultation, version)
            self._answer(consultation, version, plan)
        elif plan.state == "waiting":
            actions.send_for_approval(
                consultation, by=consultation.lead_officer, when=self.when
            )
        return consultation

    def _day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def _consultation(self, **fields: Any) -> Consultation:
        self.number += 1
        return Consultation.objects.create(
            reference=f"CON/{self.today.year}/{self.number:03}",
            slug=slugify(fields["title"]),
            created_by=fields["lead_officer"],
            created_at=self.when - timedelta(days=200),
            privacy_notice=self.notice,
            **fields,
        )

    def _questions(
        self, consultation: Consultation, questionnaire: Questionnaire
    ) -> QuestionnaireVersion:
        return QuestionnaireVersion.objects.create(
            consultation=consultation, document=dump(questionnaire)
        )

    def _approve(
        self, consultation: Consultation, version: QuestionnaireVersion
    ) -> None:
        """Approved a while ago: written as facts, because actions act now."""
        opens, closes = consultation.opens_on, consultation.closes_on
        if opens is None or closes is None:
            raise ValueError("a plan of the demonstration has both days")
        approved = min(day_starts(opens), self.when) - timedelta(days=14)
        for step, by, days in (
            (ApprovalStep.Step.SENT, consultation.lead_officer, 3),
            (ApprovalStep.Step.APPROVED, self.staff[APPROVER], 0),
        ):
            ApprovalStep.objects.create(
                consultation=consultation,
                step=step,
                by=by,
                at=approved - timedelta(days=days),
                plan=snapshots.plan_of(consultation),
                questionnaire=version.document,
            )
        consultation.status = "approved"
        consultation.approved_at = approved
        consultation.approved_by = self.staff[APPROVER]
        consultation.save(update_fields=["status", "approved_at", "approved_by"])
        OpenWindow.objects.create(
            consultation=consultation, starts=day_starts(opens), ends=day_ends(closes)
        )
        slots = codes.slot_map(Questionnaire.model_validate(version.document))
        version.slots, version.frozen_at = codes.as_stored(slots), approved
        version.save(update_fields=["slots", "frozen_at"])

    def _answer(
        self,
        consultation: Consultation,
        version: QuestionnaireVersion,
        plan: others.Plan,
    ) -> None:
        dice = random.Random(plan.title)  # noqa: S311 (the same every time)
        questionnaire = Questionnaire.model_validate(version.document)
        last = min(plan.closes, 0)
        for number in range(1, plan.answers + 1):
            answers: dict[str, Any] = {"q_capacity": "o_me"}
            for question in questionnaire.questions():
                options = [option.key for option in question.options]
                if question.kind is Kind.MANY:
                    answers[question.key] = dice.sample(options, dice.randint(1, 3))
                elif question.kind in {Kind.ONE, Kind.AGREE}:
                    answers[question.key] = dice.choice(options)
            ward = dice.choice(list(consultation.wards.all()) or self.wards)
            answers["q_ward"] = {"place": "ward", "ward_code": ward.code}
            day = self._day(dice.randint(plan.opens, last))
            self._respond(version, number, answers, day)

    def _respond(
        self,
        version: QuestionnaireVersion,
        number: int,
        answers: dict[str, Any],
        day: date,
    ) -> None:
        writer.write(
            version.consultation,
            version,
            answers=answers,
            source="demonstration",
            source_key=str(number),
            channel=Response.Channel.ONLINE,
            received_on=day,
            language="en-gb",
        )


def _equality_set() -> EqualitySet | None:
    return EqualitySet.objects.filter(code="census-2021").order_by("-version").first()
