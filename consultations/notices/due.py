"""What the clock has made due: asked every minute, queued once.

Everything here can be run at any moment and any number of times: the outbox's key
holds the occasion, and the occasion holds the closing date, so that an extension
speaks again (REM-03, REM-04). After an outage it catches up with what still helps.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.roles import RoleKind
from consultations.models import (
    Consultation,
    ContactOptIn,
    OpenWindow,
    Release,
    Stage,
    Status,
)
from consultations.notices import releases
from consultations.notices.recipients import (
    CLOSING_SOON,
    TO_DRAFTS,
    TO_FOLLOWERS,
    about,
    answered,
    followers,
    not_told,
    queue_for,
    unfinished,
)
from council.clock import day_ends, day_starts, is_quiet, last_day, local_day
from council.models import Council
from design import formats
from notices import outbox
from notices.reminders import within_limit

OPENS = "consultations.opens"
# Days before the last day on which people are reminded.
DAYS_BEFORE = (7, 1)
# That it is open is news for so long, should the portal have been down.
OPENING_IS_NEWS = timedelta(days=2)
# What was queued before the quiet hours and could not go waits for their end too.
REMINDS = {"keep_quiet": True}
FEEDBACK_SOON = FEEDBACK_LATE = timedelta(days=7)


def queue_due(when: datetime) -> int:
    """Queue what is due at a moment; returns how many notices are new.

    In the council's quiet hours nothing but news (findings, feedback) is queued:
    what falls due in them waits for the first minute after, and what is past by
    then is not said at all (REM-03).
    """
    council = Council.objects.current()
    made = sum(releases.released(release, when) for release in releases.fresh(when))
    quiet = is_quiet(
        when,
        quiet_from=council.quiet_from_hour,
        quiet_until=council.quiet_until_hour,
    )
    if not quiet:
        for consultation in Consultation.objects.at_stage(Stage.OPEN, when):
            made += _while_open(consultation, when, council)
        for consultation in _awaiting_feedback(when):
            made += _feedback(consultation, when)
    if made:
        outbox.ring()
    return made


# To the public --------------------------------------------------------------------


@transaction.atomic
def _while_open(consultation: Consultation, when: datetime, council: Council) -> int:
    """What is due about an open consultation, as it is under the lock.

    Somebody may be extending or withdrawing it at this moment.
    """
    row = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if row.stage_at(when) != Stage.OPEN:
        return 0
    window = next(w for w in row.windows.all() if w.starts <= when < w.ends)
    return (
        _opens(row, window, when)
        + _closing_soon(row, window, when, council)
        + _closing_tomorrow(row, window, when)
    )


def _opens(consultation: Consultation, window: OpenWindow, when: datetime) -> int:
    """Tell those who followed it before it opened."""
    if window.why != OpenWindow.Why.PLANNED or when > window.starts + OPENING_IS_NEWS:
        return 0
    occasion = str(consultation.pk)
    early = followers(consultation).filter(confirmed_at__lt=window.starts)
    return outbox.queue_many(
        not_told(early, OPENS, occasion),
        kind=OPENS,
        occasion=occasion,
        payload=about(consultation, **REMINDS, **TO_FOLLOWERS),
        about=consultation,
        expires_at=window.ends,
    )


def _closing_soon(
    consultation: Consultation, window: OpenWindow, when: datetime, council: Council
) -> int:
    last, today = last_day(window.ends), local_day(when)
    days = _reminder_due(window, last, today)
    if days is None:
        return 0
    occasion = f"{consultation.pk}:{last.isoformat()}:{days}"
    # Who came today needs no reminder today; who came later than the reminder's
    # day gets the next one.
    before = min(last - timedelta(days=days) + timedelta(days=1), today)
    drafts = unfinished(consultation).filter(updated_on__lt=before)
    alerts = followers(consultation).filter(confirmed_at__lt=day_starts(before))
    made = 0
    for people, reader in ((drafts, TO_DRAFTS), (alerts, TO_FOLLOWERS)):
        made += outbox.queue_many(
            _remindable(people, consultation, occasion, council),
            kind=CLOSING_SOON,
            occasion=occasion,
            payload=about(consultation, **REMINDS, **reader),
            about=consultation,
            expires_at=window.ends,
        )
    return made


def _reminder_due(window: OpenWindow, last: date, today: date) -> int | None:
    """Which of the reminders, 7 days and 1 day before, is due, if any.

    None for one whose day came before the opening or the extension: people have
    just been told of that date.
    """
    for days in reversed(DAYS_BEFORE):
        day = last - timedelta(days=days)
        if day <= today:
            return days if local_day(window.starts) < day else None
    return None


def _remindable(
    people: QuerySet[Any], consultation: Consultation, occasion: str, council: Council
) -> QuerySet[Any]:
    """Without those who have answered, and those reminded often enough (REM-03)."""
    contacts = ContactOptIn.objects.filter(consultation=consultation)
    few = within_limit(
        not_told(people, CLOSING_SOON, occasion),
        kinds=[CLOSING_SOON],
        occasion_prefix=occasion.rpartition(":")[0] + ":",
        limit=council.max_reminders,
    )
    return few.exclude(address_key__in=contacts.values("address_key")).exclude(
        address_key__in=answered(consultation)
    )


# To staff -------------------------------------------------------------------------


def _in_charge(consultation: Consultation) -> list[User]:
    """Who is reminded: the lead, or whoever is there when the lead has left."""
    if consultation.lead_officer.is_active:
        return [consultation.lead_officer]
    officers = User.objects.with_role(RoleKind.SERVICE_OFFICER).filter(
        pk__in=consultation.service.officer_posts.filter(ended_at=None).values("user")
    )
    approvers = User.objects.with_role(RoleKind.CONSULTATION_APPROVER)
    return list(officers) or list(approvers)


def _closing_tomorrow(
    consultation: Consultation, window: OpenWindow, when: datetime
) -> int:
    last = last_day(window.ends)
    if local_day(when) != last - timedelta(days=1):
        return 0
    return queue_for(
        _in_charge(consultation),
        kind="consultations.closing_tomorrow",
        occasion=f"{consultation.pk}:{last.isoformat()}",
        payload=about(
            consultation, **REMINDS, pages={"hub": _page("hub", consultation)}
        ),
        about=consultation,
        expires_at=day_ends(last - timedelta(days=1)),
    )


def _awaiting_feedback(when: datetime) -> QuerySet[Consultation]:
    """Closed ones without feedback, whose day of feedback is near or past.

    Without those whose feedback is confirmed and waits for its time.
    """
    confirmed = Release.objects.filter(kind=Release.Kind.FEEDBACK)
    soon = local_day(when) + FEEDBACK_SOON
    return (
        Consultation.objects.with_clock(when)
        .filter(
            Q(is_open_then=False, will_open_then=False, feedback_out_then=False),
            status=Status.APPROVED,
            feedback_due__lte=soon,
        )
        .exclude(pk__in=confirmed.values("consultation"))
        .select_related("lead_officer")
        .prefetch_related("windows")
        .order_by("pk")
    )


def _feedback(consultation: Consultation, when: datetime) -> int:
    due, today = consultation.feedback_due, local_day(when)
    if due is None:
        return 0
    people = _in_charge(consultation)
    kind, occasion = "consultations.feedback_due", f"{consultation.pk}:{due}:7"
    if today >= due + FEEDBACK_LATE:
        kind, occasion = "consultations.feedback_overdue", f"{consultation.pk}:{due}"
        people += User.objects.with_role(RoleKind.CONSULTATION_APPROVER)
    elif today >= due:
        occasion = f"{consultation.pk}:{due}:0"
    return queue_for(
        people,
        kind=kind,
        occasion=occasion,
        payload=about(
            consultation,
            **REMINDS,
            is_today=today == due,
            due=formats.day(due),
            pages={"feedback": _page("feedback", consultation)},
        ),
        about=consultation,
    )


def _page(name: str, consultation: Consultation) -> str:
    return reverse(f"consultations:{name}", args=[consultation.slug])
