"""Adding, changing, moving and deleting the pages of a questionnaire."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import staff_page
from accounts.requests import SignedInRequest
from consultations.questionnaire import actions, edit
from consultations.questionnaire.forms import PageForm, RoutesForm
from consultations.questionnaire.naming import page_name
from consultations.questionnaire.views.saving import (
    back,
    do,
    editable,
    form_page,
    gone,
    posted,
    save,
    show,
)


@staff_page
@form_page
def page_add(request: SignedInRequest, slug: str) -> HttpResponse:
    """Add a page at the end."""
    consultation = editable(request, slug)
    questionnaire = actions.latest(consultation)
    form = PageForm(posted(request))
    if form.is_valid():
        words = form.cleaned_data
        changed = save(
            request, consultation, lambda now: edit.add_page(now, **words), form
        )
        if changed:
            return back(consultation, changed.pages[-1].key)
    context = {"form": form, "name": _("Add a page")}
    return show(request, consultation, questionnaire, "page_change", context)


@staff_page
@form_page
def page_change(request: SignedInRequest, slug: str, page: str) -> HttpResponse:
    """Change the title and the introduction of a page."""
    consultation = editable(request, slug)
    questionnaire = actions.latest(consultation)
    words = {"label": questionnaire.label(page), "hint": questionnaire.hint(page)}
    form = PageForm(posted(request), initial=words)
    if questionnaire.page(page) is None:
        return gone(request, consultation)
    if form.is_valid():
        given = form.cleaned_data
        if save(
            request, consultation, lambda now: edit.set_words(now, page, **given), form
        ):
            return back(consultation, page)
    context = {"form": form, "name": _("Change %s") % page_name(questionnaire, page)}
    return show(request, consultation, questionnaire, "page_change", context)


@staff_page
@form_page
def page_routes(request: SignedInRequest, slug: str, page: str) -> HttpResponse:
    """Set where the answers of a page lead."""
    consultation = editable(request, slug)
    questionnaire = actions.latest(consultation)
    found = questionnaire.page(page)
    if found is None:
        return gone(request, consultation)
    form = RoutesForm(questionnaire, found, posted(request))
    if form.is_valid():
        routes = form.routes()
        if save(
            request,
            consultation,
            lambda now: edit.set_routes(now, page, routes),
            form,
        ):
            return back(consultation, page)
    context = {"form": form, "name": page_name(questionnaire, page)}
    return show(request, consultation, questionnaire, "page_routes", context)


@staff_page
@require_POST
def page_do(request: SignedInRequest, slug: str, page: str) -> HttpResponse:
    """Move or delete a page: `do` says which."""
    consultation = editable(request, slug)
    before = actions.latest(consultation)
    does = {
        "up": lambda now: edit.move_page(now, page, step=-1),
        "down": lambda now: edit.move_page(now, page, step=1),
        "delete": lambda now: edit.delete_page(now, page),
    }
    return do(request, consultation, does, before, page)
