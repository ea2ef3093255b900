"""Which responses count: the queue of held ones, and a decision about any (CON-08)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doors import staff_page
from accounts.refusals import ActionRefused
from accounts.requests import SignedInRequest
from consultations import permissions
from consultations.models import Consultation, Response
from consultations.responses import actions
from consultations.responses import held as held_rows
from consultations.responses.send_forms import ExcludeForm

ROWS = 20


def _consultation(request: SignedInRequest, slug: str) -> Consultation:
    """Return a consultation whose held responses this person may decide about."""
    found = get_object_or_404(Consultation.objects.visible_to(request.user), slug=slug)
    if not permissions.can_decide_held(request.user, found):
        raise PermissionDenied
    return found


@staff_page
@require_safe
def held(request: SignedInRequest, slug: str) -> HttpResponse:
    """Held responses first, then those that were excluded."""
    consultation = _consultation(request, slug)
    rows = Paginator(held_rows.for_list(consultation), ROWS)
    context = {
        "consultation": consultation,
        "page_obj": rows.get_page(request.GET.get("page")),
    }
    return render(request, "consultations/responses/held.html", context)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def held_decide(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """Decide about one: count it, or leave it out for one of the reasons."""
    consultation = _consultation(request, slug)
    rows = held_rows.to_decide(consultation)
    response = get_object_or_404(rows, reference=reference.replace("\0", ""))
    form = ExcludeForm(
        request.POST if request.method == "POST" else None,
        is_counted=response.status == Response.Status.SENT,
    )
    if form.is_bound and form.is_valid():
        return _decide(request, consultation, response, form)
    context = {"consultation": consultation, "response": response, "form": form}
    return render(request, "consultations/responses/held_decide.html", context)


def _decide(
    request: SignedInRequest,
    consultation: Consultation,
    response: Response,
    form: ExcludeForm,
) -> HttpResponse:
    reason, note = form.cleaned_data["reason"], form.cleaned_data["note"]
    try:
        if reason == ExcludeForm.COUNT:
            actions.release(response, note=note, by=request.user)
            done = _("The response is counted.")
        else:
            actions.exclude(response, reason=reason, note=note, by=request.user)
            done = _("The response is not counted.")
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("consultations:held", consultation.slug)
