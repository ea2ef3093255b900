"""Mending what was frozen at opening: published, with the old text (CON-09)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import ActionRefused, audit
from accounts.models import User
from consultations import notices, permissions
from consultations.actions import moves, planning
from consultations.actions.documents import FILLED, described, fill
from consultations.actions.files import Checked
from consultations.actions.running import lengthen
from consultations.models import (
    Amendment,
    Consultation,
    Document,
    Stage,
)
from consultations.questionnaire import actions as questionnaires
from consultations.questionnaire.document import (
    DEFAULT_LANGUAGE,
    Questionnaire,
    Words,
    load,
)
from council.clock import last_day
from council.models import Council
from design import formats

# What of the plan may be mended; the rest stays as it was approved.
AMENDABLE = (
    "title",
    "summary",
    "overview",
    "can_influence",
    "cannot_influence",
    "contact_name",
    "contact_email",
    "contact_phone",
    "other_ways",
    "decision_maker",
    "decision_due",
)
# What was changed, from what, to what.
Changed = tuple[str, object, object]


@transaction.atomic
def amend_plan(
    consultation: Consultation,
    *,
    by: User,
    changes: Mapping[str, object],
    reason: str,
    is_material: bool,
    when: datetime | None = None,
) -> list[Amendment]:
    """Mend texts, the contact or the decision of a public consultation.

    Each field that changed is one amendment with its old and new text.
    """
    when = when or timezone.now()
    row = _start(consultation, reason, when)
    refused = set(changes) - set(AMENDABLE)
    if refused:
        raise ActionRefused(_("This part stays as it was approved."))
    due = changes.get("decision_due", row.decision_due)
    ends = row.closes_at()
    if isinstance(due, date) and ends is not None and due <= last_day(ends):
        raise ActionRefused(_("The decision must come after the closing day."))
    before, after = planning.apply(row, changes)
    if not before:
        raise ActionRefused(_("Nothing has changed."))
    changed = [(_label(name), before[name], after[name]) for name in before]
    return _publish(
        row, changed, by=by, reason=reason, is_material=is_material, when=when
    )


@transaction.atomic
def amend_words(
    consultation: Consultation,
    *,
    by: User,
    key: str,
    label: str,
    hint: str,
    reason: str,
    is_material: bool,
    when: datetime | None = None,
) -> list[Amendment]:
    """Mend the words of a page, question, option or row.

    Makes the next version of the questionnaire, with the same keys, so that what
    was answered before is counted with what is answered after.
    """
    when = when or timezone.now()
    row = _start(consultation, reason, when)
    current = questionnaires.current(row)
    if current is None:
        raise ActionRefused(_("It has no questions."))
    questionnaire = load(current.document)
    if key not in frozenset(questionnaire.keys()):
        raise ActionRefused(_("This question is not there any more."))
    old = Words(label=questionnaire.label(key), hint=questionnaire.hint(key))
    new = Words(label=label.strip(), hint=hint.strip())
    if not new.label:
        raise ActionRefused(_("Enter the new wording."))
    if old == new:
        raise ActionRefused(_("Nothing has changed."))
    questionnaires.reword(row, _with_words(key, new), by=by)
    what = _("Wording: %(label)s") % {"label": old.label}
    was, now = (f"{each.label}\n{each.hint}".strip() for each in (old, new))
    changed: list[Changed] = [(what, was, now)]
    return _publish(
        row, changed, by=by, reason=reason, is_material=is_material, when=when
    )


@transaction.atomic
def amend_document(
    document: Document,
    *,
    by: User,
    title: str,
    text: str = "",
    upload: Checked | None = None,
    accessible_note: str = "",
    reason: str,
    is_material: bool,
    when: datetime | None = None,
) -> list[Amendment]:
    """Mend a supporting document of a public consultation.

    A file that another one replaces is kept with the amendment, for staff.
    """
    when = when or timezone.now()
    row = _start(document.consultation, reason, when)
    document = Document.objects.select_for_update().get(pk=document.pk)
    before = described(document)
    old_file = {
        "old_file": document.file.name or "",
        "old_file_name": document.file_name,
    }
    document.title = title
    fill(document, text=text, upload=upload, accessible_note=accessible_note)
    after = described(document)
    if before == after and upload is None:
        raise ActionRefused(_("Nothing has changed."))
    document.save(update_fields=FILLED)
    what = _("Document: %(title)s") % {"title": before["title"]}
    changed: list[Changed] = [(what, _said(before), _said(after))]
    return _publish(
        row,
        changed,
        by=by,
        reason=reason,
        is_material=is_material,
        when=when,
        kept=old_file if upload else None,
    )


def _with_words(key: str, new: Words) -> Callable[[Questionnaire], Questionnaire]:
    def function(questionnaire: Questionnaire) -> Questionnaire:
        words = {**questionnaire.texts.get(DEFAULT_LANGUAGE, {}), key: new}
        texts = {**questionnaire.texts, DEFAULT_LANGUAGE: words}
        return questionnaire.model_copy(update={"texts": texts})

    return function


def _start(consultation: Consultation, reason: str, when: datetime) -> Consultation:
    row = moves.start("amend", consultation, when)
    if not reason.strip():
        raise ActionRefused(_("Say why it changes."))
    return row


def _publish(
    row: Consultation,
    changed: list[Changed],
    *,
    by: User,
    reason: str,
    is_material: bool,
    when: datetime,
    kept: Mapping[str, str] | None = None,
) -> list[Amendment]:
    """Publish amendments; a material change is told to all and gives people longer."""
    made = []
    for what, old, new in changed:
        amendment = Amendment.objects.create(
            consultation=row,
            what=what[:200],
            old=_plain(old),
            new=_plain(new),
            reason=reason,
            is_material=is_material,
            at=when,
            by=by,
            **(kept or {}),
        )
        audit.record(
            "consultation.amended",
            row,
            by=by,
            acting_as=permissions.acting_as(by, row),
            before={amendment.what: amendment.old},
            after={amendment.what: amendment.new, "is_material": is_material},
            reason=reason,
        )
        made.append(amendment)
    if is_material:
        _give_longer(row, made[0], by, when)
        notices.amended(row, made[0])
    return made


def _give_longer(
    row: Consultation, amendment: Amendment, by: User, when: datetime
) -> None:
    ends = row.closes_at()
    days = Council.objects.current().material_change_extension_days
    if ends is None or days == 0 or row.stage_at(when) != Stage.OPEN:
        return
    notices.cancel_reminders(row)
    lengthen(
        row,
        by=by,
        closes_on=last_day(ends) + timedelta(days=days),
        reason=_("Something important changed: %(what)s. You have longer to answer.")
        % {"what": amendment.what},
        when=when,
    )


def _label(name: str) -> str:
    label = str(Consultation._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]


def _plain(value: object) -> str:
    return formats.day(value) if isinstance(value, date) else str(value or "")


def _said(document: dict[str, str]) -> str:
    return "\n".join(value for value in document.values() if value)
