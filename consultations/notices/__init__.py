"""Which notice goes to whom and when; the sending is the `notices` app's.

`queue_due` is called every minute and queues what the clock has made due. The
others are called by actions, inside their transactions.
"""

from consultations.notices.due import queue_due
from consultations.notices.events import (
    amended,
    approval_waiting,
    approved,
    cancel_approval,
    cancel_reminders,
    closed_early,
    extended,
    recalled,
    returned,
    withdrawn,
)
from consultations.notices.recipients import no_more_reminders
from consultations.notices.releases import feedback, findings, released

__all__ = [
    "amended",
    "approval_waiting",
    "approved",
    "cancel_approval",
    "cancel_reminders",
    "closed_early",
    "extended",
    "feedback",
    "findings",
    "no_more_reminders",
    "queue_due",
    "recalled",
    "released",
    "returned",
    "withdrawn",
]
