"""Who may pass: the device that holds the secret, and what it sees if it may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import ActionRefused
from consultations.models import Consultation, Draft, Response, Status
from consultations.models.lifecycle import PUBLIC_STATUSES
from consultations.responses import answers as answer_rules
from consultations.responses import cookies, frozen
from consultations.responses.actions.sending import sent_response
from consultations.responses.forms import Answers, PageForm, answer_keys, page_form
from consultations.responses.journey import Journey
from consultations.responses.timing import AlreadySent, Closed, is_late
from council.context_processors import current_council
from wards.models import Ward

Door = Callable[..., HttpResponse]


def consultation_of(slug: str) -> Consultation:
    """Return a consultation that residents may know of, with its windows.

    A withdrawn one too, for those who hold a draft or receipt of it.
    """
    known = Consultation.objects.filter(
        Q(status__in=PUBLIC_STATUSES) | Q(status=Status.WITHDRAWN)
    )
    return get_object_or_404(known.prefetch_related("windows"), slug=slug)


def answering(view: Door) -> Door:
    """A page for the device that holds a draft: `view(request, draft, …)`.

    AlreadySent and Closed become pages that keep what was written.
    """

    @wraps(view)
    def door(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        draft = cookies.draft_at(request, slug)
        if draft is None:
            return no_draft(request, consultation_of(slug))
        try:
            return view(request, draft, **kwargs)
        except AlreadySent:
            return already_sent(request, draft, kwargs.get("n"))
        except Closed as closed:
            return closed_while_answering(request, draft, str(closed), kwargs.get("n"))

    return door


def with_receipt(view: Door) -> Door:
    """A page for the device that holds a receipt: `view(request, response, …)`."""

    @wraps(view)
    def door(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        consultation = consultation_of(slug)
        response = cookies.response_on_device(request, consultation)
        if response is None:
            return no_draft(request, consultation)
        try:
            return view(request, response, **kwargs)
        except ActionRefused as refusal:
            return refused(request, consultation, str(refusal))

    return door


def must_take(request: HttpRequest, draft: Draft, when: datetime) -> None:
    """Raise AlreadySent or Closed where this draft takes no more answers."""
    if draft.is_sent:
        raise AlreadySent(_("We already have this response."))
    is_late(
        draft.consultation,
        started_at=draft.started_at,
        when=when,
        grace_minutes=grace_minutes(request, draft.consultation, when),
    )


def grace_minutes(
    request: HttpRequest, consultation: Consultation, when: datetime
) -> int:
    """Return the council's grace; while it is open nobody needs to know it."""
    if any(w.starts <= when < w.ends for w in consultation.windows.all()):
        return 0
    return current_council(request).grace_minutes


def no_draft(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """This device holds nothing of the consultation."""
    if consultation.status == Status.WITHDRAWN:
        return redirect(consultation)
    context = {"consultation": consultation}
    return render(
        request, "consultations/responses/nothing_here.html", context, status=404
    )


def broken_link(request: HttpRequest) -> HttpResponse:
    """A secret link that opens nothing, or no longer."""
    return render(request, "consultations/responses/broken_link.html", status=404)


def refused(
    request: HttpRequest, consultation: Consultation, sentence: str
) -> HttpResponse:
    """What was asked makes no sense now: say why, and lead back."""
    context = {"consultation": consultation, "sentence": sentence}
    return render(request, "consultations/responses/refused.html", context, status=409)


def ward_names() -> dict[str, str]:
    """Return the names of all wards by code; of the newest set where codes repeat."""
    wards = Ward.objects.order_by("ward_set__in_force_from", "pk")
    return dict(wards.values_list("code", "name"))


def wards_for(page: Any) -> list[Ward]:
    """Return the wards to choose from, if the page asks for one."""
    if any(question.kind == "ward" for question in page.questions):
        return list(Ward.objects.in_force())
    return []


def posted_form(
    request: HttpRequest, answered: Draft | Response, n: int | None, *, complete: bool
) -> PageForm | None:
    """Return the page that was posted, whether or not it can be taken."""
    questionnaire = frozen.questionnaire(answered.version)
    pages = questionnaire.pages
    if request.method != "POST" or n is None or not 1 <= n <= len(pages):
        return None
    page = pages[n - 1]
    return page_form(
        questionnaire,
        page,
        data=request.POST,
        language=answered.language,
        wards=wards_for(page),
        complete=complete,
    )


def as_typed(form: PageForm) -> Answers:
    """Return a page's answers, also the texts that are too long to be taken."""
    typed = dict(form.answers())
    for name in form.errors:
        given = form.data.get(name)
        field = form.fields.get(name)
        if isinstance(given, str) and given and hasattr(field, "limit"):
            typed[name] = given
    return typed


def closed_while_answering(
    request: HttpRequest, draft: Draft, sentence: str, n: int | None
) -> HttpResponse:
    """Closed while answering: everything written stands on the page, to keep."""
    journey, answers = Journey(draft), dict(draft.answers)
    if form := posted_form(request, draft, n, complete=False):
        keys = answer_keys(form.page)
        answers = {k: v for k, v in answers.items() if k not in keys} | as_typed(form)
    pages = answer_rules.in_words(
        journey.questionnaire, answers, wards=ward_names(), language=draft.language
    )
    context = {
        "consultation": draft.consultation,
        "sentence": sentence,
        "pages": pages,
        "has_answers": any(row.lines for page in pages for row in page.answers),
    }
    return render(request, "consultations/responses/closed.html", context, status=410)


def is_withdrawn(draft: Draft) -> bool:
    """Whether the response that a draft became has been taken back."""
    response = sent_response(draft)
    return response is not None and response.status == Response.Status.WITHDRAWN


def already_sent(request: HttpRequest, draft: Draft, n: int | None) -> HttpResponse:
    """The draft was sent before; a second text is offered as a change (REL-3)."""
    response = sent_response(draft)
    if response is None:
        return no_draft(request, draft.consultation)
    if response.status == Response.Status.WITHDRAWN:
        sentence = _("You have withdrawn this response.")
        return refused(request, draft.consultation, sentence)
    response.consultation = draft.consultation
    context = {
        "consultation": draft.consultation,
        "response": response,
        **_second_text(request, draft, n),
    }
    status = 409 if request.method == "POST" else 200
    page = "consultations/responses/already_sent.html"
    answer = render(request, page, context, status=status)
    council = current_council(request)
    cookies.remember_receipt(answer, response, council, timezone.now())
    return answer


def _second_text(request: HttpRequest, draft: Draft, n: int | None) -> dict[str, Any]:
    """What was written after sending, in words and as it was posted."""
    form = posted_form(request, draft, n, complete=False)
    if form is None:
        return {}
    rows = _what_was_typed(form, draft.language)
    return {"n": n, "rows": rows, "fields": _fields(form)}


def _what_was_typed(form: PageForm, language: str) -> list[answer_rules.Answered]:
    """The questions of a posted page that were answered, in words."""
    pages = answer_rules.in_words(
        form.words.questionnaire, as_typed(form), wards=ward_names(), language=language
    )
    return [row for page in pages for row in page.answers if row.lines]


def _fields(form: PageForm) -> list[tuple[str, str]]:
    """What was posted, to be posted again; a postcode is not (GDPR-05)."""
    found: list[tuple[str, str]] = []
    for name in form.fields:
        if name.endswith(".postcode"):
            continue
        values = form.data.getlist(name) if hasattr(form.data, "getlist") else []
        found += [(name, value) for value in values if value]
    for key, value in form.answers().items():
        if isinstance(value, dict) and "place" in value:
            found = [pair for pair in found if pair[0] != f"{key}.ward"]
            found.append((f"{key}.ward", value.get("ward_code") or value["place"]))
    return found
