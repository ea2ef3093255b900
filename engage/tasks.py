"""What Celery runs: a bell, a minute's tick and a daily round (ADR 0004).

Nothing is kept in the broker: a task that is lost, repeated or late finds the same
rows and does the same. Each may run twice at once.
"""

from celery import shared_task
from django.utils import timezone

from consultations.notices import queue_due
from consultations.responses.actions import purge_due
from engage import embedded_files
from notices import actions
from notices.drain import drain as send_what_is_due


@shared_task
def drain() -> None:
    """The bell: send what is due."""
    when = timezone.now()
    actions.note_signs_of_life(when, "worker")
    send_what_is_due(when)


@shared_task
def tick() -> None:
    """Every minute, from beat to a worker: make what has fallen due, and send it."""
    actions.note_signs_of_life(timezone.now(), "beat", "worker")
    try:
        queue_due(timezone.now())
    finally:  # what waits already is sent all the same
        send_what_is_due(timezone.now())


@shared_task
def daily() -> None:
    """Forget what need not be kept any longer; asked every hour, done by the day."""
    when = timezone.now()
    actions.purge(when)
    purge_due(when)
    embedded_files.purge(when)
