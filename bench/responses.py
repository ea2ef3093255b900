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
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import Max
from django.http import HttpResponse, HttpResponseRedirect
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone

from accounts.secret_links import address_key
from bench import bare as bare_views
from bench.analysis import bare_template
from bench.city import questionnaire
from consultations.models import (
    AbuseSignal,
    Comment,
    Consultation,
    ContactOptIn,
    Draft,
    Response,
)
from consultations.questionnaire.document import Questionnaire, load
from consultations.questionnaire.routing import keep_shown
from consultations.responses import actions, answers, cookies, traces
from consultations.responses.views import answering
from council.models import Council
from notices.models import Notice
from tests.factories import make_published_consultation

SLUG = "bench-of-answering"
EMAIL = "bench@example.org"
_turn = itertools.count()
_factory = RequestFactory()


def question_page() -> tuple[float, float]:
    """A page of 20 questions; bare: the same queries and as many bytes."""
    draft = _draft()
    address = f"/consultations/{SLUG}/respond/1/"
    size = len(answering.respond_page(_get(address, draft), slug=SLUG, n=1).content)
    template = engines["django"].from_string(bare_template(size))

    def ours():
        answer = answering.respond_page(_get(address, draft), slug=SLUG, n=1)
        assert answer.status_code == 200

    def bare():
        found = Consultation.objects.select_related("privacy_notice").get(slug=SLUG)
        windows = list(found.windows.all())
        council = Council.objects.current()
        kept = Draft.objects.select_related("version", "consultation").get(pk=draft.pk)
        rows = [*kept.answers, *windows, council]
        HttpResponse(template.render({"consultation": found, "rows": rows}))

    return _in_turn(ours, bare)


def continue_page() -> tuple[float, float]:
    """A page of answers is kept; bare: a POST that updates the same document."""
    draft = _draft()
    fields = _fields(draft)
    address = f"/consultations/{SLUG}/respond/1/"

    def ours():
        request = _post(address, draft, fields)
        assert answering.respond_page(request, slug=SLUG, n=1).status_code == 302

    def bare():
        request = _post(address, draft, fields)
        with transaction.atomic():
            row = Draft.objects.select_for_update().get(pk=draft.pk)
            row.answers = {name: request.POST.getlist(name) for name in request.POST}
            row.updated_on = timezone.localdate()
            row.save(update_fields=["answers", "updated_on"])
        HttpResponseRedirect(address)

    return _in_turn(ours, bare)


def send() -> tuple[float, float]:
    """A whole answer is sent; bare: a POST that writes the same rows at once."""
    address = f"/consultations/{SLUG}/respond/check/"
    mine, theirs = _answered(), _answered()
    wish = {"email": EMAIL, "wants_receipt": "on", "wants_feedback": "on"}
    fields = {**wish, "rendered": traces.rendered_mark(mine.pk, timezone.now())}
    texts = _texts(theirs)

    def ours():
        request = _post(address, mine, fields)
        assert answering.respond_check(request, slug=SLUG).status_code == 302

    def bare():
        request = _post(address, theirs, fields)
        bare_views.store(theirs.pk, request.POST["email"], texts)
        HttpResponseRedirect(address)

    measured = _in_turn(ours, bare)
    sent = Response.objects.filter(consultation__slug=SLUG)
    assert sent.count() == 2
    assert Comment.objects.filter(response__in=sent).count() == 2 * len(texts)
    _clear()
    return measured


def driver_send() -> tuple[float, float]:
    """A send; bare: the driver alone inserts the rows that it leaves behind."""
    ours, _bare = send()
    draft = _answered()
    answered = {"key": json.dumps(draft.answers), "texts": _texts(draft)}
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
    _clear()
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


# What is measured ---------------------------------------------------------------


def _texts(draft) -> dict[str, str]:
    asked = load(draft.version.document)
    return {k: draft.answers[k] for k in answers.text_keys(asked) & set(draft.answers)}


def _in_turn(ours, bare) -> tuple[float, float]:
    if next(_turn) % 2:
        second = _timed(bare)
        return _timed(ours), second
    return _timed(ours), _timed(bare)


def _timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


# What it is measured with ---------------------------------------------------------


def _consultation() -> Consultation:
    """A consultation with the 20 questions of the city on one page."""
    found = Consultation.objects.filter(slug=SLUG).first()
    if found is None:
        city = questionnaire()
        page = city.pages[0].model_copy(
            update={"questions": tuple(city.questions()), "routes": ()}
        )
        one_page = Questionnaire(
            pages=(page,), texts=city.texts, next_number=city.next_number
        )
        found = make_published_consultation(slug=SLUG, questionnaire=one_page)
    return found


def _draft() -> Draft:
    _clear()
    consultation = _consultation()
    return actions.start(consultation, language="en-gb", when=timezone.now())


def _answered() -> Draft:
    draft = actions.start(_consultation(), language="en-gb", when=timezone.now())
    asked = load(draft.version.document)
    draft.answers = keep_shown(asked, {q.key: _answer(q) for q in asked.questions()})
    draft.pages_done = [page.key for page in asked.pages]
    draft.save()
    return draft


def _answer(question):
    if question.rows:
        return {row.key: question.options[0].key for row in question.rows}
    if question.kind == "many":
        return [question.options[0].key]
    if question.options:
        return question.options[0].key
    return "The buses are late when it rains and nobody says why."


def _fields(draft: Draft) -> dict[str, object]:
    fields: dict[str, object] = {}
    for question in load(draft.version.document).questions():
        value = _answer(question)
        if isinstance(value, dict):
            fields |= {f"{question.key}.{row}": key for row, key in value.items()}
        else:
            fields[question.key] = value
    return fields


def _get(address: str, draft: Draft):
    return _with_cookie(_factory.get(address), draft)


def _post(address: str, draft: Draft, fields):
    """A form as a browser posts it."""
    body = urlencode(fields, doseq=True)
    kind = "application/x-www-form-urlencoded"
    return _with_cookie(_factory.post(address, body, content_type=kind), draft)


def _with_cookie(request, draft: Draft):
    name = f"draft-{draft.consultation_id}"
    request.COOKIES[name] = cookies.draft_token(draft)
    request.user, request.session = AnonymousUser(), {}
    return request


def _clear() -> None:
    """Take away what was written, so that every turn finds the same."""
    mine = Response.objects.filter(consultation__slug=SLUG)
    for model in (AbuseSignal, ContactOptIn, Comment):
        model.objects.filter(response__in=mine).delete()
    mine.delete()
    Draft.objects.filter(consultation__slug=SLUG).delete()
    Notice.objects.filter(recipient_key=address_key(EMAIL)).delete()
