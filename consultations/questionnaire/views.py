"""The builder: every question on one page, and a page for each change.

Each page carries the revision of the document that it showed; a change from an
older page is refused with a sentence, and what was typed stays on the screen.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts import ActionRefused
from accounts.doors import staff_page
from accounts.requests import SignedInRequest
from consultations import permissions
from consultations.models import Consultation
from consultations.questionnaire import actions, checks, edit, estimate
from consultations.questionnaire.document import Questionnaire, load
from consultations.questionnaire.forms import (
    ChangeQuestionForm,
    PageForm,
    QuestionForm,
    RoutesForm,
)
from consultations.questionnaire.naming import name_of, page_name, quoted
from consultations.questionnaire.outline import outline
from council.context_processors import current_council

TEMPLATES = "consultations/questionnaire"
form_page = require_http_methods(["GET", "HEAD", "POST"])


# The whole list ---------------------------------------------------------------


@staff_page
@require_safe
def questions(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every page and question, with what is wrong and what could be better."""
    consultation = _consultation(request, slug)
    questionnaire = actions.latest(consultation)
    council = current_council(request)
    context = {
        "pages": outline(questionnaire),
        "count": len(questionnaire.questions()),
        "minutes": estimate.minutes(questionnaire),
        "problems": checks.problems(questionnaire),
        "advice": checks.advice(questionnaire, council.max_questions),
        "can_change": actions.can_change_now(consultation),
        "last_step": actions.last_step(consultation),
        "page_form": PageForm(),
    }
    return _show(request, consultation, questionnaire, "questions", context)


@staff_page
@require_POST
def undo(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take the last change back."""
    consultation = _consultation(request, slug)
    try:
        draft = actions.draft_of(consultation)
        actions.undo(draft, by=request.user, seen=_seen(request))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The last change is undone."))
    return _back(consultation)


# Questions --------------------------------------------------------------------


@staff_page
@form_page
def question_add(request: SignedInRequest, slug: str, page: str) -> HttpResponse:
    """Add a question to a page."""
    consultation = _consultation(request, slug)
    questionnaire = actions.latest(consultation)
    form = QuestionForm(_posted(request))
    if questionnaire.page(page) is None:
        return _gone(request, consultation, form)
    if form.is_valid():
        wanted = form.wanted()
        changed = _save(
            request,
            consultation,
            lambda now: edit.add_question(now, page=page, **wanted),
            form,
        )
        if changed:
            return _back(consultation, _new_key(questionnaire, changed))
    context = {"form": form, "page_name": page_name(questionnaire, page)}
    return _show(request, consultation, questionnaire, "question_add", context)


@staff_page
@form_page
def question_change(request: SignedInRequest, slug: str, key: str) -> HttpResponse:
    """Change a question, its options one by one, or the page that it is on."""
    consultation = _consultation(request, slug)
    questionnaire = actions.latest(consultation)
    question = questionnaire.question(key)
    if question is None:
        return _gone(request, consultation, QuestionForm(_posted(request)))
    form = ChangeQuestionForm(questionnaire, question, _posted(request))
    if form.is_valid() and _save(request, consultation, _changed(form, key), form):
        return _back(consultation, key)
    context = {"form": form, "name": name_of(questionnaire, key), "key": key}
    return _show(request, consultation, questionnaire, "question_change", context)


def _changed(form: ChangeQuestionForm, key: str) -> edit.Edit:
    """Changing a question as the form says, and moving it where the page differs."""
    wanted, page = form.wanted(), form.cleaned_data["page"]

    def change(now: Questionnaire) -> Questionnaire:
        now = edit.change_question(now, key, **wanted)
        here = next(p.key for p in now.pages if any(q.key == key for q in p.questions))
        return now if page == here else edit.move_question(now, key, page=page)

    return change


@staff_page
@require_POST
def question_do(request: SignedInRequest, slug: str, key: str) -> HttpResponse:
    """Move, copy or delete a question: `do` says which."""
    consultation = _consultation(request, slug)
    before = actions.latest(consultation)
    does = {
        "up": lambda now: edit.move_question(now, key, step=-1),
        "down": lambda now: edit.move_question(now, key, step=1),
        "copy": lambda now: edit.copy_question(now, key),
        "delete": lambda now: edit.delete_question(now, key),
    }
    return _do(request, consultation, does, before, key)


# Pages ------------------------------------------------------------------------


@staff_page
@form_page
def page_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Add a page at the end."""
    consultation = _consultation(request, slug)
    questionnaire = actions.latest(consultation)
    form = PageForm(_posted(request))
    if form.is_valid():
        words = form.cleaned_data
        changed = _save(
            request, consultation, lambda now: edit.add_page(now, **words), form
        )
        if changed:
            return _back(consultation, changed.pages[-1].key)
    context = {"form": form, "name": _("Add a page")}
    return _show(request, consultation, questionnaire, "page_change", context)


@staff_page
@form_page
def page_change(request: SignedInRequest, slug: str, page: str) -> HttpResponse:
    """Change the title and the introduction of a page."""
    consultation = _consultation(request, slug)
    questionnaire = actions.latest(consultation)
    words = {"label": questionnaire.label(page), "hint": questionnaire.hint(page)}
    form = PageForm(_posted(request), initial=words)
    if questionnaire.page(page) is None:
        return _gone(request, consultation, form)
    if form.is_valid():
        given = form.cleaned_data
        if _save(
            request, consultation, lambda now: edit.set_words(now, page, **given), form
        ):
            return _back(consultation, page)
    context = {"form": form, "name": _("Change %s") % page_name(questionnaire, page)}
    return _show(request, consultation, questionnaire, "page_change", context)


@staff_page
@form_page
def page_routes(request: SignedInRequest, slug: str, page: str) -> HttpResponse:
    """Set where the answers of a page lead."""
    consultation = _consultation(request, slug)
    questionnaire = actions.latest(consultation)
    found = questionnaire.page(page)
    if found is None:
        return _gone(request, consultation, PageForm(_posted(request)))
    form = RoutesForm(questionnaire, found, _posted(request))
    if form.is_valid():
        routes = form.routes()
        if _save(
            request,
            consultation,
            lambda now: edit.set_routes(now, page, routes),
            form,
        ):
            return _back(consultation, page)
    context = {"form": form, "name": page_name(questionnaire, page)}
    return _show(request, consultation, questionnaire, "page_routes", context)


@staff_page
@require_POST
def page_do(request: SignedInRequest, slug: str, page: str) -> HttpResponse:
    """Move or delete a page: `do` says which."""
    consultation = _consultation(request, slug)
    before = actions.latest(consultation)
    does = {
        "up": lambda now: edit.move_page(now, page, step=-1),
        "down": lambda now: edit.move_page(now, page, step=1),
        "delete": lambda now: edit.delete_page(now, page),
    }
    return _do(request, consultation, does, before, page)


# What they share --------------------------------------------------------------


def _consultation(request: SignedInRequest, slug: str) -> Consultation:
    """The consultation, for somebody who may edit it."""
    visible = Consultation.objects.visible_to(request.user)
    consultation = get_object_or_404(visible, slug=slug)
    if not permissions.can_edit(request.user, consultation):
        raise PermissionDenied
    return consultation


def _posted(request: SignedInRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _seen(request: SignedInRequest) -> str:
    """The revision that the page showed; a page without one showed none."""
    return request.POST.get("revision") or "none"


def _save(
    request: SignedInRequest,
    consultation: Consultation,
    function: edit.Edit,
    form: Form,
) -> Questionnaire | None:
    """Change the questions and say so; a refusal becomes an error of the form."""
    try:
        after = _change(request, consultation, function)
    except ActionRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _("Saved."))
    return after


def _change(
    request: SignedInRequest, consultation: Consultation, function: edit.Edit
) -> Questionnaire:
    """Change the questions as they were on the page that was sent."""
    draft = actions.draft_of(consultation)
    version = actions.change(draft, function, by=request.user, seen=_seen(request))
    return load(version.document)


def _do(
    request: SignedInRequest,
    consultation: Consultation,
    does: dict[str, edit.Edit],
    before: Questionnaire,
    key: str,
) -> HttpResponse:
    """Do what a button says, and come back to where it was."""
    function = does.get(request.POST.get("do", ""))
    if function is None:
        messages.error(request, _("Choose one of the buttons on the page."))
        return _back(consultation)
    try:
        after = _change(request, consultation, function)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return _back(consultation)
    messages.success(request, actions.said(before, after))
    return _back(consultation, _new_key(before, after) or _beside(before, after, key))


def _new_key(before: Questionnaire, after: Questionnaire) -> str:
    """The question that came in, if one did."""
    old = set(before.keys())
    return next((q.key for q in after.questions() if q.key not in old), "")


def _beside(before: Questionnaire, after: Questionnaire, key: str) -> str:
    """Where to come back to: the part itself, or what stood before it."""
    keys = set(after.keys())
    if key in keys:
        return key
    stood = [k for p in before.pages for k in (p.key, *(q.key for q in p.questions))]
    earlier = stood[: stood.index(key)] if key in stood else []
    return next((each for each in reversed(earlier) if each in keys), "")


def _back(consultation: Consultation, key: str = "") -> HttpResponse:
    address = reverse("consultations:questions", args=[consultation.slug])
    return redirect(f"{address}#{key}" if key else address)


def _gone(
    request: SignedInRequest, consultation: Consultation, form: Form
) -> HttpResponse:
    """The page or question was deleted meanwhile: what was typed is shown once more."""
    if request.method != "POST":
        raise Http404
    form.is_valid()
    typed = quoted(str(form.cleaned_data.get("label", "")))
    sentence = _("This part was deleted after you opened the page.")
    if typed:
        sentence += " " + _("You had written: “%(words)s”") % {"words": typed}
    messages.error(request, sentence)
    return _back(consultation)


def _show(
    request: SignedInRequest,
    consultation: Consultation,
    questionnaire: Questionnaire,
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    return render(
        request,
        f"{TEMPLATES}/{template}.html",
        {
            "consultation": consultation,
            "revision": actions.revision_of(questionnaire),
            **context,
        },
    )
