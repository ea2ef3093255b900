"""Versions of an equality set: copied, changed while unpublished, published once."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import ActionRefused, audit
from accounts.models import User
from consultations.analysis import codes
from consultations.models import EqualitySet
from consultations.questionnaire import edit
from consultations.questionnaire.document import Question, dump, load
from consultations.questionnaire.equality import rules


@transaction.atomic
def new_version(equality_set: EqualitySet, *, by: User | None) -> EqualitySet:
    """Copy a set to its next version, which can be changed until it is published."""
    versions = EqualitySet.objects.select_for_update().filter(code=equality_set.code)
    newest = versions.aggregate(Max("version"))["version__max"] or 0
    if versions.filter(published_at=None).exists():
        raise ActionRefused(
            _("There is a version that is not published yet. Change that one.")
        )
    copied = EqualitySet.objects.create(
        code=equality_set.code,
        version=newest + 1,
        title=equality_set.title,
        source=equality_set.source,
        document=equality_set.document,
    )
    audit.record(
        "equality_set.copied", copied, by=by, after={"from": equality_set.version}
    )
    return copied


@transaction.atomic
def change(
    equality_set: EqualitySet, function: edit.Edit, *, by: User | None
) -> EqualitySet:
    """Change a version by a function of its document; a published one never (EQ-04)."""
    equality_set = _unpublished(equality_set)
    equality_set.document = dump(function(load(equality_set.document)))
    equality_set.save(update_fields=["document"])
    audit.record("equality_set.changed", equality_set, by=by)
    return equality_set


@transaction.atomic
def publish(equality_set: EqualitySet, *, by: User | None) -> EqualitySet:
    """Fix a version for good. Refused where it breaks a rule or changes a meaning."""
    equality_set = _unpublished(equality_set)
    questionnaire = load(equality_set.document)
    found = [*rules.validate(questionnaire), *_changed_meanings(equality_set)]
    if found:
        raise ActionRefused(found[0])
    equality_set.slots = codes.as_stored(codes.slot_map(questionnaire))
    equality_set.published_at = timezone.now()
    equality_set.save(update_fields=["slots", "published_at"])
    audit.record("equality_set.published", equality_set, by=by)
    return equality_set


def _unpublished(equality_set: EqualitySet) -> EqualitySet:
    locked = EqualitySet.objects.select_for_update().get(pk=equality_set.pk)
    if locked.published_at:
        raise ActionRefused(
            _("A published version cannot be changed. Copy it to a new version.")
        )
    return locked


def _changed_meanings(equality_set: EqualitySet) -> list[str]:
    """EQ-04: a key that an earlier version used keeps its question and its words."""
    new = load(equality_set.document)
    owners = {_key: q.key for q in new.questions() for _key in _keys(q)}
    found = []
    earlier = EqualitySet.objects.filter(
        code=equality_set.code, version__lt=equality_set.version
    )
    for version in earlier:
        old = load(version.document)
        for question in old.questions():
            for key in _keys(question):
                if key not in owners:
                    continue
                same = owners[key] == question.key and old.label(key) == new.label(key)
                if not same:
                    found.append(
                        _("“%(words)s” had another meaning in an earlier version.")
                        % {"words": new.label(key)}
                    )
    return found


def _keys(question: Question) -> list[str]:
    return [option.key for option in question.options]
