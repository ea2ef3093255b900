"""Who is written to, as querysets with the columns that the outbox asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from accounts.models import Deputy, User
from accounts.roles import RoleKind
from consultations.models import Consultation, ContactOptIn, Draft
from design import formats
from notices import outbox
from notices.models import Notice, Subscription

CLOSING_SOON = "consultations.closing_soon"
ANSWERED = "answered"

# What a message says to each kind of reader, beside what it says to all. A link
# named "stop" is a one-click unsubscribe too.
TO_FOLLOWERS: dict[str, Any] = {
    "relation": "follower",
    "links": {"stop": {"path": "/alerts/stop/", "purpose": "stop-alert"}},
    "forget_subject": True,
}
TO_DRAFTS: dict[str, Any] = {
    "relation": "draft",
    "links": {
        "resume": {"path": "/resume/", "purpose": "draft"},
        "stop": {"path": "/reminders/stop/", "purpose": "stop-reminders"},
    },
    "forget_subject": True,
}
TO_RESPONDENTS: dict[str, Any] = {
    "relation": "respondent",
    "links": {"stop": {"path": "/contact/stop/", "purpose": "contact"}},
    "forget_subject": True,
}


def followers(consultation: Consultation) -> QuerySet[Subscription]:
    """Those who asked to be told, and confirmed that it was them."""
    return Subscription.objects.confirmed("consultation", consultation.pk).annotate(
        subject_id=F("id"), subject_generation=F("generation")
    )


def unfinished(consultation: Consultation) -> QuerySet[Draft]:
    """Those who saved part of an answer, left an address and want to be reminded.

    Who is changing an answer has answered already.
    """
    return (
        Draft.objects.filter(
            consultation=consultation,
            is_sent=False,
            wants_reminders=True,
            changes=None,
        )
        .exclude(email="")
        .annotate(subject_id=F("id"), subject_generation=F("generation"))
    )


def contacts(consultation: Consultation) -> QuerySet[ContactOptIn]:
    """Those who answered and left an address."""
    return ContactOptIn.objects.filter(consultation=consultation).annotate(
        subject_id=F("response_id"), subject_generation=F("generation")
    )


def answered(consultation: Consultation) -> QuerySet[Notice, Any]:
    """The keys of addresses that are known to have answered (REM-03)."""
    return Notice.objects.filter(
        kind=CLOSING_SOON, occasion=_answered_occasion(consultation)
    ).values("recipient_key")


def no_more_reminders(consultation: Consultation, key: str) -> None:
    """Remember that whoever has this address has answered, and stop reminders.

    Called in the transaction of sending, with the address key of the draft. Only
    the keyed digest is kept, in a row that is never sent: a draft that was sent
    has forgotten its address, and a later closing date must not remind again.
    """
    if not key:
        return
    reminders = Notice.objects.filter(kind=CLOSING_SOON, recipient_key=key)
    if reminders.exists():  # seldom: to ask is quicker than to cancel nothing
        about = {
            "about_type": consultation._meta.label_lower,
            "about_id": str(consultation.pk),
        }
        reminders.waiting().filter(**about).cancel()
    occasion = _answered_occasion(consultation)
    outbox.remember(CLOSING_SOON, key=key, occasion=occasion, about=consultation)


def _answered_occasion(consultation: Consultation) -> str:
    return f"{consultation.pk}:{ANSWERED}"


def not_told(people: QuerySet[Any], kind: str, occasion: str) -> QuerySet[Any]:
    """Without those for whom the outbox has this already.

    The outbox would refuse them too; this spares it to try it every minute.
    """
    told = Notice.objects.filter(kind=kind, occasion=occasion)
    return people.exclude(address_key__in=told.values("recipient_key"))


# Staff ----------------------------------------------------------------------------


def approvers(consultation: Consultation, when: datetime) -> QuerySet[User]:
    """Who may approve it now: the central team and deputies, never its authors."""
    team = User.objects.with_role(RoleKind.CONSULTATION_APPROVER).values("pk")
    standing_in = Deputy.objects.in_force(when).values("deputy")
    return (
        User.objects.filter(Q(pk__in=team) | Q(pk__in=standing_in), is_active=True)
        .exclude(pk__in=[consultation.created_by_id, consultation.lead_officer_id])
        .order_by("pk")
    )


def queue_for(
    people: list[User],
    *,
    kind: str,
    occasion: str,
    payload: Mapping[str, Any],
    about: Consultation,
    expires_at: datetime | None = None,
) -> int:
    """Put one message to each of some members of staff into the outbox."""
    made = 0
    for person in people:
        made += outbox.queue(
            kind,
            to=person.email,
            occasion=occasion,
            payload={**payload, "name": person.full_name},
            subject_id=person.pk,
            about=about,
            expires_at=expires_at,
        )
    return made


# What it says ---------------------------------------------------------------------


def about(consultation: Consultation, **more: Any) -> dict[str, Any]:
    """What every message about a consultation says."""
    ends = consultation.closes_at()
    payload = {
        "title": consultation.title,
        "reference": consultation.reference,
        "summary": consultation.summary,
        "closes": formats.closing(ends),
        "closes_day": formats.day(formats.last_moment(ends)) if ends else "",
        "feedback_due": formats.day(consultation.feedback_due),
        "contact": consultation.contact_name,
        "contact_email": consultation.contact_email,
        "contact_phone": consultation.contact_phone,
        **more,
    }
    payload["pages"] = {
        "consultation": consultation.get_absolute_url(),
        **more.get("pages", {}),
    }
    if consultation.contact_email:
        payload["reply_to"] = consultation.contact_email
    return payload
