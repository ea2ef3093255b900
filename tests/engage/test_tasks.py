"""What Celery runs does the same when it runs twice."""

from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from engage import tasks
from notices import outbox
from notices.models import Heartbeat, Notice
from tests.factories import make_council

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def _council():
    make_council()


def put():
    outbox.queue(
        "notices.confirm_alert",
        to="ann@example.org",
        occasion="1",
        payload={"title": "Buses"},
    )


@pytest.mark.parametrize("task", [tasks.drain, tasks.tick])
def test_a_task_run_twice_sends_once(task):
    put()

    task()
    task()

    assert len(mail.outbox) == 1


def test_the_daily_round_run_twice_changes_nothing_more():
    put()
    tasks.drain()
    Notice.objects.update(
        created_at=timezone.now() - timedelta(days=99),
        due_at=timezone.now() - timedelta(days=99),
    )

    tasks.daily()
    after = list(Notice.objects.values())
    tasks.daily()

    assert after[0]["recipient"] == ""
    assert list(Notice.objects.values()) == after


def test_the_tick_says_that_beat_and_worker_live_the_bell_only_the_worker():
    with time_machine.travel("2026-12-01 12:00:00+00:00", tick=False) as clock:
        tasks.tick()
        clock.shift(timedelta(minutes=3))
        tasks.drain()
        now = timezone.now()

    assert Heartbeat.objects.age("beat", now) == 180
    assert Heartbeat.objects.age("worker", now) == 0


def test_many_bells_write_one_sign_of_life(django_assert_num_queries):
    tasks.drain()

    with django_assert_num_queries(2):  # is the sign fresh? is anything due?
        tasks.drain()


def test_what_waits_is_sent_though_looking_for_more_fails():
    put()

    with (
        mock.patch.object(tasks, "queue_due", side_effect=ZeroDivisionError),
        pytest.raises(ZeroDivisionError),
    ):
        tasks.tick()

    assert len(mail.outbox) == 1
