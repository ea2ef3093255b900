"""Storing what people do to the questions of a consultation."""

from __future__ import annotations

import hashlib
import json

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import ActionRefused, audit
from accounts.models import User
from consultations import permissions
from consultations.analysis import codes
from consultations.models import (
    Consultation,
    QuestionnaireStep,
    QuestionnaireVersion,
    Status,
)
from consultations.questionnaire import checks, compare, edit
from consultations.questionnaire.document import Questionnaire, dump, load

EDITABLE = frozenset({Status.DRAFT, Status.RETURNED})
MAX_STEPS = 100
LONGEST_WHAT = 200  # QuestionnaireStep.what


# Reading ----------------------------------------------------------------------


def current(consultation: Consultation) -> QuestionnaireVersion | None:
    """Return the newest frozen version: what residents answer."""
    return (
        consultation.questionnaires.exclude(frozen_at=None).order_by("-number").first()
    )


def latest(consultation: Consultation) -> Questionnaire:
    """Return the newest document without writing: the draft, else what is frozen."""
    version = consultation.questionnaires.order_by("-number").first()
    return load(version.document) if version else edit.first()


def last_step(consultation: Consultation) -> QuestionnaireStep | None:
    """Return what Undo would take back, if anything."""
    return (
        QuestionnaireStep.objects.filter(
            version__consultation=consultation, version__frozen_at=None
        )
        .order_by("-pk")
        .first()
    )


def said(old: Questionnaire, new: Questionnaire) -> str:
    """Return what a change did, as a text."""
    return " ".join(compare.changes(old, new)) or _("Nothing has changed.")


def revision_of(questionnaire: Questionnaire) -> str:
    """Return a short digest of a document: a page that changes it carries it along."""
    text = json.dumps(dump(questionnaire), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def can_change_now(consultation: Consultation) -> bool:
    """Whether the questions may change: before approval, not while waiting for it."""
    return consultation.status in EDITABLE


# Changing ---------------------------------------------------------------------


@transaction.atomic
def draft_of(consultation: Consultation) -> QuestionnaireVersion:
    """Return the draft version; the first time make one with the capacity question."""
    consultation = Consultation.objects.select_for_update().get(pk=consultation.pk)
    draft = consultation.questionnaires.filter(frozen_at=None).first()
    if draft is not None:
        return draft
    if not can_change_now(consultation):
        raise ActionRefused(_not_now(consultation))
    return QuestionnaireVersion.objects.create(
        consultation=consultation,
        number=_next_number(consultation),
        document=dump(latest(consultation)),
    )


@transaction.atomic
def change(
    version: QuestionnaireVersion,
    function: edit.Edit,
    *,
    by: User | None,
    seen: str = "",
    what: str = "",
) -> QuestionnaireVersion:
    """Change the draft by a function of its document, and keep a step for Undo.

    `seen` is the revision of the page that asked: a page from before somebody
    else's change is refused. `what` is a sentence; by default what `compare` says.
    """
    consultation, version = _locked(version)
    old = load(version.document)
    _refuse_stale(version, old, seen)
    new = function(old)
    if new == old:
        return version
    what = what or said(old, new)
    version.steps.create(document=version.document, what=_shortened(what))
    _forget_old_steps(version)
    return _store(consultation, version, new, by=by, what=what)


@transaction.atomic
def undo(
    version: QuestionnaireVersion, *, by: User | None, seen: str = ""
) -> QuestionnaireVersion:
    """Take the last change back. Keys that it made are not used again."""
    consultation, version = _locked(version)
    now = load(version.document)
    _refuse_stale(version, now, seen)
    step = version.steps.order_by("-pk").first()
    if step is None:
        raise ActionRefused(_("There is nothing to undo."))
    before = load(step.document)
    before = before.model_copy(update={"next_number": now.next_number})
    what = _("Undone: %(what)s") % {"what": step.what}
    step.delete()
    return _store(consultation, version, before, by=by, what=what)


@transaction.atomic
def freeze(consultation: Consultation, *, by: User | None) -> QuestionnaireVersion:
    """Fix the draft for good, with the map of its codes. Refused with a problem in it.

    A frozen version is what people answer, so its steps for Undo go.
    """
    consultation = Consultation.objects.select_for_update().get(pk=consultation.pk)
    version = (
        consultation.questionnaires.select_for_update().filter(frozen_at=None).first()
    )
    if version is None:
        raise ActionRefused(_("There are no questions to fix."))
    questionnaire = load(version.document)
    found = checks.problems(questionnaire)
    if found:
        raise ActionRefused(found[0])
    version.steps.all().delete()
    return _fix(consultation, version, questionnaire, by=by)


@transaction.atomic
def reword(
    consultation: Consultation, function: edit.Edit, *, by: User | None
) -> QuestionnaireVersion:
    """Make the next frozen version of an approved questionnaire: other words only.

    For an amendment (CON-09), whose action checks that the moment allows it and
    publishes it. What can be answered must stay as it is.
    """
    consultation = Consultation.objects.select_for_update().get(pk=consultation.pk)
    version = current(consultation)
    if version is None:
        raise ActionRefused(_("There are no questions that people answer yet."))
    old = load(version.document)
    new = function(old)
    if (old.pages, old.next_number) != (new.pages, new.next_number):
        raise ActionRefused(
            _("After approval only the words of the questions can change.")
        )
    found = checks.problems(new)
    if found:
        raise ActionRefused(found[0])
    following = QuestionnaireVersion.objects.create(
        consultation=consultation,
        number=_next_number(consultation),
        document=dump(new),
        frozen_at=timezone.now(),
    )
    return _fix(consultation, following, new, by=by)


# Parts of these -----------------------------------------------------------------


def _locked(
    version: QuestionnaireVersion,
) -> tuple[Consultation, QuestionnaireVersion]:
    """Lock the consultation, then its version; refuse where neither may change."""
    consultation = Consultation.objects.select_for_update().get(
        pk=version.consultation_id
    )
    if not can_change_now(consultation):
        raise ActionRefused(_not_now(consultation))
    version = QuestionnaireVersion.objects.select_for_update().get(pk=version.pk)
    if version.frozen_at:
        raise ActionRefused(_("These questions are fixed. Nothing was changed."))
    return consultation, version


def _not_now(consultation: Consultation) -> str:
    if consultation.status == Status.WAITING:
        return _(
            "The questions are waiting for approval, so they cannot change now. "
            "Nothing was changed."
        )
    return _("The questions are approved, so they cannot change. Nothing was changed.")


def _refuse_stale(version: QuestionnaireVersion, now: Questionnaire, seen: str) -> None:
    if not seen or seen == revision_of(now):
        return
    last = version.steps.order_by("-pk").values_list("what", flat=True).first()
    raise ActionRefused(
        _(
            "The questions were changed after you opened this page. "
            "Check them, then try again. The last change: %(what)s"
        )
        % {"what": last or _("an earlier change was undone.")}
    )


def _store(
    consultation: Consultation,
    version: QuestionnaireVersion,
    questionnaire: Questionnaire,
    *,
    by: User | None,
    what: str,
) -> QuestionnaireVersion:
    version.document = dump(questionnaire)
    version.save(update_fields=["document"])
    audit.record(
        "questionnaire.changed",
        version,
        by=by,
        acting_as=permissions.acting_as(by, consultation) if by else "",
        after={"what": what[:2000]},
        about=consultation,
    )
    return version


def _fix(
    consultation: Consultation,
    version: QuestionnaireVersion,
    questionnaire: Questionnaire,
    *,
    by: User | None,
) -> QuestionnaireVersion:
    version.slots = codes.as_stored(codes.slot_map(questionnaire))
    version.frozen_at = version.frozen_at or timezone.now()
    version.save(update_fields=["slots", "frozen_at"])
    audit.record(
        "questionnaire.fixed",
        version,
        by=by,
        acting_as=permissions.acting_as(by, consultation) if by else "",
        after={"number": version.number, "revision": revision_of(questionnaire)},
        about=consultation,
    )
    return version


def _next_number(consultation: Consultation) -> int:
    newest = consultation.questionnaires.aggregate(Max("number"))["number__max"]
    return (newest or 0) + 1


def _forget_old_steps(version: QuestionnaireVersion) -> None:
    kept = list(version.steps.order_by("-pk").values_list("pk", flat=True)[:MAX_STEPS])
    QuestionnaireStep.objects.filter(version=version).exclude(pk__in=kept).delete()


def _shortened(what: str) -> str:
    if len(what) <= LONGEST_WHAT:
        return what
    return what[: LONGEST_WHAT - 1].rstrip() + "…"
