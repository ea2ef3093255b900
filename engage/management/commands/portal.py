"""``manage.py portal``: the whole portal on one machine, under one supervisor.

Prepares the database, loads the demonstration into an empty one, and runs the web
server, the Celery worker and beat until it is told to stop or one of them ends.
In production the three are services of their own (docs/deploy.md).
"""

import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from council.models import Council
from engage import health
from engage.demo import SIGN_INS

HOST = "127.0.0.1"
READY_SECONDS = 60  # a slow machine may need most of it for the first start
NOT_YET = (0, http.client.SERVICE_UNAVAILABLE)  # 0: nobody answers
STOP_SECONDS = 3.5  # then whatever still runs is killed
# Celery's advice not to be root: on a developer's machine or in a container it is
# noise, and in production the services have users of their own.
AS_ROOT = "ignore:You're running the worker with superuser privileges"


class Command(BaseCommand):
    help = "Run the portal on this machine: web server, worker and beat."
    # Each child checks what it needs; here they would only delay the first page.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--seconds",
            type=float,
            help="check the home page, run this long, stop, and say how it went",
        )
        parser.add_argument(
            "--reset",
            action="store_true",
            help="throw the local data away, load the demonstration again, and stop",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "This command is for one machine. In production run the web server, "
                "the worker and beat as services: see docs/deploy.md."
            )
        # Being told to stop, and a terminal that is closed, are like Ctrl-C.
        for told_to_stop in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(told_to_stop, signal.default_int_handler)
        try:
            with _only_one():
                self.run(options)
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from error

    def run(self, options: dict[str, Any]) -> None:
        """Reset, or prepare and serve."""
        if options["reset"]:
            reset()
            self.prepare()
            self.stdout.write("The demonstration is loaded afresh.")
            return
        port = options["port"]
        _refuse_a_taken_port(port)
        self.prepare()
        connection.close()
        # The links in mail must lead back to this port.
        os.environ.setdefault("PORTAL_BASE_URL", f"http://localhost:{port}")
        with _children() as children:
            self.serve(children, port, options["seconds"])

    def prepare(self) -> None:
        """Bring the database up to date; fill it when it is empty."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database.")
            call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        if not Council.objects.exists():
            self.stdout.write("Loading the demonstration.")
            call_command("demo", verbosity=0)

    def serve(
        self,
        children: dict[str, subprocess.Popen[bytes]],
        port: int,
        seconds: float | None,
    ) -> None:
        """Start its parts, say where the portal is, then watch them."""
        started = time.monotonic()
        commands = _commands(port)
        # The web server alone at first: beside two others it would take twice as long.
        children["web server"] = _started(commands.pop("web server"))
        _wait_for(children, port, "/")
        for name, command in commands.items():
            children[name] = _started(command)
        self.stdout.write(f"The portal is at http://localhost:{port}/")
        if Council.objects.current().is_demonstration:
            self.stdout.write("Sign in to the demonstration as:")
            for address, password, roles in SIGN_INS:
                what = roles.replace("_", " ")
                self.stdout.write(f"  {address:28} {password}  {what}")
        connection.close()
        self.stdout.flush()
        if seconds is None:
            while True:
                _refuse_a_dead_child(children)
                time.sleep(0.2)
        _wait_for_signs_of_life(children)
        _wait_for(children, port, "/readyz")
        while time.monotonic() < started + seconds:
            _refuse_a_dead_child(children)
            time.sleep(0.1)
        self.stdout.write("The home page and /readyz answered; stopping.")


def reset() -> None:
    """Delete the local data: database, queue, mail and files."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] != "django.db.backends.sqlite3":
        raise CommandError("Only the local SQLite database can be reset.")
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database['NAME']}{suffix}").unlink(missing_ok=True)
    for file in (settings.VAR_DIR / "queue").rglob("*"):
        if file.is_file():
            file.unlink()
    for file in settings.VAR_DIR.glob("beat-schedule*"):
        file.unlink()
    for folder in (settings.VAR_DIR / "mail", settings.MEDIA_ROOT):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _only_one() -> Iterator[None]:
    """Two supervisors on one folder would share a queue, and reset each other."""
    with (settings.VAR_DIR / "portal.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(
                "The portal is already running here. Stop it first, or give this one "
                "a folder of its own with PORTAL_VAR=."
            ) from error
        yield


def _refuse_a_taken_port(port: int) -> None:
    with closing(socket.socket()) as probe:
        # As gunicorn does: a port whose last user has just gone is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} cannot be used: it is taken, or not allowed. "
                "Choose another, as in: make run PORT=8001"
            ) from error


@contextmanager
def _children() -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Whatever is started is stopped at the end, however it comes."""
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        yield children
    finally:
        _stop(children)


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=settings.BASE_DIR,
        env={**os.environ, "PYTHONWARNINGS": AS_ROOT},
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C comes to the supervisor alone
    )


def _commands(port: int) -> dict[str, list[str]]:
    celery = ["celery", "--app", "engage", "--quiet"]
    web = f"gunicorn engage.wsgi --bind {HOST}:{port} --worker-class gthread"
    web += " --workers 2 --threads 4 --graceful-timeout 2 --no-control-socket"
    web += " --preload"  # imported once, not once for each worker: a quicker start
    web += " --log-level warning"
    if Path("/dev/shm").is_dir():  # noqa: S108 (gunicorn's heartbeat, not our data)
        web += " --worker-tmp-dir /dev/shm"
    worker = "worker --pool threads --concurrency 2 --loglevel WARNING"
    worker += " --without-gossip --without-mingle --without-heartbeat"
    beat = "beat --pidfile= --loglevel WARNING"
    return {
        "web server": web.split(),
        "worker": [*celery, *worker.split()],
        "beat": [*celery, *beat.split()],
    }


def _stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask all at once, wait a little, then insist. A second Ctrl-C changes nothing."""
    for told_to_stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(told_to_stop, signal.SIG_IGN)
    for child in children.values():
        child.terminate()
    give_up = time.monotonic() + STOP_SECONDS
    for child in children.values():
        try:
            child.wait(max(0.0, give_up - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _refuse_a_dead_child(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise CommandError(
                f"The {name} stopped by itself (exit {child.returncode}); "
                "the rest is stopped too."
            )


def _wait_for(
    children: dict[str, subprocess.Popen[bytes]], port: int, path: str
) -> None:
    give_up = time.monotonic() + READY_SECONDS
    while (answer := _get(port, path))[0] != http.client.OK:
        _refuse_a_dead_child(children)
        if answer[0] not in NOT_YET or time.monotonic() > give_up:
            raise CommandError(
                f"{path} does not answer as it should: {answer[0]} {answer[1][:300]}"
            )
        time.sleep(0.25)


def _wait_for_signs_of_life(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Until beat and worker were heard of: to ask /readyz sooner logs an error."""
    give_up = time.monotonic() + READY_SECONDS
    while not health.is_ready(timezone.now()) and time.monotonic() < give_up:
        _refuse_a_dead_child(children)
        time.sleep(0.25)
    connection.close()


def _get(port: int, path: str) -> tuple[int, str]:
    """Status and text; status 0 while nobody answers."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=10)) as client:
        try:
            client.request("GET", path)
            response = client.getresponse()
            return response.status, response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error)
