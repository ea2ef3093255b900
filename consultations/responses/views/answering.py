"""From Start to Send: the question pages, saving for later, and the check."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.refusals import ActionRefused
from consultations.models import Draft, Response
from consultations.questionnaire.routing import keep_shown
from consultations.responses import actions, cookies, traces
from consultations.responses import answers as answer_rules
from consultations.responses.actions.sending import sent_response
from consultations.responses.forms import PageForm
from consultations.responses.journey import Journey
from consultations.responses.send_forms import EmailForm, SendForm
from consultations.responses.timing import AlreadySent, Closed
from consultations.responses.views.doors import (
    already_sent,
    answering,
    consultation_of,
    grace_minutes,
    is_withdrawn,
    must_take,
    refused,
)
from consultations.responses.views.showing import form_of, show_check, show_page
from council.context_processors import current_council

# The name of the button that saves a page to be finished another time.
LATER = "save-for-later"


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin, or go on with what this device has begun.

    Who has answered on this device is told so, and may begin another answer; who
    has withdrawn it begins anew. Who only opens the address is led to the overview.
    """
    consultation, when = consultation_of(slug), timezone.now()
    if request.method != "POST":
        return redirect(consultation)
    draft = cookies.draft_on_device(request, consultation)
    if draft and not request.POST.get("another"):
        if not draft.is_sent:
            return redirect(Journey(draft).here())
        if not is_withdrawn(draft):
            return already_sent(request, draft, None)
    try:
        draft = actions.start(consultation, language=get_language(), when=when)
    except ActionRefused as refusal:
        return refused(request, consultation, str(refusal))
    answer = redirect(Journey(draft).here())
    cookies.remember_draft(answer, draft, current_council(request), when)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def respond_page(request: HttpRequest, draft: Draft, n: int) -> HttpResponse:
    """Ask the questions of one page; Continue keeps them."""
    when = timezone.now()
    must_take(request, draft, when)
    journey = Journey(draft)
    page = journey.page(n)
    if page is None or not journey.is_reachable(page):
        return redirect(journey.here())
    if request.method != "POST":
        return show_page(request, journey, page)
    form = form_of(journey, page, request.POST, complete=LATER not in request.POST)
    is_valid = form.is_valid()
    if is_valid or not form.complete:
        draft = _keep(request, journey, form, when)
    if not is_valid:
        return show_page(request, journey, page, form)
    return _onwards(request, Journey(draft), form)


def _keep(
    request: HttpRequest, journey: Journey, form: PageForm, when: datetime
) -> Draft:
    """Keep a page; where something on it is wrong, that is as it was before."""
    draft = journey.draft
    return actions.save_page(
        draft,
        page=form.page,
        answers=form.answers(before=draft.answers),
        when=when,
        grace_minutes=grace_minutes(request, draft.consultation, when),
        is_done=form.complete,
    )


def _onwards(request: HttpRequest, journey: Journey, form: PageForm) -> HttpResponse:
    if not form.complete:
        return redirect("consultations:respond_save", journey.slug)
    return redirect(journey.after(form.page, to_check="check" in request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def respond_save(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Show the link to come back by, and offer to send it."""
    when = timezone.now()
    must_take(request, draft, when)
    sent_to = ""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        sent_to = form.cleaned_data["email"]
        actions.keep_email(draft, email=sent_to, when=when)
    path = reverse("consultations:resume", args=[cookies.draft_token(draft)])
    context = {
        "consultation": draft.consultation,
        "closes": draft.consultation.closes_at(),
        "form": form,
        "link": f"{settings.BASE_URL}{path}",
        "sent_to": sent_to,
        "here": Journey(draft).here(),
    }
    return render(request, "consultations/responses/save.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def respond_check(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Show every answer, and send them."""
    when, journey = timezone.now(), Journey(draft)
    if request.method == "POST" and draft.is_sent:
        return _sent_before(request, draft)
    must_take(request, draft, when)
    if journey.first_open() is not None:
        return redirect(journey.here())
    body = answer_rules.digest(keep_shown(journey.questionnaire, draft.answers))
    form = SendForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return _send(request, journey, form, seen=body, when=when)
        except (AlreadySent, Closed):
            raise
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
    return show_check(request, journey, form, seen=body, when=when)


def _send(
    request: HttpRequest, journey: Journey, form: SendForm, *, seen: str, when: datetime
) -> HttpResponse:
    draft = journey.draft
    if request.POST.get("seen", seen) != seen:
        raise ActionRefused(_("Your answers changed in another tab. Check them again"))
    try:
        response = actions.send(
            draft,
            when=when,
            grace_minutes=grace_minutes(request, draft.consultation, when),
            marks=traces.of_request(request, draft.pk, current_council(request)),
            contact=form.contact(),
        )
    except actions.Incomplete as incomplete:
        return redirect(journey.address(incomplete.pages[0]))
    ending = "?changed=1" if draft.changes_id else ""
    return _to_receipt(request, draft, response, ending)


def _to_receipt(
    request: HttpRequest, draft: Draft, response: Response, ending: str = ""
) -> HttpResponse:
    response.consultation = draft.consultation
    answer = redirect("consultations:respond_sent", draft.consultation.slug)
    answer["Location"] += ending
    council = current_council(request)
    cookies.remember_receipt(answer, response, council, timezone.now())
    return answer


def _sent_before(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A retry gets the same receipt; another body is told that we have the first."""
    response = sent_response(draft)
    seen = request.POST.get("seen", "")
    if response is None or (seen and seen != response.body_digest):
        raise AlreadySent(_("We already have this response."))
    return _to_receipt(request, draft, response)


@require_http_methods(["GET", "HEAD", "POST"])
def respond_finish(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave nothing of this consultation on the device."""
    consultation = consultation_of(slug)
    if request.method != "POST":
        return redirect(consultation)
    context = {"consultation": consultation}
    answer = render(request, "consultations/responses/finished.html", context)
    cookies.forget_all(answer, consultation)
    return answer
