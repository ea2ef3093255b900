"""Ward sets in time, postcodes, and the people who represent wards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from wards.lines import line


class WardSetQuerySet(models.QuerySet["WardSet"]):
    """Ways to ask for sets of wards."""

    def in_force(self, on: date | None = None) -> WardSet | None:
        """Return the set in force on a day (default: today), or None."""
        day = on or timezone.localdate()
        return self.filter(in_force_from__lte=day).order_by("-in_force_from").first()


class WardSet(models.Model):
    """The wards of the council from one day on, until the next set begins."""

    in_force_from = models.DateField(unique=True)
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=200, blank=True)

    objects = WardSetQuerySet.as_manager()

    class Meta:
        ordering = ["-in_force_from"]

    def __str__(self) -> str:
        return self.name


class WardQuerySet(models.QuerySet["Ward"]):
    """Ways to ask for wards."""

    def in_force(self, on: date | None = None) -> WardQuerySet:
        """The wards of the set in force on a day (default: today), by name."""
        day = on or timezone.localdate()
        newest = (
            WardSet.objects.filter(in_force_from__lte=day)
            .order_by("-in_force_from")
            .values("pk")[:1]
        )
        return self.filter(ward_set__in=newest).order_by("name", "pk")

    def line_of(self, wards: Iterable[Ward]) -> WardQuerySet:
        """These wards, those they came from and those that came of them.

        A row belongs to one set: what is said of a ward in one set is found from its
        page in another by asking for the line. One query, however many wards.
        """
        # By row, not by code: a code that stays may have lost streets to a new one.
        rows = Ward.objects.order_by("ward_set__in_force_from", "pk").values_list(
            "pk", "code", "predecessors__earlier"
        )
        return self.filter(pk__in=line([ward.pk for ward in wards], rows))


class Ward(models.Model):
    """A ward of one set; its outline is a GeoJSON geometry (longitude, latitude)."""

    ward_set = models.ForeignKey(
        WardSet, on_delete=models.CASCADE, related_name="wards"
    )
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=120)
    outline = models.JSONField(null=True, blank=True)
    # Learnt from postcodes, so that those of another council are told from ours.
    area_code = models.CharField(_("council's code"), max_length=20, blank=True)

    objects = WardQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ward_set", "code"], name="ward_code_once_in_a_set"
            ),
            models.UniqueConstraint(
                fields=["ward_set", "slug"], name="ward_slug_once_in_a_set"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("engage:ward", args=[self.slug])


class Successor(models.Model):
    """Which ward followed which at a change of boundaries, with the share of people."""

    earlier = models.ForeignKey(
        Ward, on_delete=models.CASCADE, related_name="successors"
    )
    later = models.ForeignKey(
        Ward, on_delete=models.CASCADE, related_name="predecessors"
    )
    share = models.DecimalField(max_digits=5, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["earlier", "later"], name="successor_pair_once"
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1),
                name="successor_share_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.earlier} → {self.later}"


class Postcode(models.Model):
    """Which ward code a postcode lies in. Looked up, then dropped (GDPR-05)."""

    # Upper case without the space, as people's typing is normalised to.
    code = models.CharField(max_length=8, primary_key=True)
    ward_code = models.CharField(max_length=20)
    area_code = models.CharField(_("council's code"), max_length=20, blank=True)
    terminated = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class CouncillorQuerySet(models.QuerySet["Councillor"]):
    """Ways to ask for terms."""

    def of_ward(self, ward: Ward) -> CouncillorQuerySet:
        """Terms for a ward, also those that began before its set was in force."""
        return self.filter(ward__in=Ward.objects.line_of([ward]))

    def serving(self, on: date) -> CouncillorQuerySet:
        """Terms that hold a day."""
        return self.filter(starts__lte=on).exclude(ends__lte=on)


class Councillor(models.Model):
    """That a person represents a ward for a term."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="terms")
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, related_name="councillors")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    objects = CouncillorQuerySet.as_manager()

    class Meta:
        ordering = ["ward", "starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gt=F("starts")),
                name="councillor_term_ends_after_it_starts",
                violation_error_message=_("The term must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.ward})"
