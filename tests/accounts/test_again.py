"""What needs care asks who it is, unless somebody has said so just before."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.factories import (
    PASSWORD,
    make_council,
    make_published_consultation,
    make_response,
)

pytestmark = pytest.mark.django_db
AGAIN = "/accounts/reauthenticate/"


@pytest.fixture(autouse=True)
def council():
    cache.clear()
    return make_council()


@pytest.fixture
def guarded():
    """One response whole: a page that asks who it is (matrix row 5)."""
    response = make_response(make_published_consultation())
    slug = response.consultation.slug
    return f"/staff/consultations/{slug}/responses/{response.reference}/", response


def sign_in(person):
    client = Client()
    data = {"login": person.email, "password": PASSWORD}
    return client, client.post("/accounts/login/", data)


def code_of(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_who_has_just_signed_in_is_not_asked_again(guarded):
    path, response = guarded
    client, _answer = sign_in(response.consultation.lead_officer)

    assert client.get(path).status_code == 200
    assert client.post(path, {"reason": "A complaint"}).status_code == 200


def test_a_quarter_of_an_hour_later_the_password_is_asked_for(guarded):
    path, response = guarded
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client, _answer = sign_in(response.consultation.lead_officer)
        clock.shift(timedelta(minutes=14, seconds=59))
        before = client.get(path)
        clock.shift(timedelta(seconds=1))
        after = client.get(path)

        assert before.status_code == 200
        assert after["Location"].startswith(AGAIN)
        client.post(AGAIN, {"password": PASSWORD})
        assert client.get(path).status_code == 200


def test_signing_in_with_a_second_factor_counts_as_well(guarded):
    path, response = guarded
    officer = response.consultation.lead_officer
    client, _answer = sign_in(officer)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r"<code[^>]*>([A-Z2-7]+)</code>", page)[1]
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    codes = client.get("/accounts/2fa/recovery-codes/").content.decode()
    spare = re.findall(r"<code>([0-9a-z]+)</code>", codes)[0]
    cache.clear()

    fresh, answer = sign_in(officer)
    half_way = fresh.get(path)
    fresh.post(answer["Location"], {"code": spare})

    assert half_way["Location"].startswith("/accounts/login/")
    assert fresh.get(path).status_code == 200


def test_signing_out_forgets_that_the_password_was_given(guarded):
    path, response = guarded
    client, _answer = sign_in(response.consultation.lead_officer)
    client.post("/accounts/logout/")
    client.force_login(response.consultation.lead_officer)

    assert client.get(path)["Location"].startswith(AGAIN)


def test_a_failed_password_does_not_count(guarded):
    path, response = guarded
    client = Client()
    client.force_login(response.consultation.lead_officer)

    client.post(AGAIN, {"password": "not this one at all"})

    assert client.get(path)["Location"].startswith(AGAIN)
