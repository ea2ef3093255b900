"""Which published results a response is part of: its receipt says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import AuditEntry, AuditQuerySet
from consultations.models import Release, Response
from council.clock import local_day

COUNTED = "counted"


@dataclass(frozen=True)
class Published:
    """The results that the public reads now, and whether they count a response."""

    total: int
    on: datetime
    holds_it: bool


def newest_with(response: Response) -> Release | None:
    """The newest results that count a response, whether they are public yet or not."""
    made = _results(response)
    return next((r for r in reversed(made) if _counts(r, response, made)), None)


def results_with(response: Response, when: datetime) -> Published | None:
    """What is public at a moment, seen from one response; None before anything is."""
    made = _results(response)
    public = [release for release in made if release.public_from <= when]
    if not public:
        return None
    shown = max(public, key=lambda release: (release.public_from, release.pk))
    return Published(
        total=int(shown.counts[COUNTED]),
        on=shown.public_from,
        holds_it=_counts(shown, response, made),
    )


def _results(response: Response) -> list[Release]:
    """Every result of the consultation that has a total, the first one first."""
    made = Release.objects.filter(consultation=response.consultation_id).order_by("pk")
    return [release for release in made if COUNTED in release.counts]


def _counts(release: Release, response: Response, made: list[Release]) -> bool:
    """Whether a response counted when the figures of a release were read.

    Feedback shows the figures of the findings, which were read for those.
    """
    read = next(each for each in made if each.input_digest == release.input_digest)
    if response.status == Response.Status.WITHDRAWN:
        last = response.published_in_id
        return last is not None and read.pk <= last
    if response.received_on > local_day(read.created_at):
        return False
    later = _decisions(response).filter(at__gt=read.created_at).first()
    status = later.before.get("status") if later else response.status
    return bool(status == Response.Status.SENT)


def _decisions(response: Response) -> AuditQuerySet:
    """What officers decided about counting it, the first decision first."""
    return (
        AuditEntry.objects.about(response)
        .filter(action__in=["response.released", "response.excluded"])
        .order_by("at", "pk")
    )
