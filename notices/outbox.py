"""The outbox: how everything that the portal sends begins.

An action calls `queue` or `queue_many` inside its own transaction and `ring` once;
`notices.drain` does the sending. A row is unique on (kind, recipient, occasion), so
asking twice, by two people, two beats or a retry, is asking once (REM-03, T-24).

A payload holds plain values for the templates of its kind, and

- "links": {"resume": {"path": "/resume/", "purpose": "draft"}} becomes
  `links.resume` when it is sent, with the token of the subject's row at its end. A
  link named "stop" is offered to mail programs as a one-click unsubscribe, so its
  view must take a POST without a CSRF token;
- "pages": {"results": "/consultations/buses/results/"} becomes `pages.results`;
- "forget_subject": True empties the subject once the message is done with: sent,
  failed, expired or cancelled. It cannot be tried again then;
- "forget_payload": True empties the payload then;
- "keep_quiet": True keeps it from being sent in the council's quiet hours, whenever
  it was queued: what an outage or a slow server has held up waits for the morning
  (REM-03).
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import celery
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.secret_links import address_key
from notices.models import Notice

logger = logging.getLogger(__name__)

DRAIN = "engage.tasks.drain"
# After the broker has failed, requests leave the bell alone for a while: the tick
# finds what waits, and a frozen broker costs one request its patience, not all.
SILENT_SECONDS = 30.0
_silent_until = 0.0

# So many messages of a kind an address gets in an hour, whoever asks for them.
MOST_AN_HOUR = 5

# One row of people to write to. The order is what `_insert` relies on.
PERSON = ("email", "address_key", "language", "subject_id", "subject_generation")
_ONE_PERSON = "SELECT %s, %s, %s, %s, %s"


def queue(
    kind: str,
    *,
    to: str,
    occasion: str,
    payload: Mapping[str, Any],
    language: str = "en-gb",
    subject_id: object = "",
    subject_generation: int = 0,
    about: models.Model | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Put one message into the outbox; False if it is there, or was, already."""
    address = to.strip()
    person = (
        address,
        address_key(address),
        language,
        str(subject_id),
        subject_generation,
    )
    made = _insert(
        _ONE_PERSON,
        person,
        kind=kind,
        occasion=occasion,
        payload=payload,
        about=about,
        due_at=due_at,
        expires_at=expires_at,
    )
    return made == 1


def room_for(kind: str, address: str, *, most: int = MOST_AN_HOUR) -> int:
    """Return how many more messages of a kind an address may be sent now.

    Anybody can type anybody's address, so what is written to an address that
    somebody typed is asked first. Whoever typed it is told nothing of this.
    """
    lately = Notice.objects.filter(
        kind=kind,
        recipient_key=address_key(address),
        created_at__gt=timezone.now() - timedelta(hours=1),
    )
    return max(0, most - lately.count())


def queue_many(
    rows: models.QuerySet[Any],
    *,
    kind: str,
    occasion: str,
    payload: Mapping[str, Any],
    about: models.Model | None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> int:
    """Put one message for each row into the outbox, in one statement.

    The rows have, as fields or annotations, the columns of `PERSON`. Returns how
    many are new: a person who has the message already does not get it again.
    """
    if not rows.query.is_sliced:
        rows = rows.order_by()
    people = rows.values_list(*(F(name) for name in PERSON))
    select, parameters = people.query.sql_with_params()
    return _insert(
        select,
        parameters,
        kind=kind,
        occasion=occasion,
        payload=payload,
        about=about,
        due_at=due_at,
        expires_at=expires_at,
    )


def remember(kind: str, *, key: str, occasion: str, about: models.Model) -> None:
    """Note that an address has had this already: a row that is never sent.

    Only the digest of the address is kept; noting it twice changes nothing.
    """
    _insert(
        _ONE_PERSON,
        ("", key, "en-gb", "", 0),
        kind=kind,
        occasion=occasion,
        payload={},
        about=about,
        status=Notice.Status.CANCELLED,
    )


def cancel(about: models.Model, kinds: Collection[str] | None = None) -> int:
    """Keep what waits about a thing from being sent; returns how many (REM-04)."""
    waiting = Notice.objects.waiting().filter(
        about_type=about._meta.label_lower, about_id=str(about.pk)
    )
    if kinds is not None:
        waiting = waiting.filter(kind__in=kinds)
    return waiting.cancel()


def ring() -> None:
    """After commit, ask a worker to drain. That nobody hears it loses nothing."""
    transaction.on_commit(_ring, robust=True)


def _ring() -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        celery.current_app.send_task(DRAIN)
    except (OperationalError, OSError):
        _silent_until = time.monotonic() + SILENT_SECONDS
        logger.warning("The broker does not answer; the next tick sends what waits.")


def _insert(
    people: str,
    parameters: Sequence[Any],
    *,
    kind: str,
    occasion: str,
    payload: Mapping[str, Any],
    about: models.Model | None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    status: Notice.Status = Notice.Status.QUEUED,
) -> int:
    """INSERT … SELECT … ON CONFLICT DO NOTHING, in the words of both databases.

    Sorted by recipient, so that two of them at once wait for each other in one
    order and never for ever.
    """
    now = timezone.now()
    same: dict[str, Any] = {
        "kind": kind,
        "occasion": occasion,
        "payload": json.dumps(payload, cls=DjangoJSONEncoder),
        "about_type": about._meta.label_lower if about else "",
        "about_id": str(about.pk) if about else "",
        "status": status.value,
        "created_at": _moment(now),
        "due_at": _moment(due_at or now),
        "expires_at": _moment(expires_at),
        "claim": "",
        "attempts": 0,
        "error": "",
    }
    on_postgresql = connection.vendor == "postgresql"
    casts = _CASTS if on_postgresql else {}
    values = ", ".join(f"%s{casts.get(name, '')}" for name in same)
    subject = "CAST(subject_id AS text)" if on_postgresql else _SUBJECT_ON_SQLITE
    statement = (
        f"INSERT INTO {Notice._meta.db_table} (recipient, recipient_key, language, "  # noqa: S608
        f"subject_id, subject_generation, {', '.join(same)}) "
        f"WITH people ({', '.join(PERSON)}) AS ({people}) "
        f"SELECT email, address_key, language, {subject}, subject_generation, "
        f"{values} FROM people WHERE 1 = 1 ORDER BY address_key "
        "ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, *same.values()])
        return max(cursor.rowcount, 0)


def _moment(value: datetime | None) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if value else None


_CASTS = {
    "payload": "::jsonb",
    "created_at": "::timestamptz",
    "due_at": "::timestamptz",
    "expires_at": "::timestamptz",
    "attempts": "::smallint",
}
# SQLite keeps a UUID as 32 digits; a link is made of the one with dashes.
_DASHED = " || '-' || ".join(
    f"substr(subject_id, {start}, {length})"
    for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
)
_SUBJECT_ON_SQLITE = (
    "CASE WHEN length(subject_id) = 32 AND subject_id NOT GLOB '*[^0-9a-f]*' "
    f"THEN {_DASHED} ELSE CAST(subject_id AS text) END"
)
