"""Valid rows for tests: plain `make_…` functions, each with sensible defaults."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.models import Role, User
from accounts.roles import RoleKind
from consultations.analysis import codes
from consultations.models import (
    Consultation,
    EqualitySet,
    OpenWindow,
    QuestionnaireVersion,
    Response,
    Topic,
)
from consultations.questionnaire.document import (
    DEFAULT_LANGUAGE,
    Kind,
    Option,
    Page,
    Question,
    Questionnaire,
    Route,
    Row,
    Words,
    dump,
)
from consultations.questionnaire.document import (
    Role as OptionRole,
)
from consultations.responses.writer import write
from council.clock import day_ends, day_starts
from council.models import Council, EngagementLevel, PrivacyNotice
from portfolios.models import Service, ServiceOfficer
from wards.models import Ward, WardSet

_number = count(1)
PASSWORD = "correct horse battery staple"
CENSUS_2021 = (
    Path(__file__).resolve().parent.parent
    / "consultations/questionnaire/equality/census_2021_v1.json"
)


def make_council(**fields: Any) -> Council:
    council, _ = Council.objects.update_or_create(
        pk=1, defaults={"name": "Fernshire Council", "place": "Fernshire", **fields}
    )
    return council


def make_user(*roles: str, **fields: Any) -> User:
    """Somebody with an account, who has joined and holds these roles."""
    n = next(_number)
    user = User.objects.create_user(
        email=fields.pop("email", f"person{n}@example.org"),
        password=fields.pop("password", PASSWORD),
        full_name=fields.pop("full_name", f"Person {n}"),
        joined_at=fields.pop("joined_at", timezone.now()),
        **fields,
    )
    for role in roles:
        Role.objects.create(user=user, kind=role)
    return user


def make_service(**fields: Any) -> Service:
    n = next(_number)
    return Service.objects.create(
        **{"name": f"Service {n}", "slug": f"service-{n}", **fields}
    )


def make_officer(service: Service | None = None, **fields: Any) -> User:
    """A service officer of one service."""
    user = make_user(RoleKind.SERVICE_OFFICER, **fields)
    ServiceOfficer.objects.create(user=user, service=service or make_service())
    return user


def make_approver(**fields: Any) -> User:
    return make_user(RoleKind.CONSULTATION_APPROVER, **fields)


def make_level(**fields: Any) -> EngagementLevel:
    n = next(_number)
    return EngagementLevel.objects.create(
        **{
            "order": 1000 + n,
            "name": f"Consulting {n}",
            "in_other_words": "We ask people what they think",
            "promise": "We will ask what you think and tell you what came of it.",
            **fields,
        }
    )


def make_privacy_notice(**fields: Any) -> PrivacyNotice:
    texts = {
        name: f"About {name.replace('_', ' ')}."
        for name in (
            "controller",
            "purposes",
            "lawful_basis",
            "special_category_condition",
            "retention",
            "sharing",
            "publication",
            "rights",
            "dpo_contact",
        )
    }
    return PrivacyNotice.objects.create(**{"version": next(_number), **texts, **fields})


def make_topic(**fields: Any) -> Topic:
    n = next(_number)
    return Topic.objects.create(
        **{"name": f"Topic {n}", "slug": f"topic-{n}", **fields}
    )


def make_ward_set(**fields: Any) -> WardSet:
    """A set of wards in force since 2020 (or the given day)."""
    return WardSet.objects.get_or_create(
        in_force_from=fields.pop("in_force_from", date(2020, 5, 1)),
        defaults={"name": "Wards of 2020", **fields},
    )[0]


def make_ward(**fields: Any) -> Ward:
    n = next(_number)
    ward_set = fields.pop("ward_set", None) or make_ward_set()
    return Ward.objects.create(
        **{
            "ward_set": ward_set,
            "code": f"E0599{n:04}",
            "name": f"Ward {n}",
            "slug": f"ward-{n}",
            **fields,
        }
    )


AGREE_OPTIONS = (
    ("o_sa", OptionRole.STRONG_POSITIVE, "Strongly agree"),
    ("o_a", OptionRole.POSITIVE, "Agree"),
    ("o_n", OptionRole.NEUTRAL, "Neither agree nor disagree"),
    ("o_d", OptionRole.NEGATIVE, "Disagree"),
    ("o_sd", OptionRole.STRONG_NEGATIVE, "Strongly disagree"),
    ("o_dk", OptionRole.DONT_KNOW, "I do not know"),
)


def make_questionnaire() -> Questionnaire:
    """Three pages with every kind of question and one route.

    Page 1: q_capacity, q_ward, q_use (one: o_often, o_never). "Never" leads to
    page 3. Page 2: q_days (many), q_agree, q_grid. Page 3: q_age (number),
    q_name (short text), q_why (long text).
    """
    words: dict[str, Words] = {}

    def said(key: str, label: str, hint: str = "") -> str:
        words[key] = Words(label=label, hint=hint)
        return key

    def agree(prefix: str) -> tuple[Option, ...]:
        return tuple(
            Option(key=said(f"{prefix}{key}", label), role=role)
            for key, role, label in AGREE_OPTIONS
        )

    page_1 = Page(
        key=said("p1", "You and the library"),
        questions=(
            Question(
                key=said("q_capacity", "Who are you answering for?"),
                kind=Kind.CAPACITY,
                options=(
                    Option(key=said("o_me", "For myself"), role=OptionRole.MYSELF),
                    Option(
                        key=said("o_org", "For an organisation"),
                        role=OptionRole.ORGANISATION,
                    ),
                ),
            ),
            Question(key=said("q_ward", "Where do you live?"), kind=Kind.WARD),
            Question(
                key=said("q_use", "How often do you use the library?"),
                kind=Kind.ONE,
                options=(
                    Option(key=said("o_often", "Often")),
                    Option(key=said("o_never", "Never")),
                    Option(key=said("o_use_other", "Something else"), other=True),
                ),
            ),
        ),
        routes=(Route(question="q_use", options=("o_never",), to="p3"),),
    )
    page_2 = Page(
        key=said("p2", "Opening hours"),
        questions=(
            Question(
                key=said("q_days", "Which days suit you?"),
                kind=Kind.MANY,
                options=(
                    Option(key=said("o_mon", "Monday")),
                    Option(key=said("o_sat", "Saturday")),
                    Option(key=said("o_none", "None of these"), exclusive=True),
                ),
            ),
            Question(
                key=said("q_agree", "Should the library open later?"),
                kind=Kind.AGREE,
                options=agree("a"),
            ),
            Question(
                key=said("q_grid", "Do you agree with each of these?"),
                kind=Kind.AGREE_GRID,
                rows=(
                    Row(key=said("r_quiet", "A quiet room")),
                    Row(key=said("r_cafe", "A café")),
                ),
                options=agree("g"),
            ),
        ),
    )
    page_3 = Page(
        key=said("p3", "Anything else"),
        questions=(
            Question(
                key=said("q_age", "How many people live with you?"),
                kind=Kind.NUMBER,
                minimum=0,
                maximum=30,
            ),
            Question(
                key=said("q_name", "What should the room be called?"),
                kind=Kind.SHORT_TEXT,
                max_length=100,
            ),
            Question(key=said("q_why", "Why?"), kind=Kind.LONG_TEXT, max_length=2000),
        ),
    )
    return Questionnaire(
        pages=(page_1, page_2, page_3),
        texts={DEFAULT_LANGUAGE: words},
        next_number=100,
    )


def make_consultation(**fields: Any) -> Consultation:
    """A draft with everything filled in that approval asks for, and its questions.

    Opens in 7 days for 42 days. `questionnaire=` takes a document;
    `questionnaire=None` leaves the questions out.
    """
    n = next(_number)
    document = fields.pop("questionnaire", make_questionnaire())
    service = fields.pop("service", None) or make_service()
    lead = fields.pop("lead_officer", None) or make_officer(service)
    today = timezone.localdate()
    defaults: dict[str, Any] = {
        "reference": f"CON/2026/{n:03}",
        "title": f"Library hours {n}",
        "slug": f"library-hours-{n}",
        "service": service,
        "lead_officer": lead,
        "created_by": lead,
        "level": fields.pop("level", None) or make_level(),
        "topic": fields.pop("topic", None) or make_topic(),
        "summary": "When should the library be open?",
        "overview": "We want to change when the library is open.",
        "can_influence": "The hours on each day.",
        "cannot_influence": "How much money there is.",
        "audience": "Everybody who uses the library.",
        "decision_maker": "The Cabinet",
        "decision_due": today + timedelta(days=90),
        "feedback_how": "On this page and by email.",
        "feedback_due": today + timedelta(days=7 + 42 + 84),
        "contact_name": "The library team",
        "contact_email": "library@example.org",
        "other_ways": "Ask for a paper form at any library.",
        "opens_on": today + timedelta(days=7),
        "closes_on": today + timedelta(days=49),
        "privacy_notice": fields.pop("privacy_notice", None) or make_privacy_notice(),
    }
    wards = fields.pop("wards", None)
    consultation = Consultation.objects.create(**{**defaults, **fields})
    if wards:
        consultation.all_wards = False
        consultation.save(update_fields=["all_wards"])
        consultation.wards.set(wards)
    if document is not None:
        QuestionnaireVersion.objects.create(
            consultation=consultation, document=dump(document)
        )
    return consultation


def make_published_consultation(
    *, opens: int = -7, closes: int = 7, **fields: Any
) -> Consultation:
    """An approved consultation with a frozen questionnaire.

    `opens` and `closes` are days from today (London); it is open by default.
    """
    today = timezone.localdate()
    first, last = today + timedelta(days=opens), today + timedelta(days=closes)
    consultation = make_consultation(
        status=fields.pop("status", "approved"),
        opens_on=first,
        closes_on=last,
        feedback_due=fields.pop("feedback_due", last + timedelta(days=84)),
        approved_at=fields.pop("approved_at", timezone.now()),
        approved_by=fields.pop("approved_by", None) or make_approver(),
        **fields,
    )
    OpenWindow.objects.create(
        consultation=consultation, starts=day_starts(first), ends=day_ends(last)
    )
    for version in consultation.questionnaires.all():
        freeze(version)
    return consultation


def freeze(version: QuestionnaireVersion) -> QuestionnaireVersion:
    """Freeze a version as approval does."""
    questionnaire = Questionnaire.model_validate(version.document)
    version.slots = codes.as_stored(codes.slot_map(questionnaire))
    version.frozen_at = timezone.now()
    version.save(update_fields=["slots", "frozen_at"])
    return version


def make_equality_set(**fields: Any) -> EqualitySet:
    """The Census 2021 set that a migration brings; made again where it was flushed."""
    data = json.loads(CENSUS_2021.read_text(encoding="utf-8"))
    questionnaire = Questionnaire.model_validate(data["document"])
    return EqualitySet.objects.get_or_create(
        code=data["code"],
        version=data["version"],
        defaults={
            "title": data["title"],
            "source": data["source"],
            "document": data["document"],
            "slots": codes.as_stored(codes.slot_map(questionnaire)),
            "published_at": timezone.now(),
            **fields,
        },
    )[0]


def make_response(
    consultation: Consultation, answers: dict[str, Any] | None = None, **fields: Any
) -> Response:
    """A response as the writer stores one; `fields` are then set as they are."""
    stored = write(
        consultation,
        consultation.questionnaires.filter(frozen_at__isnull=False).latest("number"),
        answers=answers if answers is not None else {"q_use": "o_often"},
        source=fields.pop("source", "online"),
        source_key=fields.pop("source_key", str(uuid.uuid4())),
        channel=fields.pop("channel", "online"),
        received_on=fields.pop("received_on", timezone.localdate()),
        language="en-gb",
    )
    for name, value in fields.items():
        setattr(stored, name, value)
    if fields:
        stored.save(update_fields=list(fields))
    return stored


def make_closed_consultation(**fields: Any) -> Consultation:
    """A published consultation that closed yesterday."""
    return make_published_consultation(opens=-30, closes=-1, **fields)
