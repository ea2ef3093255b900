"""Mending what is frozen: choose what, write the new text, say why (CON-09)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doors import staff_page
from accounts.requests import SignedInRequest
from consultations import actions, permissions
from consultations.actions.checks import draft_document
from consultations.forms.running import (
    AmendDocumentForm,
    AmendPlanForm,
    AmendWordsForm,
)
from consultations.questionnaire.document import Questionnaire
from consultations.views.fetch import document_of, staff_consultation, tried
from consultations.views.files import as_attachment

FORM = "consultations/amend_form.html"


@staff_page
@require_safe
def amend(request: SignedInRequest, slug: str) -> HttpResponse:
    """Choose what is corrected."""
    consultation = staff_consultation(request, slug, permissions.can_run)
    questionnaire = draft_document(consultation)
    words = _labels(questionnaire) if questionnaire else []
    return render(
        request,
        "consultations/amend.html",
        {
            "consultation": consultation,
            "documents": consultation.documents.order_by("position", "pk"),
            "words": words,
            "amendments": consultation.amendments.all(),
        },
    )


def _labels(questionnaire: Questionnaire) -> list[tuple[str, str]]:
    keys = questionnaire.keys()
    said = [(key, questionnaire.label(key)) for key in keys]
    return [(key, label) for key, label in said if label]


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def amend_plan(request: SignedInRequest, slug: str) -> HttpResponse:
    consultation = staff_consultation(request, slug, permissions.can_run)
    posted = request.POST if request.method == "POST" else None
    form = AmendPlanForm(posted, plan=consultation)
    if posted is not None and form.is_valid():

        def act() -> None:
            actions.amend_plan(
                consultation, by=request.user, changes=form.changes(), **_why(form)
            )

        if tried(request, act, _("The correction is published.")):
            consultation.refresh_from_db()
            return redirect("consultations:amend", consultation.slug)
    heading = _("Correct the overview, contact or decision")
    context = {"consultation": consultation, "form": form, "page_heading": heading}
    return render(request, FORM, context)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def amend_words(request: SignedInRequest, slug: str, key: str) -> HttpResponse:
    consultation = staff_consultation(request, slug, permissions.can_run)
    questionnaire = draft_document(consultation)
    if questionnaire is None or not questionnaire.label(key):
        raise Http404
    old = {"label": questionnaire.label(key), "hint": questionnaire.hint(key)}
    posted = request.POST if request.method == "POST" else None
    form = AmendWordsForm(posted, initial=old)
    if posted is not None and form.is_valid():
        new = {name: form.cleaned_data[name] for name in ("label", "hint")}

        def act() -> None:
            actions.amend_words(
                consultation, by=request.user, key=key, **new, **_why(form)
            )

        if tried(request, act, _("The correction is published.")):
            return redirect("consultations:amend", slug)
    heading = _("Correct “%(label)s”") % {"label": old["label"]}
    context = {"consultation": consultation, "form": form, "page_heading": heading}
    return render(request, FORM, context)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def amend_document(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    consultation = staff_consultation(request, slug, permissions.can_run)
    document = document_of(consultation, pk)
    is_post = request.method == "POST"
    posted = (request.POST, request.FILES) if is_post else ()
    form = AmendDocumentForm(*posted, document=document)
    if is_post and form.is_valid():
        parts = ("title", "text", "upload", "accessible_note")
        new: dict[str, Any] = {name: form.cleaned_data[name] for name in parts}

        def act() -> None:
            actions.amend_document(document, by=request.user, **new, **_why(form))

        if tried(request, act, _("The correction is published.")):
            return redirect("consultations:amend", slug)
    heading = _("Correct the document “%(title)s”") % {"title": document.title}
    context = {"consultation": consultation, "form": form, "page_heading": heading}
    return render(request, FORM, context)


@staff_page
@require_safe
def amended_file(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The file of a document as it was before an amendment; for staff."""
    consultation = staff_consultation(request, slug, permissions.can_run)
    amendment = get_object_or_404(consultation.amendments, pk=min(pk, 2**62))
    file, name = amendment.old_file, amendment.old_file_name
    return as_attachment(file, name)  # type: ignore[return-value]


def _why(form: AmendPlanForm | AmendWordsForm | AmendDocumentForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("reason", "is_material")}
