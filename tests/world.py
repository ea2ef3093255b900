"""A small council with everything in it, for the walks over all pages.

One consultation at each stage, answers, drafts, alerts, mail, people of every
role. Built with factories; the walks ask it for paths and for people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Deputy, User
from accounts.roles import RoleKind
from accounts.secret_links import make_token
from consultations.models import (
    Consultation,
    Document,
    Draft,
    EqualitySet,
    Feedback,
    Findings,
    Release,
    Response,
)
from consultations.responses import writer
from council.clock import day_starts
from notices.models import Notice, Subscription
from tests import factories
from wards.models import Councillor, Postcode, Ward

ANSWERS: dict[str, Any] = {
    "q_capacity": "o_me",
    "q_ward": {"place": "not_stated"},
    "q_use": "o_often",
    "q_days": ["o_mon", "o_sat"],
    "q_agree": "ao_a",
    "q_grid": {"r_quiet": "go_a", "r_cafe": "go_d"},
    "q_age": 3,
    "q_name": "The Snug",
    "q_why": "Because it is warm.",
}


@dataclass
class World:
    """Who and what there is. `people` is by role name, `stages` by stage name."""

    people: dict[str, User] = field(default_factory=dict)
    stages: dict[str, Consultation] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)

    def slug(self, stage: str) -> str:
        return self.stages[stage].slug


def make_world() -> World:
    """Build it; about fifty rows."""
    world = World()
    factories.make_council(is_demonstration=True)
    own = factories.make_service(name="Libraries", slug="libraries")
    other = factories.make_service(name="Buses", slug="buses")
    _people(world, own, other)
    _places(world)
    _consultations(world, own)
    _answers(world)
    _releases(world)
    _mail(world)
    return world


def _people(world: World, own: Any, other: Any) -> None:
    people = world.people
    people["officer"] = factories.make_officer(own, full_name="Olive Officer")
    people["second_officer"] = factories.make_officer(own, full_name="Sam Second")
    people["other_officer"] = factories.make_officer(other, full_name="Otto Other")
    people["approver"] = factories.make_approver(full_name="April Approver")
    for name, role in {
        "equalities": RoleKind.EQUALITIES_OFFICER,
        "funding": RoleKind.FUNDING_OFFICER,
        "finance": RoleKind.FINANCE,
        "democratic": RoleKind.DEMOCRATIC_SERVICES,
        "councillor": RoleKind.COUNCILLOR,
        "monitoring": RoleKind.MONITORING_OFFICER,
        "administrator": RoleKind.ADMINISTRATOR,
        "group_member": RoleKind.GROUP_MEMBER,
    }.items():
        people[name] = factories.make_user(role, full_name=f"{name.title()} Person")
    people["superuser"] = factories.make_user(is_superuser=True, is_staff=True)
    people["no_role"] = factories.make_user(full_name="Former Officer")
    world.things["invited"] = factories.make_user(
        RoleKind.SERVICE_OFFICER,
        full_name="Ines Invited",
        joined_at=None,
        invited_at=timezone.now(),
    )
    now = timezone.now()
    world.things["deputy"] = Deputy.objects.create(
        approver=people["approver"],
        deputy=factories.make_user(full_name="Dana Deputy"),
        starts=now + timedelta(days=1),
        ends=now + timedelta(days=8),
        named_by=people["approver"],
    )


def _places(world: World) -> None:
    ward = factories.make_ward(name="Castlegate", slug="castlegate")
    Postcode.objects.create(code="FN11AA", ward_code=ward.code)
    world.things["ward"] = ward
    world.things["term"] = Councillor.objects.create(
        user=world.people["councillor"], ward=ward, starts=date(2025, 5, 1)
    )


def _consultations(world: World, own: Any) -> None:
    lead = world.people["officer"]
    common: dict[str, Any] = {"service": own, "lead_officer": lead}
    common |= {
        "level": factories.make_level(),
        "topic": factories.make_topic(name="Libraries and culture"),
        "privacy_notice": factories.make_privacy_notice(version=1),
        "equality_set": EqualitySet.objects.filter(code="census-2021").first(),
    }
    make, published = (
        factories.make_consultation,
        factories.make_published_consultation,
    )
    common_published = {**common, "approved_by": world.people["approver"]}
    world.stages = {
        "draft": make(title="A draft", **common),
        "waiting": make(title="One that waits", status="waiting", **common),
        "returned": make(title="One returned", status="returned", **common),
        "opens_soon": published(
            title="One to come", opens=5, closes=40, **common_published
        ),
        "open": published(title="Library hours", **common_published),
        "closed": published(
            title="One closed", opens=-60, closes=-20, **common_published
        ),
        "findings": published(
            title="Findings are out", opens=-90, closes=-50, **common_published
        ),
        "feedback": published(
            title="Feedback is out", opens=-190, closes=-150, **common_published
        ),
        "withdrawn": make(
            title="One withdrawn",
            status="withdrawn",
            withdrawn_at=timezone.now(),
            public_note="We found a mistake.",
            **common,
        ),
    }
    ward: Ward = world.things["ward"]
    for name in ("open", "closed"):
        world.stages[name].all_wards = False
        world.stages[name].save(update_fields=["all_wards"])
        world.stages[name].wards.add(ward)
    for name in ("draft", "open"):
        world.things[f"document_{name}"] = Document.objects.create(
            consultation=world.stages[name], title="The plan", text="## Why\n\nMoney."
        )


def make_response(
    consultation: Consultation, key: str, answers: dict[str, Any] | None = None
) -> Response:
    """A response through the one writer."""
    version = consultation.questionnaires.get(frozen_at__isnull=False)
    closes = consultation.closes_on or timezone.localdate()
    return writer.write(
        consultation,
        version,
        answers=answers or ANSWERS,
        source="online",
        source_key=key,
        channel=Response.Channel.ONLINE,
        received_on=min(closes, timezone.localdate()),
        language="en-gb",
        privacy_notice=consultation.privacy_notice,
    )


def _answers(world: World) -> None:
    for stage in ("open", "closed", "findings", "feedback"):
        for number in range(3):
            response = make_response(world.stages[stage], f"{stage}-{number}")
            world.things[f"response_{stage}"] = response
    held = make_response(world.stages["open"], "held")
    held.status, held.held_because = "held", "It was filled in within a second."
    held.save(update_fields=["status", "held_because"])
    world.things["held"] = held
    consultation = world.stages["open"]
    world.things["draft"] = Draft.objects.create(
        consultation=consultation,
        version=consultation.questionnaires.get(),
        answers=ANSWERS,
        pages_done=["p1", "p2", "p3"],
    )
    world.things["receipt"] = world.things["response_open"]


def _releases(world: World) -> None:
    """Findings and feedback as they were published, straight as rows."""
    for stage, kinds in {
        "findings": ["findings"],
        "feedback": ["findings", "feedback"],
    }.items():
        consultation = world.stages[stage]
        Findings.objects.create(consultation=consultation, summary="Most agree.")
        Feedback.objects.create(
            consultation=consultation,
            we_asked="When?",
            you_said="Later.",
            we_did="Did.",
        )
        for kind in kinds:
            world.things[f"release_{stage}_{kind}"] = publish(world, consultation, kind)


def publish(world: World, consultation: Consultation, kind: str) -> Release:
    return Release.objects.create(
        consultation=consultation,
        kind=kind,
        texts={
            "summary": "Most agree.",
            "how_people_took_part": "Online.",
            "we_asked": "When?",
            "you_said": "Later.",
            "we_did": "We open later.",
            "outcome": "changed",
            "outcome_reason": "",
        },
        input_digest="0" * 64,
        outcome="changed" if kind == "feedback" else "",
        prepared_by=world.people["officer"],
        checked_by=world.people["second_officer"],
        public_from=day_starts(timezone.localdate()),
    )


def _mail(world: World) -> None:
    world.things["alert"] = Subscription.objects.create(
        kind="consultation",
        key=str(world.stages["open"].pk),
        email="resident@example.org",
        address_key="a" * 40,
        confirmed_at=timezone.now(),
    )
    world.things["notice"] = Notice.objects.create(
        kind="consultations.closing_soon",
        recipient="resident@example.org",
        recipient_key="a" * 40,
        occasion="1",
        status="failed",
        error="550 no such mailbox",
        about_type="consultations.consultation",
        about_id=str(world.stages["open"].pk),
    )


def token(purpose: str, row: Any) -> str:
    """The secret link's token of a row."""
    generation = getattr(row, "generation", None) or row.link_generation
    return make_token(purpose, row.pk, generation)
