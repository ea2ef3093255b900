"""Inviting: an account, its services and the message, in one transaction."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from notices import outbox
from portfolios import actions as portfolios
from portfolios.models import Service


@transaction.atomic
def invite(
    email: str,
    *,
    full_name: str,
    roles: Collection[str],
    services: Collection[Service],
    reason: str,
    by: User | None,
) -> User:
    """Invite somebody to join, with roles and services for the day they do."""
    person = accounts.invite(
        email, full_name=full_name, roles=roles, reason=reason, by=by
    )
    portfolios.place(person, services, reason=reason, by=by)
    _queue_invitation(person)
    return person


@transaction.atomic
def invite_again(person: User, *, by: User) -> User:
    """Send a fresh invitation; the one before stops working."""
    fresh = accounts.invite_again(person, by=by)
    _queue_invitation(fresh)
    return fresh


def _queue_invitation(person: User) -> None:
    ends = accounts.invitation_ends(person)
    outbox.queue(
        "engage.invitation",
        to=person.email,
        occasion=f"{person.pk}:{person.link_generation}",
        payload={
            "name": person.full_name,
            "ends": ends,
            "links": {"join": {"path": "/join/", "purpose": "join"}},
            "forget_subject": True,
        },
        subject_id=person.pk,
        subject_generation=person.link_generation,
        about=person,
        expires_at=ends,
    )
    outbox.ring()
