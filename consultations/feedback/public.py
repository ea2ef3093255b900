"""The public page of results: it reads releases and never an answer."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from consultations.analysis import cells
from consultations.feedback import results as page
from consultations.models import Consultation, Release


def _released(request: HttpRequest, slug: str) -> tuple[Consultation, list[Release]]:
    """A consultation with its public releases; 404 where nothing is public."""
    visible = Consultation.objects.visible_to(request.user)
    consultation = get_object_or_404(visible, slug=slug)
    releases = page.public_releases(consultation, timezone.now())
    if not releases:
        raise Http404
    for release in releases:
        release.consultation = consultation
    return consultation, releases


@require_GET
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """What people said, and what the council did about it."""
    consultation, releases = _released(request, slug)
    context = {
        "consultation": consultation,
        "results": page.results(consultation, releases),
    }
    return render(request, "consultations/feedback/results.html", context)


@require_GET
def results_csv(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The published table of one question as a file."""
    _consultation, releases = _released(request, slug)
    table = page.table_of(releases, key)
    if table is None:
        raise Http404
    response = HttpResponse(
        "".join(cells.lines(page.rows(table))), content_type="text/csv; charset=utf-8"
    )
    name = f"{slug}-{key}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
