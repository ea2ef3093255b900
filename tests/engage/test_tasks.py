"""What Celery runs does the same when it runs twice."""

import os
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from engage import embedded_files, tasks
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


def aged(folder, name, days):
    file = folder / name
    file.write_text("x")
    moment = (timezone.now() - timedelta(days=days)).timestamp()
    os.utime(file, (moment, moment))


def test_the_daily_round_removes_old_files_of_the_embedded_queue_and_mail(
    settings, tmp_path
):
    make_council(notice_days=30)
    processed, posted = tmp_path / "processed", tmp_path / "mail"
    for folder in (processed, posted):
        folder.mkdir()
    aged(processed, "old.msg", 1.1)
    aged(processed, "new.msg", 0.5)
    aged(posted, "old.log", 31)
    aged(posted, "new.log", 29)
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"processed_folder": str(processed)}
    settings.EMAIL_BACKEND = embedded_files.FILE_MAIL
    settings.EMAIL_FILE_PATH = posted

    tasks.daily()
    tasks.daily()

    left = sorted(file.name for file in tmp_path.rglob("*.*"))
    assert left == ["new.log", "new.msg"]


def test_mail_files_are_left_alone_when_mail_is_sent(settings, tmp_path):
    aged(tmp_path, "old.log", 400)
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}
    settings.EMAIL_FILE_PATH = tmp_path

    assert embedded_files.purge(timezone.now()) == 0
    assert (tmp_path / "old.log").exists()


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
