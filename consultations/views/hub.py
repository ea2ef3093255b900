"""What the hub of a consultation shows: its tasks in three groups, and its counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from consultations import permissions
from consultations.actions.approval import last_sent
from consultations.actions.checks import draft_document, missing
from consultations.actions.moves import PLANNED
from consultations.feedback import actions as feedback
from consultations.models import (
    ApprovalStep,
    Consultation,
    Release,
    Response,
    Stage,
    Status,
)
from consultations.questionnaire import estimate
from consultations.views.standing import standing

Item = dict[str, Any]
PLAN_PAGES = ("edit_overview", "edit_people", "edit_dates", "edit_privacy")


def hub_context(
    consultation: Consultation, user: User, when: datetime
) -> dict[str, Any]:
    """Everything on the page."""
    stands = standing(consultation, when)
    lacks = missing(consultation, when) if consultation.status in PLANNED else []
    routes = [each.route.removeprefix("consultations:") for each in lacks]
    can_edit = permissions.can_edit(user, consultation)
    return {
        "consultation": consultation,
        "standing": stands,
        "can_edit": can_edit,
        "can_approve": permissions.can_approve(user, consultation),
        "can_read_trail": permissions.can_read_trail(user, consultation),
        "is_planned": consultation.status in PLANNED,
        "lacks": lacks,
        "returned": _returned(consultation),
        "sent": last_sent(consultation) if stands.stage == Stage.WAITING else None,
        "prepare": _prepare(consultation, routes, can_edit),
        "run": _run(consultation, stands.stage) if can_edit else [],
        "close": _close(consultation, stands.stage, user) if can_edit else [],
        "channels": _channels(consultation),
    }


def _address(name: str, consultation: Consultation, *more: object) -> str:
    return reverse(f"consultations:{name}", args=[consultation.slug, *more])


def _prepare(
    consultation: Consultation, routes: list[str], can_edit: bool
) -> list[Item]:
    """The plan, page by page, each with what it lacks."""
    is_planned = consultation.status in PLANNED
    titles = {
        "edit_overview": _("Overview"),
        "edit_people": _("People and places"),
        "edit_dates": _("Dates and feedback"),
        "edit_privacy": _("Privacy and equality"),
    }
    items = [
        _task(consultation, name, titles[name], routes.count(name), is_planned)
        for name in PLAN_PAGES
    ]
    documents = consultation.documents.count()
    items.append(
        {
            "title": _("Documents"),
            "href": _address("documents", consultation),
            "status": ngettext("%(n)s document", "%(n)s documents", documents)
            % {"n": documents},
        }
    )
    items.append(_questions(consultation, routes, is_planned))
    items.append(
        {
            "title": _("Preview"),
            "href": _address("preview", consultation, 1),
            "status": _("As residents see it"),
        }
    )
    items.append(_approval(consultation, bool(routes)))
    if not can_edit:
        items = [{**item, "href": ""} for item in items]
    return items


def _task(
    consultation: Consultation, name: str, title: str, lacks: int, is_planned: bool
) -> Item:
    item: Item = {"title": title, "href": _address(name, consultation)}
    if not is_planned:
        return {**item, "href": "", "status": _("Completed")}
    if not lacks:
        return {**item, "status": _("Completed")}
    words = ngettext("%(n)s thing missing", "%(n)s things missing", lacks)
    return {**item, "status": words % {"n": lacks}, "colour": "blue"}


def _questions(consultation: Consultation, routes: list[str], is_planned: bool) -> Item:
    questionnaire = draft_document(consultation)
    item = _task(
        consultation,
        "questions",
        _("Questions"),
        routes.count("questions"),
        is_planned,
    )
    if questionnaire is not None:
        count = len(questionnaire.questions())
        words = ngettext("%(n)s question", "%(n)s questions", count) % {"n": count}
        minutes = estimate.minutes(questionnaire)
        about = ngettext("about %(m)s minute", "about %(m)s minutes", minutes)
        item["hint"] = f"{words}, {about % {'m': minutes}}"
    return item


def _approval(consultation: Consultation, lacks: bool) -> Item:
    item: Item = {"title": _("Send for approval")}
    if consultation.status in PLANNED:
        item["href"] = _address("send_for_approval", consultation)
        item["status"] = _("Cannot start yet") if lacks else _("Ready to send")
        if not lacks:
            item["colour"] = "green"
        return item
    waiting = consultation.status == Status.WAITING
    return {**item, "status": _("Waiting") if waiting else _("Completed")}


def _run(consultation: Consultation, stage: Stage) -> list[Item]:
    """What can be done while it is public, at this stage."""
    links: list[tuple[str, str, frozenset[Stage]]] = [
        (
            "counts",
            _("Answers so far"),
            frozenset({Stage.OPEN, Stage.CLOSED, Stage.FINDINGS, Stage.FEEDBACK}),
        ),
        ("held", _("Held answers"), frozenset({Stage.OPEN, Stage.CLOSED})),
        ("extend", _("Extend"), frozenset({Stage.OPEN})),
        ("close_early", _("Close early"), frozenset({Stage.OPEN})),
        ("amend", _("Correct something"), frozenset({Stage.OPEN})),
        (
            "withdraw",
            _("Withdraw"),
            frozenset({Stage.OPENS_SOON, Stage.OPEN, Stage.CLOSED}),
        ),
    ]
    items = [
        {"title": title, "href": _address(name, consultation), "status": ""}
        for name, title, stages in links
        if stage in stages
    ]
    held = consultation.responses.filter(status=Response.Status.HELD).count()
    for item in items:
        if held and item["href"] == _address("held", consultation):
            item["status"], item["colour"] = str(held), "orange"
    return items


def _close(consultation: Consultation, stage: Stage, user: User) -> list[Item]:
    """What people said and what the council did."""
    if stage not in {Stage.CLOSED, Stage.FINDINGS, Stage.FEEDBACK}:
        return []
    out = {release.kind for release in consultation.releases.all()}
    rows = [
        ("findings", _("Findings: what people said"), Release.Kind.FINDINGS),
        ("feedback", _("We asked, you said, we did"), Release.Kind.FEEDBACK),
    ]
    items: list[Item] = [
        {
            "title": title,
            "href": _address(name, consultation),
            "status": _("Published"),
        }
        if kind in out
        else _unpublished(consultation, name, title, user)
        for name, title, kind in rows
    ]
    if stage != Stage.FEEDBACK:
        items.append(
            {
                "title": _("Move the day of feedback"),
                "href": _address("move_feedback", consultation),
                "status": "",
            }
        )
    return items


def _unpublished(consultation: Consultation, name: str, title: str, user: User) -> Item:
    """Leads to the writing; for a second person, to what waits for them."""
    text = getattr(consultation, name, None)
    if text is None or text.ready_at is None:
        href, status = _address(name, consultation), _("Not yet published")
        return {"title": title, "href": href, "status": status}
    route = name if feedback.took_part(text, user) else f"{name}_confirm"
    return {
        "title": title,
        "href": _address(route, consultation),
        "status": _("Waiting for a second person"),
        "colour": "yellow",
    }


def _returned(consultation: Consultation) -> ApprovalStep | None:
    if consultation.status != Status.RETURNED:
        return None
    steps = consultation.approval_steps.filter(step=ApprovalStep.Step.RETURNED)
    return steps.select_related("by").last()


def _channels(consultation: Consultation) -> list[tuple[str, int]]:
    """How many answers came by each channel, of those that are counted."""
    words = dict(Response.Channel.choices)
    counted = consultation.responses.filter(status=Response.Status.SENT)
    rows = counted.order_by().values("channel").annotate(n=Count("pk"))
    return [(str(words[row["channel"]]), row["n"]) for row in rows]
