"""``manage.py first_administrator NAME EMAIL``: the person who invites the others."""

from argparse import ArgumentParser
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import ActionRefused, actions, secret_links
from accounts.models import User
from accounts.roles import RoleKind

REASON = "The first administrator, invited from the command line."


class Command(BaseCommand):
    help = "Invite the first administrator, and print the link to join with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="full name, in quotation marks")
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            name = forms.CharField(max_length=150).clean(options["name"])
            email = forms.EmailField(max_length=254).clean(options["email"])
            person = invite_first_administrator(name, email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except ActionRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        token = secret_links.make_token("join", person.pk, person.link_generation)
        self.stdout.write(
            f"{person.full_name} sets a password here, within "
            f"{settings.INVITATION_DAYS} days:\n{settings.BASE_URL}/join/{token}/"
        )


@transaction.atomic
def invite_first_administrator(name: str, email: str) -> User:
    """Invite the person; where nobody has joined yet, again, with a fresh link.

    Refused when an administrator has joined: then it is theirs to invite people.
    Whoever can run this can read the database, so the printed link gives nobody
    more than they have.
    """
    administrators = User.objects.with_role(RoleKind.ADMINISTRATOR)
    if administrators.exclude(joined_at=None).exists():
        raise ActionRefused("There is an administrator, who can invite people.")
    if invited := administrators.filter(email__iexact=email).first():
        return actions.invite_again(invited, by=None)
    return actions.invite(
        email, full_name=name, roles=[RoleKind.ADMINISTRATOR], reason=REASON, by=None
    )
