"""Services and the officers who work for them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class ServiceQuerySet(models.QuerySet["Service"]):
    """Ways to ask for services."""

    def of(self, user: User) -> ServiceQuerySet:
        """The services that a person is an officer of now."""
        return self.filter(
            pk__in=ServiceOfficer.objects.filter(user=user, ended_at=None).values(
                "service"
            )
        )


class Service(models.Model):
    """A service of the council, with the contact that the public sees."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    email = models.EmailField(_("team mailbox"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    is_active = models.BooleanField(default=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ServiceOfficer(models.Model):
    """That a person works for a service, from one moment to another."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="service_posts"
    )
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="officer_posts"
    )
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "service"],
                condition=Q(ended_at=None),
                name="serviceofficer_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("since")),
                name="serviceofficer_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.service})"
