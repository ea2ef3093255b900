"""allauth's pages in our markup: sign in, new password, second factor."""

import re

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache

from notices.models import Notice
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.design.sign_in_urls")]
PASSWORD = "a long enough phrase"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def officer():
    user = make_user(email="olu@example.org")
    user.set_password(PASSWORD)
    user.save()
    return user


def read(response, status=200):
    assert response.status_code == status
    html = response.content.decode()
    assert html.count("<h1") == 1
    assert html.count("<main") == 1
    assert "govuk-" in html
    assert not re.search(r"\sstyle=| required[ >]|placeholder=|<script(?! type)", html)
    title = " ".join(re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1].split())
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)[1].strip()
    assert re.sub("^Error: ", "", title).startswith(heading)
    return html


def sign_in(client, password=PASSWORD):
    return client.post(
        "/accounts/login/", {"login": "olu@example.org", "password": password}
    )


def sign_in_with_care(client):
    """Signed in, and asked again who it is, as what needs care demands."""
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def letters():
    return [each.payload for each in Notice.objects.order_by("pk")]


def code_of(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_a_resident_at_the_door_is_told_that_no_account_is_needed(client):
    html = read(client.get("/accounts/login/"))

    assert "You do not need an account to answer a consultation." in html
    assert 'autocomplete="email"' in html
    assert 'autocomplete="current-password"' in html


def test_a_wrong_password_is_an_error_in_words_and_the_address_is_kept(client, officer):
    html = read(sign_in(client, "wrong"))

    assert "<title>Error: Sign in" in html
    assert "govuk-error-summary" in html
    assert 'value="olu@example.org"' in html


def test_an_empty_form_says_what_to_enter(client):
    html = read(client.post("/accounts/login/", {}))

    assert html.count("Enter an email address") == 2
    assert html.count("Enter your password") == 2


def test_an_officer_gets_a_new_password_by_a_link_that_works_once(client, officer):
    read(client.get("/accounts/password/reset/"))

    sent = client.post("/accounts/password/reset/", {"email": "olu@example.org"})
    read(client.get(sent.url))
    (letter,) = letters()
    link = re.search(
        r"https?://[^/]*(/accounts/password/reset/key/\S+)", letter["text"]
    )
    opened = client.get(link[1])
    read(client.get(opened.url))
    done = client.post(
        opened.url,
        {"password1": "another long phrase", "password2": "another long phrase"},
    )

    read(client.get(done.url))
    assert letter["subject_line"] == "Reset your password"
    assert "The link works once." in letter["text"]
    assert "{{" not in letter["text"]
    assert sign_in(client, "another long phrase").status_code == 302
    client.logout()
    html = read(client.get(link[1]))
    assert "This link has stopped working" in html


def test_a_stranger_asking_for_a_new_password_sees_the_same_page(client, officer):
    known = client.post("/accounts/password/reset/", {"email": "olu@example.org"})
    unknown = client.post("/accounts/password/reset/", {"email": "no@example.org"})

    assert known.url == unknown.url
    assert letters()[0]["subject_line"] == "Reset your password"


@pytest.mark.parametrize(
    "path", ["password/change/", "logout/", "2fa/", "2fa/totp/activate/", "email/"]
)
def test_every_page_of_an_account_is_in_the_design(client, officer, path):
    sign_in_with_care(client)

    read(client.get(f"/accounts/{path}"))


def test_an_officer_sets_up_a_second_factor_and_signs_in_with_it(client, officer):
    sign_in_with_care(client)
    html = read(client.get("/accounts/2fa/totp/activate/"))
    secret = re.search(r"<code[^>]*>([A-Z2-7]+)</code>", html)[1]
    assert "<svg" in html
    assert "<?xml" not in html

    wrong = read(client.post("/accounts/2fa/totp/activate/", {"code": "000000"}))
    right = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})

    assert "govuk-error-summary" in wrong
    assert right.status_code == 302
    codes = read(client.get("/accounts/2fa/recovery-codes/"))
    listed = re.findall(r"<code>([0-9a-z]+)</code>", codes)
    assert len(listed) == 10
    read(client.get("/accounts/2fa/recovery-codes/generate/"))
    client.logout()
    cache.clear()
    asked = sign_in(client)
    html = read(client.get(asked.url))
    assert "Enter your code" in html
    assert client.post(asked.url, {"code": listed[0]}).status_code == 302
    read(client.get("/accounts/2fa/reauthenticate/"))
    read(client.get("/accounts/2fa/totp/deactivate/"))
    read(client.get("/accounts/2fa/"))


def test_what_needs_care_asks_again_who_it_is(client, officer):
    sign_in(client)

    html = read(client.get("/accounts/reauthenticate/"))

    assert "Confirm that it is you" in html


def test_nobody_can_open_an_account_for_themselves(client):
    html = read(client.get("/accounts/signup/"))

    assert "Accounts are by invitation" in html


def test_an_inactive_account_is_told_whom_to_ask(client):
    read(client.get("/accounts/inactive/"))
