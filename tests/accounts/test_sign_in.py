"""Signing in (SEC-6): no sign-up, no telling who exists, no guessing."""

import re

import pytest
from django.core.cache import cache

from accounts.models import User
from notices.models import Notice
from tests.factories import PASSWORD, make_council, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"


def sign_in(client, email, password=PASSWORD, **headers):
    return client.post(LOGIN, {"login": email, "password": password}, headers=headers)


def body(answer):
    """The page without its token."""
    return re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()
    )


def test_a_person_signs_in_and_out(client):
    person = make_user("finance", email="ada@example.org")

    answer = sign_in(client, "Ada@example.org")

    assert answer["Location"] == "/staff/"
    assert client.session["_auth_user_id"] == str(person.pk)
    client.get("/accounts/logout/")
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "login/code/",
        "login/code/confirm/",
        "password/set/",
        "social/connections/",
        "2fa/webauthn/",
        "phone/verify/",
        "",
    ],
)
def test_what_nobody_needs_is_not_there(client, path):
    assert client.get(f"/accounts/{path}").status_code == 404
    assert client.post(f"/accounts/{path}").status_code == 404


def test_one_link_leads_to_a_new_password(client):
    page = client.get(LOGIN).content.decode()

    assert page.count(RESET) == 1
    assert "Email address" in page


def test_signing_in_does_not_tell_who_exists(client):
    make_user("finance", email="ada@example.org")
    make_user("finance", email="gone@example.org", is_active=False)

    known = sign_in(client, "ada@example.org", "wrong wrong wrong")
    switched_off = sign_in(client, "gone@example.org", "wrong wrong wrong")
    unknown = sign_in(client, "nobody@example.org", "wrong wrong wrong")

    assert known.status_code == unknown.status_code == switched_off.status_code == 200
    shown = body(known).replace("ada@example.org", "X")
    assert shown == body(unknown).replace("nobody@example.org", "X")
    assert shown == body(switched_off).replace("gone@example.org", "X")


def test_a_reset_does_not_tell_who_exists(client):
    make_council()
    make_user("finance", email="ada@example.org")

    known = client.post(RESET, {"email": "ada@example.org"}, follow=True)
    unknown = client.post(RESET, {"email": "nobody@example.org"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain
    assert body(known) == body(unknown)
    assert [notice.recipient for notice in Notice.objects.all()] == ["ada@example.org"]


def test_nobody_can_flood_a_colleague_with_resets(client):
    make_council()
    make_user("finance", email="ada@example.org")

    for _n in range(8):
        cache.clear()  # as the minutes pass, one after the other
        client.post(RESET, {"email": "ada@example.org"})

    assert Notice.objects.count() == 5


def test_a_reset_link_begins_with_the_configured_address(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    make_user("finance", email="ada@example.org")

    client.post(
        RESET,
        {"email": "ada@example.org"},
        headers={"host": "evil.example", "x-forwarded-host": "evil.example"},
    )

    text = Notice.objects.get().payload["text"]
    assert "evil.example" not in text
    assert f"{settings.BASE_URL}/accounts/password/reset/key/" in text


def test_a_reset_link_sets_a_password_once(client):
    person = make_user("finance", email="ada@example.org")
    client.post(RESET, {"email": "ada@example.org"})
    path = re.search(
        r"/accounts/password/reset/key/\S+", Notice.objects.get().payload["text"]
    )[0]

    form_page = client.get(path)
    assert form_page.status_code == 302
    new = {"password1": "three new words", "password2": "three new words"}
    client.post(form_page["Location"], new)

    person.refresh_from_db()
    assert person.check_password("three new words")
    client.logout()
    assert client.get(path).status_code == 200  # says that the link does not work
    again = {"password1": "three evil words", "password2": "three evil words"}
    client.post(path, again)
    person.refresh_from_db()
    assert person.check_password("three new words")


def test_guessing_is_slowed_and_nobody_is_locked_out_for_good(client):
    make_user("finance", email="ada@example.org")
    for _ in range(10):
        sign_in(client, "ada@example.org", "wrong wrong wrong")

    right = sign_in(client, "ada@example.org")

    assert right.status_code == 200
    assert "_auth_user_id" not in client.session
    cache.clear()  # as time does
    assert sign_in(client, "ada@example.org").status_code == 302


def test_many_tries_from_one_address_get_a_plain_page(client):
    for _ in range(30):
        sign_in(client, "nobody@example.org", "wrong wrong wrong")

    answer = sign_in(client, "somebody@example.org", "wrong wrong wrong")

    assert answer.status_code == 429
    assert "You have tried too often" in answer.content.decode()


def test_a_password_is_changed_behind_the_old_one(client):
    person = make_user("finance")
    client.force_login(person)
    new = {"password1": "three new words", "password2": "three new words"}

    wrong = client.post(
        "/accounts/password/change/", {"oldpassword": "not this one", **new}
    )
    assert wrong.status_code == 200
    assert User.objects.get().check_password(PASSWORD)

    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
    assert User.objects.get().check_password("three new words")


def test_every_person_of_the_staff_may_set_up_a_second_factor(client):
    client.force_login(make_user("councillor"))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert client.get("/accounts/2fa/").status_code == 200
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_where_a_second_factor_is_required_no_staff_page_opens_without(
    client, settings
):
    settings.REQUIRE_SECOND_FACTOR = True
    client.force_login(make_user("administrator", is_staff=True, is_superuser=True))

    for path in ("/staff/people/", "/staff/council/", "/admin/", "/staff/"):
        assert client.get(path)["Location"] == "/accounts/2fa/totp/activate/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("field", ["login", "password"])
@pytest.mark.parametrize("value", ["", "\0", "x" * 1_000_000, "‮abc"])
def test_strange_input_gets_a_sentence(client, field, value):
    data = {"login": "ada@example.org", "password": PASSWORD, field: value}

    answer = client.post(LOGIN, data)

    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(client, address):
    make_user("finance", email="ada@example.org")

    answer = client.post(
        f"{LOGIN}?next={address}",
        {"login": "ada@example.org", "password": PASSWORD, "next": address},
    )

    assert answer["Location"] == "/staff/"
