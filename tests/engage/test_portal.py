"""The supervisor's refusals; `.ci/run` starts and stops the real thing."""

import signal
import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command

from engage.management.commands import portal


@pytest.fixture(autouse=True)
def _own_folder_and_signals(settings, tmp_path):
    """The command sets signal handlers for its process, which here is pytest's."""
    settings.VAR_DIR = tmp_path
    before = {number: signal.getsignal(number) for number in (15, 1, 2)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_taken_port_is_one_clear_line():
    with closing(socket.socket()) as taken:
        taken.bind((portal.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CommandError) as refusal:
            call_command("portal", port=port)

    assert str(refusal.value).startswith(f"Port {port} cannot be used")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("port", [-1, 65536, 10**9])
def test_an_absurd_port_is_refused_too(port):
    with pytest.raises(CommandError, match="cannot be used"):
        call_command("portal", port=port)


def test_two_supervisors_do_not_share_a_folder():
    with portal._only_one(), pytest.raises(CommandError, match="already running"):
        call_command("portal", port=0)


def test_production_is_not_run_this_way(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match=r"docs/deploy\.md"):
        call_command("portal")


@pytest.fixture
def database(settings, monkeypatch):
    """Say what kind of database the portal has, without connecting to it."""

    def is_(engine, name):
        configured = settings.DATABASES["default"]
        monkeypatch.setitem(configured, "ENGINE", f"django.db.backends.{engine}")
        monkeypatch.setitem(configured, "NAME", str(name))

    return is_


def test_a_database_that_is_not_the_local_one_is_never_reset(database):
    database("postgresql", "portal")

    with pytest.raises(CommandError, match="Only the local SQLite database"):
        call_command("portal", reset=True)


def test_a_reset_throws_away_the_local_data_and_nothing_else(
    settings, database, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "media"
    database("sqlite3", tmp_path / "portal.sqlite3")
    doomed = [
        "portal.sqlite3",
        "portal.sqlite3-wal",
        "queue/messages/one.msg",
        "mail/letter.log",
        "media/plan.pdf",
        "beat-schedule.db",
    ]
    kept = ["assets/portal.css", "static/portal.css"]
    for name in doomed + kept:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")

    portal.reset()

    left = {str(f.relative_to(tmp_path)) for f in tmp_path.rglob("*") if f.is_file()}
    assert left == set(kept)


def test_a_part_that_ends_by_itself_is_named():
    gone = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    gone.wait()

    with pytest.raises(CommandError, match=r"The worker stopped by itself \(exit 3\)"):
        portal._refuse_a_dead_child({"worker": gone})


def test_a_part_that_will_not_stop_is_killed(monkeypatch):
    monkeypatch.setattr(portal, "STOP_SECONDS", 0.2)
    deaf = "import signal; signal.signal(15, signal.SIG_IGN); print(flush=True); "
    child = subprocess.Popen(
        [sys.executable, "-c", deaf + "signal.pause()"],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    child.stdout.readline()
    started = time.monotonic()

    portal._stop({"web server": child})
    child.stdout.close()

    assert child.returncode == -signal.SIGKILL
    assert time.monotonic() - started < portal.STOP_SECONDS + 2


def test_the_web_server_listens_to_this_machine_alone():
    commands = portal._commands(8123)

    assert list(commands) == ["web server", "worker", "beat"]
    assert f"{portal.HOST}:8123" in commands["web server"]
    assert "--no-control-socket" in commands["web server"]
