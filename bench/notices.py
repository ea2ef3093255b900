"""Notices: making 10,000 of them, and sending 10,000, beside the bare limits.

Each function does both once and returns (ours, bare) in seconds; the order
alternates from call to call. They need a migrated database that may be written to,
and leave nothing in it.
"""

import itertools
import json
import smtplib
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager

from django.core import mail
from django.db import connection, transaction
from django.db.models import CharField, F
from django.db.models.functions import Cast
from django.test.utils import override_settings
from django.utils import timezone

from accounts.secret_links import address_key
from council.models import Council
from notices import outbox
from notices.drain import drain
from notices.letters import Writer
from notices.models import Notice, Subscription

COUNT = 10_000
KIND = "notices.confirm_alert"
PAYLOAD = {
    "title": "Parks and gardens: a strategy for ten years",
    "links": {"stop": {"path": "/alerts/stop/", "purpose": "stop-alert"}},
    "pages": {"page": "/consultations/parks-and-gardens/"},
}
_turn = itertools.count()


def notices_made() -> tuple[float, float]:
    """10,000 notices made in a transaction; bare: one INSERT … SELECT by the driver."""
    with _followers():
        ours, bare = _in_turn(_make_ours, _make_bare)
    return ours, bare


def notices_sent() -> tuple[float, float]:
    """10,000 notices sent; bare: a loop of `sendmail` over one connection."""
    with _followers(), _sink() as port:
        Council.objects.update_or_create(pk=1)
        options = {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": port,
            "EMAIL_HOST_USER": "",
            "EMAIL_HOST_PASSWORD": "",
        }
        with override_settings(**options):
            ours, bare = _in_turn(_send_ours, lambda: _send_bare(port))
    return ours, bare


def _in_turn(ours, bare):
    if next(_turn) % 2:
        second = bare()
        return ours(), second
    return ours(), bare()


def _people():
    return Subscription.objects.filter(kind="bench").annotate(
        subject_id=Cast("pk", CharField()), subject_generation=F("generation")
    )


def _queue():
    with transaction.atomic():
        made = outbox.queue_many(
            _people(), kind=KIND, occasion="bench", payload=PAYLOAD, about=None
        )
    assert made == COUNT


def _make_ours():
    start = time.perf_counter()
    _queue()
    seconds = time.perf_counter() - start
    _empty()
    return seconds


def _make_bare():
    """The same rows, by hand."""
    start = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_notice (kind, recipient, recipient_key, occasion, "
            "language, payload, subject_id, subject_generation, about_type, about_id, "
            "status, created_at, due_at, claim, attempts, error) "
            "SELECT %s, email, address_key, %s, language, %s, CAST(id AS text), "
            "generation, '', '', 'queued', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, '', "
            "0, '' FROM notices_subscription WHERE kind = 'bench' "
            "ON CONFLICT DO NOTHING",
            [KIND, "bench", json.dumps(PAYLOAD)],
        )
        assert cursor.rowcount == COUNT
    seconds = time.perf_counter() - start
    _empty()
    return seconds


def _send_ours():
    _queue()
    start = time.perf_counter()
    sent = drain(timezone.now())
    seconds = time.perf_counter() - start
    assert sent == COUNT
    _empty()
    return seconds


def _send_bare(port):
    """A text of the same size to the same people, as quickly as smtplib can."""
    addresses = [f"person{number}@example.org" for number in range(COUNT)]
    text = _example()
    start = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as client:
        for address in addresses:
            client.sendmail("haveyoursay@example.org", [address], text)
    return time.perf_counter() - start


def _example():
    notice = Notice(
        kind=KIND,
        recipient="person1@example.org",
        recipient_key="k",
        occasion="bench",
        payload=PAYLOAD,
        subject_id="0" * 36,
    )
    whole: mail.EmailMessage = Writer(Council.objects.current()).letter(notice).whole
    return whole.message().as_bytes(linesep="\r\n")


@contextmanager
def _followers():
    Subscription.objects.bulk_create(
        Subscription(
            kind="bench", key="1", email=address, address_key=address_key(address)
        )
        for address in (f"person{number}@example.org" for number in range(COUNT))
    )
    try:
        yield
    finally:
        Subscription.objects.filter(kind="bench").delete()
        _empty()


def _empty():
    Notice.objects.filter(kind=KIND, occasion="bench").delete()


@contextmanager
def _sink():
    """An SMTP server in a process of its own that throws everything away."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["-m", "aiosmtpd", "--nosetuid", "--listen", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        [sys.executable, *command, "--class", "aiosmtpd.handlers.Sink"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _try in range(500):
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield port
    finally:
        server.kill()
        server.wait()
