"""What everybody can read: the list, one consultation, its documents, what we did."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from consultations.actions.files import CONTENT_TYPES
from consultations.forms.finding import FindForm
from consultations.forms.following import FollowForm
from consultations.models import (
    Consultation,
    ConsultationQuerySet,
    OldAddress,
    Release,
    Stage,
    Status,
)
from consultations.questionnaire import actions as questionnaires
from consultations.questionnaire import estimate
from consultations.responses import frozen
from consultations.views.fetch import document_of
from consultations.views.files import as_attachment
from consultations.views.standing import is_late, standing, standings
from consultations.views.taken_away import or_public_note, public_note
from council.clock import last_day
from notices import actions as alerts
from wards.models import Ward

PER_PAGE = 20


@require_safe
def consultation_list(request: HttpRequest) -> HttpResponse:
    """Find a consultation: open ones unless another status is asked for."""
    when = timezone.now()
    filters = FindForm(request.GET)
    found = _found(filters.chosen, when).for_list()
    if filters.chosen.get("sort") == "newest":
        found = found.order_by(F("first_opens").desc(nulls_last=True), "-pk")
    else:
        found = found.order_by(F("last_ends").asc(), "pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "consultations/list.html",
        {
            "filters": filters,
            "page_obj": page,
            "rows": standings(page.object_list, when),
            "count": page.paginator.count,
        },
    )


def _found(chosen: dict[str, str], when: datetime) -> ConsultationQuerySet:
    status = chosen.get("status") or "open"
    public = Consultation.objects.visible_to(AnonymousUser())
    if status == "closed":
        closed = public.at_stage(Stage.CLOSED, when)
        found = closed | public.at_stage(Stage.FINDINGS, when)
    else:
        found = public if status == "all" else public.at_stage(status, when)
    if chosen.get("ward"):
        wards = Ward.objects.in_force().filter(slug=chosen["ward"])
        found = found.in_ward(wards[0]) if wards else found
    for name in ("topic", "service"):
        if chosen.get(name):
            found = found.filter(**{f"{name}__slug": chosen[name]})
    return searched(found, chosen.get("q", ""))


def searched(rows: ConsultationQuerySet, text: str) -> ConsultationQuerySet:
    """Those that hold every word, in title, sentence, text or reference."""
    for word in text.split():
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(summary__icontains=word)
            | Q(overview__icontains=word)
            | Q(reference__icontains=word)
        )
    return rows


@require_safe
def consultation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The overview, from which an answer starts; an old address leads to the new."""
    visible = Consultation.objects.visible_to(request.user)
    consultation = (
        visible.select_related("service", "topic", "level")
        .prefetch_related("wards", "documents", "amendments")
        .with_stage()
        .filter(slug=slug)
        .first()
    )
    if consultation is None:
        return _elsewhere(request, slug)
    if consultation.status == Status.WITHDRAWN and consultation.approved_at:
        return public_note(request, slug)
    return render(
        request, "consultations/detail.html", _overview(consultation, timezone.now())
    )


def _elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """An old address leads to the new one; of what was taken away the note stays."""
    visible = Consultation.objects.visible_to(request.user)
    old = OldAddress.objects.select_related("consultation")
    known = old.filter(slug=slug, was_public=True)
    found = known.filter(consultation__in=visible).first()
    if found is not None:
        return redirect(found.consultation, permanent=True)
    return public_note(request, slug)


def _overview(consultation: Consultation, when: datetime) -> dict[str, object]:
    version = questionnaires.current(consultation)
    ends = consultation.closes_at()
    released = {
        release.kind
        for release in consultation.releases.all()
        if release.public_from <= when
    }
    return {
        "consultation": consultation,
        "standing": standing(consultation, when),
        "opens_at": consultation.opens_at(),
        "closes_at": ends,
        "closes_day": last_day(ends) if ends else None,
        "minutes": estimate.minutes(frozen.questionnaire(version)) if version else None,
        "feedback_is_late": is_late(consultation, when),
        "has_findings": Release.Kind.FINDINGS in released,
        "has_feedback": Release.Kind.FEEDBACK in released,
        "is_public": consultation.approved_at is not None,
        "can_follow": Release.Kind.FEEDBACK not in released,
        "follow_form": FollowForm,  # made when it is drawn, which is once
        "when": when,
    }


@require_safe
@or_public_note
def consultation_document(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A supporting document as a page."""
    consultation = _visible(request, slug)
    return render(
        request,
        "consultations/document.html",
        {"consultation": consultation, "document": document_of(consultation, pk)},
    )


@require_safe
@or_public_note
def consultation_document_file(
    request: HttpRequest, slug: str, pk: int
) -> HttpResponse | FileResponse:
    """The file of a document: always saved, never opened inside the portal."""
    document = document_of(_visible(request, slug), pk)
    kind = CONTENT_TYPES.get(document.file_format, "application/octet-stream")
    return as_attachment(document.file, document.file_name, kind)


@require_http_methods(["GET", "HEAD", "POST"])
@or_public_note
def consultation_follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell me what happens: the same answer whether or not the address is known."""
    consultation = get_object_or_404(
        Consultation.objects.visible_to(AnonymousUser()), slug=slug
    )
    form = FollowForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        alerts.subscribe(
            form.cleaned_data["email"],
            kind="consultation",
            key=str(consultation.pk),
            language=getattr(request, "LANGUAGE_CODE", "en-gb"),
            title=consultation.title,
            page=consultation.get_absolute_url(),
        )
        return redirect("consultations:followed", consultation.slug)
    return render(
        request,
        "consultations/follow.html",
        {"consultation": consultation, "form": form},
    )


@require_safe
@or_public_note
def consultation_followed(request: HttpRequest, slug: str) -> HttpResponse:
    """What to do next: confirm from the e-mail."""
    consultation = get_object_or_404(
        Consultation.objects.visible_to(AnonymousUser()), slug=slug
    )
    return render(
        request, "consultations/followed.html", {"consultation": consultation}
    )


def _visible(request: HttpRequest, slug: str) -> Consultation:
    return get_object_or_404(Consultation.objects.visible_to(request.user), slug=slug)
