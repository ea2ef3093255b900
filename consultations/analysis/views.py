"""Staff pages about what people answered."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import ActionRefused
from accounts.doors import staff_page
from accounts.requests import SignedInRequest
from consultations import permissions
from consultations.analysis import actions, export, figures, pieces, reading
from consultations.analysis.forms import (
    CommentFilter,
    ReasonForm,
    ResponseFilter,
    ReviewForm,
)
from consultations.analysis.sheets import sheet
from consultations.analysis.wordings import frozen_versions, wordings
from consultations.models import Comment, Consultation, Response
from consultations.questionnaire.document import TEXT_KINDS
from council.context_processors import current_council

COMMENTS_A_PAGE = 25
RESPONSES_A_PAGE = 20
# Whether one of these counts is an officer's to decide (CON-08).
DECIDED = (Response.Status.SENT, Response.Status.HELD, Response.Status.EXCLUDED)


def _consultation(request: HttpRequest, slug: str) -> Consultation:
    visible = Consultation.objects.visible_to(request.user).select_related("service")
    return get_object_or_404(visible, slug=slug)


@staff_page
@require_GET
def counts(request: SignedInRequest, slug: str) -> HttpResponse:
    """The figures of every question, counted on this request.

    `?dont-know=count` counts those who do not know in net support, too (NET-01).
    """
    consultation = _consultation(request, slug)
    if not permissions.can_read_counts(request.user, consultation):
        raise PermissionDenied
    min_base = current_council(request).min_base_for_percent
    with_dont_know = request.GET.get("dont-know") == "count"
    found = reading.read(consultation, min_base=min_base, with_dont_know=with_dont_know)
    context = {
        "consultation": consultation,
        "totals": found.totals,
        "totals_table": pieces.totals_table(found.totals),
        "fates_table": pieces.fates_table(found.totals),
        "late": reading.late(consultation),
        "questions": [
            (table, figures.figure(table, min_base=min_base)) for table in found.tables
        ],
        "min_base": min_base,
        "with_dont_know": with_dont_know,
        "may_switch": figures.has_aside(found.tables),
        "may_read": permissions.can_read_comments(request.user, consultation),
    }
    return render(request, "consultations/analysis/counts.html", context)


@staff_page
@require_GET
def comments(request: SignedInRequest, slug: str) -> HttpResponse:
    """What people wrote, by question, with a search and the state of review."""
    consultation = _consultation(request, slug)
    if not permissions.can_read_comments(request.user, consultation):
        raise PermissionDenied
    questions = text_questions(consultation)
    form = CommentFilter(request.GET, questions=list(questions.items()))
    found = _filtered(consultation, form)
    page = Paginator(found, COMMENTS_A_PAGE).get_page(request.GET.get("page"))
    rows = [(row, questions.get(row.question_key, "")) for row in page.object_list]
    context = {
        "consultation": consultation,
        "filter_form": form,
        "page_obj": page,
        "rows": rows,
    }
    return render(request, "consultations/analysis/comments.html", context)


def text_questions(consultation: Consultation) -> dict[str, str]:
    """The questions that people answer in their own words, by comment key."""
    found: dict[str, str] = {}
    for wording in wordings(frozen_versions(consultation)):
        key = wording.question.key
        if wording.question.kind in TEXT_KINDS:
            found.setdefault(key, wording.label)
        if any(option.other for option in wording.question.options):
            label = _("%(question)s: in their own words")
            found.setdefault(f"{key}.other", label % {"question": wording.label})
    return found


def _filtered(consultation: Consultation, form: CommentFilter) -> QuerySet[Comment]:
    """The texts of responses that count; nothing for a filter that makes no sense."""
    found = (
        Comment.objects.filter(
            consultation=consultation, response__status=Response.Status.SENT
        )
        .select_related("response")
        .order_by("pk")
    )
    if not form.is_valid():
        return found.none()
    wanted = form.cleaned_data
    if wanted["question"]:
        found = found.filter(question_key=wanted["question"])
    if wanted["words"]:
        found = found.filter(text__icontains=wanted["words"])
    if wanted["publish"]:
        found = found.filter(publish=wanted["publish"])
    return found


@staff_page
@require_http_methods(["GET", "POST"])
def comment(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Review one text: may it be published, whole or redacted?"""
    consultation = _consultation(request, slug)
    if not permissions.can_read_comments(request.user, consultation):
        raise PermissionDenied
    found = get_object_or_404(Comment, consultation=consultation, pk=pk)
    form = ReviewForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.review_comment(found, by=request.user, **form.cleaned_data)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your review is saved."))
            return redirect("consultations:comments", slug)
    original = Comment.objects.get(pk=pk)
    context = {
        "consultation": consultation,
        "comment": original,
        "question": text_questions(consultation).get(original.question_key, ""),
        "form": form,
    }
    return render(request, "consultations/analysis/comment.html", context)


@staff_page
@require_GET
def responses(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every response by its reference, without what it says."""
    consultation = _consultation(request, slug)
    if not permissions.can_read_response(request.user, consultation):
        raise PermissionDenied
    form = ResponseFilter(request.GET)
    found = Response.objects.filter(consultation=consultation).order_by("-pk")
    if not form.is_valid():
        found = found.none()
    elif wanted := form.cleaned_data["reference"].strip():
        found = found.filter(reference__iexact=wanted)
    if form.is_valid() and form.cleaned_data["status"]:
        found = found.filter(status=form.cleaned_data["status"])
    page = Paginator(found.defer("answers", "codes"), RESPONSES_A_PAGE)
    context = {
        "consultation": consultation,
        "filter_form": form,
        "page_obj": page.get_page(request.GET.get("page")),
    }
    return render(request, "consultations/analysis/responses.html", context)


@staff_page
@require_http_methods(["GET", "POST"])
def response(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """One response whole, after signing in again and giving a reason (row 5)."""
    consultation = _consultation(request, slug)
    if not permissions.can_read_response(request.user, consultation):
        raise PermissionDenied
    found = get_object_or_404(
        Response.objects.select_related("version", "consultation"),
        consultation=consultation,
        reference=reference,
    )
    return _response_whole(request, found)


@reauthentication_required
def _response_whole(request: SignedInRequest, found: Response) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    lines = None
    if request.method == "POST" and form.is_valid():
        actions.read_whole(found, by=request.user, reason=form.cleaned_data["reason"])
        lines = sheet(found)
    may_decide = permissions.can_decide_held(request.user, found.consultation)
    context = {
        "consultation": found.consultation,
        "found": found,
        "lines": lines,
        "form": form,
        "may_decide": may_decide and found.status in DECIDED,
    }
    return render(request, "consultations/analysis/response.html", context)


@staff_page
@require_http_methods(["GET", "POST"])
def export_responses(request: SignedInRequest, slug: str) -> HttpResponse:
    """All responses as a file, after signing in again and giving a reason (row 7)."""
    consultation = _consultation(request, slug)
    if not permissions.can_export(request.user, consultation):
        raise PermissionDenied
    return _export(request, consultation)


@reauthentication_required
def _export(request: SignedInRequest, consultation: Consultation) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.export(
            consultation, by=request.user, reason=form.cleaned_data["reason"]
        )
        name = f"{consultation.slug}-responses.csv"
        return StreamingHttpResponse(  # type: ignore[return-value]
            export.lines(consultation),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    context = {
        "consultation": consultation,
        "form": form,
        "back": reverse("consultations:counts", args=[consultation.slug]),
    }
    return render(request, "consultations/analysis/export.html", context)
