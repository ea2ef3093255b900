"""When a consultation may be answered."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consultations.models.consultation import Consultation


class OpenWindow(models.Model):
    """From when until when a consultation may be answered: starts ≤ t < ends.

    An extension, a pause or a reopening ends one and starts another, so that
    what was true last month can still be told.
    """

    class Why(models.TextChoices):
        PLANNED = "planned", _("As planned")
        EXTENDED = "extended", _("Extended")
        RESUMED = "resumed", _("Opened again after a pause")
        REOPENED = "reopened", _("Reopened")

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="windows"
    )
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    why = models.CharField(max_length=12, choices=Why.choices, default=Why.PLANNED)
    public_note = models.TextField(blank=True)
    ended_early_note = models.TextField(blank=True)

    class Meta:
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="window_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["consultation", "starts"], name="window_starts_once"
            ),
        ]
        indexes = [models.Index(fields=["starts", "ends"])]

    def __str__(self) -> str:
        return f"{self.starts:%Y-%m-%d} – {self.ends:%Y-%m-%d}"
