"""Findings and feedback: everybody who asked is told once (WASWYD-04)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from consultations.models import Release
from consultations.notices.recipients import (
    TO_FOLLOWERS,
    TO_RESPONDENTS,
    about,
    contacts,
    followers,
    not_told,
)
from notices import outbox

# After an outage longer than this the news is no news.
NEWS_FOR = timedelta(days=30)


def findings(release: Release, when: datetime | None = None) -> int:
    """Tell everybody who asked what people said."""
    return released(release, when)


def feedback(release: Release, when: datetime | None = None) -> int:
    """Tell everybody who asked what the council did."""
    return released(release, when)


def released(release: Release, when: datetime | None = None) -> int:
    """Queue the notices of a release, once it is public; before that nothing.

    Only the first release of its kind speaks: one that puts a figure right is no
    news. Who began to follow after publication has read it already.
    """
    when = when or timezone.now()
    if release.public_from > when:
        return 0
    if not Release.objects.firsts().filter(pk=release.pk).exists():
        return 0
    consultation = release.consultation
    payload = about(
        consultation,
        we_asked=release.texts.get("we_asked", ""),
        pages={"results": reverse("consultations:results", args=[consultation.slug])},
    )
    kind, occasion = f"consultations.{release.kind}", str(release.pk)
    respondents = contacts(consultation).filter(wants_feedback=True)
    alerts = followers(consultation).filter(confirmed_at__lte=release.public_from)
    made = 0
    for people, reader in ((respondents, TO_RESPONDENTS), (alerts, TO_FOLLOWERS)):
        made += outbox.queue_many(
            not_told(people, kind, occasion),
            kind=kind,
            occasion=occasion,
            payload={**payload, **reader},
            about=consultation,
        )
    outbox.ring()
    return made


def fresh(when: datetime) -> QuerySet[Release]:
    """Releases whose time has come lately, of consultations that still stand."""
    return (
        Release.objects.firsts()
        .filter(
            public_from__lte=when,
            public_from__gt=when - NEWS_FOR,
            consultation__status="approved",
        )
        .select_related("consultation")
        .prefetch_related("consultation__windows")
        .order_by("pk")
    )
