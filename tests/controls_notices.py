"""Controls of the outbox: what loses mail must be seen to lose it."""

import shutil

from celery import Celery

from tests.services import start_redis, temporary_folder
from tests.trouble import Workers, make_trouble, sink

RECIPIENTS = 2_000


def control_delay_per_recipient() -> bool:
    """One `.delay` a recipient, under the troubles of the kill test, loses mail.

    True when it does, as it should: then the kill test can fail.
    """
    folder = temporary_folder()
    folder.chmod(0o755)  # the server may run as nobody
    broker = start_redis(folder / "redis")
    try:
        with sink() as received:
            ring = Celery("naive", broker=broker.url)
            for number in range(RECIPIENTS):
                ring.send_task("naive.send", [f"p{number}@example.org"])
            with Workers(
                *("--app", "tests.notices.naive_mail", "worker"),
                *("--concurrency", "2", "--loglevel", "CRITICAL"),
                CELERY_BROKER_URL=broker.url,
                NAIVE_PORT=str(received.port),
            ) as workers:
                make_trouble(received, workers, broker, total=RECIPIENTS, seconds=10)
            return len(received.copies) < RECIPIENTS
    finally:
        broker.stop()
        shutil.rmtree(folder, ignore_errors=True)
