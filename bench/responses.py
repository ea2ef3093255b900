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
from django.http import HttpResponse, HttpResponseRedirect
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone

from accounts.secret_links import address_key
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

    def ours():
        request = _post(address, mine, fields)
        assert answering.respond_check(request, slug=SLUG).status_code == 302

    def bare():
        request = _post(address, theirs, fields)
        _bare_send(theirs.pk, request.POST["email"])
        HttpResponseRedirect(address)

    measured = _in_turn(ours, bare)
    sent = Response.objects.filter(consultation__slug=SLUG)
    assert sent.count() == 2
    assert Comment.objects.filter(response__in=sent).count() == 2 * len(_texts(theirs))
    _clear()
    return measured


def driver_send() -> float:
    """The driver alone inserting the rows of a response, in seconds."""
    version = _consultation().questionnaires.get()
    columns = (
        "consultation_id, version_id, source, source_key, channel, batch, received_on,"
        " is_late, status, reference, generation, language, capacity, organisation,"
        " place, ward_code, answers, codes, body_digest, held_because,"
        " excluded_because, decision_note"
    )
    values = [version.consultation_id, version.pk, "online", str(uuid.uuid4())]
    values += ["online", "", timezone.localdate().isoformat(), False, "sent"]
    values += [uuid.uuid4().hex[:12], 1, "en-gb", "individual", "", "not_stated", ""]
    values += [json.dumps({"q": "o"}), "0" * 54, "", "", "", ""]
    marks = ", ".join(["%s"] * len(values))

    def work():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO consultations_response ({columns}) VALUES ({marks})",
                values,
            )

    seconds = _timed(work)
    _clear()
    return seconds


# What is measured ---------------------------------------------------------------


def _bare_send(key, email: str) -> None:
    """The same rows in one transaction, without checks, routing or traces."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().select_related().get(pk=key)
        texts = _texts(draft)
        response = Response.objects.create(
            consultation_id=draft.consultation_id,
            version_id=draft.version_id,
            source_key=str(draft.pk),
            reference=uuid.uuid4().hex[:12],
            answers={k: v for k, v in draft.answers.items() if k not in texts},
            codes="0" * 54,
        )
        made = Comment.objects.bulk_create(
            Comment(
                consultation_id=draft.consultation_id,
                response=response,
                question_key=name,
                text=text,
                digest="",
            )
            for name, text in texts.items()
        )
        response.answers |= {comment.question_key: comment.pk for comment in made}
        response.save(update_fields=["answers"])
        AbuseSignal.objects.create(response=response, hour=timezone.now())
        ContactOptIn.objects.create(
            response=response,
            consultation_id=draft.consultation_id,
            email=email,
            address_key=address_key(email),
        )
        for kind in ("bench.receipt", "bench.answered"):
            Notice.objects.create(
                kind=kind,
                recipient=email,
                recipient_key=address_key(email),
                occasion=str(draft.pk),
                status="cancelled",
            )
        draft.answers, draft.is_sent, draft.email = {}, True, ""
        draft.started_at = draft.updated_on = None
        draft.save()


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
