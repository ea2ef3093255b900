"""Published changes to what was frozen at the opening."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models import User
from consultations.models.consultation import Consultation


class Amendment(models.Model):
    """A published change to something frozen: what, from, to, why, when (CON-09)."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="amendments"
    )
    what = models.CharField(max_length=200)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    reason = models.TextField()
    is_material = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # The file that another one replaced: kept for staff, as evidence of what was
    # consulted on. Not public: it may have been replaced for what it gave away.
    old_file = models.FileField(upload_to="documents/", blank=True)
    old_file_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.what
