"""What every page of the builder does: fetch, save, come back, show.

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
from django.views.decorators.http import require_http_methods

from accounts import ActionRefused
from accounts.requests import SignedInRequest
from consultations import permissions
from consultations.models import Consultation
from consultations.questionnaire import actions, edit
from consultations.questionnaire.change import MAX_LABEL
from consultations.questionnaire.document import Questionnaire, load
from design.formats import storable

TEMPLATES = "consultations/questionnaire"
form_page = require_http_methods(["GET", "HEAD", "POST"])


def editable(request: SignedInRequest, slug: str) -> Consultation:
    """The consultation, for somebody who may edit it."""
    visible = Consultation.objects.visible_to(request.user)
    consultation = get_object_or_404(visible, slug=slug)
    if not permissions.can_edit(request.user, consultation):
        raise PermissionDenied
    return consultation


def posted(request: SignedInRequest) -> Any:
    return request.POST if request.method == "POST" else None


def seen(request: SignedInRequest) -> str:
    """The revision that the page showed; a page without one showed none."""
    return request.POST.get("revision") or "none"


def save(
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
    version = actions.change(draft, function, by=request.user, seen=seen(request))
    return load(version.document)


def do(
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
        return back(consultation)
    try:
        after = _change(request, consultation, function)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
        return back(consultation)
    messages.success(request, actions.said(before, after))
    return back(consultation, new_key(before, after) or _beside(before, after, key))


def new_key(before: Questionnaire, after: Questionnaire) -> str:
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


def back(consultation: Consultation, key: str = "") -> HttpResponse:
    address = reverse("consultations:questions", args=[consultation.slug])
    return redirect(f"{address}#{key}" if key else address)


def gone(request: SignedInRequest, consultation: Consultation) -> HttpResponse:
    """The page or question was deleted meanwhile: what was typed is shown once more."""
    if request.method != "POST":
        raise Http404
    typed = storable(request.POST.get("label", ""))[:MAX_LABEL].strip()
    sentence = _("This part was deleted after you opened the page.")
    if typed:
        sentence += " " + _("You had written: “%(words)s”") % {"words": typed}
    messages.error(request, sentence)
    return back(consultation)


def show(
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
