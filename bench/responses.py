"""Answering, beside the bare limits: a question page, Continue, and sending.

Each function does both once and returns (ours, bare) in seconds; the order
alternates from call to call. Both are views called with a request, without the
middleware, on the same database. They need a migrated database that may be written
to; what they write hangs on a consultation of its own, and is taken away.
"""

import itertools
import json
import time
import uuid

from django.db import connection, transaction
from django.db.models import Max
from django.http import HttpResponse, HttpResponseRedirect
from django.template import engines
from django.utils import timezone

from accounts.secret_links import address_key
from bench import bare
from bench.analysis import bare_template
from bench.answering import (
    EMAIL,
    SLUG,
    answered_draft,
    asking,
    clear,
    new_draft,
    posted_fields,
    posting,
    texts_of,
)
from consultations.models import (
    AbuseSignal,
    Comment,
    ContactOptIn,
    Draft,
    Response,
)
from consultations.responses import traces
from consultations.responses.views import answering
from council.models import Council
from notices.models import Notice

_turn = itertools.count()


def question_page() -> tuple[float, float]:
    """A page of 20 questions; bare: the same queries and as many bytes."""
    draft = new_draft()
    address = f"/consultations/{SLUG}/respond/1/"
    size = len(answering.respond_page(asking(address, draft), slug=SLUG, n=1).content)
    template = engines["django"].from_string(bare_template(size))

    def ours():
        answer = answering.respond_page(asking(address, draft), slug=SLUG, n=1)
        assert answer.status_code == 200

    def other():
        kept = bare.open_draft(asking(address, draft), SLUG)
        found = kept.consultation
        rows = [*kept.answers, *found.windows.all(), Council.objects.current()]
        HttpResponse(template.render({"consultation": found, "rows": rows}))

    return _in_turn(ours, other)


def continue_page() -> tuple[float, float]:
    """A page of answers is kept; bare: a POST that reads and updates the document."""
    draft = new_draft()
    fields = posted_fields(draft)
    address = f"/consultations/{SLUG}/respond/1/"

    def ours():
        request = posting(address, draft, fields)
        assert answering.respond_page(request, slug=SLUG, n=1).status_code == 302

    def other():
        request = posting(address, draft, fields)
        kept = bare.open_draft(request, SLUG)
        with transaction.atomic():
            row = Draft.objects.select_for_update().get(pk=kept.pk)
            row.answers = {name: request.POST.getlist(name) for name in request.POST}
            row.updated_on = timezone.localdate()
            row.save(update_fields=["answers", "updated_on"])
        HttpResponseRedirect(address)

    return _in_turn(ours, other)


def send() -> tuple[float, float]:
    """A whole answer is sent; bare: a POST that reads it and writes the same rows."""
    address = f"/consultations/{SLUG}/respond/check/"
    mine, theirs = answered_draft(), answered_draft()
    wish = {"email": EMAIL, "wants_receipt": "on", "wants_feedback": "on"}
    fields = {**wish, "rendered": traces.rendered_mark(mine.pk, timezone.now())}
    texts = texts_of(theirs)

    def ours():
        request = posting(address, mine, fields)
        assert answering.respond_check(request, slug=SLUG).status_code == 302

    def other():
        request = posting(address, theirs, fields)
        kept = bare.open_draft(request, SLUG)
        bare.store(kept.pk, request.POST["email"], texts)
        HttpResponseRedirect(address)

    measured = _in_turn(ours, other)
    sent = Response.objects.filter(consultation__slug=SLUG)
    assert sent.count() == 2
    assert Comment.objects.filter(response__in=sent).count() == 2 * len(texts)
    clear()
    return measured


def driver_send() -> tuple[float, float]:
    """A send; bare: the driver alone inserts the rows that it leaves behind."""
    ours, _bare = send()
    draft = answered_draft()
    answered = {"key": json.dumps(draft.answers), "texts": texts_of(draft)}
    inserts = _inserts(draft, answered)

    def work():
        with transaction.atomic(), connection.cursor() as cursor:
            for table, rows in inserts:
                columns = ", ".join(rows[0])
                marks = ", ".join(["%s"] * len(rows[0]))
                cursor.execute(
                    f"INSERT INTO {table} ({columns}) VALUES "
                    + ", ".join([f"({marks})"] * len(rows)),
                    [value for row in rows for value in row.values()],
                )
            cursor.execute(
                "UPDATE consultations_draft SET answers = '{}', pages_done = '[]',"
                " started_at = NULL, updated_on = NULL, is_sent = %s WHERE id = %s",
                [True, draft.pk.hex if connection.vendor == "sqlite" else draft.pk],
            )

    seconds = _timed(work)
    clear()
    return ours, seconds


def _inserts(draft, answered):
    """Each table with its rows, as plain values."""
    now, key = timezone.now(), address_key(EMAIL)
    shared = {"consultation_id": draft.consultation_id, "language": "en-gb"}
    last = Response.objects.aggregate(last=Max("pk"))["last"] or 0
    response = {
        **shared,
        "id": last + 1_000_000,
        "version_id": draft.version_id,
        "source": "online",
        "source_key": str(draft.pk),
        "channel": "online",
        "received_on": timezone.localdate(),
        "is_late": False,
        "status": "sent",
        "reference": uuid.uuid4().hex[:12],
        "generation": 1,
        "capacity": "individual",
        "place": "not_stated",
        "answers": answered["key"],
        "codes": "0" * 54,
        **dict.fromkeys(("batch", "organisation", "ward_code", "body_digest"), ""),
        **dict.fromkeys(("held_because", "excluded_because", "decision_note"), ""),
    }
    comments = [
        {
            "consultation_id": draft.consultation_id,
            "response_id": response["id"],
            "source": "answer",
            "question_key": name,
            "text": text,
            "capacity": "individual",
            "publish": "not_reviewed",
            **dict.fromkeys(("digest", "ward_code", "redacted_text"), ""),
        }
        for name, text in answered["texts"].items()
    ]
    signal = {"response_id": response["id"], "hour": now, "seconds_taken": 60}
    signal |= {"address_digest": "", "agent_digest": ""}
    contact = {
        **shared,
        "response_id": response["id"],
        "email": EMAIL,
        "address_key": key,
        "generation": 1,
        "wants_feedback": True,
    }
    notices = [
        {
            "kind": kind,
            "recipient": EMAIL,
            "recipient_key": key,
            "occasion": str(draft.pk),
            "language": "en-gb",
            "payload": "{}",
            "subject_generation": 0,
            "status": "cancelled",
            "created_at": now,
            "due_at": now,
            "attempts": 0,
            **dict.fromkeys(("subject_id", "about_type", "about_id"), ""),
            **dict.fromkeys(("claim", "error"), ""),
        }
        for kind in ("bench.receipt", "bench.answered")
    ]
    return [
        (Response._meta.db_table, [response]),
        (Comment._meta.db_table, comments),
        (AbuseSignal._meta.db_table, [signal]),
        (ContactOptIn._meta.db_table, [contact]),
        (Notice._meta.db_table, notices),
    ]


def _in_turn(ours, bare) -> tuple[float, float]:
    if next(_turn) % 2:
        second = _timed(bare)
        return _timed(ours), second
    return _timed(ours), _timed(bare)


def _timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
