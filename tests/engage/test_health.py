"""Alive, ready, and how the parts are (matrix row 30)."""

from datetime import timedelta

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
)
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from engage import health
from notices.models import Heartbeat, Notice
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def be_well():
    """Beat and a worker were heard of just now."""
    for name in ("beat", "worker"):
        Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def make_notice(**fields):
    return Notice.objects.create(
        kind="engage.invitation", recipient="a@example.org", occasion="x", **fields
    )


def test_the_process_is_alive_without_asking_the_database(
    client, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "alive"}


def test_a_portal_whose_parts_are_well_is_ready(client):
    be_well()
    make_notice(due_at=timezone.now() - timedelta(minutes=4))

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ready"}


@pytest.mark.parametrize("name", ["beat", "worker"])
def test_a_part_that_was_not_heard_of_for_three_minutes_is_not_ready(client, name):
    be_well()
    late = timezone.now() - timedelta(minutes=3, seconds=1)
    Heartbeat.objects.filter(name=name).update(at=late)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready"}


def test_a_message_that_waits_too_long_is_not_ready(client):
    be_well()
    make_notice(due_at=timezone.now() - timedelta(minutes=6))

    assert client.get("/readyz").status_code == 503


def test_a_message_for_later_waits_rightly(client):
    be_well()
    make_notice(due_at=timezone.now() + timedelta(days=3))

    assert client.get("/readyz").status_code == 200


def test_a_migration_that_is_not_applied_is_not_ready(client, monkeypatch):
    be_well()
    monkeypatch.setattr(health._Migrations, "applied", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'accounts'")

    assert client.get("/readyz").status_code == 503


def test_a_database_that_does_not_answer_is_not_ready(client, monkeypatch):
    def refuse(*args):
        raise OperationalError("gone")

    monkeypatch.setattr(health, "_outbox", refuse)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert "gone" not in answer.content.decode()


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, DatabaseError])
def test_a_page_without_its_database_is_503_and_says_so(client, monkeypatch, error):
    def refuse(*args):
        raise error("gone")

    client.raise_request_exception = False
    monkeypatch.setattr("council.models.CouncilQuerySet.current", refuse)

    answer = client.get("/privacy/")

    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "The service is unavailable" in answer.content.decode()


def test_what_follows_from_a_database_that_is_away_is_503_too(client, monkeypatch):
    def refuse(*args):
        try:
            raise DatabaseError("server closed the connection unexpectedly")
        except DatabaseError as error:
            raise TransactionManagementError from error

    client.raise_request_exception = False
    monkeypatch.setattr("council.models.CouncilQuerySet.current", refuse)

    assert client.get("/privacy/").status_code == 503


@pytest.mark.parametrize("error", [ZeroDivisionError, IntegrityError])
def test_a_mistake_of_ours_is_500_and_says_so(client, monkeypatch, error):
    def stumble(*args):
        raise error

    client.raise_request_exception = False
    monkeypatch.setattr("council.models.CouncilQuerySet.current", stumble)

    answer = client.get("/privacy/")

    assert answer.status_code == 500
    assert "There is a problem with this service" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [("administrator", 200), ("finance", 403), (None, 302)]
)
def test_the_parts_are_for_administrators(client, role, status):
    be_well()
    if role:
        client.force_login(make_user(role))

    answer = client.get("/staff/status/")

    assert answer.status_code == status
    assert ("Last heard of" in answer.content.decode()) is (status == 200)


def test_a_weakness_can_be_told(client):
    text = client.get("/.well-known/security.txt").content.decode()

    assert "Contact: mailto:" in text
    assert "Expires: 20" in text
    assert "Canonical: http://testserver/.well-known/security.txt" in text


def test_robots_are_kept_out_of_what_is_personal(client):
    text = client.get("/robots.txt").content.decode()

    for path in ("/staff/", "/resume/", "/receipt/", "/join/", "/alerts/"):
        assert f"Disallow: {path}" in text
