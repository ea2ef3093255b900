"""What people read before they answer: supporting documents of a consultation."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models.consultation import Consultation


class Document(models.Model):
    """A supporting document: a page of text, or a file with its format and size."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="documents"
    )
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("title"), max_length=150)
    text = models.TextField(_("text"), blank=True)
    file = models.FileField(_("file"), upload_to="documents/", blank=True)
    file_name = models.CharField(max_length=150, blank=True)
    file_format = models.CharField(max_length=12, blank=True)
    file_size = models.PositiveIntegerField(default=0)
    accessible_note = models.TextField(
        _("how to get this in a format you can use"), blank=True
    )
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(file=""), name="document_has_text_or_a_file"
            )
        ]

    def __str__(self) -> str:
        return self.title
