"""Counting, exporting and showing results, beside the bare limits.

Each function measures both once and returns (ours, bare) in seconds, in turn from
call to call. `csv_memory` returns megabytes. They need the city of `bench.city` in
the database and change nothing in it.
"""

import csv
import io
import itertools
import json
import os
import subprocess
import sys
import time

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test import Client, RequestFactory
from django.utils import timezone

from consultations.analysis import export, reading
from consultations.feedback.public import results
from consultations.models import Consultation, Release
from council.models import Council

MIN_BASE = 30
LARGE = "the-city-in-ten-years"
_turn = itertools.count()


def _in_turn(ours, bare):
    if next(_turn) % 2:
        second = _timed(bare)
        return _timed(ours), second
    return _timed(ours), _timed(bare)


def _timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _large() -> Consultation:
    return Consultation.objects.get(slug=LARGE)


# Counting -----------------------------------------------------------------------


def analysis_cold() -> tuple[float, float]:
    """All counts of 100,000 responses; bare: the driver fetches the codes column."""
    consultation = _large()
    version = consultation.questionnaires.get()

    def ours():
        assert reading.read(consultation, min_base=MIN_BASE).totals["counted"]

    def bare():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT codes FROM consultations_response WHERE version_id = %s",
                [version.pk],
            )
            assert cursor.fetchall()

    return _in_turn(ours, bare)


def analysis_page() -> tuple[float, float]:
    """The whole page of counts for its officer; bare: the same fetch of codes."""
    consultation = _large()
    client = Client()
    client.force_login(consultation.lead_officer)
    address = f"/staff/consultations/{consultation.slug}/counts/"

    def ours():
        assert client.get(address).status_code == 200

    _cold, bare = analysis_cold()
    return _timed(ours), bare


def next_request_sees_it() -> bool:
    """Whether a response that has just been changed is in the next count."""
    consultation = _large()
    one = consultation.responses.filter(status="sent").first()
    before = reading.read(consultation, min_base=MIN_BASE).totals["counted"]
    consultation.responses.filter(pk=one.pk).update(status="held")
    after = reading.read(consultation, min_base=MIN_BASE).totals["counted"]
    consultation.responses.filter(pk=one.pk).update(status="sent")
    return after == before - 1


# The file -----------------------------------------------------------------------


class _Counted(io.TextIOBase):
    """Takes what is written and keeps only its length."""

    size = 0

    def write(self, text: str) -> int:
        self.size += len(text)
        return len(text)


def export_ours() -> int:
    """The whole file, as it is streamed; returns its length."""
    return sum(len(block) for block in export.lines(_large()))


def export_bare() -> int:
    """The same cells: a loop over a server-side cursor into `csv.writer`.

    Reads the same columns and texts and parses each document; it guards no cell
    and names no option.
    """
    consultation = _large()
    out = _Counted()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    texts = (
        "ARRAY(SELECT text FROM consultations_comment c"
        " WHERE c.response_id = r.id ORDER BY c.id)"
        if connection.vendor == "postgresql"
        else "(SELECT json_group_array(text) FROM consultations_comment c"
        " WHERE c.response_id = r.id)"
    )
    sql = (
        "SELECT reference, received_on, channel, status, excluded_because, language,"
        " capacity, organisation, place, ward_code, CAST(answers AS text),"
        f" {texts} FROM consultations_response r WHERE consultation_id = %s"
        " AND status IN ('sent', 'held', 'excluded') ORDER BY id"
    )
    cursor = _streaming_cursor()
    if connection.vendor == "sqlite":
        sql = sql.replace("%s", "?")
    cursor.execute(sql, [consultation.pk])
    while rows := cursor.fetchmany(2000):
        for *facts, document, written in rows:
            answers = json.loads(document)
            row = [*facts]
            for value in answers.values():
                if isinstance(value, list):
                    row.append("; ".join(value))
                elif isinstance(value, dict):
                    row.extend(value.values())
                else:
                    row.append(value)
            row.extend(written if isinstance(written, list) else json.loads(written))
            writer.writerow(row)
    cursor.close()
    return out.size


def _streaming_cursor():
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        cursor = connection.connection.cursor(name="bench", withhold=True)
        cursor.itersize = 2000
        return cursor
    return connection.connection.cursor()


def csv_file() -> tuple[float, float]:
    """The file of 100,000 responses; bare: the loop above."""
    return _in_turn(export_ours, export_bare)


def csv_memory(*, settings: str = "engage.settings") -> float:
    """The megabytes that streaming the file adds to a process, at its peak."""
    script = (
        "import django; django.setup();"
        "from bench.analysis import export_ours, peak;"
        "start = peak(); export_ours(); print(peak() - start)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": settings},
    )
    return float(done.stdout.strip().splitlines()[-1])


def peak() -> float:
    """The most memory that this process has held, in megabytes.

    From the kernel: what `getrusage` says of a child includes its parent's.
    """
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


# The results page -----------------------------------------------------------------


def results_page() -> tuple[float, float]:
    """The public results; bare: the same queries, a template of as many bytes."""
    request = RequestFactory().get(f"/consultations/{LARGE}/results/")
    request.user = AnonymousUser()
    request.session = {}
    size = len(results(request, slug=LARGE).content)
    template = engines["django"].from_string(bare_template(size))

    def ours():
        results(_again(request), slug=LARGE)

    def bare():
        found = Consultation.objects.get(slug=LARGE)
        releases = Release.objects.filter(
            consultation=found, public_from__lte=timezone.now()
        ).values_list("kind", "pk", "created_at", "input_digest")
        rows = [*releases.order_by("kind", "-number"), Council.objects.current()]
        HttpResponse(template.render({"consultation": found, "rows": rows}))

    return _in_turn(ours, bare)


def _again(request):
    """The same request without what the first answer cached on it."""
    request.__dict__.pop("_council", None)
    return request


def bare_template(size: int) -> str:
    """A template that prints so many bytes, one loop and one value in them."""
    line = "<tr><td>Answer</td><td>1,250</td><td>45%</td></tr>\n"
    fixed = line * (size // len(line))
    return "{{ consultation.title }}{% for row in rows %}{{ row }}{% endfor %}" + fixed
