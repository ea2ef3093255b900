"""What Celery runs: a bell, a minute's tick and a daily round (ADR 0004).

Nothing is kept in the broker: a task that is lost, repeated or late finds the same
rows and does the same. Each may run twice at once.
"""

from celery import shared_task
from django.utils import timezone

from notices import actions
from notices.drain import drain as send_what_is_due


@shared_task
def drain() -> None:
    """The bell: send what is due."""
    send_what_is_due(timezone.now())


@shared_task
def tick() -> None:
    """Every minute, from beat to a worker: make what has fallen due, and send it."""
    when = timezone.now()
    actions.note_signs_of_life(when, "beat", "worker")
    send_what_is_due(when)


@shared_task
def daily() -> None:
    """Forget what need not be kept any longer."""
    actions.purge(timezone.now())
