"""Headers of every answer (SEC-5): walked in production, in a process of its own."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import FileResponse
from django.test import RequestFactory

from accounts.roles import RoleKind
from engage.middleware import HeadMiddleware
from tests import observatory
from tests.factories import make_council, make_user

PRODUCTION = {
    "PORTAL_ENVIRONMENT": "production",
    "SECRET_KEY": "k" * 50,
    "PORTAL_LINK_KEYS": "l" * 50,
    "ALLOWED_HOSTS": "portal.example.org",
    "PORTAL_BASE_URL": "https://portal.example.org",
    "EMAIL_URL": "smtp://localhost",
    "CELERY_BROKER_URL": "redis://:secret@127.0.0.1:1/0",
    "CACHE_URL": "redis://:secret@127.0.0.1:1/1",
}
# Pages that need no row of the database, and what is wrong on purpose.
WALK = """
import json, os
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from django.urls import path
from engage import urls
def stumble(request): raise ZeroDivisionError
urls.urlpatterns.append(path("stumble/", stumble))
call_command("collectstatic", verbosity=0, interactive=False)
client = Client(raise_request_exception=False, headers={"host": "portal.example.org"})
found = {}
for route in json.loads(os.environ["WALK"]):
    answer = client.get(route, secure=True)
    found[route] = {
        "status": answer.status_code,
        "headers": dict(answer.items()),
        "cookies": [morsel.OutputString() for morsel in answer.cookies.values()],
    }
print(json.dumps(found))
"""
ROUTES = {
    "/healthz": 200,
    "/robots.txt": 200,
    "/brand.css": 200,
    "/": 200,
    "/accessibility/": 200,
    "/cookies/": 200,
    "/accounts/login/": 200,
    "/accounts/password/reset/": 200,
    "/consultations/": 200,
    "/admin/": 302,
    "/staff/people/": 302,
    "/not/there/": 404,
    "/join/nothing/": 404,
    "/stumble/": 500,
    "/static/favicon.svg": 200,
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory, django_db_setup, django_db_blocker):
    """What production answers on each route, over the test database."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        url = f"sqlite:///{database['NAME']}"
    else:
        url = os.environ["DATABASE_URL"].replace("/portal?", f"/{database['NAME']}?")
    environment = {
        **{name: value for name, value in os.environ.items() if name != "CACHE_URL"},
        **PRODUCTION,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "engage.settings",
        "PORTAL_VAR": str(tmp_path_factory.mktemp("var")),
        "WALK": json.dumps(list(ROUTES)),
    }
    done = subprocess.run(
        [sys.executable, "-c", WALK],
        capture_output=True,
        cwd=Path(__file__).resolve().parents[2],
        env=environment,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_scores_125_or_more(answers, route):
    answer = answers[route]
    assert answer["status"] == ROUTES[route]

    cookies = observatory.morsels(*answer["cookies"])

    assert observatory.score(answer["headers"], cookies) >= 125, answer


@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_is_shut_against_others(answers, route):
    headers = answers[route]["headers"]

    policy = observatory.directives(headers["Content-Security-Policy"])
    assert policy["default-src"] == ["'none'"]
    assert policy["base-uri"] == policy["object-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    hsts = headers["Strict-Transport-Security"]
    assert int(hsts.partition("max-age=")[2].split(";")[0]) >= 31_536_000
    assert "includeSubDomains" in hsts
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"


def test_cookies_are_bound_to_the_host(answers):
    cookies = observatory.morsels(*answers["/accounts/login/"]["cookies"])

    assert cookies
    for cookie in cookies:
        assert cookie.key.startswith("__Host-")
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]


@pytest.mark.parametrize("route", ["/accessibility/", "/cookies/", "/brand.css"])
def test_a_page_without_a_form_that_posts_sets_no_cookie(answers, route):
    assert answers[route]["cookies"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/staff/account/", "/contact/", "/admin/"])
def test_what_a_signed_in_person_sees_is_kept_nowhere(client, path):
    client.force_login(make_user("finance"))

    assert "no-store" in client.get(path)["Cache-Control"]


@pytest.mark.django_db
def test_the_request_id_is_ours(client):
    given = client.get("/healthz", headers={"x-request-id": "theirs"})["X-Request-Id"]

    assert given != "theirs"
    assert len(given) == 16


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/accessibility/", "/static/favicon.svg"])
def test_an_answer_to_head_gives_the_server_no_body(path):
    """The test client takes bodies away itself: so this asks the application."""
    answer = WSGIHandler().get_response(RequestFactory().head(path))

    assert answer.status_code == 200
    assert b"".join(answer) == b""
    assert int(answer["Content-Length"]) > 0


def test_an_answer_to_head_does_not_send_the_file():
    def view(_request):
        return FileResponse(io.BytesIO(b"%PDF"), headers={"Content-Length": "4"})

    answer = HeadMiddleware(view)(RequestFactory().head("/"))

    assert answer.file_to_stream is None
    assert b"".join(answer) == b""
    assert answer["Content-Length"] == "4"


# The control: the score falls when something is taken away.


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Security-Policy", "default-src 'self' 'unsafe-inline'"),
        ("Content-Security-Policy", ""),
        ("Strict-Transport-Security", "max-age=60"),
        ("Cross-Origin-Resource-Policy", ""),
        ("Referrer-Policy", "unsafe-url"),
        ("X-Content-Type-Options", ""),
    ],
)
def test_a_weaker_header_is_noticed(answers, name, value):
    before = answers["/"]["headers"]

    assert observatory.score({**before, name: value}) < observatory.score(before)


def test_an_open_session_cookie_is_noticed(answers):
    cookies = observatory.morsels("session=x; HttpOnly; SameSite=Lax")

    assert observatory.score(answers["/"]["headers"], cookies) < 100


@pytest.mark.django_db
def test_who_opens_an_address_that_only_takes_a_form_reads_why(client):
    make_council()
    client.force_login(make_user(RoleKind.ADMINISTRATOR))

    answer = client.get("/staff/outbox/1/retry/")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Nothing can be shown at this address" in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers
