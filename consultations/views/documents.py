"""The documents of a plan."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.doors import staff_page
from accounts.requests import SignedInRequest
from consultations import actions
from consultations.actions.moves import PLANNED
from consultations.forms.documents import DocumentForm
from consultations.views.fetch import document_of, staff_consultation, tried

FORM = "consultations/document_form.html"


@staff_page
@require_safe
def documents(request: SignedInRequest, slug: str) -> HttpResponse:
    consultation = staff_consultation(request, slug)
    return render(
        request,
        "consultations/documents.html",
        {
            "consultation": consultation,
            "documents": consultation.documents.order_by("position", "pk"),
            "is_planned": consultation.status in PLANNED,
        },
    )


def _data(form: DocumentForm) -> dict[str, object]:
    return {name: form.cleaned_data[name] for name in DocumentForm.base_fields}


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def document_add(request: SignedInRequest, slug: str) -> HttpResponse:
    consultation = staff_consultation(request, slug)
    is_post = request.method == "POST"
    form = DocumentForm(*((request.POST, request.FILES) if is_post else ()))
    if is_post and form.is_valid():

        def add() -> None:
            actions.add_document(consultation, by=request.user, **_data(form))  # type: ignore[arg-type]

        if tried(request, add, _("The document is added.")):
            return redirect("consultations:documents", slug)
    context = {"consultation": consultation, "form": form, "document": None}
    return render(request, FORM, context)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def document_edit(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    consultation = staff_consultation(request, slug)
    document = document_of(consultation, pk)
    is_post = request.method == "POST"
    posted = (request.POST, request.FILES) if is_post else ()
    form = DocumentForm(*posted, document=document)
    if is_post and form.is_valid():

        def edit() -> None:
            actions.edit_document(document, by=request.user, **_data(form))  # type: ignore[arg-type]

        if tried(request, edit, _("The document is saved.")):
            return redirect("consultations:documents", slug)
    context = {"consultation": consultation, "form": form, "document": document}
    return render(request, FORM, context)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def document_remove(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then remove."""
    consultation = staff_consultation(request, slug)
    document = document_of(consultation, pk)
    if request.method == "POST":
        tried(
            request,
            lambda: actions.remove_document(document, by=request.user),
            _("The document is removed."),
        )
        return redirect("consultations:documents", slug)
    return render(
        request,
        "consultations/document_remove.html",
        {"consultation": consultation, "document": document},
    )


@staff_page
@require_POST
def document_move(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    document = document_of(staff_consultation(request, slug), pk)
    up = request.POST.get("direction") == "up"
    tried(
        request,
        lambda: actions.move_document(document, by=request.user, up=up),
        _("The document is moved."),
    )
    return redirect("consultations:documents", slug)
