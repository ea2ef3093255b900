"""A small council with everything in it, for the walks over all pages.

One consultation at each stage, answers, drafts, alerts, mail, people of every
role. Built with factories; the walks ask it for paths and for people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Deputy, User
from accounts.roles import RoleKind
from accounts.secret_links import make_token
from consultations.feedback import actions as feedback_actions
from consultations.models import (
    Amendment,
    Consultation,
    ContactOptIn,
    Document,
    Draft,
)
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

# The smallest picture there is: one grey pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154789c6360000000020001e221bc33"
    "0000000049454e44ae426082"
)


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
    council = factories.make_council(is_demonstration=True)
    council.logo.save("logo.png", ContentFile(PNG))
    world.things["logo"] = Path(council.logo.name).name
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
    world.things["somebody"] = factories.make_officer(own, full_name="Sylvie Somebody")
    world.things["somebody_elected"] = factories.make_user(
        RoleKind.COUNCILLOR, full_name="Cllr Elsa Elected"
    )
    # Whom democratic services may look up, as a councillor, and not deputise.
    world.things["elected_approver"] = factories.make_user(
        RoleKind.COUNCILLOR,
        RoleKind.CONSULTATION_APPROVER,
        full_name="Cllr Edda Both",
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
        user=world.things["somebody_elected"], ward=ward, starts=date(2025, 5, 1)
    )


def _consultations(world: World, own: Any) -> None:
    lead = world.people["officer"]
    common: dict[str, Any] = {"service": own, "lead_officer": lead}
    common |= {
        "level": factories.make_level(),
        "topic": factories.make_topic(name="Libraries and culture"),
        "privacy_notice": factories.make_privacy_notice(version=1),
        "equality_set": factories.make_equality_set(),
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
        "scheduled": published(
            title="One set for later", opens=-50, closes=-10, **common_published
        ),
        # Unlike the withdrawn one, the public has read of this one: its note stays.
        "taken_away": published(
            title="One taken away",
            status="withdrawn",
            withdrawn_at=timezone.now(),
            public_note="We found another mistake.",
            **common_published,
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
    world.things["document_file"] = Document.objects.create(
        consultation=world.stages["open"],
        title="The map",
        file=ContentFile(b"%PDF-1.4 a map", name="map.pdf"),
        file_name="map.pdf",
        file_format="PDF",
        file_size=14,
        accessible_note="Ask us for it in words.",
    )
    world.things["amendment"] = Amendment.objects.create(
        consultation=world.stages["open"],
        what="Document: The map",
        reason="A road was missing.",
        by=world.stages["open"].lead_officer,
        old_file=ContentFile(b"%PDF-1.4 an older map", name="old.bin"),
        old_file_name="map.pdf",
    )


def _answers(world: World) -> None:
    for stage in ("open", "closed", "findings", "feedback"):
        for _ in range(3):
            response = factories.make_response(world.stages[stage], ANSWERS)
            world.things[f"response_{stage}"] = response
    world.things["held"] = factories.make_response(
        world.stages["open"],
        ANSWERS,
        status="held",
        held_because="It was filled in within a second.",
    )
    consultation = world.stages["open"]
    world.things["draft"] = Draft.objects.create(
        consultation=consultation,
        version=consultation.questionnaires.get(),
        answers=ANSWERS,
        pages_done=["p1", "p2", "p3"],
    )
    world.things["receipt"] = world.things["response_open"]
    world.things["contact"] = ContactOptIn.objects.create(
        response=world.things["receipt"],
        consultation=consultation,
        email="resident@example.org",
        address_key="a" * 40,
        wants_feedback=True,
    )
    closed = world.stages["closed"]
    world.things["comment"] = closed.comments.order_by("pk")[0]


def _releases(world: World) -> None:
    """Findings and feedback, written by one person and confirmed by another."""
    for stage in ("findings", "feedback"):
        publish_findings(world, world.stages[stage])
    publish_feedback(world, world.stages["feedback"])
    later = timezone.now() + timedelta(days=3)
    publish_findings(world, world.stages["scheduled"], at=later)


def publish_findings(
    world: World, consultation: Consultation, *, at: datetime | None = None
) -> None:
    author, second = world.people["officer"], world.people["second_officer"]
    findings = feedback_actions.save_findings(
        consultation,
        by=author,
        summary="Most people **agree**.",
        how_people_took_part="Online.",
        question_texts={},
    )
    feedback_actions.ask_for_confirmation(findings, by=author, publish_at=at)
    feedback_actions.confirm(findings, by=second)


def publish_feedback(world: World, consultation: Consultation) -> None:
    author, second = world.people["officer"], world.people["second_officer"]
    feedback_actions.save_feedback(
        consultation,
        by=author,
        we_asked="When should the library open?",
        you_said="Later.",
        we_did="We open later.",
        outcome="changed",
        outcome_reason="",
        signed_off_by="The Cabinet",
        next_update_on=None,
    )
    feedback = feedback_actions.save_charts(
        consultation, by=author, charts=["q_use", "q_grid"]
    )
    feedback_actions.ask_for_confirmation(feedback, by=author)
    feedback_actions.confirm(feedback, by=second)


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
