"""Versions of a questionnaire, the steps of editing one, and equality sets."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from consultations.models.consultation import Consultation


class QuestionnaireVersion(models.Model):
    """A questionnaire as one document (`questionnaire.document.Questionnaire`).

    The newest version of a consultation that is not frozen is its draft, which
    the builder edits; a frozen version never changes. `slots` is the map of the
    compact codes (analysis.slots), written when it is frozen.
    """

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="questionnaires"
    )
    number = models.PositiveSmallIntegerField(default=1)
    document = models.JSONField()
    slots = models.JSONField(default=list)
    frozen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["consultation", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="questionnaire_number_once"
            ),
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(frozen_at=None),
                name="questionnaire_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"Questions, version {self.number}"


class QuestionnaireStep(models.Model):
    """The draft's document before a change: undo takes the newest one back."""

    version = models.ForeignKey(
        QuestionnaireVersion, on_delete=models.CASCADE, related_name="steps"
    )
    document = models.JSONField()
    what = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.what


class EqualitySet(models.Model):
    """A version of a set of equality questions, as data (EQ-04).

    A published version is never edited, only copied to the next one; a trigger
    is not needed because nothing in the portal writes `document` again.
    """

    code = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    source = models.CharField(max_length=200, blank=True)
    document = models.JSONField()
    slots = models.JSONField(default=list)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"], name="equalityset_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"
