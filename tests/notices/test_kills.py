"""Nobody is forgotten when workers and the broker are killed (REL-5)."""

import os
import shutil
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.db.models import CharField, F
from django.db.models.functions import Cast

from accounts.secret_links import address_key
from notices import outbox
from notices.models import Notice, Subscription, Suppression
from tests.factories import make_council
from tests.services import start_redis, temporary_folder
from tests.trouble import Workers, make_trouble, sink

RECIPIENTS = 2_000
CONCURRENCY = 2
WORKER_KILLS = 2


@pytest.fixture
def broker():
    folder = temporary_folder()
    folder.chmod(0o755)  # the server may run as nobody
    server = start_redis(folder / "redis")  # without persistence
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def everybody_is_told(count):
    """Queue one notice for each of so many followers, as a publication does."""
    addresses = [f"p{number}@example.org" for number in range(count)]
    Subscription.objects.bulk_create(
        Subscription(
            kind="consultation",
            key="1",
            email=address,
            address_key=address_key(address),
        )
        for address in addresses
    )
    people = Subscription.objects.annotate(
        subject_id=Cast("pk", CharField()), subject_generation=F("generation")
    )
    outbox.queue_many(
        people,
        kind="consultations.feedback",
        occasion="1",
        payload={
            "title": "Parks & gardens",
            "pages": {"results": "/r/", "consultation": "/c/"},
            "links": {"stop": {"path": "/alerts/stop/", "purpose": "stop-alert"}},
        },
        about=None,
    )
    return set(addresses)


def environment(broker, port):
    database = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    return {
        "DATABASE_URL": database._replace(path=f"/{name}").geturl(),
        "CELERY_BROKER_URL": broker.url,
        "CACHE_URL": "",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "tests.notices.kill_settings",
        "LOG_LEVEL": "CRITICAL",
    }


@contextmanager
def portal_at_work(broker, received):
    """Workers and a beat of the portal; yields the workers."""
    around = environment(broker, received.port)
    celery = ("--app", "engage")
    worker = ("worker", "--concurrency", str(CONCURRENCY), "--loglevel", "CRITICAL")
    beat = ("beat", "--pidfile=", "--schedule", f"{broker.folder}/beat")
    with (
        Workers(*celery, *worker, **around) as workers,
        Workers(*celery, *beat, **around),
    ):
        yield workers


def wait_for_the_marks():
    """The last mail has been seen before its row is marked."""
    give_up = time.monotonic() + 20
    while Notice.objects.filter(status__in=["queued", "inflight"]).exists():
        assert time.monotonic() < give_up
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
def test_two_thousand_are_told_though_workers_and_broker_are_killed(broker):
    make_council()
    addresses = everybody_is_told(RECIPIENTS)

    with sink() as received, portal_at_work(broker, received) as workers:
        make_trouble(received, workers, broker, total=RECIPIENTS, seconds=30)
        wait_for_the_marks()

    copies = received.copies
    assert set(copies) == addresses  # nobody lost
    assert sum(copies.values()) - len(copies) <= WORKER_KILLS * CONCURRENCY
    assert max(copies.values()) <= 2
    assert all(len(ids) == 1 for ids in received.message_ids.values())
    assert set(Notice.objects.values_list("status", flat=True)) == {"sent"}


MANY = 10_000
MANY_KILLS = (
    *((share, "workers") for share in (0.1, 0.25)),
    (0.35, "broker"),
    *((share, "workers") for share in (0.5, 0.65)),
    (0.8, "broker"),
)


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_are_told_under_four_kills_and_refusals(broker):
    make_council()
    addresses = everybody_is_told(MANY)
    gone = {f"p{number}@example.org" for number in range(0, MANY, 200)}

    with sink() as received, portal_at_work(broker, received) as workers:
        received.gone = set(gone)
        received.slow = {f"p{number}@example.org" for number in range(50, MANY, 100)}
        total = MANY - len(gone)
        # A mail that was refused for a moment is tried again after a minute.
        make_trouble(
            received, workers, broker, total=total, seconds=90, kills=MANY_KILLS
        )
        wait_for_the_marks()

    copies = received.copies
    assert set(copies) == addresses - gone
    assert sum(copies.values()) - len(copies) <= 4 * CONCURRENCY
    assert max(copies.values()) <= 2
    failed = Notice.objects.filter(status="failed")
    assert {notice.recipient for notice in failed} == gone
    assert Suppression.objects.count() == len(gone)
