"""Logs hold no secret link, no address and no answer, whatever their level."""

import io
import json
import logging

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from accounts.request_id import RequestIdFilter
from accounts.secret_links import make_token
from engage.logs import JsonFormatter, clean
from engage.people.actions import invite
from tests.factories import (
    PASSWORD,
    make_council,
    make_published_consultation,
    make_user,
)

ADDRESS = "canary.resident@example.org"
ANSWER = "The canary sings at night"


@pytest.fixture(params=[logging.DEBUG, logging.ERROR])
def written(request, settings):
    """Everything that the root logger writes at a level, as it would be printed."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RequestIdFilter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(request.param)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.django_db
def test_a_walk_through_the_portal_leaves_nobody_in_the_log(written, monkeypatch):
    make_council()
    person = invite(
        ADDRESS,
        full_name="Olwen",
        roles=["finance"],
        services=[],
        reason="x",
        by=make_user("administrator"),
    )
    consultation = make_published_consultation()
    token = make_token("join", person.pk, person.link_generation)
    visitor = Client(raise_request_exception=False)

    for path in (
        f"/join/{token}/",
        f"/resume/{token}/",
        f"/receipt/{token}/",
        f"/alerts/{token}/",
        f"/nowhere/{token}/{ADDRESS}/",
        f"/accounts/password/reset/key/1-abc-{'d' * 32}/",
        f"/consultations/?q={ADDRESS}",
    ):
        visitor.get(path)
    for data in ({"login": ADDRESS, "password": "wrong"}, {"login": ADDRESS}):
        visitor.post("/accounts/login/", data)
    visitor.post("/accounts/password/reset/", {"email": ADDRESS})
    visitor.post(f"/consultations/{consultation.slug}/follow/", {"email": ADDRESS})
    visitor.post(f"/consultations/{consultation.slug}/respond/1/", {"q_why": ANSWER})
    monkeypatch.setattr(
        "council.models.CouncilQuerySet.current", _stumble_over_a_person
    )
    broken = visitor.get(f"/join/{token}/x/")

    assert broken.status_code in {404, 500}
    log = written.getvalue()
    assert log
    for secret in (ADDRESS, token, token.partition(".")[2], ANSWER, "d" * 32, PASSWORD):
        assert secret not in log
    for line in log.splitlines():
        assert json.loads(line)["level"]


def _stumble_over_a_person(*args):
    raise ValueError(f"Nobody expects {ADDRESS}")


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_is_not_quoted(written):
    User.objects.create_user(email=ADDRESS, full_name=ANSWER)

    try:
        with transaction.atomic():
            User.objects.create(email=ADDRESS.upper(), full_name=ANSWER)
    except IntegrityError:
        logging.getLogger("portal").exception("Refused")

    log = written.getvalue()
    assert "Refused" in log
    assert ADDRESS not in log.lower()
    assert ANSWER not in log


@pytest.mark.parametrize(
    "text",
    [
        "/resume/abc-1.abcdefghijklmnopqrstuvwxyz234567/",
        "write to someone@example.org now",
        "q=someone%40example.org&page=2",
        "DETAIL:  Failing row contains (1, someone, secret).",
    ],
)
def test_what_is_personal_is_taken_out(text):
    said = clean(text)

    for secret in ("abcdefghij", "someone", "secret)"):
        assert secret not in said


def test_what_is_not_personal_stays():
    text = "Not Found: /consultations/library-hours/ (page 2)"

    assert clean(text) == text


def test_a_line_carries_the_request(client, settings):
    record = logging.LogRecord("x", logging.INFO, "f", 1, "Hello", None, None)
    RequestIdFilter().filter(record)

    assert set(json.loads(JsonFormatter().format(record))) == {
        "at",
        "level",
        "logger",
        "request_id",
        "message",
    }
