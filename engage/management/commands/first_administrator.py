"""``manage.py first_administrator NAME EMAIL``: the person who invites the others."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts import audit, secret_links
from accounts.models import Role, User
from accounts.roles import RoleKind


class Command(BaseCommand):
    help = "Invite the first administrator, and print the link to join with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="full name, in quotation marks")
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = invite_first_administrator(options["name"], options["email"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        token = secret_links.make_token("join", person.pk, person.link_generation)
        self.stdout.write(
            f"{person.full_name} sets a password here, within "
            f"{settings.INVITATION_DAYS} days:\n{settings.BASE_URL}/join/{token}/"
        )


@transaction.atomic
def invite_first_administrator(name: str, email: str) -> User:
    """Make the person and the role; where nobody has joined yet, a fresh link.

    Raises ValidationError when an administrator has joined: then it is theirs to
    invite people, on the page for it. Whoever can run this can read the database,
    so the link gives nobody more than they have.
    """
    administrators = User.objects.with_role(RoleKind.ADMINISTRATOR)
    if administrators.exclude(joined_at=None).exists():
        raise ValidationError("There is an administrator, who can invite people.")
    when = timezone.now()
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        person = User(email=email.lower(), full_name=name)
        person.set_unusable_password()
    person.invited_at = when
    person.link_generation += 1
    person.full_clean()
    person.save()
    if RoleKind.ADMINISTRATOR not in person.role_kinds:
        Role.objects.create(user=person, kind=RoleKind.ADMINISTRATOR, given_at=when)
    audit.record(
        "person.invited",
        person,
        by=None,
        after={"role": RoleKind.ADMINISTRATOR.value},
        reason="The first administrator, invited from the command line.",
    )
    return person
