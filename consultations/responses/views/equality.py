"""Equality questions, asked after sending, so that leaving here loses nothing."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from consultations.models import EqualityAnswers, EqualitySet, Response
from consultations.questionnaire.document import Page, Questionnaire, load
from consultations.questionnaire.equality import rules
from consultations.responses import actions
from consultations.responses.forms import PageForm, page_form
from consultations.responses.views.doors import with_receipt


@require_http_methods(["GET", "HEAD", "POST"])
@with_receipt
def respond_equality(request: HttpRequest, response: Response, n: int) -> HttpResponse:
    """One page of the set; what an answer hides is not asked (EQ-03)."""
    equality_set = response.consultation.equality_set
    if equality_set is None or response.status == Response.Status.WITHDRAWN:
        raise Http404
    questionnaire = load(equality_set.document)
    answers = _stored(response)
    page = _page(questionnaire, answers, n)
    if page is None:
        return redirect(_done(response))
    data = request.POST if request.method == "POST" else None
    form = page_form(
        questionnaire, page, data=data, initial=answers, language=response.language
    )
    if form.is_bound and form.is_valid():
        return _keep(response, equality_set, questionnaire, page, form.answers())
    return _show(request, response, form, n)


def _stored(response: Response) -> dict[str, Any]:
    """What was answered to these questions before."""
    row = EqualityAnswers.objects.filter(response=response).first()
    return row.answers if row else {}


def _page(questionnaire: Questionnaire, answers: dict[str, Any], n: int) -> Page | None:
    """The page of a number, if these answers leave it any question."""
    pages = rules.pages_with_questions(questionnaire, answers)
    return next((page for page in pages if _number(questionnaire, page) == n), None)


def _show(
    request: HttpRequest, response: Response, form: PageForm, n: int
) -> HttpResponse:
    questionnaire, page = form.words.questionnaire, form.page
    context = {
        "consultation": response.consultation,
        "form": form,
        "title": questionnaire.label(page.key, response.language),
        "intro": questionnaire.hint(page.key, response.language),
        "back": _address(response, n - 1) if n > 1 else _sent(response),
    }
    return render(request, "consultations/responses/equality.html", context)


def _keep(
    response: Response,
    equality_set: EqualitySet,
    questionnaire: Questionnaire,
    page: Page,
    answers: dict[str, object],
) -> HttpResponse:
    """Keep a page and lead to the next one that has questions for these answers."""
    row = actions.save_equality(
        response,
        equality_set=equality_set,
        page=page,
        answers=answers,
        when=timezone.now(),
    )
    pages = rules.pages_with_questions(questionnaire, row.answers if row else {})
    here = _number(questionnaire, page)
    later = [n for n in (_number(questionnaire, p) for p in pages) if n > here]
    return redirect(_address(response, later[0]) if later else _done(response))


def _number(questionnaire: Questionnaire, page: Page) -> int:
    keys = [each.key for each in questionnaire.pages]
    return keys.index(page.key) + 1


def _address(response: Response, n: int) -> str:
    return reverse(
        "consultations:respond_equality", args=[response.consultation.slug, n]
    )


def _sent(response: Response) -> str:
    return reverse("consultations:respond_sent", args=[response.consultation.slug])


def _done(response: Response) -> str:
    return f"{_sent(response)}?equality=1"
