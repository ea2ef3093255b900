"""What needs a member of staff: do now, waiting for others, coming up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import RoleKind
from consultations import permissions
from consultations.actions.writers import changed_by
from consultations.feedback.taking_part import taken_part_in
from consultations.models import (
    ApprovalStep,
    Consultation,
    Feedback,
    Findings,
    Release,
    Response,
    Stage,
    Status,
)
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


@dataclass(frozen=True)
class Reader:
    """Whose work it is, and what they had a part in: somebody else must answer that."""

    user: User
    when: datetime
    changed: frozenset[int]
    texts: frozenset[tuple[int, str]]

    def may_approve(self, plan: Any) -> bool:
        """Whether approval waits for this person; `plan` is a row of `_rows`."""
        return (
            permissions.can_approve(self.user, plan)
            and plan.sent_by != self.user.pk
            and plan.pk not in self.changed
        )

    def may_confirm(self, text: Findings | Feedback, kind: str) -> bool:
        """Whether publication waits for this person."""
        took_part = (text.consultation_id, kind) in self.texts
        return text.prepared_by_id != self.user.pk and not took_part


def work_of(user: User, when: datetime) -> Work:
    """What a person has to do, from the consultations that they work on."""
    work, rows = Work([], [], []), list(_rows(user, when))
    waiting = [row.pk for row in rows if row.status == Status.WAITING]
    over = [row.pk for row in rows if row.status == Status.APPROVED]
    reader = Reader(user, when, changed_by(user, waiting), taken_part_in(user, over))
    for consultation in rows:
        _sort(work, consultation, reader)
    return work.ordered()


def _rows(user: User, when: datetime) -> QuerySet[Consultation]:
    held = Count(
        "responses", filter=Q(responses__status=Response.Status.HELD), distinct=True
    )
    sent = ApprovalStep.objects.filter(
        consultation=OuterRef("pk"), step=ApprovalStep.Step.SENT
    )
    return (
        Consultation.objects.run_by(user)
        .with_clock(when)
        .filter(Q(feedback_out_then=False))
        .exclude(status__in=[Status.WITHDRAWN, Status.ABANDONED, Status.ARCHIVED])
        .annotate(held=held, sent_by=Subquery(sent.order_by("-pk").values("by")[:1]))
        .select_related("findings", "feedback")
        .for_list()
        .order_by("pk")
    )


def _sort(work: Work, consultation: Consultation, reader: Reader) -> None:
    row = standing(consultation, reader.when)
    if consultation.status == Status.WAITING:
        _approval(work, row, reader)
    elif not _is_for(reader.user, consultation):
        # A service of one officer has its second person in the central team.
        _confirm(work, row, reader, is_own=False)
    elif consultation.status in {Status.DRAFT, Status.RETURNED}:
        _plan(work, row)
    else:
        _public(work, row, reader)


def _is_for(user: User, consultation: Consultation) -> bool:
    """The central team sees everything on the list; here only what is its own."""
    works_there = (
        RoleKind.SERVICE_OFFICER in user.role_kinds
        and consultation.service_id in permissions.user_services(user)
    )
    own = {consultation.lead_officer_id, consultation.created_by_id}
    return works_there or user.pk in own


def _approval(work: Work, row: Standing, reader: Reader) -> None:
    plan = row.consultation
    if reader.may_approve(plan):
        title = _("Approve: %(title)s") % {"title": plan.title}
        work.now.append(Task(title, _to("approve", plan), row, plan.opens_on))
    elif _is_for(reader.user, plan) or permissions.can_approve(reader.user, plan):
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


def _public(work: Work, row: Standing, reader: Reader) -> None:
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
        _loop(work, row, reader)


def _loop(work: Work, row: Standing, reader: Reader) -> None:
    """Findings and feedback: to write, to confirm, set for later, or with others."""
    waits = _confirm(work, row, reader, is_own=True)
    if _set_for_later(work, row, reader) or waits:
        return
    consultation = row.consultation
    due, name = consultation.feedback_due, {"title": consultation.title}
    late = is_late(consultation, reader.when)
    soon = due is not None and due <= local_day(reader.when) + SOON
    title, page = _("Write feedback: %(title)s"), "feedback"
    if not consultation.releases.all():
        title, page = _("Write the findings: %(title)s"), "findings"
    if late:
        title = _("Feedback is late: %(title)s")
    section = work.now if late or soon else work.coming
    section.append(Task(title % name, _to(page, consultation), row, due))


def _confirm(work: Work, row: Standing, reader: Reader, *, is_own: bool) -> bool:
    """What waits for a second person; whether anything does."""
    consultation: Any = row.consultation
    due, name = consultation.feedback_due, {"title": consultation.title}
    found = False
    for kind in Release.Kind.values:
        text = getattr(consultation, kind, None)
        if text is None or text.ready_at is None:
            continue
        if reader.may_confirm(text, kind):
            title = _("Confirm publication: %(title)s") % name
            address = _to(f"{kind}_confirm", consultation)
            work.now.append(Task(title, address, row, due))
        elif is_own:
            title = _("Waiting for a second person: %(title)s") % name
            work.waiting.append(Task(title, _to(kind, consultation), row, due))
        found = True
    return found


def _set_for_later(work: Work, row: Standing, reader: Reader) -> bool:
    """What is confirmed and becomes public by itself; whether the feedback does."""
    consultation = row.consultation
    found = False
    for release in consultation.releases.all():
        if release.public_from > reader.when:
            title = _("Will be published: %(title)s") % {"title": consultation.title}
            day = local_day(release.public_from)
            work.coming.append(Task(title, _to("hub", consultation), row, day))
            found = found or release.kind == Release.Kind.FEEDBACK
    return found


def _to(name: str, consultation: Consultation) -> str:
    return reverse(f"consultations:{name}", args=[consultation.slug])
