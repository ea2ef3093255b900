"""What consultations are about."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.Model):
    """What a consultation is about, for finding and following."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
