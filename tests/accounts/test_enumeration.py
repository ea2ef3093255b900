"""Neither an answer nor the time it takes tells who has an account (SEC-6)."""

import time
from statistics import median

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, PBKDF2PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notices.models import Notice
from tests.factories import make_council, make_user

pytestmark = pytest.mark.django_db
LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
SAMPLES = 200


class CountedHasher(MD5PasswordHasher):
    """Counts how often a password is worked on: what signing in costs."""

    algorithm = "counted"
    times = 0

    def encode(self, password, salt):
        type(self).times += 1
        return super().encode(password, salt)


class QuickerHasher(PBKDF2PasswordHasher):
    """Django's own with a fifth of its work: harder to be alike, and soon done."""

    algorithm = "quicker"
    iterations = PBKDF2PasswordHasher.iterations // 5


def make_people():
    """Addresses that are somebody's, of each kind, and one that is nobody's."""
    make_council()
    make_user("finance", email="joined@example.org")
    make_user("finance", email="gone@example.org", is_active=False)
    make_user("finance", email="invited@example.org", joined_at=None, password=None)
    return ["joined", "gone", "invited", "nobody"]


def attempt(address, where=LOGIN):
    data = {"login": address, "password": "not this one"}
    return Client().post(where, data if where == LOGIN else {"email": address})


def test_every_attempt_works_on_one_password(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    worked = {}

    for who in make_people():
        before = CountedHasher.times
        attempt(f"{who}@example.org")
        worked[who] = CountedHasher.times - before

    assert worked == {"joined": 1, "gone": 1, "invited": 1, "nobody": 1}


def test_a_reset_does_the_same_work_for_everybody_and_writes_to_one():
    people = make_people()
    statements = {}
    for _twice in range(2):  # allauth notes an address when it first sees it
        for who in people:
            with CaptureQueriesContext(connection) as captured:
                attempt(f"{who}@example.org", RESET)
            statements[who] = [
                query["sql"].split()[0]
                for query in captured
                if "SAVEPOINT" not in query["sql"]
            ]

    assert statements["nobody"].count("INSERT") == statements["joined"].count("INSERT")
    few, many = sorted(len(statements[who]) for who in ("nobody", "joined"))
    assert many - few <= 1, statements
    assert set(Notice.objects.values_list("recipient", flat=True)) == {
        "joined@example.org"
    }


@pytest.mark.soak
@pytest.mark.parametrize("where", [LOGIN, RESET])
def test_the_time_does_not_tell_who_exists(settings, where):
    settings.PASSWORD_HASHERS = [f"{__name__}.QuickerHasher"]
    settings.ACCOUNT_RATE_LIMITS = {}
    make_council()
    make_user("finance", email="known@example.org")
    taken = {"known": [], "nobody": []}

    for n in range(SAMPLES + 10):
        cache.clear()
        Notice.objects.all().delete()
        for who in sorted(taken, reverse=n % 2 == 0):
            begun = time.perf_counter()
            attempt(f"{who}@example.org", where)
            taken[who].append(time.perf_counter() - begun)

    known, nobody = (median(taken[who][10:]) for who in ("known", "nobody"))
    assert abs(known - nobody) <= 0.1 * max(known, nobody), (known, nobody)
