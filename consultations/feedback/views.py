"""Staff pages for writing, previewing and confirming findings and feedback."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import ActionRefused
from accounts.doors import staff_page
from accounts.models import User
from accounts.requests import SignedInRequest
from consultations import permissions
from consultations.feedback import actions, content, taking_part
from consultations.feedback import results as page
from consultations.feedback.forms import (
    AskForm,
    ChartsForm,
    ConfirmForm,
    FeedbackForm,
    FindingsForm,
)
from consultations.models import Consultation, Feedback, Findings, Release
from consultations.views.fetch import tried
from council.context_processors import current_council
from design import formats

DRAFTS: dict[str, type[Findings] | type[Feedback]] = {
    "findings": Findings,
    "feedback": Feedback,
}


def _consultation(
    request: SignedInRequest,
    slug: str,
    allowed: Callable[[User, Consultation], bool] = permissions.can_write_feedback,
) -> Consultation:
    """A consultation that this person may do this with, its clock loaded."""
    visible = Consultation.objects.visible_to(request.user).with_stage()
    consultation = get_object_or_404(visible, slug=slug)
    if not allowed(request.user, consultation):
        raise PermissionDenied
    return consultation


def _draft(kind: str, consultation: Consultation) -> Findings | Feedback | None:
    model = DRAFTS[kind]
    rows = model._default_manager.select_related("prepared_by")
    found: Findings | Feedback | None = rows.filter(consultation=consultation).first()
    if found:
        found.consultation = consultation
    return found


@staff_page
@require_http_methods(["GET", "POST"])
def findings(request: SignedInRequest, slug: str) -> HttpResponse:
    """Write what people said, beside the figures."""
    consultation = _consultation(request, slug)
    form = None
    if consultation.stage_at(timezone.now()) in actions.AFTER_CLOSING:
        form = _findings_form(request, consultation)
    if request.method == "POST" and form is None:
        messages.error(request, _("Findings are written after a consultation closes."))
    elif request.method == "POST" and form and form.is_valid():
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
        else:
            messages.success(request, _("Your findings are saved."))
            return redirect("consultations:findings_preview", slug)
    context = {"consultation": consultation, "form": form}
    return render(request, "consultations/feedback/findings.html", context)


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
    consultation = _consultation(request, slug)
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
    context = {"consultation": consultation, "form": form}
    return render(request, "consultations/feedback/feedback.html", context)


@staff_page
@require_http_methods(["GET", "POST"])
def charts(request: SignedInRequest, slug: str) -> HttpResponse:
    """Choose the charts that stand in the feedback."""
    consultation = _consultation(request, slug)
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


@staff_page
@require_http_methods(["GET", "POST"])
def preview(request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
    """The page as the public will see it; from here somebody asks to confirm it."""
    consultation = _consultation(request, slug)
    draft = _draft(kind, consultation)
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if draft is None:
                raise ActionRefused(_("There is nothing to publish yet."))
            actions.ask_for_confirmation(
                draft, by=request.user, publish_at=form.publish_at()
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("A second person can now confirm this."))
            return redirect(f"consultations:{kind}_confirm", slug)
    return _show(request, consultation, kind, draft, form, "preview")


@staff_page
@require_http_methods(["GET", "POST"])
def confirm(request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
    """The second person reads the page and publishes it."""
    consultation = _consultation(request, slug, permissions.can_publish)
    draft = _draft(kind, consultation)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if draft is None:
                raise ActionRefused(_("Nobody has asked for this to be confirmed."))
            seen = form.cleaned_data["seen"]
            release = actions.confirm(draft, by=request.user, seen=seen)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(f"consultations:{kind}_confirm", slug)
        messages.success(request, _published(release))
        return redirect("consultations:hub", slug)
    return _show(request, consultation, kind, draft, form, "confirm")


def _published(release: Release) -> str:
    if release.public_from > release.created_at:
        return _("Confirmed. It will be published on %(moment)s.") % {
            "moment": formats.moment(release.public_from)
        }
    return _("Confirmed. It is public now.")


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
    """Ask, then take back what was confirmed for a later time."""
    consultation = _consultation(request, slug, permissions.can_publish)
    if request.method != "POST":
        context = {
            "consultation": consultation,
            "kind": kind,
            "pending": _pending(consultation, kind),
        }
        return render(request, "consultations/feedback/cancel.html", context)
    tried(
        request,
        lambda: actions.cancel(consultation, kind=kind, by=request.user),
        _("It will not be published. What was written is kept."),
    )
    return redirect("consultations:hub", slug)


def _pending(consultation: Consultation, kind: str) -> Release | None:
    """What is confirmed and becomes public later."""
    pending = Release.objects.pending(timezone.now())
    found = pending.filter(consultation=consultation, kind=kind)
    return found.order_by("-number").first()


def _show(
    request: SignedInRequest,
    consultation: Consultation,
    kind: str,
    draft: Findings | Feedback | None,
    form: forms.Form,
    step: str,
) -> HttpResponse:
    """The public page with a banner and a form for staff."""
    planned = None
    if draft is not None:
        planned = actions.unpublished(draft)
        if isinstance(form, ConfirmForm) and not form.is_bound:
            form.initial["seen"] = content.fingerprint(planned)
    releases = page.public_releases(consultation, timezone.now())
    if planned is not None:
        releases = [release for release in releases if release.kind != kind]
        releases.append(planned)
    context = {
        "consultation": consultation,
        "results": page.results(consultation, releases, with_files=False),
        "kind": kind,
        "draft": draft,
        "form": form,
        "step": step,
        "is_preparer": bool(draft and taking_part.took_part(draft, request.user)),
        "asked_by": taking_part.asked_by(draft) if draft else None,
        "pending": _pending(consultation, kind),
    }
    return render(request, "consultations/feedback/preview.html", context)
