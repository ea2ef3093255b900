"""The addresses that consultations had."""

from django.db import models

from consultations.models.consultation import Consultation


class OldAddress(models.Model):
    """An address that a consultation had before its title changed: it redirects."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="old_addresses"
    )
    slug = models.SlugField(max_length=170, unique=True)
    # A title that only a draft had is nobody's business but the staff's.
    was_public = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.slug
