"""The tasks on the hub of a consultation: prepare, run, close the loop."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from consultations.actions.checks import Missing, draft_document
from consultations.actions.moves import PLANNED
from consultations.feedback.taking_part import took_part
from consultations.models import Consultation, Release, Response, Stage, Status
from consultations.questionnaire import estimate
from design import formats

Item = dict[str, Any]
AFTER_OPENING = frozenset({Stage.OPEN, Stage.CLOSED, Stage.FINDINGS, Stage.FEEDBACK})
AFTER_CLOSING = AFTER_OPENING - {Stage.OPEN}
UNTIL_FINDINGS = frozenset({Stage.OPENS_SOON, Stage.OPEN, Stage.CLOSED})
WHILE_OPEN = frozenset({Stage.OPEN})
CANCEL: dict[str, Any] = {
    Release.Kind.FINDINGS: gettext_lazy("Cancel publication of the findings"),
    Release.Kind.FEEDBACK: gettext_lazy("Cancel publication of the feedback"),
}


def _address(name: str, consultation: Consultation, *more: object) -> str:
    return reverse(f"consultations:{name}", args=[consultation.slug, *more])


# Prepare --------------------------------------------------------------------------


def prepare(
    consultation: Consultation, lacks: list[Missing], *, can_edit: bool
) -> list[Item]:
    """The plan, page by page, each with what it lacks."""
    routes = [each.route.removeprefix("consultations:") for each in lacks]
    titles = {
        "edit_overview": _("Overview"),
        "edit_people": _("People and places"),
        "edit_dates": _("Dates and feedback"),
        "edit_privacy": _("Privacy and equality"),
    }
    items = [
        _page(consultation, name, title, routes.count(name))
        for name, title in titles.items()
    ]
    items.append(_documents(consultation))
    items.append(_questions(consultation, routes.count("questions")))
    items.append(_preview(consultation))
    items.append(_approval(consultation, lacks=bool(routes)))
    return items if can_edit else [{**item, "href": ""} for item in items]


def _page(consultation: Consultation, name: str, title: str, lacks: int) -> Item:
    item: Item = {"title": title, "href": _address(name, consultation)}
    if consultation.status not in PLANNED:
        return {**item, "href": "", "status": _("Completed")}
    if not lacks:
        return {**item, "status": _("Completed")}
    words = ngettext("%(n)s thing missing", "%(n)s things missing", lacks)
    return {**item, "status": words % {"n": lacks}, "colour": "blue"}


def _documents(consultation: Consultation) -> Item:
    count = consultation.documents.count()
    words = ngettext("%(n)s document", "%(n)s documents", count)
    return {
        "title": _("Documents"),
        "href": _address("documents", consultation),
        "status": words % {"n": count},
    }


def _questions(consultation: Consultation, lacks: int) -> Item:
    questionnaire = draft_document(consultation)
    item = _page(consultation, "questions", _("Questions"), lacks)
    if questionnaire is not None:
        count = len(questionnaire.questions())
        words = ngettext("%(n)s question", "%(n)s questions", count) % {"n": count}
        minutes = estimate.minutes(questionnaire)
        about = ngettext("about %(m)s minute", "about %(m)s minutes", minutes)
        item["hint"] = f"{words}, {about % {'m': minutes}}"
    return item


def _preview(consultation: Consultation) -> Item:
    return {
        "title": _("Preview"),
        "href": _address("preview", consultation, 1),
        "status": _("As residents see it"),
    }


def _approval(consultation: Consultation, *, lacks: bool) -> Item:
    item: Item = {"title": _("Send for approval")}
    if consultation.status in PLANNED:
        item["href"] = _address("send_for_approval", consultation)
        item["status"] = _("Cannot start yet") if lacks else _("Ready to send")
        if not lacks:
            item["colour"] = "green"
        return item
    waiting = consultation.status == Status.WAITING
    return {**item, "status": _("Waiting") if waiting else _("Completed")}


# Run ------------------------------------------------------------------------------


def run(consultation: Consultation, stage: Stage) -> list[Item]:
    """What can be done while it is public, at this stage."""
    links: list[tuple[str, str, frozenset[Stage]]] = [
        ("counts", _("Answers so far"), AFTER_OPENING),
        ("held", _("Held answers"), UNTIL_FINDINGS - {Stage.OPENS_SOON}),
        ("extend", _("Extend"), WHILE_OPEN),
        ("close_early", _("Close early"), WHILE_OPEN),
        ("amend", _("Correct something"), WHILE_OPEN),
        ("withdraw", _("Withdraw"), UNTIL_FINDINGS),
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


# Close the loop -------------------------------------------------------------------


def close(
    consultation: Consultation, stage: Stage, user: User, when: datetime
) -> list[Item]:
    """What people said and what the council did."""
    if stage not in AFTER_CLOSING:
        return []
    titles = {
        Release.Kind.FINDINGS: _("Findings: what people said"),
        Release.Kind.FEEDBACK: _("We asked, you said, we did"),
    }
    items: list[Item] = []
    for kind, title in titles.items():
        items += _release(consultation, kind, title, user, when)
    if stage != Stage.FEEDBACK:
        items.append(
            {
                "title": _("Move the day of feedback"),
                "href": _address("move_feedback", consultation),
                "status": "",
            }
        )
    return items


def _release(
    consultation: Consultation, kind: str, title: str, user: User, when: datetime
) -> list[Item]:
    """Where a text is: written, with a second person, set for later, or public."""
    item: Item = {"title": title, "href": _address(kind, consultation)}
    text = getattr(consultation, kind, None)
    if text is not None and text.ready_at is not None:
        href = item["href"]
        if not took_part(text, user):
            href = _address(f"{kind}_confirm", consultation)
        status = _("Waiting for a second person")
        return [{**item, "href": href, "status": status, "colour": "yellow"}]
    times = [r.public_from for r in consultation.releases.all() if r.kind == kind]
    if times and max(times) > when:
        cancel = _address(f"{kind}_cancel", consultation)
        return [
            _set_for_later(item, max(times)),
            {"title": CANCEL[kind], "href": cancel, "status": ""},
        ]
    return [{**item, "status": _("Published") if times else _("Not yet published")}]


def _set_for_later(item: Item, public_from: datetime) -> Item:
    moment = {"moment": formats.moment(public_from)}
    hint = _("Will be published on %(moment)s") % moment
    return {**item, "hint": hint, "status": _("Confirmed"), "colour": "blue"}
