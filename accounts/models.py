"""People, their roles and deputies, and the append-only audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.roles import STAND_INS, RoleKind


class UserQuerySet(models.QuerySet["User"]):
    """Ways to ask for people."""

    def for_list(self) -> UserQuerySet:
        """People with the roles they hold, for the staff list."""
        return self.prefetch_related(
            models.Prefetch(
                "roles",
                queryset=Role.objects.filter(ended_at=None).order_by("kind"),
                to_attr="held_roles",
            )
        ).order_by("full_name", "pk")

    def visible_to(self, viewer: User) -> UserQuerySet:
        """Whom a person may look up: administrators everybody, democratic services
        the councillors, everybody else themselves (matrix row 26)."""
        if RoleKind.ADMINISTRATOR in viewer.role_kinds:
            return self.all()
        if RoleKind.DEMOCRATIC_SERVICES in viewer.role_kinds:
            return self.filter(
                pk__in=Role.objects.filter(
                    kind=RoleKind.COUNCILLOR, ended_at=None
                ).values("user")
            )
        return self.filter(pk=viewer.pk)

    def with_role(self, *kinds: RoleKind) -> UserQuerySet:
        """Active people who hold one of the roles now, themselves."""
        return self.filter(
            pk__in=Role.objects.filter(kind__in=kinds, ended_at=None).values("user"),
            is_active=True,
        ).order_by("full_name", "pk")

    def who_may_stand_in_for(self, approver: User) -> UserQuerySet:
        """Who may be an approver's deputy now: they have joined, and may sign in."""
        able = self.with_role(*STAND_INS).filter(joined_at__isnull=False)
        return able.exclude(pk=approver.pk)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes people; an address is kept in lower case, as it is compared."""

    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        user: User = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> User:
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, **fields
        )


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in: the e-mail address is the name to sign in with.

    `is_superuser` runs the machine and has no business powers: permissions ask
    for roles, never for this flag.
    """

    email = models.EmailField(_("email address"), max_length=254, unique=True)
    full_name = models.CharField(_("full name"), max_length=150)
    is_active = models.BooleanField(_("can sign in"), default=True)
    is_staff = models.BooleanField(_("may open the technical admin"), default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    invited_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    link_generation = models.PositiveIntegerField(default=1)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("Somebody has this email address already."),
            ),
        ]
        ordering = ["full_name", "pk"]

    def __str__(self) -> str:
        return self.full_name or self.email

    @cached_property
    def role_kinds(self) -> frozenset[str]:
        """The roles held on this request, with those of whom this person stands in for.

        Asked once a request: losing a role acts on the next one.
        """
        if not self.is_active:
            return frozenset()
        own = set(
            Role.objects.filter(user=self, ended_at=None).values_list("kind", flat=True)
        )
        deputies = Deputy.objects.in_force(timezone.now())
        if own & STAND_INS and deputies.filter(deputy=self).exists():
            own.add(RoleKind.CONSULTATION_APPROVER)
        return frozenset(own)


class Role(models.Model):
    """That a person holds a role from one moment to another."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=32, choices=RoleKind.choices)
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(ended_at=None),
                name="role_held_once",
                violation_error_message=_("This person has this role already."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("given_at")),
                name="role_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"


class DeputyQuerySet(models.QuerySet["Deputy"]):
    """Ways to ask for deputies."""

    def in_force(self, when: datetime) -> DeputyQuerySet:
        """Deputies at a moment, where both people still hold what it takes."""
        return self.filter(
            starts__lte=when,
            ends__gt=when,
            approver__is_active=True,
            approver__roles__kind=RoleKind.CONSULTATION_APPROVER,
            approver__roles__ended_at=None,
            deputy__in=User.objects.with_role(*STAND_INS).order_by(),
        )


class Deputy(models.Model):
    """Who approves in an approver's place, from one moment to another."""

    approver = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="deputies"
    )
    deputy = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = DeputyQuerySet.as_manager()

    class Meta:
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="deputy_ends_after_it_starts",
                violation_error_message=_("The last day must be after the first day."),
            ),
            models.CheckConstraint(
                condition=~Q(approver=F("deputy")),
                name="deputy_is_somebody_else",
                violation_error_message=_("A deputy must be somebody else."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} for {self.approver}"


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Ways to read the trail."""

    def about(self, thing: models.Model) -> AuditQuerySet:
        """What happened to one thing, newest first."""
        return (
            self.filter(object_type=thing._meta.label_lower, object_id=str(thing.pk))
            .select_related("actor")
            .order_by("-at", "-pk")
        )


class AuditEntry(models.Model):
    """One change, in the transaction that made it. Never changed, never deleted.

    Triggers on both databases refuse UPDATE and DELETE. Personal data is
    referred to, not copied: `before` and `after` hold no answers and no address
    of a resident.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    acting_as = models.CharField(max_length=32, blank=True)
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    # What it is about, where that is another thing: the consultation, mostly.
    about_type = models.CharField(max_length=64, blank=True)
    about_id = models.CharField(max_length=64, blank=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=32, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["object_type", "object_id", "-at"]),
            models.Index(fields=["about_type", "about_id", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_type}"
