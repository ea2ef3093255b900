"""The invented council, its services and its staff."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Role, User
from accounts.roles import RoleKind
from consultations.models import Topic
from council.models import Council, PrivacyNotice
from portfolios.models import Service, ServiceOfficer

# Printed when the demonstration starts: it protects nothing.
PASSWORD = "fernshire-demonstration"  # noqa: S105

SERVICES = {
    "policy-and-communities": "Policy and Communities",
    "libraries": "Libraries",
    "public-transport": "Public Transport",
    "parks-and-open-spaces": "Parks and Open Spaces",
    "democratic-services": "Democratic Services",
}
TOPICS = [
    "Communities",
    "Libraries and culture",
    "Parks and nature",
    "Roads and transport",
    "Schools and young people",
    "Social care",
]


@dataclass(frozen=True)
class Person:
    """Somebody invented who can sign in."""

    email: str
    name: str
    roles: tuple[str, ...]
    services: tuple[str, ...] = ()
    is_superuser: bool = False


PEOPLE = (
    Person(
        "officer@example.org",
        "Olwen Tarrant",
        (RoleKind.SERVICE_OFFICER,),
        ("policy-and-communities", "libraries"),
    ),
    Person(
        "second.officer@example.org",
        "Imran Sayle",
        (RoleKind.SERVICE_OFFICER,),
        ("policy-and-communities", "public-transport", "parks-and-open-spaces"),
    ),
    Person(
        "approver@example.org", "Beatrix Holloway", (RoleKind.CONSULTATION_APPROVER,)
    ),
    Person("equalities@example.org", "Devika Lamb", (RoleKind.EQUALITIES_OFFICER,)),
    Person("councillor@example.org", "Cllr Josef Arden", (RoleKind.COUNCILLOR,)),
    Person(
        "democratic@example.org",
        "Maud Ferris",
        (RoleKind.DEMOCRATIC_SERVICES,),
        ("democratic-services",),
    ),
    Person("monitoring@example.org", "Piotr Vance", (RoleKind.MONITORING_OFFICER,)),
    Person("administrator@example.org", "Nell Okafor", (RoleKind.ADMINISTRATOR,)),
)
SIGN_INS = [(person.email, PASSWORD, ", ".join(person.roles)) for person in PEOPLE]

NOTICE = {
    "controller": "Fernshire County Council, an invented council, decides how and "
    "why your answers are used.",
    "purposes": "To understand what people think before a decision is made, and to "
    "report what they said.",
    "lawful_basis": "Our task in the public interest: UK GDPR article 6(1)(e) and "
    "section 8 of the Data Protection Act 2018.",
    "special_category_condition": "Answers about equality: UK GDPR article 9(2)(g), "
    "substantial public interest, equality of opportunity or treatment.",
    "retention": "We keep answers for as long as we must show how we decided.",
    "sharing": "We share answers with nobody outside the council. What we publish "
    "names no person.",
    "publication": "We publish totals. We publish what people wrote only after "
    "somebody has read it and taken out personal details.",
    "rights": "You can see or withdraw your answer by the link on your receipt, and "
    "change it until the consultation closes. If you withdraw it, we delete it. "
    "Totals and quotes that are published already stay as they are. You can complain "
    "to the Information Commissioner.",
    "dpo_contact": "Data protection officer, Fernshire County Council, "
    "dataprotection@example.org",
}


def load_council() -> Council:
    """The council, marked as a demonstration."""
    council, _ = Council.objects.update_or_create(
        pk=1,
        defaults={
            "name": "Fernshire County Council",
            "service_name": "Have your say",
            "place": "Fernshire",
            "is_demonstration": True,
            "email": "haveyoursay@example.org",
            "phone": "01632 960 123",
            "postal_address": "County Hall\nBracken Street\nFernhaven\nFN1 1AA",
        },
    )
    return council


def load_people() -> dict[str, User]:
    """Everybody, by e-mail address."""
    services = {
        slug: Service.objects.create(
            slug=slug, name=name, email=f"{slug}@example.org", phone="01632 960 200"
        )
        for slug, name in SERVICES.items()
    }
    people = {}
    for person in PEOPLE:
        user = User.objects.create_user(
            person.email, PASSWORD, full_name=person.name, joined_at=timezone.now()
        )
        for role in person.roles:
            Role.objects.create(user=user, kind=role)
        for slug in person.services:
            ServiceOfficer.objects.create(user=user, service=services[slug])
        people[person.email] = user
    return people


def load_texts() -> PrivacyNotice:
    """Topics and the privacy notice."""
    for name in TOPICS:
        slug = name.lower().replace(" ", "-")
        Topic.objects.create(name=name, slug=slug)
    return PrivacyNotice.objects.create(version=1, **NOTICE)
