"""What answering is measured with: a consultation, its drafts, and the requests.

Everything hangs on a consultation of its own, and `clear` takes away what was written.
"""

from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import timezone

from accounts.secret_links import address_key
from bench.questions import questionnaire
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
from consultations.responses import actions, answers, cookies
from notices.models import Notice
from tests.factories import make_published_consultation

SLUG = "bench-of-answering"
EMAIL = "bench@example.org"
_factory = RequestFactory()


def texts_of(draft) -> dict[str, str]:
    asked = load(draft.version.document)
    return {k: draft.answers[k] for k in answers.text_keys(asked) & set(draft.answers)}


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


def new_draft() -> Draft:
    clear()
    consultation = _consultation()
    return actions.start(consultation, language="en-gb", when=timezone.now())


def answered_draft() -> Draft:
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


def posted_fields(draft: Draft) -> dict[str, object]:
    fields: dict[str, object] = {}
    for question in load(draft.version.document).questions():
        value = _answer(question)
        if isinstance(value, dict):
            fields |= {f"{question.key}.{row}": key for row, key in value.items()}
        else:
            fields[question.key] = value
    return fields


def asking(address: str, draft: Draft):
    return _with_cookie(_factory.get(address), draft)


def posting(address: str, draft: Draft, fields):
    """A form as a browser posts it."""
    body = urlencode(fields, doseq=True)
    kind = "application/x-www-form-urlencoded"
    return _with_cookie(_factory.post(address, body, content_type=kind), draft)


def _with_cookie(request, draft: Draft):
    name = f"draft-{draft.consultation_id}"
    request.COOKIES[name] = cookies.draft_token(draft)
    request.user, request.session = AnonymousUser(), {}
    return request


def clear() -> None:
    """Take away what was written, so that every turn finds the same."""
    mine = Response.objects.filter(consultation__slug=SLUG)
    for model in (AbuseSignal, ContactOptIn, Comment):
        model.objects.filter(response__in=mine).delete()
    mine.delete()
    Draft.objects.filter(consultation__slug=SLUG).delete()
    Notice.objects.filter(recipient_key=address_key(EMAIL)).delete()
