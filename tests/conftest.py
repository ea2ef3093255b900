"""Fixtures that every part of the suite may use."""

import email
import email.policy
import importlib
import os
import socket
from contextlib import closing

import hypothesis
import pytest
from aiosmtpd.controller import Controller
from django.apps import apps as django_apps
from django.conf import settings as django_settings
from django.core.cache import cache, caches
from django.db import connection, connections, transaction
from django.db.models.signals import post_migrate  # noqa: TID251 - a test's own
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import sync_playwright

from tests import browser
from tests.chromium import HOW_TO_GET, find_chromium
from tests.world import make_world

LADDER = importlib.import_module("council.migrations.0002_ladder")
EQUALITY_SET = importlib.import_module(
    "consultations.migrations.0003_census_2021_equality_set"
)

# Two cores shared by several processes make deadlines meaningless.
hypothesis.settings.register_profile(
    "portal", deadline=None, derandomize=os.environ.get("CI") == "true"
)
hypothesis.settings.load_profile("portal")


def pytest_configure():
    """Signing in is not what takes time in a test: the hasher is a quick one."""
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# Rows that migrations made -----------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """A test with transactions of its own empties the tables; then fill these again.

    Otherwise what runs after it in the same process would find no ladder and no
    equality questions, which every portal has from its first migration.
    """
    post_migrate.connect(
        _add_rows_of_migrations, sender=django_apps.get_app_config("consultations")
    )


def _add_rows_of_migrations(using, **kwargs):
    editor = connections[using].schema_editor()
    LADDER.load(django_apps, editor)
    EQUALITY_SET.add(django_apps, editor)


# Skips --------------------------------------------------------------------------


def pytest_sessionfinish(session):
    """With CI=true a skipped test is a failed run: nothing goes unseen."""
    if _skips_that_count(session.config) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    if count := _skips_that_count(config):
        terminalreporter.write_line(
            f"CI=true: {count} skipped, and a skipped test fails the run.", red=True
        )


def _skips_that_count(config):
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or reporter is None:
        return 0
    return len(reporter.stats.get("skipped", []))


# State that outlives a transaction ------------------------------------------------


@pytest.fixture(autouse=True)
def _empty_cache():
    """Rate limits are counted in Redis, which no transaction rolls back.

    And parts of pages are kept in the process.
    """
    caches["template_fragments"].clear()
    if django_settings.CACHE_URL:
        cache.clear()


# Queries ----------------------------------------------------------------------------


@pytest.fixture
def assert_same_query_count(client):
    """Check that a page costs the same number of queries for one row and for three.

    Create the first row before; `add_more` makes one more and is called twice. Sign
    in with the `client` fixture where the page asks for it.
    """

    def check(url, add_more):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                response = client.get(url)
            assert response.status_code == 200, f"{url}: {response.status_code}"
            return [query["sql"] for query in captured]

        queries()  # what is loaded once for a process is not the page's
        one = queries()
        add_more()
        add_more()
        three = queries()
        assert len(three) == len(one), (
            f"{url} takes {len(one)} queries for one row and {len(three)} for three:\n"
            + "\n".join(sql for sql in three if sql not in one)
        )

    return check


# Mail -------------------------------------------------------------------------------


class Mailbox(list):
    """Messages that a real SMTP server has accepted, parsed, oldest first.

    Each carries its envelope's recipients in the header X-Envelope-To. `answers`
    maps an address to what the server says of it instead, as in
    ``mailbox.answers["gone@example.org"] = "550 no such person"``.
    """

    def __init__(self, port):
        super().__init__()
        self.url = f"smtp://127.0.0.1:{port}"
        self.port = port
        self.answers = {}

    def to(self, address):
        """The messages for one address."""
        return [
            message
            for message in self
            if address in message["X-Envelope-To"].split(", ")
        ]

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(
            envelope.content, policy=email.policy.default
        )
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.append(message)
        return "250 OK"


@pytest.fixture
def mailbox(settings):
    """A real SMTP server that keeps what it is sent; Django sends through it.

    Another process is pointed at it with ``EMAIL_URL=mailbox.url``.
    """
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    received = Mailbox(port)
    controller = Controller(received, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield received
    controller.stop()


@pytest.fixture
def mail_in_files(settings, tmp_path):
    """As the embedded default has it, so that the page of mails is there."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The small council of tests.world, built once for the tests of a module.

    They change it only inside their own transactions, which are rolled back.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


# Browser ----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium():
    """One headless Chromium for the session; without one the test is skipped."""
    executable = find_chromium()
    if executable is None:
        pytest.skip(HOW_TO_GET)
    with sync_playwright() as playwright:
        running = browser.launch(playwright, executable)
        yield running
        running.close()


@pytest.fixture
def new_page(chromium, live_server):
    """Make pages, each in a browser context (a person) of its own.

    ``new_page(javascript=False)`` is somebody without scripts. Paths are relative
    to the live server: ``page.goto("/")``.
    """
    contexts = []

    def make(*, javascript=True, width=1280, height=900, **options):
        context = chromium.new_context(
            base_url=live_server.url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": height},
            locale="en-GB",
            timezone_id="Europe/London",
            **options,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page):
    """One page with scripts, 1280 pixels wide."""
    return new_page()
