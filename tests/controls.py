"""`make controls`: break each protection in turn, and see its test turn red.

A control names the break (tests.sabotage makes it), the tests that must fail, and
what they must say, so that they fail for this reason and no other. First the same
tests are run unbroken and must pass: a test that is always red shows nothing.
`ARGS="words"` runs only the controls whose names hold all these words.
"""

import ast
import os
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import psycopg2

from tests.controls_notices import control_delay_per_recipient
from tests.services import REPOSITORY, start_postgres, start_redis, temporary_folder

AT_ONCE = 2
LONGEST = 300  # seconds for one run
CELL = r"wanted (403|404|sign in)"
MATRIX = "tests/test_matrix.py::test_the_matrix_holds_for[{}]"
WALK = "tests/test_walks.py::test_every_page_keeps_its_promises"
SENDS = "tests/reliability/test_sends.py"
SQLITE = f"{SENDS}::test_on_sqlite_sixteen_writers_lose_nothing_and_double_nothing"
POSTGRESQL = f"{SENDS}::test_on_postgresql_fifty_writers_lose_nothing_in_a_crash"
TRAIL = "tests/accounts/test_trail.py"
MAIL_FILES = (
    "tests/engage/test_outbox.py::"
    "test_only_administrators_read_mail_files_but_all_staff_of_a_demonstration"
)
ONCE = "tests/consultations/responses/test_once.py"

# Who notices that a check is gone: somebody who may know of the thing, and may not
# do this with it. Everybody else is told already that there is no such thing.
NOTICES = {
    "accounts.permissions.can_manage_people": ["democratic"],
    "accounts.permissions.can_keep_terms": ["finance"],
    "accounts.permissions.can_open_people": ["finance"],
    "accounts.permissions.can_name_deputy": ["democratic"],
    "accounts.permissions.can_read_trail_of_people": ["finance"],
    "consultations.permissions.can_start": ["finance"],
    "consultations.permissions.can_read_counts": ["finance"],
    "consultations.permissions.can_read_plan": ["finance"],
    "consultations.permissions.can_read_trail": ["finance"],
    "portfolios.permissions.can_place_officers": ["democratic"],
    "notices.permissions.sees_whole_outbox": ["other_officer"],
}
SOMEBODY = {
    "consultations": ["equalities", "other_officer"],
    "notices": ["finance", "other_officer"],
}
ELSE = ["finance", "equalities", "democratic"]


@dataclass(frozen=True)
class Control:
    """One break, the tests that must turn red, and what they must say."""

    name: str
    sabotage: str
    tests: tuple[str, ...]
    says: str


def permissions():
    """A control for each check in each permissions.py, read from its source."""
    for path in sorted(REPOSITORY.glob("*/permissions.py")):
        module = f"{path.parent.name}.permissions"
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and re.match("can_|sees_", node.name):
                yield permission(f"{module}.{node.name}")


def permission(name):
    who = NOTICES.get(name) or SOMEBODY.get(name.partition(".")[0], ELSE)
    tests, says = [MATRIX.format(each) for each in who], CELL
    if name == "notices.permissions.can_read_mail_files":
        # The matrix looks at a demonstration, whose mail is for all staff.
        tests, says = [MAIL_FILES], "assert 200 == 403"
    return Control(name, f"permission:{name}", tuple(tests), says)


def querysets():
    """What narrows a list to what a person may know of, giving everything."""
    for name, who in (
        (
            "consultations.models.consultation.ConsultationQuerySet.visible_to",
            "funding",
        ),
        (
            "consultations.models.consultation.ConsultationQuerySet.trail_visible_to",
            "funding",
        ),
        ("accounts.models.UserQuerySet.visible_to", "democratic"),
    ):
        yield Control(name, f"queryset:{name}", (MATRIX.format(who),), CELL)


ALONE = [
    Control(
        "SQLite's transactions deferred",
        "deferred",
        (SQLITE,),
        r"503|500|given_up|locked",
    ),
    Control(
        "the unique key of responses dropped, SQLite",
        "without_key",
        (SQLITE,),
        "DID NOT RAISE|became two",
    ),
    Control(
        "the unique key of responses dropped, PostgreSQL",
        "without_key",
        (POSTGRESQL,),
        "DID NOT RAISE|became two",
    ),
]


def all_others():
    yield from permissions()
    yield from querysets()
    yield Control(
        "the door of staff pages",
        "staff_page",
        (MATRIX.format("group_member"), MATRIX.format("no_role")),
        CELL,
    )
    for act in ("changed", "deleted"):
        yield Control(
            f"the trail's trigger dropped, an entry {act}",
            "trigger:accounts_auditentry",
            (f"{TRAIL}::test_an_entry_is_not_{act}",),
            "DID NOT RAISE",
        )
    yield Control(
        "a GET that writes", "middleware:WriteOnGet", (WALK,), "a GET that writes"
    )
    yield Control(
        "an inline script", "middleware:InlineScript", (WALK,), "inline <script>"
    )
    yield Control(
        "no Content-Security-Policy",
        "without:csp.middleware.CSPMiddleware",
        (WALK,),
        "Content-Security-Policy",
    )
    yield Control(
        "a page left out of the registry",
        "unlisted:consultations:export",
        ("tests/test_pages.py::test_every_route_is_listed",),
        "consultations:export",
    )


# Running ----------------------------------------------------------------------------


class Places:
    """A database and a Redis number for each run that goes on at the same time."""

    def __init__(self):
        self.folder = temporary_folder()
        self.folder.chmod(0o755)
        self.postgres = start_postgres(self.folder / "pg")
        self.redis = start_redis(self.folder / "redis")
        self.free = SimpleQueue()
        url = f"{self.postgres.url}"
        with closing(psycopg2.connect(url)) as connection:
            connection.autocommit = True
            for number in range(AT_ONCE):
                connection.cursor().execute(f"CREATE DATABASE place{number}")
                self.free.put(
                    {
                        "PORTAL_TEST_DATABASE_URL": url.replace(
                            "/portal?", f"/place{number}?"
                        ),
                        "PORTAL_TEST_REDIS_URL": self.redis.url[:-1] + str(number),
                    }
                )

    def close(self):
        self.redis.stop()
        self.postgres.stop()


def pytest(places, tests, *options, sabotage=""):
    """Run tests in a process of their own; returns (exit status, output)."""
    place = places.free.get()
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--tb=short", "--reuse-db"]
    command += ["--show-capture=no", "-p", "no:cacheprovider", "-p", "tests.sabotage"]
    try:
        done = subprocess.run(
            [*command, *options, *tests],
            cwd=REPOSITORY,
            env={**os.environ, **place, "PORTAL_SABOTAGE": sabotage, "CI": ""},
            capture_output=True,
            text=True,
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired:
        return -1, "took too long"
    finally:
        places.free.put(place)
    return done.returncode, done.stdout + done.stderr


class Report:
    """Prints a line for each control as it ends; `bad` holds those that did not go."""

    def __init__(self):
        self.lock = threading.Lock()
        self.bad = []

    def line(self, name, is_right, words, seconds, output=""):
        with self.lock:
            print(f"{words:20} {seconds:6.1f} s  {name}", flush=True)
            if not is_right:
                self.bad.append(name)
                print(output[-3000:], flush=True)


def run(places, report, control):
    start = time.monotonic()
    status, output = pytest(places, control.tests, sabotage=control.sabotage)
    # An error in a fixture, or an exception on the way, is no test that noticed.
    is_red = status == 1 and "FAILED" in output and re.search(control.says, output)
    words = "red, as it should be" if is_red else "STILL GREEN"
    if not is_red and status != 0:
        words = "RED, BUT NOT SO"
    report.line(control.name, is_red, words, time.monotonic() - start, output)


def run_unbroken(places, report, tests):
    """The tests of the controls as they are must be green."""
    start = time.monotonic()
    status, output = pytest(places, tests)
    words = "green, unbroken" if status == 0 else "RED UNBROKEN"
    name = f"{len(tests)} tests of {tests[0].partition('::')[0]}"
    report.line(name, status == 0, words, time.monotonic() - start, output)


def run_marked(places, report):
    """The controls that are tests themselves: they break something and say so."""
    start = time.monotonic()
    status, output = pytest(places, ["tests"], "-m", "controls")
    words = "red, as it should be" if status == 0 else "STILL GREEN"
    name = "tests marked as controls (the lock and the key of a double send)"
    report.line(name, status == 0, words, time.monotonic() - start, output)


def run_mail(report):
    """One task a recipient instead of the outbox's rows."""
    start = time.monotonic()
    is_red = control_delay_per_recipient()
    words = "red, as it should be" if is_red else "STILL GREEN"
    report.line("one .delay a recipient", is_red, words, time.monotonic() - start)


def asked_for(controls, words):
    return [c for c in controls if all(word in c.name for word in words)]


def by_file(controls):
    """The tests of some controls, each once, by the file they are in."""
    files = {}
    for control in controls:
        for test in control.tests:
            files.setdefault(test.partition("::")[0], {})[test] = None
    return [list(tests) for tests in files.values()]


def main(words):
    os.environ.setdefault("PORTAL_ASSETS", str(Path(REPOSITORY, "var", "assets")))
    start = time.monotonic()
    alone, others = asked_for(ALONE, words), asked_for(all_others(), words)
    report = Report()
    places = Places()
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            jobs = [
                pool.submit(run_unbroken, places, report, tests)
                for tests in by_file(others)
            ]
            jobs += [pool.submit(run, places, report, each) for each in others]
            for job in jobs:
                job.result()
        # These load both cores by themselves.
        for tests in by_file(alone):
            run_unbroken(places, report, tests)
        for control in alone:
            run(places, report, control)
        if not words:
            run_marked(places, report)
            run_mail(report)
    finally:
        places.close()
    count = len(alone) + len(others) + (0 if words else 2)
    print(f"{count} controls in {time.monotonic() - start:.0f} s")
    if report.bad:
        print("Not as it should be: " + "; ".join(report.bad))
    return 1 if report.bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
