"""The home page: is there something for me, and did it matter?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from consultations.models import Consultation, Release, Stage
from consultations.models.lifecycle import PUBLIC_STATUSES
from council.clock import day_ends, local_day
from engage.places.forms import PostcodeForm

# What closes in so many days closes soon.
SOON = timedelta(days=7)
CLOSING_SOON = 3
OPEN_NOW = 3
WHAT_WE_DID = 3
LINE = 200


@dataclass(frozen=True)
class Outcome:
    """What came of one consultation, in a line."""

    consultation: Consultation
    label: str
    sentence: str
    published: datetime


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search, the way to a ward, what closes soon, what is open, what came of it."""
    when = timezone.now()
    is_open = Consultation.objects.at_stage(Stage.OPEN, when)
    rows = list(
        is_open.with_dates().order_by(F("last_ends").asc(), "pk")[
            : CLOSING_SOON + OPEN_NOW
        ]
    )
    soon = _closing_soon(rows, when)
    context = {
        "when": when,
        "open_count": is_open.count(),
        "closing_soon": soon,
        "open_now": rows[len(soon) :][:OPEN_NOW],
        "what_we_did": _newest_feedback(when),
        "postcode_form": PostcodeForm(),
    }
    return render(request, "engage/home.html", context)


def _closing_soon(rows: list[Any], when: datetime) -> list[Any]:
    """Return the first of these, in order of closing, whose last day is near."""
    limit = day_ends(local_day(when) + SOON)
    near = [row for row in rows if row.last_ends and row.last_ends <= limit]
    return near[:CLOSING_SOON]


def _newest_feedback(when: datetime) -> list[Outcome]:
    """What came of the three consultations that got their feedback last."""
    releases = Release.objects.filter(
        kind=Release.Kind.FEEDBACK,
        public_from__lte=when,
        consultation__status__in=PUBLIC_STATUSES,
    )
    found: dict[int, Release] = {}
    # Later releases of one consultation supersede its earlier ones.
    for release in releases.select_related("consultation").defer("tables")[:20]:
        found.setdefault(release.consultation_id, release)
    return [_outcome(release) for release in list(found.values())[:WHAT_WE_DID]]


def _outcome(release: Release) -> Outcome:
    labels = dict(Consultation.Outcome.choices)
    we_did = " ".join(str(release.texts.get("we_did", "")).split())
    first, end, _rest = we_did.partition(". ")
    return Outcome(
        consultation=release.consultation,
        label=str(labels.get(release.outcome, "")),
        sentence=Truncator(f"{first}{end}".strip()).chars(LINE),
        published=release.public_from,
    )
