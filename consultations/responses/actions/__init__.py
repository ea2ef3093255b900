"""What people do with their answers, and officers with held ones."""

from consultations.responses.actions.drafts import (
    keep_email,
    save_page,
    send_lost_links,
    start,
    stop_reminders,
)
from consultations.responses.actions.equality import save_equality
from consultations.responses.actions.held import exclude, release
from consultations.responses.actions.purging import purge_due
from consultations.responses.actions.receipts import (
    change,
    change_page,
    remove_contact,
    withdraw,
)
from consultations.responses.actions.sending import Contact, Incomplete, send

__all__ = [
    "Contact",
    "Incomplete",
    "change",
    "change_page",
    "exclude",
    "keep_email",
    "purge_due",
    "release",
    "remove_contact",
    "save_equality",
    "save_page",
    "send",
    "send_lost_links",
    "start",
    "stop_reminders",
    "withdraw",
]
