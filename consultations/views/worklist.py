"""What needs a member of staff: do now, waiting for others, coming up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import RoleKind
from consultations import permissions
from consultations.models import Consultation, Response, Stage, Status
from consultations.views.standing import Standing, is_late, standing
from council.clock import last_day, local_day

MOST = 50
SOON = timedelta(days=14)
NEVER = date.max


@dataclass(frozen=True)
class Task:
    """A row: what to do, where, by when."""

    title: str
    href: str
    standing: Standing
    due: date | None = None


@dataclass
class Work:
    """The three sections, each in the order of its dates."""

    now: list[Task]
    waiting: list[Task]
    coming: list[Task]

    def ordered(self) -> Work:
        for section in (self.now, self.waiting, self.coming):
            section.sort(key=lambda t: (t.due or NEVER, t.standing.consultation.pk))
            del section[MOST:]
        return self


def work_of(user: User, when: datetime) -> Work:
    """What a person has to do, from the consultations that they work on."""
    work = Work([], [], [])
    rows = (
        Consultation.objects.run_by(user)
        .with_clock(when)
        .filter(Q(feedback_out_then=False))
        .exclude(status__in=[Status.WITHDRAWN, Status.ABANDONED, Status.ARCHIVED])
        .annotate(
            held=Count(
                "responses",
                filter=Q(responses__status=Response.Status.HELD),
                distinct=True,
            )
        )
        .select_related("findings", "feedback")
        .for_list()
        .order_by("pk")
    )
    for consultation in rows:
        _sort(work, consultation, user, when)
    return work.ordered()


def _sort(work: Work, consultation: Consultation, user: User, when: datetime) -> None:
    row = standing(consultation, when)
    if consultation.status == Status.WAITING:
        _approval(work, row, user)
    elif not _is_for(user, consultation):
        # A service of one officer has its second person in the central team.
        _confirm(work, row, user)
    elif consultation.status in {Status.DRAFT, Status.RETURNED}:
        _plan(work, row)
    else:
        _public(work, row, user, when)


def _is_for(user: User, consultation: Consultation) -> bool:
    """The central team sees everything on the list; here only what is its own."""
    works_there = (
        RoleKind.SERVICE_OFFICER in user.role_kinds
        and consultation.service_id in permissions.user_services(user)
    )
    own = {consultation.lead_officer_id, consultation.created_by_id}
    return works_there or user.pk in own


def _approval(work: Work, row: Standing, user: User) -> None:
    plan = row.consultation
    if permissions.can_approve(user, plan):
        title = _("Approve: %(title)s") % {"title": plan.title}
        work.now.append(Task(title, _to("approve", plan), row, plan.opens_on))
    elif _is_for(user, plan):
        title = _("Waiting for approval: %(title)s") % {"title": plan.title}
        work.waiting.append(Task(title, _to("hub", plan), row, plan.opens_on))


def _plan(work: Work, row: Standing) -> None:
    plan = row.consultation
    if plan.status == Status.RETURNED:
        title = _("Make the changes asked for: %(title)s") % {"title": plan.title}
        work.now.append(Task(title, _to("hub", plan), row, plan.opens_on))
        return
    title = _("Finish the plan: %(title)s") % {"title": plan.title}
    work.coming.append(Task(title, _to("hub", plan), row, plan.opens_on))


def _public(work: Work, row: Standing, user: User, when: datetime) -> None:
    consultation: Any = row.consultation
    name = {"title": consultation.title}
    if consultation.held:
        title = _("Decide about held answers: %(title)s") % name
        work.now.append(Task(title, _to("held", consultation), row))
    ends = consultation.closes_at()
    if row.stage == Stage.OPENS_SOON:
        opens = consultation.opens_at()
        title = _("Opens: %(title)s") % name
        work.coming.append(Task(title, _to("hub", consultation), row, local_day(opens)))
    elif row.stage == Stage.OPEN:
        title = _("Closes: %(title)s") % name
        work.coming.append(Task(title, _to("hub", consultation), row, last_day(ends)))
    else:
        _loop(work, row, user, when)


def _loop(work: Work, row: Standing, user: User, when: datetime) -> None:
    """Findings and feedback: to write, to confirm, or with a second person."""
    if _confirm(work, row, user):
        return
    consultation = row.consultation
    due, name = consultation.feedback_due, {"title": consultation.title}
    late = is_late(consultation, when)
    soon = due is not None and due <= local_day(when) + SOON
    title = _("Feedback is late: %(title)s") if late else _("Write feedback: %(title)s")
    section = work.now if late or soon else work.coming
    section.append(Task(title % name, _to("feedback", consultation), row, due))


def _confirm(work: Work, row: Standing, user: User) -> bool:
    """What waits for a second person; whether anything does."""
    consultation: Any = row.consultation
    due, name = consultation.feedback_due, {"title": consultation.title}
    if not permissions.can_publish(user, consultation):
        return False
    found = False
    for part, confirm in (
        ("findings", "findings_confirm"),
        ("feedback", "feedback_confirm"),
    ):
        text = getattr(consultation, part, None)
        if text is None or text.ready_at is None or _is_out(consultation, part):
            continue
        if text.prepared_by_id == user.pk:
            title = _("Waiting for a second person: %(title)s") % name
            work.waiting.append(Task(title, _to(part, consultation), row, due))
        else:
            title = _("Confirm publication: %(title)s") % name
            work.now.append(Task(title, _to(confirm, consultation), row, due))
        found = True
    return found


def _is_out(consultation: Consultation, kind: str) -> bool:
    """Confirmed already, be it public or set for later."""
    return any(release.kind == kind for release in consultation.releases.all())


def _to(name: str, consultation: Consultation) -> str:
    return reverse(f"consultations:{name}", args=[consultation.slug])
