"""A real web server over a database of its own, and clients that send to it."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.services import REPOSITORY, _die_with_parent

CSRF = "c" * 32
PATIENCE = 60  # seconds that a client goes on trying one send


@dataclass
class Portal:
    """gunicorn over the database that `environment` names."""

    environment: dict
    port: int = 0
    process: subprocess.Popen | None = None

    def seed(self, count, *, without_key=False):
        """Make a consultation and its drafts; returns what `seed.py` printed.

        `without_key`, a control, then drops the key that keeps a response single.
        """
        command = [sys.executable, "-m", "tests.reliability.seed", str(count)]
        done = subprocess.run(
            [*command, "--without-key"] if without_key else command,
            cwd=REPOSITORY,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return json.loads(done.stdout)

    def start(self, *, workers):
        """Start the server with sync workers and wait until it answers."""
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "engage.wsgi", "--log-level=error"]
        command += [f"--workers={workers}", f"--bind=127.0.0.1:{self.port}"]
        command += ["--no-control-socket", "--timeout=60", "--backlog=512"]
        with (Path(self.environment["PORTAL_VAR"]) / "web.log").open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=REPOSITORY,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        give_up = time.monotonic() + 30
        while time.monotonic() < give_up:
            try:
                get(self.port, "/robots.txt")
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the web server did not start")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)


def environment(folder, **extra):
    """The environment of a portal with its files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL"}}
    return {
        **kept,
        "PORTAL_ENVIRONMENT": "test",
        "PORTAL_VAR": str(folder),
        "CELERY_BROKER_URL": "filesystem://",
        "CACHE_URL": "",
        "ALLOWED_HOSTS": "127.0.0.1",
        "LOG_LEVEL": "ERROR",
        **extra,
    }


def get(port, path):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as line:
        line.request("GET", path)
        return line.getresponse().status


@dataclass
class Outcome:
    """What the clients saw: statuses, receipts by draft, the longest waits."""

    statuses: dict = field(default_factory=dict)
    receipts: dict = field(default_factory=dict)
    seconds: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    given_up: list = field(default_factory=list)

    def add(self, other):
        for status, number in other.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + number
        self.receipts |= other.receipts
        self.seconds += other.seconds
        self.changed += other.changed
        self.given_up += other.given_up


def send_all(portal, seed, *, clients, replay_every):
    """Send every draft, one client process each share; every n-th is sent twice."""
    drafts = list(seed["drafts"].items())
    shares = [drafts[n::clients] for n in range(clients)]
    outcome = Outcome()
    with ProcessPoolExecutor(max_workers=clients) as pool:
        jobs = [
            pool.submit(_client, portal.port, seed, share, replay_every)
            for share in shares
        ]
        for job in jobs:
            outcome.add(job.result())
    return outcome


def _client(port, seed, share, replay_every):
    outcome = Outcome()
    for number, (draft, token) in enumerate(share):
        times = 2 if number % replay_every == 0 else 1
        for _ in range(times):
            receipt = _send_until_answered(port, seed, token, outcome)
            if receipt is None:
                outcome.given_up.append(draft)
            elif outcome.receipts.setdefault(draft, receipt) != receipt:
                outcome.changed.append(draft)
    return outcome


def _send_until_answered(port, seed, token, outcome):
    """Send once, again while the portal says 503 or cuts the line; its receipt."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        began = time.monotonic()
        try:
            status, receipt = _post(port, seed, token)
        except (OSError, http.client.HTTPException):
            status, receipt = "cut", None
        outcome.seconds.append(time.monotonic() - began)
        outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
        if status == 302 and receipt:
            return receipt
        if status not in {503, "cut"}:
            return None
        time.sleep(0.2)
    return None


def _post(port, seed, token):
    pk = seed["consultation"]
    headers = {
        "Cookie": f"csrf={CSRF}; draft-{pk}={token}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    path = f"/consultations/{seed['slug']}/respond/check/"
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        line.request("POST", path, f"csrfmiddlewaretoken={CSRF}", headers)
        answer = line.getresponse()
        answer.read()
    return answer.status, _receipt(answer, pk)


def _receipt(answer, pk):
    """The key of the response whose receipt the answer's cookie opens."""
    for name, value in answer.getheaders():
        if name.lower() == "set-cookie" and value.startswith(f"receipt-{pk}="):
            return value.split("=", 1)[1].split(".")[0].strip('"')
    return None
