"""Sending what is due: claim a few rows, send each, mark each as it goes.

Delivery is at least once. What cannot be exactly once is the moment between the
mail server's OK and our commit: a worker that dies there sends that one message
again, with the same Message-ID. Everything else is once, for any number of workers.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakSet

from django.conf import settings
from django.core.mail import BadHeaderError
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    connection,
    connections,
    transaction,
)
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.utils import timezone
from django.utils.translation import gettext as _

from council.models import Council
from notices import outbox
from notices.letters import Letter, Writer
from notices.models import Notice, Suppression
from notices.post import Post, Refusal, Unreachable, clean
from notices.reminders import allowed_moment

logger = logging.getLogger(__name__)
Status = Notice.Status

BATCH = 100
# After this many tries a row is parked as failed: with the pauses below, two days.
MAX_ATTEMPTS = 18
# A row tried this often is claimed alone: should it be what kills the workers, it
# takes no other one with it.
ALONE_AFTER = 2
LONGEST_PAUSE = timedelta(hours=4)
OUTAGE_PAUSE = timedelta(seconds=30)
# One task stays below Celery's time limits; the rest is for the next one.
LONGEST_RUN = 120.0

SENT = (
    "UPDATE notices_notice SET status = 'sent', sent_at = {}, error = '', "
    "claim = '', lease_until = NULL WHERE id = {} AND claim = {} AND attempts = {}"
)
MARK = SENT.format("%s", "%s", "%s", "%s")
PLAN = "PREPARE notice_sent (timestamptz, bigint, text, smallint) AS " + SENT.format(
    "$1", "$2", "$3", "$4"
)
PLANNED = "EXECUTE notice_sent (%s, %s, %s, %s)"
# There is a plan of this name, or there is none: a pooler has changed the session.
NOT_OUR_SESSION = {"42P05", "26000"}
_planned: WeakSet[Any] = WeakSet()

# What a message that cannot be written raises: the row is at fault, not the post.
UNWRITABLE = (
    TemplateDoesNotExist,
    TemplateSyntaxError,
    BadHeaderError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


def drain(when: datetime) -> int:
    """Send what is due at a moment, for a while; returns how many were sent.

    When nothing is due this is one query.
    """
    if not Notice.objects.due(when).exists():
        return 0
    stop_at = time.monotonic() + LONGEST_RUN
    sent = 0
    post = Post()
    writer = Writer(Council.objects.current())
    try:
        while batch := claim(when):
            sent += _Round(batch, post, writer).send()
            if time.monotonic() > stop_at:
                outbox.ring()
                break
            when = max(when, timezone.now())
    except Unreachable as error:
        logger.warning("The mail server cannot be reached: %s", error)
    finally:
        post.close()
    return sent


def claim(when: datetime) -> list[Notice]:
    """Take some due rows for this worker alone, until their lease ends.

    On PostgreSQL, rows that another worker is claiming are skipped. On SQLite the
    transaction is IMMEDIATE, so there is no other worker.
    """
    token = uuid.uuid4().hex
    with transaction.atomic():
        due = Notice.objects.due(when)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        rows = _some(list(due[:BATCH]))
        keys = [row.pk for row in rows]
        Notice.objects.filter(pk__in=keys).update(
            status=Status.INFLIGHT,
            claim=token,
            lease_until=timezone.now() + lease(),
            attempts=F("attempts") + 1,
        )
    for row in rows:
        row.claim = token
        row.attempts += 1
    return rows


def longest_send() -> timedelta:
    """A message takes some rounds with the server, each up to the time-out."""
    return timedelta(seconds=4 * settings.EMAIL_TIMEOUT)


def lease() -> timedelta:
    return 2 * longest_send()


def pause(attempts: int) -> timedelta:
    """How long to wait after a failed try: 1, 2, 4 … minutes, never over 4 hours."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 20)), LONGEST_PAUSE)


def _some(rows: list[Notice]) -> list[Notice]:
    fresh = [row for row in rows if row.attempts < ALONE_AFTER]
    return fresh or sorted(rows, key=lambda row: row.attempts)[:1]


class _Round:
    """One claimed batch on its way out."""

    def __init__(self, batch: list[Notice], post: Post, writer: Writer) -> None:
        self.post = post
        self.writer = writer
        self.left = batch
        # Accepted by the server, and not marked yet: never more than one.
        self.accepted: Notice | None = None
        # No sending may begin that the lease does not cover to its end.
        self.stop_at = time.monotonic() + (lease() - longest_send()).total_seconds()
        keys = [row.recipient_key for row in batch]
        self.suppressed = frozenset(
            Suppression.objects.filter(address_key__in=keys).values_list(
                "address_key", flat=True
            )
        )

    def send(self) -> int:
        """Send each; what is left when something goes wrong is put back at once.

        The row at fault stays claimed until its lease ends, and counts the attempt.
        """
        sent = 0
        try:
            while self.left and time.monotonic() < self.stop_at:
                row = self.left.pop(0)
                sent += self._handle(row)
        finally:
            self._settle()
            _put_back(self.left)
        return sent

    def _handle(self, row: Notice) -> bool:
        now = timezone.now()
        if row.expires_at and row.expires_at <= now:
            _mark(row, status=Status.EXPIRED)
        elif row.recipient_key in self.suppressed:
            _mark(row, status=Status.SUPPRESSED)
        elif (morning := self._quiet_until(row, now)) > now:
            _put_back([row], due_at=morning)
        elif row.attempts > MAX_ATTEMPTS:
            _mark(row, status=Status.FAILED, error=row.error or _("Tried too often."))
        else:
            return self._post(row)
        return False

    def _quiet_until(self, row: Notice, now: datetime) -> datetime:
        if not row.payload.get("keep_quiet"):
            return now
        return allowed_moment(now, self.writer.council)

    def _post(self, row: Notice) -> bool:
        try:
            self._hand_over(self.writer.letter(row))
        except UNWRITABLE as error:
            text = clean(f"{type(error).__name__}: {error}")
            logger.error("Notice %s (%s) is unwritable: %s", row.pk, row.kind, text)
            _mark(row, status=Status.FAILED, error=text)
            return False
        except Refusal as refusal:
            _refused(row, refusal)
            return False
        except Unreachable as error:
            later = timezone.now() + OUTAGE_PAUSE
            _put_back([row, *self.left], due_at=later, error=str(error))
            self.left = []
            raise
        self.accepted = row
        return True

    def _hand_over(self, letter: Letter) -> None:
        """Send a message; the one before is marked before any of this one goes.

        That is done while the server reads who writes, where it is there at once.
        """
        if self.post.is_open:
            self.post.begin(letter)
            self._settle()
        else:
            self._settle()
            self.post.begin(letter)
        self.post.finish(letter)

    def _settle(self) -> None:
        row, self.accepted = self.accepted, None
        if row:
            _mark_sent(row)


def _refused(row: Notice, refusal: Refusal) -> None:
    if not refusal.final and row.attempts < MAX_ATTEMPTS:
        due_at = timezone.now() + pause(row.attempts)
        _mark(row, status=Status.RETRY, due_at=due_at, error=refusal.text)
        return
    with transaction.atomic():
        _mark(row, status=Status.FAILED, error=refusal.text)
        if refusal.of_address:
            Suppression.objects.get_or_create(
                address_key=row.recipient_key, defaults={"reason": refusal.text}
            )
    logger.warning("Notice %s (%s) has failed: %s", row.pk, row.kind, refusal.text)


def _mark(row: Notice, **changes: object) -> None:
    """Write what became of a row, unless another worker has taken it since.

    A row that is done with, sent or not, forgets what it was told to forget.
    """
    if changes["status"] != Status.RETRY:
        changes |= row.to_be_forgotten
    mine = Notice.objects.filter(pk=row.pk, claim=row.claim, attempts=row.attempts)
    if not mine.update(claim="", lease_until=None, **changes):
        logger.warning("Notice %s was taken by another worker.", row.pk)


def _mark_sent(row: Notice) -> None:
    """The one mark that is made for every message, so by hand: a third of the time."""
    now = timezone.now()
    if row.to_be_forgotten:
        _mark(row, status=Status.SENT, sent_at=now, error="")
        return
    database = connections[DEFAULT_DB_ALIAS]
    moment = database.ops.adapt_datetimefield_value(now)
    with database.cursor() as cursor:
        values = [moment, row.pk, row.claim, row.attempts]
        if database.vendor == "postgresql":
            _execute_planned(cursor, values, database.connection)
        else:
            cursor.execute(MARK, values)
        if not cursor.rowcount:
            logger.warning("Notice %s was taken by another worker.", row.pk)


def _execute_planned(cursor: CursorWrapper, values: list[Any], session: Any) -> None:
    """PostgreSQL plans it once for each connection: that is half of what it costs."""
    try:
        if session not in _planned:
            cursor.execute(PLAN)
            _planned.add(session)
        cursor.execute(PLANNED, values)
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", "") not in NOT_OUR_SESSION:
            raise
        cursor.execute(MARK, values)


def _put_back(
    rows: Collection[Notice], *, due_at: datetime | None = None, error: str = ""
) -> None:
    """Give back rows that were not tried: that does not count as an attempt."""
    if not rows:
        return
    claims = {row.claim for row in rows}
    changes: dict[str, object] = {"status": Status.QUEUED}
    if due_at:
        changes["due_at"] = due_at
    if error:
        changes |= {"status": Status.RETRY, "error": error}
    Notice.objects.filter(
        pk__in=[row.pk for row in rows], claim__in=claims, status=Status.INFLIGHT
    ).update(claim="", lease_until=None, attempts=F("attempts") - 1, **changes)
