"""The steps on the way to approval, with what was sent at each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultations.models.consultation import Consultation


class ApprovalStep(models.Model):
    """A step on the way to approval: who sent, returned or approved what, and why."""

    class Step(models.TextChoices):
        SENT = "sent", _("Sent for approval")
        RETURNED = "returned", _("Changes asked for")
        APPROVED = "approved", _("Approved")

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="approval_steps"
    )
    step = models.CharField(max_length=10, choices=Step.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    # What was sent, so that the approver sees what changed since the last time.
    plan = models.JSONField(default=dict)
    questionnaire = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(step="returned") | ~Q(reason=""),
                name="approvalstep_returned_with_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.at:%Y-%m-%d}"
