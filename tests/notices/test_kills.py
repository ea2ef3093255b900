"""Nobody is forgotten when workers and the broker are killed (REL-5)."""

import os
import shutil
import time
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.db.models import CharField, F
from django.db.models.functions import Cast

from accounts.secret_links import address_key
from notices import outbox
from notices.models import Notice, Subscription
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


def everybody_is_told():
    """Queue one notice for each of 2,000 followers, as a publication does."""
    addresses = [f"p{number}@example.org" for number in range(RECIPIENTS)]
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


@pytest.mark.django_db(transaction=True)
def test_two_thousand_are_told_though_workers_and_broker_are_killed(broker):
    make_council()
    addresses = everybody_is_told()

    with sink() as received:
        around = environment(broker, received.port)
        celery = ("--app", "engage")
        worker = ("worker", "--concurrency", str(CONCURRENCY), "--loglevel", "CRITICAL")
        beat = ("beat", "--pidfile=", "--schedule", f"{broker.folder}/beat")
        with (
            Workers(*celery, *worker, **around) as workers,
            Workers(*celery, *beat, **around),
        ):
            make_trouble(received, workers, broker, total=RECIPIENTS, seconds=30)
            give_up = time.monotonic() + 15
            while Notice.objects.exclude(status="sent").exists():
                assert time.monotonic() < give_up
                time.sleep(0.1)

    copies = received.copies
    assert set(copies) == addresses  # nobody lost
    assert sum(copies.values()) - len(copies) <= WORKER_KILLS * CONCURRENCY
    assert max(copies.values()) <= 2
    assert all(len(ids) == 1 for ids in received.message_ids.values())
