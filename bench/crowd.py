"""Sends of eight clients at once, over HTTP, on either database.

Our portal and a site of one bare POST (bench.bare) run side by side on the same
database, each with two sync workers and a connection for each request, and take
turns. All clients start together. Rates are drafts sent a second.
"""

import http.client
import multiprocessing
import os
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

from tests.reliability.portal import CSRF, Portal, environment

CLIENTS = 8
WORKERS = 2
FORM = "csrfmiddlewaretoken={}&email=person{}@example.org&wants_receipt=on"
KIND = {"Content-Type": "application/x-www-form-urlencoded"}


class Crowd:
    """The two sites over one database, and drafts to be sent to either."""

    def __init__(self, folder: Path, *, drafts: int, **extra: str) -> None:
        self.environment = environment(folder, **extra)
        self.ours = Portal(self.environment)
        self.seed = self.ours.seed(drafts)
        self.waiting = list(self.seed["drafts"].values())
        self.bare = Portal(
            {**self.environment, "DJANGO_SETTINGS_MODULE": "bench.bare_settings"}
        )
        self.waits: list[float] = []
        self.busy: list[str] = []

    def __enter__(self):
        self.ours.start(workers=WORKERS)
        self.bare.start(workers=WORKERS)
        return self

    def __exit__(self, *_error):
        self.ours.stop()
        self.bare.stop()

    def turn(self, number: int, clients: int = CLIENTS) -> tuple[float, float]:
        """Send so many drafts to ours and as many to the bare; (ours, bare) rates."""
        ours = self._send(self.ours, number, clients, self.waits)
        self.busy.append(" and ".join(f"{each:.2f}" for each in busy(self.ours)))
        return ours, self._send(self.bare, number, clients, [])

    def _send(self, site, number, clients, waits):
        mine, self.waiting = self.waiting[:number], self.waiting[number:]
        assert len(mine) == number, "too few drafts were seeded"
        fork = multiprocessing.get_context("fork")
        barrier, done = fork.Barrier(clients + 1), fork.Queue()
        people = [
            fork.Process(
                target=_client,
                args=(site.port, self.seed, mine[n::clients], barrier, done),
            )
            for n in range(clients)
        ]
        for person in people:
            person.start()
        barrier.wait()
        start = time.perf_counter()
        for _person in people:
            waits += done.get()
        seconds = time.perf_counter() - start
        for person in people:
            person.join()
        return number / seconds


def _client(port, seed, tokens, barrier, done):
    """One client: a new connection for each send."""
    path = f"/consultations/{seed['slug']}/respond/check/"
    waits = []
    barrier.wait()
    for number, token in enumerate(tokens):
        cookie = f"csrf={CSRF}; draft-{seed['consultation']}={token}"
        body = FORM.format(CSRF, f"{os.getpid()}x{number}")
        start = time.perf_counter()
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
            line.request("POST", path, body, {**KIND, "Cookie": cookie})
            answer = line.getresponse()
            answer.read()
        waits.append(time.perf_counter() - start)
        assert answer.status == 302, answer.status
    done.put(waits)


def busy(site: Portal) -> list[float]:
    """The seconds of processor time of each worker so far, as the kernel counts."""
    parent = site.process.pid
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    tick = os.sysconf("SC_CLK_TCK")
    times = []
    for pid in found:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        times.append((int(fields[11]) + int(fields[12])) / tick)
    return times


# The second start -------------------------------------------------------------------


@contextmanager
def _embedded(folder: Path, port: int):
    """`manage.py portal` in a folder of its own; ends with the block.

    As a developer's shell runs it: the second start finds what the first compiled.
    """
    names = {"DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "PORTAL_ENVIRONMENT"}
    names.add("PYTHONDONTWRITEBYTECODE")
    kept = {key: value for key, value in os.environ.items() if key not in names}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "portal", "--port", str(port)],
        env={**kept, "PORTAL_VAR": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def first_page_seconds(folder: Path, port: int, *, patience: float = 90) -> float:
    """From the command to the first whole page, in the embedded default."""
    start = time.perf_counter()
    with _embedded(folder, port):
        while time.perf_counter() - start < patience:
            try:
                if _status(port) == 200:
                    return time.perf_counter() - start
            except OSError:
                time.sleep(0.02)
    raise RuntimeError(f"no page within {patience} s")


def _status(port):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as line:
        line.request("GET", "/")
        answer = line.getresponse()
        answer.read()
    return answer.status
