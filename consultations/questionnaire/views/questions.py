"""The builder: every question on one page, and a page for each change of one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import ActionRefused
from accounts.doors import staff_page
from accounts.requests import SignedInRequest
from consultations.questionnaire import actions, checks, edit, estimate
from consultations.questionnaire.document import Questionnaire
from consultations.questionnaire.forms import (
    ChangeQuestionForm,
    PageForm,
    QuestionForm,
)
from consultations.questionnaire.naming import name_of, page_name
from consultations.questionnaire.outline import outline
from consultations.questionnaire.views.saving import (
    back,
    do,
    editable,
    form_page,
    gone,
    new_key,
    posted,
    save,
    seen,
    show,
)
from council.context_processors import current_council


@staff_page
@require_safe
def questions(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every page and question, with what is wrong and what could be better."""
    consultation = editable(request, slug)
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
    return show(request, consultation, questionnaire, "questions", context)


@staff_page
@require_POST
def undo(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take the last change back."""
    consultation = editable(request, slug)
    try:
        draft = actions.draft_of(consultation)
        actions.undo(draft, by=request.user, seen=seen(request))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The last change is undone."))
    return back(consultation)


@staff_page
@form_page
def question_add(request: SignedInRequest, slug: str, page: str) -> HttpResponse:
    """Add a question to a page."""
    consultation = editable(request, slug)
    questionnaire = actions.latest(consultation)
    form = QuestionForm(posted(request))
    if questionnaire.page(page) is None:
        return gone(request, consultation)
    if form.is_valid():
        wanted = form.wanted()
        changed = save(
            request,
            consultation,
            lambda now: edit.add_question(now, page=page, **wanted),
            form,
        )
        if changed:
            return back(consultation, new_key(questionnaire, changed))
    context = {"form": form, "page_name": page_name(questionnaire, page)}
    return show(request, consultation, questionnaire, "question_add", context)


@staff_page
@form_page
def question_change(request: SignedInRequest, slug: str, key: str) -> HttpResponse:
    """Change a question, its options one by one, or the page that it is on."""
    consultation = editable(request, slug)
    questionnaire = actions.latest(consultation)
    question = questionnaire.question(key)
    if question is None:
        return gone(request, consultation)
    form = ChangeQuestionForm(questionnaire, question, posted(request))
    if form.is_valid() and save(request, consultation, _changed(form, key), form):
        return back(consultation, key)
    context = {"form": form, "name": name_of(questionnaire, key), "key": key}
    return show(request, consultation, questionnaire, "question_change", context)


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
    consultation = editable(request, slug)
    before = actions.latest(consultation)
    does = {
        "up": lambda now: edit.move_question(now, key, step=-1),
        "down": lambda now: edit.move_question(now, key, step=1),
        "copy": lambda now: edit.copy_question(now, key),
        "delete": lambda now: edit.delete_question(now, key),
    }
    return do(request, consultation, does, before, key)
