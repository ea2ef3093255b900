"""What the portal believes of the proxy in front, and what the proxy must not log."""

import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.middleware import OneProxyMiddleware
from accounts.requests import client_address
from tests.factories import make_user

DEPLOY = (Path(__file__).resolve().parents[2] / "docs/deploy.md").read_text()
PROXY = "10.0.0.5"


@pytest.fixture
def behind_proxy(settings):
    settings.BEHIND_PROXY = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


def request_with(**headers):
    request = RequestFactory(REMOTE_ADDR=PROXY).get("/", headers=headers)
    OneProxyMiddleware(lambda _request: None)(request)
    return request


@pytest.mark.usefixtures("behind_proxy")
@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("198.51.100.1,203.0.113.7 ", "203.0.113.7"),
        ("198.51.100.1,", ""),
        ("", ""),
    ],
)
def test_only_the_last_address_is_believed(forwarded, address):
    request = request_with(**{"x-forwarded-for": forwarded})

    assert client_address(request) == address


@pytest.mark.usefixtures("behind_proxy")
def test_a_visitor_cannot_say_that_the_page_came_by_https():
    assert not request_with(**{"x-forwarded-proto": "https, http"}).is_secure()
    assert request_with(**{"x-forwarded-proto": "http, https"}).is_secure()


@pytest.mark.usefixtures("behind_proxy")
def test_the_address_of_the_proxy_is_nobody_s_and_the_log_says_so(caplog):
    address = client_address(request_with())

    assert address == ""
    assert "does not set X-Forwarded-For" in caplog.text
    assert PROXY not in caplog.text


def test_without_a_proxy_no_header_is_believed():
    request = RequestFactory(REMOTE_ADDR="203.0.113.7").get(
        "/", headers={"x-forwarded-for": "198.51.100.1"}
    )

    assert client_address(request) == "203.0.113.7"


@pytest.mark.django_db
@pytest.mark.usefixtures("behind_proxy")
def test_who_guesses_cannot_become_another_by_a_header(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/15m/ip"}
    cache.clear()
    make_user("finance", email="ada@example.org")

    def guess(forwarded):
        return Client(REMOTE_ADDR=PROXY, headers={"x-forwarded-for": forwarded}).post(
            "/accounts/login/",
            {"login": "ada@example.org", "password": "wrong wrong wrong"},
        )

    # given one place, which names another in front each time
    for number in range(3):
        guess(f"198.51.100.{number}, 203.0.113.7")

    assert "Too many" in guess("198.51.100.9, 203.0.113.7").content.decode()
    assert "Too many" not in guess("203.0.113.8").content.decode()


# What a proxy must not write down --------------------------------------------


def _secret_routes(patterns, before=""):
    """The literal beginnings of all routes that take a token or a key of allauth's."""
    for pattern in patterns:
        route = before + str(pattern.pattern).replace("^", "")
        if isinstance(pattern, URLResolver):
            yield from _secret_routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and re.search(
            r"<(?:\w+:)?token>|<key>\.", route
        ):
            yield "/" + re.split(r"<|\(\?P<", route)[0]


def test_the_docs_keep_each_secret_link_out_of_the_logs_of_the_proxy():
    block = re.search(r"location ~ (\^\S+) \{", DEPLOY).group(1)
    listed = re.search(r"nothing of these paths.*?nginx", DEPLOY, re.DOTALL).group()
    named = set(re.findall(r"`(/[\w/]+/)`", listed))

    routes = set(_secret_routes(get_resolver().url_patterns))

    assert {"/contact/stop/", "/accounts/password/reset/key/"} <= routes
    for route in routes:
        assert re.match(block, f"{route}secret/"), route
        assert any(route.startswith(path) for path in named), route
    for path in named:
        assert any(route.startswith(path) for route in routes), path


def test_the_proxy_of_the_docs_overwrites_what_a_visitor_sends():
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in DEPLOY
    assert "proxy_set_header X-Forwarded-Proto https;" in DEPLOY
    assert "proxy_add_x_forwarded_for" not in DEPLOY
