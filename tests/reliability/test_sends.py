"""REL-1, REL-2: every acknowledged receipt is exactly one response.

Over real HTTP, with replays, on both databases; PostgreSQL crashes on the way.
"""

import shutil
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2
import pytest

from tests import services
from tests.reliability.portal import Portal, environment, send_all

# How many send how often each; the controls make do with fewer.
SQLITE = {"writers": 16, "each": 250}
POSTGRESQL = {"writers": 50, "each": 80}
ONLINE = """
    SELECT source_key, id FROM consultations_response WHERE source = 'online'
"""
TWICE = """
    INSERT INTO consultations_response
        (consultation_id, version_id, source, source_key, channel, batch, received_on,
         is_late, status, reference, generation, language, capacity, organisation,
         place, ward_code, answers, codes, body_digest, held_because,
         excluded_because, decision_note)
    SELECT consultation_id, version_id, source, source_key, channel, batch, received_on,
           is_late, status, 'AGAIN', generation, language, capacity, organisation,
           place, ward_code, answers, codes, body_digest, held_because,
           excluded_because, decision_note
    FROM consultations_response LIMIT 1
"""


def sqlite_portal(folder, **extra):
    """A portal on SQLite, as the embedded default runs."""
    return Portal(environment(folder / "var", **extra))


def database(portal):
    """A connection to the SQLite database of a portal."""
    path = f"{portal.environment['PORTAL_VAR']}/portal.sqlite3"
    return closing(sqlite3.connect(path))


def check(connection, seed, outcome, *, allowed):
    """Each acknowledged receipt is one row, no row is double, no error was seen."""
    assert set(outcome.statuses) <= allowed, outcome.statuses
    assert outcome.given_up == []
    assert outcome.changed == [], "a retry gave another receipt"
    assert set(outcome.receipts) == set(seed["drafts"])
    with closing(connection.cursor()) as cursor:
        cursor.execute(ONLINE)
        rows = cursor.fetchall()
    stored = {key: str(pk) for key, pk in rows}
    assert len(rows) == len(stored), "a draft became two responses"
    assert stored == outcome.receipts


def check_the_key_holds(connection, error):
    """The database itself refuses a second response for a draft."""
    with closing(connection.cursor()) as cursor, pytest.raises(error):
        cursor.execute(TWICE)
    connection.rollback()


def run_sqlite(folder, *, writers, each, **extra):
    """Drive the SQLite portal; returns (portal, seed, outcome)."""
    portal = sqlite_portal(folder, **extra)
    seed = portal.seed(writers * each)
    portal.start(workers=2)
    try:
        outcome = send_all(portal, seed, clients=writers, replay_every=5)
    finally:
        portal.stop()
    return portal, seed, outcome


def test_on_sqlite_sixteen_writers_lose_nothing_and_double_nothing(tmp_path):
    portal, seed, outcome = run_sqlite(tmp_path, **SQLITE)

    with database(portal) as connection:
        check(connection, seed, outcome, allowed={302})
        check_the_key_holds(connection, sqlite3.IntegrityError)
    assert max(outcome.seconds) <= 20


@pytest.fixture
def own_postgres():
    """A PostgreSQL of this test's own that keeps its promises: fsync is on."""
    folder = services.temporary_folder()
    folder.chmod(0o755)  # the server may run as nobody
    server = services.start_postgres(folder / "crash", fsync=True)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def crash_half_way(server, seed, sending):
    """Crash the database once half of the drafts are sent, and start it again.

    In the main thread: the server ends with the thread that has started it.
    """
    while not sending.done():
        with (
            closing(psycopg2.connect(server.url)) as connection,
            closing(connection.cursor()) as cursor,
        ):
            cursor.execute(ONLINE)
            sent = len(cursor.fetchall())
        if sent >= len(seed["drafts"]) // 2:
            server.kill()
            time.sleep(0.5)
            server.start()
            return
        time.sleep(0.05)


def run_postgres(folder, server, *, writers, each):
    """Drive the PostgreSQL portal through a crash; returns (seed, outcome)."""
    portal = Portal(environment(folder / "var", DATABASE_URL=server.url))
    seed = portal.seed(writers * each)
    portal.start(workers=4)
    try:
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(
                send_all, portal, seed, clients=writers, replay_every=5
            )
            crash_half_way(server, seed, sending)
            outcome = sending.result()
    finally:
        portal.stop()
    return seed, outcome


def test_on_postgresql_fifty_writers_lose_nothing_in_a_crash(tmp_path, own_postgres):
    seed, outcome = run_postgres(tmp_path, own_postgres, **POSTGRESQL)

    with closing(psycopg2.connect(own_postgres.url)) as connection:
        check(connection, seed, outcome, allowed={302, 503, "cut"})
        check_the_key_holds(connection, psycopg2.errors.UniqueViolation)
