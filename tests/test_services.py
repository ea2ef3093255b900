"""The throw-away servers that crash tests rely on."""

import shutil
from contextlib import closing

import psycopg2
import pytest
import redis

from tests import services


@pytest.fixture
def folder():
    made = services.temporary_folder()
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def _rows(server, statement):
    with closing(psycopg2.connect(server.url)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_what_postgresql_has_acknowledged_survives_its_crash(folder):
    server = services.start_postgres(folder / "pg", fsync=True)
    try:
        _rows(server, "CREATE TABLE kept AS SELECT 7 AS number")

        server.kill()
        with pytest.raises(psycopg2.OperationalError):
            _rows(server, "SELECT 1")
        server.start()

        assert _rows(server, "SELECT number FROM kept") == [(7,)]
    finally:
        server.stop()


def test_redis_comes_back_empty_at_the_same_address(folder):
    server = services.start_redis(folder / "redis")
    try:
        with closing(redis.Redis.from_url(server.url)) as client:
            client.set("bell", "rung")
        server.kill()
        with (
            closing(redis.Redis.from_url(server.url)) as client,
            pytest.raises(redis.ConnectionError),
        ):
            client.ping()
        server.start()

        with closing(redis.Redis.from_url(server.url)) as client:
            assert client.get("bell") is None
    finally:
        server.stop()
