"""Until when an answer is taken: while open, and a little grace after (REM-05)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from accounts.refusals import ActionRefused
from consultations.models import Consultation, Status
from design.formats import closing

LOCK = "SELECT 1 FROM consultations_consultation WHERE id = %s FOR KEY SHARE"


class Closed(ActionRefused):
    """The consultation takes no answer now; what was written is kept."""


class AlreadySent(ActionRefused):
    """This draft has become a response already."""


def as_it_stands(consultation: Consultation) -> Consultation:
    """Return its status and windows as they are, and stay until the transaction ends.

    Whoever withdraws or closes it, or publishes what was said, locks its row and
    waits for those who are sending, or they for that. Two who send do not wait for
    each other: theirs is the weak lock that a foreign key takes anyway. SQLite has
    one writer at a time. Nothing else of the row is loaded.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [consultation.pk])
    rows = Consultation.objects.only("status").prefetch_related("windows")
    return rows.get(pk=consultation.pk)


def closed_sentence(consultation: Consultation, when: datetime) -> str:
    """Return why a consultation takes no answers, in one sentence."""
    if consultation.status == Status.WITHDRAWN:
        return _("This consultation has been withdrawn.")
    windows = list(consultation.windows.all())
    later = [w.starts for w in windows if w.starts > when]
    if later and any(w.starts <= when for w in windows):
        return _("This consultation is paused until %(when)s.") % {
            "when": closing(min(later))
        }
    if later:
        return _("This consultation is not open yet.")
    ends = consultation.closes_at()
    if ends is None:
        return _("This consultation is not open.")
    return _("This consultation closed on %(when)s.") % {"when": closing(ends)}


def is_late(
    consultation: Consultation,
    *,
    started_at: datetime | None,
    when: datetime,
    grace_minutes: int,
) -> bool:
    """Return whether an answer comes within the grace after closing.

    False while it is open. An answer started before it closed is taken until the
    grace ends, to the microsecond: an extension ends one window and starts another,
    so it may have been started in an earlier one. Raises Closed otherwise.
    """
    if consultation.status == Status.APPROVED:
        windows = list(consultation.windows.all())
        if any(window.starts <= when < window.ends for window in windows):
            return False
        grace = timedelta(minutes=grace_minutes)
        for window in windows:
            began_in_time = started_at is not None and started_at < window.ends
            if began_in_time and window.ends <= when < window.ends + grace:
                return True
    raise Closed(closed_sentence(consultation, when))
