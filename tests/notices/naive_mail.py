"""What the outbox is not: one Celery task a recipient, with nothing behind it."""

import os

from celery import Celery

from tests.trouble import send_bare

app = Celery("naive", broker=os.environ["CELERY_BROKER_URL"])
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
)


@app.task(name="naive.send")
def send(address):
    send_bare(int(os.environ["NAIVE_PORT"]), address, "Subject: Hello\r\n\r\nHello")
