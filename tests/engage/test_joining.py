"""Invitations work once, for seven days, and nothing else revives them (T-16)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import AuditEntry, User
from accounts.roles import RoleKind
from accounts.secret_links import make_token
from engage.people.actions import invite
from notices.models import Notice
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NEW = "three plain words"


@pytest.fixture
def person():
    """Somebody who was invited just now."""
    return invite(
        "olwen@example.org",
        full_name="Olwen Tarrant",
        roles=[RoleKind.FINANCE],
        services=[],
        reason="New",
        by=make_user(RoleKind.ADMINISTRATOR),
    )


def link(person):
    return f"/join/{make_token('join', person.pk, person.link_generation)}/"


def age(person, **how_old):
    person.invited_at = timezone.now() - timedelta(**how_old)
    person.save(update_fields=["invited_at"])


def test_an_invitation_leads_to_a_password_and_signs_in(client, person):
    opened = client.get(link(person))
    assert opened["Location"] == "/join/"
    assert client.get("/join/").status_code == 200

    answer = client.post("/join/", {"password": NEW})

    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert person.joined_at is not None
    assert client.session["_auth_user_id"] == str(person.pk)
    entry = AuditEntry.objects.get(action="person.joined")
    assert entry.actor == person


def test_the_token_leaves_the_address_and_sits_in_a_cookie_of_its_own(client, person):
    answer = client.get(link(person))

    cookie = answer.cookies["join"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert answer["Cache-Control"].startswith("max-age=0")


def test_looking_at_the_invitation_changes_nothing(client, person):
    client.get(link(person))
    client.get("/join/")

    person.refresh_from_db()
    assert person.joined_at is None
    assert "_auth_user_id" not in client.session


def test_an_invitation_works_once(client, person):
    used = link(person)
    client.get(used)
    client.post("/join/", {"password": NEW})
    client.post("/accounts/logout/")

    again = client.get(used)
    posted = client.post("/join/", {"password": "another three words"})

    assert again.status_code == posted.status_code == 404
    assert "This link has stopped working" in again.content.decode()
    person.refresh_from_db()
    assert person.check_password(NEW)


def test_an_invitation_ends_after_seven_days(client, person):
    age(person, days=7, seconds=1)

    answer = client.get(link(person))

    assert answer.status_code == 404
    assert "stopped working" in answer.content.decode()


def test_an_invitation_works_to_the_end_of_the_seventh_day(client, person):
    age(person, days=7, seconds=-60)

    assert client.get(link(person)).status_code == 302


def test_an_invitation_that_ends_while_the_page_is_open_is_refused(client, person):
    client.get(link(person))
    age(person, days=8)

    answer = client.post("/join/", {"password": NEW})

    assert answer.status_code == 404
    person.refresh_from_db()
    assert not person.has_usable_password()


def test_a_newer_invitation_kills_the_one_before(client, person):
    old = link(person)

    fresh = actions.invite_again(person, by=None)

    assert client.get(old).status_code == 404
    assert client.get(link(fresh)).status_code == 302


def test_an_invitation_of_somebody_switched_off_is_dead(client, person):
    old = link(person)
    actions.switch_off(person, reason="Mistake", by=make_user("administrator"))

    assert client.get(old).status_code == 404
    actions.switch_on(person, reason="After all", by=make_user("administrator"))
    assert client.get(old).status_code == 404


@pytest.mark.parametrize("token", ["x", "1.aaaa", "9" * 40 + "." + "a" * 32, "١.b"])
def test_a_made_up_token_opens_nothing(client, person, token):
    assert client.get(f"/join/{token}/").status_code == 404


def test_a_token_for_something_else_opens_no_invitation(client, person):
    token = make_token("draft", person.pk, person.link_generation)

    assert client.get(f"/join/{token}/").status_code == 404


@pytest.mark.parametrize("password", ["short", "password1234", "olwen@example.org", ""])
def test_a_weak_password_gets_a_sentence(client, person, password):
    client.get(link(person))

    answer = client.post("/join/", {"password": password})

    assert "There is a problem" in answer.content.decode()
    person.refresh_from_db()
    assert person.joined_at is None


def test_a_password_reset_revives_no_invitation(client, person):
    age(person, days=30)
    Notice.objects.all().delete()

    answer = client.post("/accounts/password/reset/", {"email": person.email})

    assert answer["Location"] == "/accounts/password/reset/done/"
    assert not Notice.objects.exists()


def test_somebody_who_joined_is_not_invited_again(client, person):
    client.get(link(person))
    client.post("/join/", {"password": NEW})
    client.force_login(make_user(RoleKind.ADMINISTRATOR))
    joined = User.objects.get(pk=person.pk)

    with pytest.raises(actions.ActionRefused, match="joined already"):
        actions.invite_again(joined, by=None)

    assert User.objects.get(pk=person.pk).link_generation == joined.link_generation
