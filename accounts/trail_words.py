"""The audit trail in words.

Entries hold codes and plain values; this says them. A code without words of its own
is shown as its words are spelled, so that a new kind of entry is never invisible.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditEntry
from accounts.roles import RoleKind
from design import formats

LONGEST = 400
AROUND = 60  # characters before the first difference of two long texts

# What a program calls something: "not_changed".
CODE = re.compile(r"[a-z]+(_[a-z]+)+")
# Kept as evidence, and nothing that people read.
FOR_MACHINES = frozenset({"input_digest"})
# What it means where these hold nothing, or a word of ours.
SAID = {
    ("publish_at", None): gettext_lazy("as soon as it is confirmed"),
    ("logo", "another"): gettext_lazy("another logo"),
}

WORDS = {
    "consultation.abandoned": gettext_lazy("Abandoned the consultation"),
    "consultation.amended": gettext_lazy("Published an amendment"),
    "consultation.approved": gettext_lazy("Approved the consultation"),
    "consultation.closed_early": gettext_lazy("Closed the consultation early"),
    "consultation.created": gettext_lazy("Started the consultation"),
    "consultation.edited": gettext_lazy("Changed the plan"),
    "consultation.extended": gettext_lazy("Extended the consultation"),
    "consultation.feedback_moved": gettext_lazy("Moved the day of the feedback"),
    "consultation.handed_over": gettext_lazy("Handed over to a new lead officer"),
    "consultation.recalled": gettext_lazy("Took the consultation back to draft"),
    "consultation.returned": gettext_lazy("Asked for changes"),
    "consultation.sent_for_approval": gettext_lazy("Sent for approval"),
    "consultation.withdrawn": gettext_lazy("Withdrew the consultation"),
    "comment.reviewed": gettext_lazy("Reviewed a comment"),
    "council.changed": gettext_lazy("Changed the council's settings"),
    "deputy.ended": gettext_lazy("Ended a deputy's days"),
    "deputy.named": gettext_lazy("Named a deputy"),
    "document.added": gettext_lazy("Added a document"),
    "document.edited": gettext_lazy("Changed a document"),
    "document.moved": gettext_lazy("Moved a document"),
    "document.removed": gettext_lazy("Removed a document"),
    "equality_set.changed": gettext_lazy("Changed the equality questions"),
    "equality_set.copied": gettext_lazy("Copied the equality questions"),
    "equality_set.published": gettext_lazy("Published the equality questions"),
    "feedback.cancelled": gettext_lazy("Cancelled the publication of the feedback"),
    "feedback.ready": gettext_lazy("Asked for the feedback to be confirmed"),
    "feedback.saved": gettext_lazy("Changed the feedback"),
    "feedback.published": gettext_lazy("Confirmed and published the feedback"),
    "findings.cancelled": gettext_lazy("Cancelled the publication of the findings"),
    "findings.ready": gettext_lazy("Asked for the findings to be confirmed"),
    "findings.saved": gettext_lazy("Changed the findings"),
    "findings.published": gettext_lazy("Confirmed and published the findings"),
    "notice.aborted": gettext_lazy("Kept a message from being sent"),
    "notice.address_allowed": gettext_lazy("Allowed messages to an address again"),
    "notice.retried": gettext_lazy("Tried a message again"),
    "person.invited": gettext_lazy("Invited this person"),
    "person.invited_again": gettext_lazy("Sent a new invitation"),
    "person.joined": gettext_lazy("Joined"),
    "person.services_changed": gettext_lazy("Changed the services"),
    "person.switched_off": gettext_lazy("Switched off sign-in"),
    "person.switched_on": gettext_lazy("Switched on sign-in"),
    "postcodes.imported": gettext_lazy("Imported postcodes"),
    "privacy_notice.added": gettext_lazy("Published a new privacy notice"),
    "questionnaire.changed": gettext_lazy("Changed the questions"),
    "questionnaire.fixed": gettext_lazy("Fixed the questions"),
    "response.excluded": gettext_lazy("Excluded a response"),
    "response.read": gettext_lazy("Read one response whole"),
    "response.released": gettext_lazy("Released a response"),
    "responses.exported": gettext_lazy("Took the responses as a file"),
    "role.ended": gettext_lazy("Ended a role"),
    "role.given": gettext_lazy("Gave a role"),
    "service.added": gettext_lazy("Added a service"),
    "service.changed": gettext_lazy("Changed a service"),
    "statutory_page.changed": gettext_lazy("Changed a page of the council"),
    "term.ended": gettext_lazy("Set the last day of a term"),
    "term.started": gettext_lazy("Added a term"),
    "wards.imported": gettext_lazy("Imported wards"),
}


@dataclass(frozen=True)
class Change:
    """One value before and after; None where there was or is none."""

    name: str
    before: str | None
    after: str | None


def what_was_done(entry: AuditEntry) -> str:
    """The entry's verb, as a sentence without its subject."""
    if entry.action in WORDS:
        return str(WORDS[entry.action])
    return entry.action.replace(".", ": ").replace("_", " ").capitalize()


def about_what(entry: AuditEntry) -> str:
    """The kind of thing, with its name where `audit.with_names` has found one."""
    try:
        kind = str(apps.get_model(entry.object_type)._meta.verbose_name)
    except (LookupError, ValueError):
        kind = entry.object_type
    names = getattr(entry, "names", [])
    return f"{kind}: {', '.join(names)}" if names else kind


def in_which_role(entry: AuditEntry) -> str:
    """The role in which somebody acted, as people call it."""
    return _role(entry.acting_as).lower()


def changes(entry: AuditEntry) -> list[Change]:
    """What was before and what is after, a line for each value."""
    before: Mapping[str, Any] = entry.before or {}
    after: Mapping[str, Any] = entry.after or {}
    names = [*before, *(name for name in after if name not in before)]
    return [
        Change(
            name=_spaced(name).capitalize(),
            before=was,
            after=now,
        )
        for name in names
        if name not in FOR_MACHINES
        for was, now in [_both(name, before, after)]
    ]


def _both(
    name: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[str | None, str | None]:
    """A value before and after; of long texts, the part where they differ."""
    was = _say(name, before[name]) if name in before else None
    now = _say(name, after[name]) if name in after else None
    start = 0
    if was and now and max(len(was), len(now)) > LONGEST:
        pairs = enumerate(zip(was, now, strict=False))
        shorter = min(len(was), len(now))
        start = next((at for at, (one, other) in pairs if one != other), shorter)
        start = max(0, start - AROUND)
    return _part(was, start), _part(now, start)


def _part(text: str | None, start: int) -> str | None:
    if text is None:
        return None
    shown = Truncator(text[start:]).chars(LONGEST)
    return f"… {shown}" if start else shown


def _say(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_say(name, each) for each in value) or _("nothing")
    if isinstance(value, dict):
        parts = [f"{_spaced(key)}: {_say(key, each)}" for key, each in value.items()]
        return "; ".join(parts) or _("nothing")
    return _say_one(name, value)


def _say_one(name: str, value: Any) -> str:
    if (name, value) in SAID:
        return str(SAID[name, value])
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in ("role", "roles"):
        return _role(str(value))
    if not isinstance(value, str):
        return str(value)
    is_code = name == "fields" or CODE.fullmatch(value)
    return _spaced(value) if is_code else _as_time(value)


def _spaced(code: str) -> str:
    return code.replace("_", " ")


def _role(kind: str) -> str:
    return str(RoleKind(kind).label) if kind in RoleKind.values else kind


def _as_time(text: str) -> str:
    """JSON keeps days and moments as text."""
    found: date | datetime | None
    try:
        found = parse_date(text)
        if found is not None:
            return formats.day(found)
        found = parse_datetime(text)
    except ValueError:
        return text
    if found is None or found.tzinfo is None:
        return text
    return formats.moment(found)
