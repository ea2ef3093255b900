"""What people said and what the council did, and what of it is public."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultations.models.consultation import Consultation


class Findings(models.Model):
    """The officer's words about what people said, while they are being written."""

    consultation = models.OneToOneField(
        Consultation, on_delete=models.CASCADE, related_name="findings"
    )
    summary = models.TextField(_("summary of what people said"), blank=True)
    how_people_took_part = models.TextField(_("how people took part"), blank=True)
    # By question key: {"headline": …, "sentence": …}.
    question_texts = models.JSONField(default=dict)
    updated_at = models.DateTimeField(default=timezone.now)
    prepared_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Set when the author asks the second person to confirm.
    ready_at = models.DateTimeField(null=True, blank=True)
    publish_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Findings of {self.consultation_id}"


class Feedback(models.Model):
    """We asked, You said, We did, while it is being written (WASWYD-01)."""

    consultation = models.OneToOneField(
        Consultation, on_delete=models.CASCADE, related_name="feedback"
    )
    we_asked = models.TextField(_("We asked"), blank=True)
    you_said = models.TextField(_("You said"), blank=True)
    we_did = models.TextField(_("We did"), blank=True)
    outcome = models.CharField(
        max_length=12, choices=Consultation.Outcome.choices, blank=True
    )
    outcome_reason = models.TextField(_("why"), blank=True)
    signed_off_by = models.CharField(
        _("who signed it off (a role)"), max_length=150, blank=True
    )
    next_update_on = models.DateField(_("next update by"), null=True, blank=True)
    # Keys of the questions whose charts stand in the feedback.
    charts = models.JSONField(default=list)
    updated_at = models.DateTimeField(default=timezone.now)
    prepared_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ready_at = models.DateTimeField(null=True, blank=True)
    publish_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Feedback of {self.consultation_id}"


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Ways to ask for releases."""

    def pending(self, when: datetime) -> ReleaseQuerySet:
        """Confirmed, and to become public later."""
        return self.filter(public_from__gt=when)

    def firsts(self) -> ReleaseQuerySet:
        """The first of their kind that stand: a later one puts a figure right."""
        earlier = Release.objects.filter(
            consultation=OuterRef("consultation"),
            kind=OuterRef("kind"),
            number__lt=OuterRef("number"),
        )
        return self.filter(~Exists(earlier))


class StandingReleases(models.Manager["Release"]):
    """Every release but those that were cancelled before their time."""

    def get_queryset(self) -> ReleaseQuerySet:
        return ReleaseQuerySet(self.model, using=self._db).filter(cancellation=None)

    def pending(self, when: datetime) -> ReleaseQuerySet:
        return self.get_queryset().pending(when)

    def firsts(self) -> ReleaseQuerySet:
        return self.get_queryset().firsts()


class Release(models.Model):
    """What is published, as it was published: never edited, only superseded.

    Public from `public_from` on, by the clock. `tables` and `texts` are all that
    the public pages read. A trigger refuses UPDATE of a release, so that one which
    is cancelled before its time gets a row beside it; `objects`, and the releases
    of a consultation, leave it out.
    """

    class Kind(models.TextChoices):
        FINDINGS = "findings", _("Findings")
        FEEDBACK = "feedback", _("Feedback")

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="releases"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(default=1)
    texts = models.JSONField(default=dict)
    tables = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    policy = models.JSONField(default=dict)
    policy_version = models.CharField(max_length=20, default="1")
    input_digest = models.CharField(max_length=64)
    outcome = models.CharField(max_length=12, blank=True)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    public_from = models.DateTimeField(db_index=True)

    objects = StandingReleases()
    every = models.Manager["Release"]()

    class Meta:
        ordering = ["-public_from", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "kind", "number"], name="release_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(prepared_by=F("checked_by")),
                name="release_checked_by_a_second_person",
                violation_error_message=_("A second person must confirm."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class CancelledRelease(models.Model):
    """That a release was taken back before it became public."""

    release = models.OneToOneField(
        Release, on_delete=models.PROTECT, related_name="cancellation"
    )
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Cancelled: {self.release_id}"
