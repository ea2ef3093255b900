"""Asking for confirmation, confirming, and cancelling what is set for later."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import ActionRefused
from accounts.doors import staff_page
from accounts.requests import SignedInRequest
from consultations import permissions
from consultations.feedback import actions, content, taking_part
from consultations.feedback import results as page
from consultations.feedback.forms import AskForm, ConfirmForm
from consultations.feedback.views.fetch import pending_release, written_about
from consultations.models import Consultation, Feedback, Findings, Release
from consultations.views.fetch import tried
from design import formats

DRAFTS: dict[str, type[Findings] | type[Feedback]] = {
    "findings": Findings,
    "feedback": Feedback,
}


def _draft(kind: str, consultation: Consultation) -> Findings | Feedback | None:
    model = DRAFTS[kind]
    rows = model._default_manager.select_related("prepared_by")
    found: Findings | Feedback | None = rows.filter(consultation=consultation).first()
    if found:
        found.consultation = consultation
    return found


@staff_page
@require_http_methods(["GET", "POST"])
def preview(request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
    """The page as the public will see it; from here somebody asks to confirm it."""
    consultation = written_about(request, slug)
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
    consultation = written_about(request, slug, permissions.can_publish)
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
    consultation = written_about(request, slug, permissions.can_publish)
    if request.method != "POST":
        context = {
            "consultation": consultation,
            "kind": kind,
            "pending": pending_release(consultation, kind),
        }
        return render(request, "consultations/feedback/cancel.html", context)
    tried(
        request,
        lambda: actions.cancel(consultation, kind=kind, by=request.user),
        _("It will not be published. What was written is kept."),
    )
    return redirect("consultations:hub", slug)


def _show(
    request: SignedInRequest,
    consultation: Consultation,
    kind: str,
    draft: Findings | Feedback | None,
    form: forms.Form,
    step: str,
) -> HttpResponse:
    """The public page with a banner and a form for staff."""
    planned = actions.unpublished(draft) if draft is not None else None
    if planned is not None and isinstance(form, ConfirmForm) and not form.is_bound:
        form.initial["seen"] = content.fingerprint(planned)
    context = {
        "consultation": consultation,
        "results": _results(consultation, kind, planned),
        "kind": kind,
        "draft": draft,
        "form": form,
        "step": step,
        "is_preparer": bool(draft and taking_part.took_part(draft, request.user)),
        "asked_by": taking_part.asked_by(draft) if draft else None,
        "pending": pending_release(consultation, kind),
        "needs_findings": _needs_findings(consultation, kind),
    }
    return render(request, "consultations/feedback/preview.html", context)


def _needs_findings(consultation: Consultation, kind: str) -> bool:
    """Feedback is published after what people said, never before."""
    if kind == Release.Kind.FINDINGS:
        return False
    return content.newest(consultation, Release.Kind.FINDINGS) is None


def _results(
    consultation: Consultation, kind: str, planned: Release | None
) -> page.Results:
    """What is public, with what is planned in the place of its own kind."""
    releases = page.public_releases(consultation, timezone.now())
    if planned is not None:
        releases = [release for release in releases if release.kind != kind]
        releases.append(planned)
    return page.results(consultation, releases, with_files=False)
