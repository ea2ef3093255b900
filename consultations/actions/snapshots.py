"""What was sent for approval, kept whole, and what has changed since, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from consultations.actions.documents import described
from consultations.actions.planning import PLAN_FIELDS, shown
from consultations.models import ApprovalStep, Consultation
from consultations.questionnaire import compare
from consultations.questionnaire.document import load

LONGEST_SHOWN = 200


def plan_of(consultation: Consultation) -> dict[str, Any]:
    """The whole plan as plain values: fields, wards, documents."""
    plan: dict[str, Any] = {}
    for name in PLAN_FIELDS:
        value = shown(consultation, name)
        plain = value is None or isinstance(value, bool | str)
        plan[name] = value if plain else value.isoformat()
    wards = consultation.wards.order_by("name", "pk")
    plan["wards"] = [ward.name for ward in wards]
    plan["documents"] = [
        described(document)
        for document in consultation.documents.order_by("position", "pk")
    ]
    return plan


def changes(old: ApprovalStep, new: ApprovalStep) -> list[str]:
    """Sentences that say what changed between two things that were sent."""
    found = plan_changes(old.plan, new.plan)
    if old.questionnaire != new.questionnaire:
        found += compare.changes(load(old.questionnaire), load(new.questionnaire))
    return found


def plan_changes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Sentences that say what changed between two plans."""
    sentences = []
    for name in (*PLAN_FIELDS, "wards"):
        was, now = _words(old.get(name)), _words(new.get(name))
        if was != now:
            sentences.append(
                _("%(what)s: it was “%(old)s”, now it is “%(new)s”.")
                % {"what": _label(name), "old": was, "new": now}
            )
    return sentences + _document_changes(
        old.get("documents", []), new.get("documents", [])
    )


def _document_changes(
    old: list[dict[str, str]], new: list[dict[str, str]]
) -> list[str]:
    was = {each["title"]: each for each in old}
    now = {each["title"]: each for each in new}
    sentences = [
        _("Document “%(title)s” was added.") % {"title": title}
        for title in now
        if title not in was
    ]
    sentences += [
        _("Document “%(title)s” was removed.") % {"title": title}
        for title in was
        if title not in now
    ]
    sentences += [
        _("Document “%(title)s” was changed.") % {"title": title}
        for title in now
        if title in was and now[title] != was[title]
    ]
    return sentences


def _label(name: str) -> str:
    field = Consultation._meta.get_field(name)
    label = str(getattr(field, "verbose_name", name))
    return label[:1].upper() + label[1:]


def _words(value: Any) -> str:
    if value is None or value == "" or value == []:
        return _("empty")
    if value is True:
        return _("yes")
    if value is False:
        return _("no")
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
