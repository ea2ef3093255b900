"""The Celery application: a doorbell for work that waits in rows (ADR 0004)."""

import os

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engage.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def tick_at_once(**_: object) -> None:
    """What fell due while beat was down waits no longer; /readyz hears of beat.

    Otherwise its first tick would come a minute after its start.
    """
    app.send_task("engage.tasks.tick")
