"""`make bench`: how fast the portal is, as ratios to bare limits in the same run.

Starts a PostgreSQL and a Redis of its own, loads a city (bench.city), and measures
ours and the bare in turn (A B B A …), five runs each. Prints one table, writes
`var/bench.json`, and exits 1 where a figure is not reached. `ARGS="home send"` keeps
to the rows whose names hold one of these words; `--responses=10000` makes a smaller
city, for a first look.
"""

import json
import os
import shutil
import socket
import sys
import time
from contextlib import closing
from importlib import import_module
from pathlib import Path
from statistics import median, quantiles

import django
import psycopg2

from tests.services import REPOSITORY, start_postgres, start_redis, temporary_folder

RUNS = 5
SENDS_A_TURN = 200
MEMORY_MB = 60
FIRST_PAGE_SECONDS = 5
HEAD = ("", "ours", "bare", "ratio (range)", "to reach", "")
LINE = "{:42} {:>11} {:>11}  {:24} {:>9}  {}"


class Bench:
    """The servers, and the lines of the table as they come."""

    def __init__(self, words, responses):
        self.words = words
        self.responses = responses
        self.lines = []
        self.shown = []
        self.folder = temporary_folder()
        self.folder.chmod(0o755)
        self.postgres = start_postgres(self.folder / "pg")
        self.redis = start_redis(self.folder / "redis")
        with closing(psycopg2.connect(self.postgres.url)) as connection:
            connection.autocommit = True
            connection.cursor().execute("CREATE DATABASE crowd")

    def close(self):
        self.redis.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def wants(self, name):
        return not self.words or any(word in name for word in self.words)

    def line(self, name, against, ours, bare, ratios, target, is_met):
        """Print a line and keep it for the file."""
        ratio = ""
        if ratios:
            ratio = f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        said = {True: "met", False: "NOT MET", None: "shown"}[is_met]
        print(LINE.format(name, ours, bare, ratio, target, said), flush=True)
        self.lines.append(
            {
                "row": name,
                "against": against,
                "ours": ours,
                "bare": bare,
                "ratios": [round(each, 3) for each in ratios],
                "target": target,
                "met": is_met,
            }
        )

    def yes_or_no(self, name, said, target, is_met):
        self.line(name, "", said, "", [], target, is_met)

    # The environment of this process, before Django is set up.

    def prepare(self):
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "engage.settings",
            "PORTAL_ENVIRONMENT": "test",
            "PORTAL_BASE_URL": "http://testserver",
            "ALLOWED_HOSTS": "testserver,127.0.0.1",
            "PORTAL_VAR": str(self.folder / "var"),
            "PORTAL_ASSETS": os.environ.get(
                "PORTAL_ASSETS", str(Path(REPOSITORY, "var", "assets"))
            ),
            "DATABASE_URL": self.postgres.url,
            "CELERY_BROKER_URL": self.redis.url,
            "CACHE_URL": self.redis.url[:-1] + "1",
            "LOG_LEVEL": "ERROR",
        }
        django.setup()

    def load(self):
        start = time.monotonic()
        command = import_module("django.core.management").call_command
        command("migrate", verbosity=0)
        command("createcachetable", verbosity=0)
        city = import_module("bench.city")
        self.responses = self.responses or city.RESPONSES
        city.build(responses=self.responses)
        print(f"A city in {time.monotonic() - start:.0f} s. Five runs, in turn.\n")
        print(LINE.format(*HEAD))

    # What is measured.

    def in_process(self):
        """Views and loops in this process, beside the bare ones."""
        for row in import_module("bench.rows").rows(self.responses):
            if not self.wants(row.name):
                continue
            for _run in range(RUNS):
                row.run()
            ours, bare = (median(side) for side in zip(*row.runs, strict=True))
            as_text = (lambda n: f"{n:,.0f} a s") if row.pieces else in_units
            self.line(
                row.name,
                row.against,
                as_text(ours),
                as_text(bare),
                row.ratios,
                f"{row.sign} {row.target}" if row.target else "",
                row.is_met,
            )
            if row.each > 1:
                self.shown.append(f"{row.name}: p95 {in_units(p95(row.single))}")

    def facts(self):
        """Figures without a bare limit beside them."""
        analysis = import_module("bench.analysis")
        if self.wants("CSV"):
            more = analysis.csv_memory()
            self.yes_or_no(
                "CSV, memory that it adds at its peak",
                f"{more:.0f} MB",
                f"≤ {MEMORY_MB} MB",
                more <= MEMORY_MB,
            )
        if self.wants("analysis"):
            seen = analysis.next_request_sees_it()
            said = "next request" if seen else "later"
            self.yes_or_no("a new response in the counts", said, "the next", seen)
        if self.wants("queries"):
            count, changed = import_module("bench.queries").pages_that_ask_more()
            self.yes_or_no(
                f"queries of {count} pages, ten times the data",
                f"{len(changed)} more",
                "equal",
                not changed,
            )
            self.shown += changed

    def crowds(self):
        """Eight clients at once, on each database."""
        redis = {"CELERY_BROKER_URL": self.redis.url}
        for name, extra in {
            "PostgreSQL": {
                "DATABASE_URL": self.postgres.url.replace("/portal?", "/crowd?"),
                **redis,
            },
            "SQLite": redis,
        }.items():
            title = f"sends a second, 8 clients, {name}"
            if self.wants(title):
                self.crowd(title, self.folder / name, extra)

    def crowd(self, title, folder, extra):
        crowd = import_module("bench.crowd")
        drafts = 2 * SENDS_A_TURN * (RUNS + 1)
        with crowd.Crowd(folder, drafts=drafts, **extra) as both:
            both.turn(SENDS_A_TURN)  # the first asks what is asked once a process
            both.waits.clear()
            runs = [both.turn(SENDS_A_TURN) for _run in range(RUNS)]
            ratios = [ours / bare for ours, bare in runs]
            self.line(
                title,
                "bare POST that reads and writes the same rows",
                f"{median(ours for ours, _bare in runs):,.0f} a s",
                f"{median(bare for _ours, bare in runs):,.0f} a s",
                ratios,
                "≥ 0.5",
                median(ratios) >= 0.5,
            )
            self.shown.append(
                f"{title}: p95 {in_units(p95(both.waits))}, longest "
                f"{in_units(max(both.waits))}, workers busy {both.busy[-1]} s"
            )

    def second_start(self):
        name = "first page, second start"
        if not self.wants(name):
            return
        crowd = import_module("bench.crowd")
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        first = crowd.first_page_seconds(self.folder / "embedded", port)
        second = crowd.first_page_seconds(self.folder / "embedded", port)
        met = second <= FIRST_PAGE_SECONDS
        self.yes_or_no(name, f"{second:.1f} s", f"≤ {FIRST_PAGE_SECONDS} s", met)
        self.shown.append(f"first page, first start: {first:.1f} s")


def in_units(seconds):
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.2f} ms"


def p95(values):
    return quantiles(values, n=20)[-1]


def main(words):
    start = time.monotonic()
    sizes = [word for word in words if word.startswith("--responses=")]
    responses = int(sizes[-1].partition("=")[2]) if sizes else 0
    bench = Bench([word for word in words if word not in sizes], responses)
    try:
        bench.prepare()
        bench.load()
        bench.in_process()
        bench.facts()
        bench.crowds()
        bench.second_start()
    finally:
        if django.apps.apps.ready:
            import_module("django.db").connections.close_all()
        bench.close()
    print("\n" + "\n".join(bench.shown))
    figures = {"rows": bench.lines, "shown": bench.shown}
    file = Path(REPOSITORY, "var", "bench.json")
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")
    missed = [line["row"] for line in bench.lines if line["met"] is False]
    print(f"{len(bench.lines)} rows in {time.monotonic() - start:.0f} s; {file.name}")
    if missed:
        print("Not met: " + "; ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
