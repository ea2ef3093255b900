"""Sending for approval and answering it: read, choose, confirm."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doors import staff_page
from accounts.models import User
from accounts.requests import SignedInRequest
from consultations import actions, permissions
from consultations.actions import approval, checks, snapshots
from consultations.actions.writers import changed_by
from consultations.forms.running import AnswerForm, EndForm
from consultations.models import Consultation, Status
from consultations.questionnaire import checks as questionnaire_checks
from consultations.views.fetch import staff_consultation, tried
from consultations.views.running import decide
from consultations.views.standing import places_of
from council.context_processors import current_council

APPROVE = "consultations/approve.html"


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def send_for_approval(request: SignedInRequest, slug: str) -> HttpResponse:
    """The checks: what is missing, with links, and what could be better (CON-11)."""
    consultation = staff_consultation(request, slug, permissions.can_send_for_approval)
    if request.method == "POST" and tried(
        request,
        lambda: actions.send_for_approval(consultation, by=request.user),
        _("It is sent for approval. We will email you the answer."),
    ):
        return redirect("consultations:hub", slug)
    questionnaire = checks.draft_document(consultation)
    most = current_council(request).max_questions
    advice = questionnaire_checks.advice(questionnaire, most) if questionnaire else []
    return render(
        request,
        "consultations/send_for_approval.html",
        {
            "consultation": consultation,
            "lacks": checks.missing(consultation, timezone.now()),
            "advice": advice,
        },
    )


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask, then take it back to draft, to change the plan.

    What is in the public list already asks for a reason and a note to the public.
    """
    consultation = staff_consultation(request, slug, permissions.can_send_for_approval)
    if consultation.approved_at is not None:
        done = _("It is a draft again. We are telling the people who follow it.")
        return decide(request, slug, "recall_listed", EndForm, actions.recall, done)
    if request.method != "POST":
        context = {"consultation": consultation}
        return render(request, "consultations/recall.html", context)
    tried(
        request,
        lambda: actions.recall(consultation, by=request.user),
        _("It is a draft again."),
    )
    return redirect("consultations:hub", slug)


@staff_page
@require_safe
def plan(request: SignedInRequest, slug: str) -> HttpResponse:
    """The whole plan to read, also when it can no longer be changed."""
    consultation = staff_consultation(request, slug, permissions.can_read_plan)
    return render(request, "consultations/plan.html", _reading(consultation))


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: SignedInRequest, slug: str) -> HttpResponse:
    """What changed, the whole plan, and the answer; Continue leads to Confirm."""
    consultation = staff_consultation(request, slug, permissions.can_read_plan)
    if not permissions.can_approve(request.user, consultation):
        raise PermissionDenied
    if consultation.status != Status.WAITING:
        messages.info(request, _("This is not waiting for approval any more."))
        return redirect("consultations:hub", slug)
    reading = {**_reading(consultation), **_who(consultation, request.user)}
    form = _form(request, reading)
    if not form.is_valid():
        return render(request, APPROVE, {**reading, "form": form})
    if "confirmed" not in request.POST:
        context = {"consultation": consultation, "form": form}
        return render(request, "consultations/approve_confirm.html", context)
    if tried(request, lambda: _answer(consultation, form, request), _done(form)):
        return redirect("consultations:your_work")
    return redirect("consultations:approve", slug)


def _form(request: SignedInRequest, reading: dict[str, Any]) -> AnswerForm:
    sent = reading["sent"]
    return AnswerForm(
        request.POST if request.method == "POST" else None,
        initial={"step": sent.pk if sent else 0},
        may_approve=not reading["is_writer"],
    )


def _who(consultation: Consultation, user: User) -> dict[str, bool]:
    """What keeps an approver from approving, as the action will say too."""
    sent = approval.last_sent(consultation)
    return {
        "is_sender": sent is not None and sent.by_id == user.pk,
        "is_writer": consultation.pk in changed_by(user, [consultation.pk]),
    }


def _answer(
    consultation: Consultation, form: AnswerForm, request: SignedInRequest
) -> None:
    data = form.cleaned_data
    if data["choice"] == "return":
        actions.return_with_reasons(
            consultation, by=request.user, reason=data["reason"], step=data["step"]
        )
        return
    later = data["opens_on"] if data["choice"] == "later" else None
    actions.approve(consultation, by=request.user, step=data["step"], opens_on=later)


def _done(form: AnswerForm) -> str:
    if form.cleaned_data["choice"] == "return":
        return _("You asked for changes. We have emailed your reasons.")
    return _("It is approved. We have emailed the people who asked.")


def _reading(consultation: Consultation) -> dict[str, Any]:
    """What the approver reads."""
    sent = approval.last_sent(consultation)
    before = approval.sent_before(sent) if sent else None
    return {
        "consultation": consultation,
        "sent": sent,
        "before": before,
        "changes": snapshots.changes(before, sent) if before and sent else [],
        "places": places_of(consultation),
        "documents": consultation.documents.order_by("position", "pk"),
        "questionnaire": checks.draft_document(consultation),
        "lacks": checks.missing(consultation, timezone.now()),
    }
