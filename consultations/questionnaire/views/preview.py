"""Walking through the questions as a resident does. Nothing is stored but a session."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.doors import staff_page
from accounts.requests import SignedInRequest
from consultations import permissions
from consultations.models import Consultation
from consultations.opens import leaving_questions
from consultations.questionnaire import actions, equality
from consultations.questionnaire.document import Kind, Page, Questionnaire, load
from consultations.questionnaire.routing import END, next_page, path
from consultations.responses.answers import in_words, unfit
from consultations.responses.forms import PageForm, answer_keys, page_form
from wards.models import Ward

SESSION_KEY = "preview"


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SignedInRequest, slug: str, n: int) -> HttpResponse:
    """One page of questions as residents get it; Continue checks and follows rules."""
    consultation = _consultation(request, slug)
    questionnaire = actions.latest(consultation)
    if n > len(questionnaire.pages):
        return _equality(request, consultation, n, n - len(questionnaire.pages))
    if n < 1:
        raise Http404
    page = questionnaire.pages[n - 1]
    answers = _kept(request, consultation, questionnaire)
    data, wards = _posted(request), _wards(questionnaire)
    form = page_form(questionnaire, page, data=data, initial=answers, wards=wards)
    if form.is_valid():
        answers = _with_page(answers, page, form.answers())
        _keep(request, consultation, answers=answers)
        return redirect(*_next(consultation, questionnaire, page, answers))
    title = questionnaire.label(page.key) or _("Page %(n)s") % {"n": n}
    hint, back = questionnaire.hint(page.key), _before(questionnaire, page, answers)
    return _show(request, consultation, form, title, hint, back)


def _posted(request: SignedInRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _show(
    request: SignedInRequest,
    consultation: Consultation,
    form: PageForm,
    title: str,
    introduction: str,
    back: int | None,
) -> HttpResponse:
    context = {
        "consultation": consultation,
        "form": form,
        "title": title,
        "introduction": introduction,
        "back": back,
        "leave_url": leaving_questions(request.user, consultation),
    }
    return render(request, "consultations/questionnaire/preview.html", context)


def _equality(
    request: SignedInRequest, consultation: Consultation, n: int, place: int
) -> HttpResponse:
    """A page of equality questions, which come after sending; `n` is its address."""
    chosen_set = consultation.equality_set
    if chosen_set is None:
        raise Http404
    questionnaire = load(chosen_set.document)
    answers = _session(request, consultation).get("equality", {})
    asked = equality.pages_with_questions(questionnaire, answers)
    if not 1 <= place <= len(asked):
        raise Http404
    page = asked[place - 1]
    form = page_form(questionnaire, page, data=_posted(request), initial=answers)
    if form.is_valid():
        answers = equality.keep_asked(_with_page(answers, page, form.answers()))
        _keep(request, consultation, equality=answers)
        is_last = place >= len(equality.pages_with_questions(questionnaire, answers))
        return redirect(*_next_equality(consultation, n, is_last=is_last))
    title, back = questionnaire.label(page.key), n - 1 if place > 1 else None
    hint = _("Residents are asked this after they have sent.")
    return _show(request, consultation, form, title, hint, back)


def _next_equality(
    consultation: Consultation, n: int, *, is_last: bool
) -> tuple[Any, ...]:
    if is_last:
        return "consultations:preview_check", consultation.slug
    return "consultations:preview", consultation.slug, n + 1


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def preview_check(request: SignedInRequest, slug: str) -> HttpResponse:
    """The answers of the preview to check; a post forgets them and starts again."""
    consultation = _consultation(request, slug)
    if request.method == "POST":
        request.session.pop(SESSION_KEY, None)
        return redirect("consultations:preview", consultation.slug, 1)
    questionnaire = actions.latest(consultation)
    answers = _kept(request, consultation, questionnaire)
    wards = {ward.code: ward.name for ward in _wards(questionnaire)}
    walked = path(questionnaire, answers)
    context = {
        "consultation": consultation,
        "pages": in_words(questionnaire, answers, wards=wards),
        "back": _number(questionnaire, walked[-1].key) if walked else None,
        "equality": len(questionnaire.pages) + 1 if consultation.equality_set else None,
        "leave_url": leaving_questions(request.user, consultation),
    }
    return render(request, "consultations/questionnaire/preview_check.html", context)


def _consultation(request: SignedInRequest, slug: str) -> Consultation:
    """The consultation, for those who read drafts (matrix row 2)."""
    visible = Consultation.objects.visible_to(request.user)
    consultation = get_object_or_404(visible, slug=slug)
    if not permissions.can_read_counts(request.user, consultation):
        raise PermissionDenied
    return consultation


def _kept(
    request: SignedInRequest, consultation: Consultation, questionnaire: Questionnaire
) -> dict[str, Any]:
    """The answers given so far, without those that the questions no longer fit."""
    answers = _session(request, consultation).get("answers", {})
    wrong = set(unfit(questionnaire, answers))
    return {key: value for key, value in answers.items() if key not in wrong}


def _session(request: SignedInRequest, consultation: Consultation) -> dict[str, Any]:
    """What the session keeps of the preview of this consultation."""
    kept = request.session.get(SESSION_KEY) or {}
    return kept if kept.get("of") == consultation.pk else {}


def _keep(
    request: SignedInRequest, consultation: Consultation, **answers: dict[str, Any]
) -> None:
    """Keep answers in the session; only one preview at a time is kept."""
    kept = _session(request, consultation)
    request.session[SESSION_KEY] = {**kept, "of": consultation.pk, **answers}


def _with_page(
    answers: dict[str, Any], page: Page, given: dict[str, Any]
) -> dict[str, Any]:
    replaced = answer_keys(page)
    others = {key: value for key, value in answers.items() if key not in replaced}
    return {**others, **given}


def _next(
    consultation: Consultation,
    questionnaire: Questionnaire,
    page: Page,
    answers: dict[str, Any],
) -> tuple[Any, ...]:
    """The address after a page, for redirect()."""
    walked = [each.key for each in path(questionnaire, answers)]
    to = next_page(questionnaire, page, answers)
    if page.key in walked:
        # The walk has the last word: it never goes backwards.
        rest = walked[walked.index(page.key) + 1 :]
        to = rest[0] if rest else END
    if to == END:
        return "consultations:preview_check", consultation.slug
    return "consultations:preview", consultation.slug, _number(questionnaire, to)


def _before(
    questionnaire: Questionnaire, page: Page, answers: dict[str, Any]
) -> int | None:
    """The number of the page before, on the way that the answers lead."""
    walked = [each.key for each in path(questionnaire, answers)]
    if page.key not in walked[1:]:
        return None
    return _number(questionnaire, walked[walked.index(page.key) - 1])


def _number(questionnaire: Questionnaire, key: str) -> int:
    return [page.key for page in questionnaire.pages].index(key) + 1


def _wards(questionnaire: Questionnaire) -> list[Ward]:
    """The wards to choose from, where the ward is asked at all."""
    asked = any(q.kind is Kind.WARD for q in questionnaire.questions())
    return list(Ward.objects.in_force()) if asked else []
