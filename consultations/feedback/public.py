"""The public page of results: it reads releases and never an answer."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consultations.analysis import cells
from consultations.feedback import results as page
from consultations.models import Consultation


def _released(
    request: HttpRequest, slug: str
) -> tuple[Consultation, tuple[page.ReleaseKey, ...]]:
    """A consultation and what of it is public; 404 where nothing is."""
    visible = Consultation.objects.visible_to(request.user)
    shown = visible.only("title", "slug", "is_generated")  # the rest is in releases
    consultation = get_object_or_404(shown, slug=slug)
    keys = page.public_keys(consultation, timezone.now())
    if not keys:
        raise Http404
    return consultation, keys


@require_safe
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """What people said, and what the council did about it."""
    consultation, keys = _released(request, slug)
    context = {
        "consultation": consultation,
        "body": page.public_body(keys, slug, get_language() or ""),
    }
    return render(request, "consultations/feedback/results.html", context)


@require_safe
def results_csv(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The published table of one question as a file."""
    _consultation, keys = _released(request, slug)
    table = page.table_of(page.releases_of(keys), key)
    if table is None:
        raise Http404
    response = HttpResponse(
        "".join(cells.lines(page.rows(table))), content_type="text/csv; charset=utf-8"
    )
    name = f"{slug}-{key}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
