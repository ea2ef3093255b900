"""Writing findings and feedback."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import ActionRefused
from accounts.doors import staff_page
from accounts.requests import SignedInRequest
from consultations.feedback import actions, content
from consultations.feedback.forms import ChartsForm, FeedbackForm, FindingsForm
from consultations.feedback.views.fetch import pending_release, written_about
from consultations.models import Consultation, Feedback, Findings, Release
from council.context_processors import current_council


@staff_page
@require_http_methods(["GET", "POST"])
def findings(request: SignedInRequest, slug: str) -> HttpResponse:
    """Write what people said, beside the figures."""
    consultation = written_about(request, slug)
    form = None
    if consultation.stage_at(timezone.now()) in actions.AFTER_CLOSING:
        form = _findings_form(request, consultation)
    if request.method == "POST" and form is None:
        messages.error(request, _("Findings are written after a consultation closes."))
    elif form and form.is_valid() and _saved(request, consultation, form):
        return redirect("consultations:findings_preview", slug)
    context = {
        "consultation": consultation,
        "form": form,
        "kind": "findings",
        "pending": pending_release(consultation, "findings"),
    }
    return render(request, "consultations/feedback/findings.html", context)


def _saved(
    request: SignedInRequest, consultation: Consultation, form: FindingsForm
) -> bool:
    try:
        actions.save_findings(
            consultation,
            by=request.user,
            summary=form.cleaned_data["summary"],
            how_people_took_part=form.cleaned_data["how_people_took_part"],
            question_texts=form.question_texts(),
        )
    except ActionRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Your findings are saved."))
    return True


def _findings_form(request: HttpRequest, consultation: Consultation) -> FindingsForm:
    found = Findings.objects.filter(consultation=consultation).first()
    council = current_council(request)
    reading = content.reading_now(consultation, council)
    return FindingsForm(
        request.POST or None,
        findings=found or Findings(consultation=consultation),
        tables=content.publishable(reading.tables),
        clear=content.clear_comments(consultation),
    )


@staff_page
@require_http_methods(["GET", "POST"])
def feedback(request: SignedInRequest, slug: str) -> HttpResponse:
    """Write We asked, You said, We did."""
    consultation = written_about(request, slug)
    found = Feedback.objects.filter(consultation=consultation).first()
    form = FeedbackForm(request.POST or None, initial=FeedbackForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_feedback(consultation, by=request.user, **form.cleaned_data)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your feedback is saved."))
            return redirect("consultations:feedback_charts", slug)
    context = {
        "consultation": consultation,
        "form": form,
        "kind": "feedback",
        "pending": pending_release(consultation, "feedback"),
    }
    return render(request, "consultations/feedback/feedback.html", context)


@staff_page
@require_http_methods(["GET", "POST"])
def charts(request: SignedInRequest, slug: str) -> HttpResponse:
    """Choose the charts that stand in the feedback."""
    consultation = written_about(request, slug)
    found = Feedback.objects.filter(consultation=consultation).first()
    form = ChartsForm(
        request.POST if request.method == "POST" else None,
        tables=_tables(request, consultation),
        initial={"charts": found.charts if found else []},
    )
    if request.method == "POST" and form.is_valid():
        keys = form.cleaned_data["charts"]
        try:
            actions.save_charts(consultation, by=request.user, charts=keys)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your charts are saved."))
            return redirect("consultations:feedback", slug)
    context = {"consultation": consultation, "form": form}
    return render(request, "consultations/feedback/charts.html", context)


def _tables(
    request: HttpRequest, consultation: Consultation
) -> list[content.QuestionTable]:
    """The tables that feedback may show: those of the findings, or counted now."""
    newest = content.newest(consultation, Release.Kind.FINDINGS)
    if newest:
        tables: list[content.QuestionTable] = newest.tables
        return tables
    reading = content.reading_now(consultation, current_council(request))
    return content.publishable(reading.tables)
