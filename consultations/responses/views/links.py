"""Opening secret links, stopping mail by one, and asking for lost ones."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.secret_links import opens, row_of
from consultations.models import ContactOptIn, Status
from consultations.responses import actions, cookies
from consultations.responses.actions.sending import sent_response
from consultations.responses.journey import Journey
from consultations.responses.send_forms import EmailForm
from consultations.responses.views.doors import broken_link
from council.context_processors import current_council


@require_safe
def resume(request: HttpRequest, token: str) -> HttpResponse:
    """Move the token of a draft into a cookie and go on; one that was sent, to its
    receipt."""
    draft = cookies.draft_of_token(token)
    if draft is None:
        return broken_link(request)
    consultation, when = draft.consultation, timezone.now()
    council = current_council(request)
    response = sent_response(draft) if draft.is_sent else None
    if response is not None:
        response.consultation = consultation
        answer = redirect("consultations:receipt", consultation.slug)
        cookies.remember_receipt(answer, response, council, when)
    else:
        answer = redirect(Journey(draft).here())
    cookies.remember_draft(answer, draft, council, when)
    return answer


@require_safe
def open_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Move the token of a receipt into a cookie and show it."""
    response = cookies.response_of_token(token)
    if response is None or response.consultation.status == Status.ARCHIVED:
        return broken_link(request)
    answer = redirect("consultations:receipt", response.consultation.slug)
    council = current_council(request)
    cookies.remember_receipt(answer, response, council, timezone.now())
    return answer


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_reminders(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button; mail programs post to it without opening it."""
    draft = cookies.draft_of_token(token, "stop-reminders")
    if draft is None:
        return broken_link(request)
    if request.method == "POST":
        actions.stop_reminders(draft)
    context = {
        "consultation": draft.consultation,
        "is_done": request.method == "POST" or not draft.wants_reminders,
    }
    return render(request, "consultations/responses/stop_reminders.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_contact(request: HttpRequest, token: str) -> HttpResponse:
    """Forget the address that came with a response, from a link in our mail."""
    contact = _contact_of(token)
    if contact is None:
        return broken_link(request)
    if request.method == "POST":
        actions.remove_contact(contact.response)
    context = {
        "consultation": contact.consultation,
        "is_done": request.method == "POST",
    }
    return render(request, "consultations/responses/stop_contact.html", context)


def _contact_of(token: str) -> ContactOptIn | None:
    row = row_of(token) or ""
    if not row.isdecimal() or int(row) > cookies.LARGEST_KEY:
        return None
    contact = (
        ContactOptIn.objects.filter(pk=int(row))
        .select_related("response", "consultation")
        .first()
    )
    if contact and opens(token, "contact", contact.pk, contact.generation):
        return contact
    return None


@require_http_methods(["GET", "HEAD", "POST"])
def lost_link(request: HttpRequest) -> HttpResponse:
    """Send an address its links. The answer is the same for any address."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    is_done = form.is_bound and form.is_valid()
    if is_done:
        actions.send_lost_links(form.cleaned_data["email"], when=timezone.now())
    context = {"form": form, "is_done": is_done}
    return render(request, "consultations/responses/lost_link.html", context)
