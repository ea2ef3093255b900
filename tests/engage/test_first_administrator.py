"""The first administrator of a new installation."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import secret_links
from accounts.models import AuditEntry, User
from accounts.roles import RoleKind

pytestmark = pytest.mark.django_db


def _invite(capsys, name="Ada Okafor", email="Ada.Okafor@example.org"):
    call_command("first_administrator", name, email)
    return re.search(r"/join/([^/]+)/", capsys.readouterr().out)[1]


def test_the_first_administrator_gets_a_link_that_opens(capsys):
    token = _invite(capsys)

    person = User.objects.get(email="ada.okafor@example.org")
    assert person.role_kinds == {RoleKind.ADMINISTRATOR}
    assert not person.has_usable_password()
    assert secret_links.opens(token, "join", person.pk, person.link_generation)
    assert AuditEntry.objects.get().action == "person.invited"


def test_a_second_link_ends_the_first(capsys):
    first = _invite(capsys)

    second = _invite(capsys)

    person = User.objects.get()
    assert not secret_links.opens(first, "join", person.pk, person.link_generation)
    assert secret_links.opens(second, "join", person.pk, person.link_generation)
    assert person.roles.count() == 1


def test_nobody_is_invited_this_way_once_an_administrator_has_joined(capsys):
    _invite(capsys)
    User.objects.update(joined_at=timezone.now())

    with pytest.raises(CommandError, match="who can invite people"):
        call_command("first_administrator", "Bo", "bo@example.org")

    assert User.objects.count() == 1
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(("name", "email"), [("", "bo@example.org"), ("Bo", "bo")])
def test_a_name_and_a_real_address_are_needed(name, email):
    with pytest.raises(CommandError):
        call_command("first_administrator", name, email)

    assert not User.objects.exists()
