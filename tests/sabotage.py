"""Breaks one protection of the portal, as a pytest plugin for the controls.

Loaded only by `tests.controls`, with ``-p tests.sabotage`` and PORTAL_SABOTAGE naming
the break. Nothing of the product's code is edited: functions and settings are
replaced in memory once Django is set up, rows and triggers in the test's database.
"""

import os
from importlib import import_module

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import F, QuerySet

ASKED = os.environ.get("PORTAL_SABOTAGE", "")
# Smaller than the test's own numbers: a broken portal shows itself sooner.
FEWER = {
    "SQLITE": {"writers": 16, "each": 10},
    "POSTGRESQL": {"writers": 20, "each": 5},
}


def always_true(function):
    """Make a function say yes, wherever it has been imported to already."""
    function.__code__ = (lambda *args, **kwargs: True).__code__


def everything(method):
    """Make a queryset's method that narrows it give all of it."""
    method.__code__ = (lambda self, *args: self.all()).__code__


class Everybody:
    """A set of roles that meets every other."""

    def __rand__(self, _other):
        return True


class WriteOnGet:
    """Middleware: one page writes when it is only looked at."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method == "GET" and request.path == "/cookies/":
            from council.models import Council  # once the app registry is there

            Council.objects.update(name=F("name"))
        return self.get_response(request)


class InlineScript:
    """Middleware: one page gets a script of its own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path == "/cookies/":
            response.content += b"<script>alert(1)</script>"
        return response


# What can be broken before a test runs --------------------------------------------


def permission(name):
    module, _dot, function = name.rpartition(".")
    always_true(getattr(import_module(module), function))


def queryset(name):
    module, model_queryset, method = name.rsplit(".", 2)
    everything(getattr(getattr(import_module(module), model_queryset), method))


def staff_page(_name):
    import_module("accounts.doors").STAFF = Everybody()


def middleware(name):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"tests.sabotage.{name}"]


def without(name):
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != name]


def unlisted(route):
    """Take a page out of the registry."""
    rows = import_module("tests.pages").ROWS
    rows[:] = [row for row in rows if row.route != route]


def deferred(_name):
    """The web server's SQLite begins its transactions without the lock."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.reliability.deferred_settings"


def without_key(_name):
    """The database of the sends loses its unique key once it is seeded."""
    portal = import_module("tests.reliability.portal").Portal
    seed = portal.seed
    portal.seed = lambda self, count: seed(self, count, without_key=True)


def without_lock(_name):
    """Locking a row does nothing, as on SQLite."""
    QuerySet.select_for_update = lambda self, **options: self.all()


BREAKS = {
    function.__name__: function
    for function in (
        permission,
        queryset,
        staff_page,
        middleware,
        without,
        unlisted,
        deferred,
        without_key,
        without_lock,
    )
}


def pytest_collection_modifyitems(items):
    """After Django and the test modules are there, before any fixture."""
    kind, _colon, name = ASKED.partition(":")
    if kind in BREAKS:
        BREAKS[kind](name)
    for item in items:
        for constant, numbers in FEWER.items():
            if hasattr(item.module, constant):
                getattr(item.module, constant).update(numbers)


@pytest.fixture(autouse=True)
def _without_trigger(request):
    """Take a table's trigger away inside the test's own transaction."""
    kind, _colon, table = ASKED.partition(":")
    if kind == "trigger":
        request.getfixturevalue("db")
        triggers = import_module("accounts.triggers")
        with connection.schema_editor() as editor:
            triggers.allow_changes(table)(None, editor)
