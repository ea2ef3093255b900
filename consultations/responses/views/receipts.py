"""After sending: what happens next, and what a person may do with their response."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from consultations.models import ContactOptIn, Response, Stage
from consultations.responses import actions, cookies, frozen, writer
from consultations.responses import answers as answer_rules
from consultations.responses.forms import PageForm
from consultations.responses.journey import Journey
from consultations.responses.published import results_with
from consultations.responses.views.doors import posted_form, ward_names, with_receipt
from consultations.responses.views.showing import show_page
from council.context_processors import current_council

MOST_DIGITS = 3


def receipt_link(response: Response) -> str:
    """Return the whole address of a receipt's link, to keep."""
    path = reverse("consultations:open_receipt", args=[cookies.receipt_token(response)])
    return f"{settings.BASE_URL}{path}"


@require_safe
@with_receipt
def respond_sent(request: HttpRequest, response: Response) -> HttpResponse:
    """We have received your response: the reference, the link, what comes next.

    Of one that was withdrawn since, the receipt says so.
    """
    consultation = response.consultation
    if response.status == Response.Status.WITHDRAWN:
        return redirect("consultations:receipt", consultation.slug)
    context = {
        "consultation": consultation,
        "response": response,
        "is_change": "changed" in request.GET,
        "closes": consultation.closes_at(),
        "link": receipt_link(response),
        "asks_equality": consultation.equality_set_id is not None,
        "equality_done": "equality" in request.GET,
    }
    return render(request, "consultations/responses/sent.html", context)


@require_safe
@with_receipt
def receipt(request: HttpRequest, response: Response) -> HttpResponse:
    """The response as it stands, and what may be done with it."""
    when, consultation = timezone.now(), response.consultation
    stage = consultation.stage_at(when)
    is_gone = response.status == Response.Status.WITHDRAWN
    context = {
        "consultation": consultation,
        "response": response,
        "pages": [] if is_gone else _pages(response),
        "is_gone": is_gone,
        "can_change": not is_gone and stage == Stage.OPEN,
        "closes": consultation.closes_at(),
        "contact": ContactOptIn.objects.filter(response=response).first(),
        "link": receipt_link(response),
        "results": results_with(response, when),
    }
    return render(request, "consultations/responses/receipt.html", context)


def _pages(response: Response) -> list[answer_rules.AnsweredPage]:
    return answer_rules.in_words(
        frozen.questionnaire(response.version),
        writer.stored_answers(response),
        wards=ward_names(),
        language=response.language,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@with_receipt
def receipt_change(request: HttpRequest, response: Response) -> HttpResponse:
    """Open the answers again; a page posted along is already part of the change."""
    if request.method != "POST":
        return redirect("consultations:receipt", response.consultation.slug)
    when, form = timezone.now(), _posted_along(request, response)
    if form is not None and form.is_valid():
        draft = actions.change_page(
            response, page=form.page, answers=form.answers(), when=when
        )
    else:
        draft = actions.change(response, when=when)
    answer = _opened(request, Journey(draft), form)
    cookies.remember_draft(answer, draft, current_council(request), when)
    return answer


def _posted_along(request: HttpRequest, response: Response) -> PageForm | None:
    """The page of questions that came with the wish to change, if any."""
    number = request.POST.get("page", "")
    if not number.isdecimal() or len(number) > MOST_DIGITS:
        return None
    return posted_form(request, response, int(number), complete=True)


def _opened(
    request: HttpRequest, journey: Journey, form: PageForm | None
) -> HttpResponse:
    """The check; or the page that came along, if something in it is not right."""
    if form is None or not form.errors or form.page not in journey.path:
        return redirect("consultations:respond_check", journey.slug)
    post_to = f"{journey.address(form.page)}?check=1"
    return show_page(request, journey, form.page, form, post_to=post_to)


@require_http_methods(["GET", "HEAD", "POST"])
@with_receipt
def receipt_withdraw(request: HttpRequest, response: Response) -> HttpResponse:
    """Ask whether it is meant; then take the response back."""
    if request.method != "POST":
        context = {
            "consultation": response.consultation,
            "results": results_with(response, timezone.now()),
        }
        return render(request, "consultations/responses/withdraw.html", context)
    actions.withdraw(response)
    return redirect("consultations:receipt", response.consultation.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@with_receipt
def receipt_contact(request: HttpRequest, response: Response) -> HttpResponse:
    """Forget the address that was left with a response."""
    if request.method == "POST":
        actions.remove_contact(response)
    return redirect("consultations:receipt", response.consultation.slug)
