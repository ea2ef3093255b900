"""What a person sees on the way: a page of questions, and the check before sending."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe

from consultations.questionnaire.document import Page
from consultations.responses import answers as answer_rules
from consultations.responses import frozen, traces
from consultations.responses.forms import PageForm, answer_keys, page_form
from consultations.responses.journey import Journey
from consultations.responses.send_forms import SendForm
from consultations.responses.views.doors import ward_names, wards_for
from wards.models import Ward


def form_of(
    journey: Journey, page: Page, data: QueryDict | None = None, *, complete: bool
) -> PageForm:
    """The form of a page, with what was posted or else the draft's answers."""
    return _form(journey, page, wards_for(page), data, complete=complete)


def _form(
    journey: Journey,
    page: Page,
    wards: list[Ward],
    data: QueryDict | None = None,
    *,
    complete: bool = True,
) -> PageForm:
    draft = journey.draft
    return page_form(
        journey.questionnaire,
        page,
        data=data,
        initial=draft.answers,
        language=draft.language,
        wards=wards,
        complete=complete,
        fields=frozen.page_fields(
            draft.version, page, language=draft.language, wards=wards
        ),
    )


def show_page(
    request: HttpRequest,
    journey: Journey,
    page: Page,
    form: PageForm | None = None,
    *,
    post_to: str = "",
) -> HttpResponse:
    """A page of questions: as the draft has it, or with a form that has errors.

    `post_to` is where its buttons lead, where that is not the address shown.
    """
    draft = journey.draft
    context: dict[str, Any] = {
        "consultation": draft.consultation,
        "title": journey.title(page),
        "intro": journey.questionnaire.hint(page.key, draft.language),
        "progress": journey.progress(page),
        "back": _back(request, journey, page),
        "form": form,
        "post_to": post_to,
    }
    if form is None:
        context |= _questions(journey, page)
    return render(request, "consultations/responses/page.html", context)


def _questions(journey: Journey, page: Page) -> dict[str, Any]:
    """The form of a page; for one without answers, its HTML as it always is."""
    draft, wards = journey.draft, wards_for(page)
    if answer_keys(page) & draft.answers.keys():
        return {"form": _form(journey, page, wards)}

    def html() -> SafeString:
        return mark_safe(as_crispy_form(_form(journey, page, wards)))

    questions = frozen.blank_page(
        draft.version, page, language=draft.language, wards=wards, render=html
    )
    return {"questions": questions}


def _back(request: HttpRequest, journey: Journey, page: Page) -> str:
    """Back from a page that was opened to change it leads to the check again."""
    if "check" in request.GET and journey.first_open() is None:
        return journey.here()
    return journey.before(page)


def show_check(
    request: HttpRequest,
    journey: Journey,
    form: SendForm,
    *,
    seen: str,
    when: datetime,
) -> HttpResponse:
    """Every answer in words, and what is asked beside them before sending."""
    draft = journey.draft
    context: dict[str, Any] = {
        "consultation": draft.consultation,
        "form": form,
        "pages": answer_rules.in_words(
            journey.questionnaire,
            draft.answers,
            wards=ward_names(),
            language=draft.language,
        ),
        "back": journey.before(None),
        "is_change": draft.changes_id is not None,
        "privacy_notice": draft.consultation.privacy_notice,
        "honeypot": traces.HONEYPOT,
        "rendered": traces.rendered_mark(draft.pk, when),
        "seen": seen,
    }
    return render(request, "consultations/responses/check.html", context)
