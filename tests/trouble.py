"""Real workers, a real broker and a mail server, for tests that kill them."""

import os
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, contextmanager

from aiosmtpd.controller import Controller

from tests.services import REPOSITORY, _die_with_parent


class Sink:
    """An SMTP server that counts what it has accepted, by recipient.

    It refuses the addresses in `gone` for good, and those in `slow` once.
    """

    def __init__(self):
        self.copies = Counter()
        self.message_ids = {}
        self.gone = set()
        self.slow = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.gone:
            return "550 5.1.1 no such person"
        if address in self.slow:
            self.slow.discard(address)
            return "450 4.2.0 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        [address] = envelope.rcpt_tos
        self.copies[address] += 1
        for line in envelope.content.split(b"\r\n\r\n", 1)[0].split(b"\r\n"):
            if line.lower().startswith(b"message-id:"):
                self.message_ids.setdefault(address, set()).add(line)
        return "250 OK"


@contextmanager
def sink():
    """A running `Sink`, with its `port`."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    received = Sink()
    received.port = port
    controller = Controller(received, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield received
    finally:
        controller.stop()


class Workers:
    """A group of Celery processes that can be killed and started again.

    One that stops by itself is started again, as a supervisor does: Celery may give
    up when its broker is killed just as it talks to it. Only so often, though.
    """

    MOST_STARTS = 6

    def __init__(self, *command, **environment):
        self.command = [sys.executable, "-m", "celery", "--quiet", *command]
        self.environment = {**os.environ, **environment}
        self.process = None
        self.starts = 0
        self.output = tempfile.TemporaryFile()  # noqa: SIM115 (closed on exit)

    def start(self):
        self.starts += 1
        self.process = subprocess.Popen(
            self.command,
            cwd=REPOSITORY,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    def check(self):
        """Start them again, should they have stopped; say why once it is too often."""
        if self.process.poll() is None:
            return
        if self.starts >= self.MOST_STARTS:
            self.output.seek(0)
            raise RuntimeError(self.output.read().decode(errors="replace")[-3000:])
        self.start()

    def kill(self):
        """SIGKILL to the whole group: nobody says goodbye."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self.kill()
        self.output.close()


AT_20_50_AND_80 = ((0.2, "workers"), (0.5, "workers"), (0.8, "broker"))


def make_trouble(received, workers, broker, *, total, seconds, kills=AT_20_50_AND_80):
    """Kill the workers, or the broker, when a share of the mails has been sent.

    Then wait until everybody has a mail, or until nothing has come for `seconds`.
    """
    for share, whom in kills:
        _wait(received, workers, total * share, seconds)
        victim = workers if whom == "workers" else broker
        victim.kill()
        victim.start()
    _wait(received, workers, total, seconds)


def _wait(received, workers, wanted, seconds):
    count, since = len(received.copies), time.monotonic()
    while len(received.copies) < wanted and time.monotonic() - since < seconds:
        time.sleep(0.005)
        workers.check()
        if len(received.copies) != count:
            count, since = len(received.copies), time.monotonic()


def send_bare(port, address, text):
    """One message over a connection of its own."""
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("haveyoursay@example.org", [address], text)
