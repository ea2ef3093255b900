"""Production refuses to start half configured (T-28)."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engage import start

KEY = "k" * 40
GOOD = {
    "debug": False,
    "keys": {"SECRET_KEY": [KEY], "PORTAL_LINK_KEYS": [KEY]},
    "known_keys": ["d" * 60],
    "hosts": ["portal.example.org"],
    "base_url": "https://portal.example.org",
    "secure": True,
    "urls": {
        "DATABASE_URL": "postgresql://portal:x@db/portal",
        "CELERY_BROKER_URL": "redis://:x@redis:6379/0",
        "CACHE_URL": "redis://:x@redis:6379/1",
        "EMAIL_URL": "smtp://mail",
    },
}


def test_a_whole_configuration_starts():
    assert start.refusals(**GOOD) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"debug": True}, "DEBUG must be off."),
        ({"keys": {"SECRET_KEY": [""]}}, "SECRET_KEY must be set."),
        ({"keys": {"PORTAL_LINK_KEYS": []}}, "PORTAL_LINK_KEYS must be set."),
        ({"keys": {"SECRET_KEY": ["d" * 60]}}, "the embedded default"),
        ({"keys": {"PORTAL_LINK_KEYS": [KEY, "short"]}}, "32 characters"),
        ({"hosts": []}, "ALLOWED_HOSTS"),
        ({"hosts": ["*"]}, "ALLOWED_HOSTS"),
        ({"base_url": ""}, "PORTAL_BASE_URL"),
        ({"base_url": "http://portal.example.org"}, "PORTAL_BASE_URL"),
        ({"urls": GOOD["urls"] | {"DATABASE_URL": ""}}, "DATABASE_URL must be set."),
        ({"urls": GOOD["urls"] | {"CACHE_URL": ""}}, "CACHE_URL must be set."),
        (
            {"urls": GOOD["urls"] | {"CELERY_BROKER_URL": "redis://redis/0"}},
            "CELERY_BROKER_URL is open",
        ),
    ],
)
def test_one_thing_missing_is_one_sentence(change, says):
    [refusal] = start.refusals(**GOOD | change)

    assert says in refusal


@pytest.mark.parametrize(
    ("url", "is_open"),
    [
        ("redis://redis:6379/0", True),
        ("redis://10.0.0.7/0", True),
        ("redis://user@redis/0", True),
        ("redis://:secret@redis/0", False),
        ("rediss://redis/0", False),
        ("redis://localhost/0", False),
        ("redis://127.0.0.1:6379/0", False),
        ("redis://[::1]:6379/0", False),
        ("redis+socket:///run/redis.sock", False),
    ],
)
def test_a_redis_that_others_can_reach_needs_a_password(url, is_open):
    assert start.is_open(url) is is_open


PRODUCTION = {
    "PORTAL_ENVIRONMENT": "production",
    "SECRET_KEY": "".join(chr(97 + n % 26) + str(n) for n in range(40)),
    "PORTAL_LINK_KEYS": KEY,
    "ALLOWED_HOSTS": "portal.example.org",
    "PORTAL_BASE_URL": "https://portal.example.org",
    "DATABASE_URL": "postgresql://portal:x@localhost/portal",
    "CELERY_BROKER_URL": "redis://:x@localhost/0",
    "CACHE_URL": "redis://:x@localhost/1",
    "EMAIL_URL": "smtp+tls://user:x@localhost:587",
}


def _manage(*command, **changed):
    environment = {**os.environ, **PRODUCTION, **changed}
    del environment["DJANGO_ALLOW_ASYNC_UNSAFE"]  # set for the browser tests
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        env=environment,
        capture_output=True,
        text=True,
    )


def test_django_has_no_warning_about_a_production_deployment():
    checked = _manage("check", "--deploy", "--fail-level", "WARNING")

    assert checked.returncode == 0, checked.stderr


def test_the_settings_themselves_refuse():
    checked = _manage("check", DEBUG="1", CELERY_BROKER_URL="redis://redis/0")

    assert checked.returncode != 0
    assert "DEBUG must be off. CELERY_BROKER_URL is open" in checked.stderr


SAY = "import json; from engage import settings; print(json.dumps(settings.{}))"


def _setting(name, **changed):
    done = subprocess.run(
        [sys.executable, "-c", SAY.format(name)],
        env={**os.environ, **PRODUCTION, **changed},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_production_asks_staff_for_a_second_factor_unless_told_otherwise():
    assert _setting("REQUIRE_SECOND_FACTOR") is True
    assert _setting("REQUIRE_SECOND_FACTOR", PORTAL_REQUIRE_SECOND_FACTOR="0") is False
    assert _setting("REQUIRE_SECOND_FACTOR", PORTAL_ENVIRONMENT="embedded") is False


def test_every_setting_of_the_docs_reaches_the_containers():
    root = Path(__file__).resolve().parents[2]
    documented = set(
        re.findall(r"^\| `([A-Z_]+)` \|", (root / "docs/deploy.md").read_text(), re.M)
    )
    compose = (root / "compose.yaml").read_text()

    assert {"LOG_LEVEL", "CONN_MAX_AGE", "PORTAL_SSL_REDIRECT"} <= documented
    for name in documented - {"PORTAL_VAR"}:  # the volume is mounted there
        assert f"\n    {name}: " in compose, name
