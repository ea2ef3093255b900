"""The one council of this deployment, its settings and statutory texts."""

from __future__ import annotations

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

HEX_COLOUR = RegexValidator(
    r"\A#[0-9a-fA-F]{6}\Z", _("Enter a colour as # and six digits, like #12436d.")
)


class CouncilQuerySet(models.QuerySet["Council"]):
    """The one row."""

    def current(self) -> Council:
        """Return the council of this deployment; an unsaved default before set-up."""
        return next(iter(self), None) or Council()


class Council(models.Model):
    """Name, brand and every figure that councils set differently. One row."""

    name = models.CharField(_("name"), max_length=120, default="Your council")
    service_name = models.CharField(
        _("name of this service"), max_length=60, default="Have your say"
    )
    place = models.CharField(
        _("name of the place, as in 'Have your say in …'"), max_length=80, blank=True
    )
    reference_prefix = models.CharField(max_length=8, default="CON")
    is_demonstration = models.BooleanField(default=False)
    brand_colour = models.CharField(
        _("brand colour"), max_length=7, default="#12436d", validators=[HEX_COLOUR]
    )
    logo = models.FileField(_("logo"), upload_to="brand/", blank=True)
    website = models.URLField(_("address of the council's website"), blank=True)
    email = models.EmailField(_("email address"), default="haveyoursay@example.org")
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    postal_address = models.TextField(_("postal address"), blank=True)

    # Consultations ------------------------------------------------------------
    grace_minutes = models.PositiveSmallIntegerField(
        _("minutes of grace after closing"),
        default=15,
        help_text=_("An answer started before closing is taken for this long."),
    )
    feedback_days = models.PositiveSmallIntegerField(
        _("days from closing to feedback"), default=84
    )
    max_questions = models.PositiveSmallIntegerField(
        _("questions above which authors are advised"), default=25
    )
    material_change_extension_days = models.PositiveSmallIntegerField(
        _("days that a material change adds"), default=14
    )
    min_base_for_percent = models.PositiveSmallIntegerField(
        _("answers below which counts are shown without percentages"),
        default=30,
        validators=[MinValueValidator(1)],
    )
    # Misuse: what is held for an officer to look at -------------------------------
    fastest_seconds = models.PositiveSmallIntegerField(
        _("seconds from start to sending below which an answer is held"), default=3
    )
    most_equal_an_hour = models.PositiveSmallIntegerField(
        _("equal answers taken from one place in an hour before more are held"),
        default=20,
    )
    most_an_hour = models.PositiveSmallIntegerField(
        _("answers taken from one place in an hour before more are held"),
        default=120,
    )
    # Notices ------------------------------------------------------------------
    quiet_from_hour = models.PositiveSmallIntegerField(
        _("no reminders from (hour)"), default=20
    )
    quiet_until_hour = models.PositiveSmallIntegerField(
        _("no reminders until (hour)"), default=8
    )
    max_reminders = models.PositiveSmallIntegerField(
        _("reminders a person gets for one closing date"), default=2
    )
    # Keeping and purging --------------------------------------------------------
    draft_days = models.PositiveSmallIntegerField(
        _("days that an unfinished answer is kept after closing"), default=30
    )
    unconfirmed_days = models.PositiveSmallIntegerField(
        _("days that an unconfirmed alert is kept"), default=7
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days that a sent message keeps its address and content"), default=30
    )
    signal_days = models.PositiveSmallIntegerField(
        _("days after closing that traces against misuse are kept"), default=30
    )

    objects = CouncilQuerySet.as_manager()

    class Meta:
        verbose_name = _("council")
        verbose_name_plural = _("council")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="council_is_one"),
            models.CheckConstraint(
                condition=Q(quiet_from_hour__lte=23, quiet_until_hour__lte=23),
                name="council_quiet_hours_are_hours",
                violation_error_message=_("An hour is a number from 0 to 23."),
            ),
            models.CheckConstraint(
                condition=Q(most_equal_an_hour__lte=F("most_an_hour")),
                name="council_equal_answers_are_answers",
                violation_error_message=_(
                    "Equal answers from one place cannot be more than all of them."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EngagementLevel(models.Model):
    """A rung of the council's ladder of engagement (LVL-01).

    Councils have different ladders, so it is data; `takes_responses` keeps
    "Informing" from collecting answers (LVL-03).
    """

    order = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=60, unique=True)
    in_other_words = models.CharField(max_length=200)
    promise = models.TextField(_("the promise in plain words"))
    takes_responses = models.BooleanField(default=True)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class PrivacyNotice(models.Model):
    """A version of the privacy notice for consultations (GDPR-02).

    A version that a response refers to is never edited: the next version is a
    new row.
    """

    version = models.PositiveSmallIntegerField(unique=True)
    in_force_from = models.DateField(default=timezone.localdate)
    controller = models.TextField(blank=True)
    purposes = models.TextField(blank=True)
    lawful_basis = models.TextField(blank=True)
    special_category_condition = models.TextField(blank=True)
    retention = models.TextField(blank=True)
    sharing = models.TextField(blank=True)
    publication = models.TextField(blank=True)
    rights = models.TextField(blank=True)
    dpo_contact = models.TextField(blank=True)

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"Privacy notice, version {self.version}"

    def missing(self, *, asks_equality: bool) -> list[str]:
        """Return the names of the parts that a consultation may not open without."""
        needed = [
            "controller",
            "purposes",
            "lawful_basis",
            "retention",
            "sharing",
            "publication",
            "rights",
            "dpo_contact",
        ]
        if asks_equality:
            needed.append("special_category_condition")
        return [name for name in needed if not getattr(self, name).strip()]


class StatutoryPage(models.Model):
    """A page that the law asks for, in the council's own words (Markdown)."""

    class Kind(models.TextChoices):
        ACCESSIBILITY = "accessibility", _("Accessibility statement")
        PRIVACY = "privacy", _("Privacy")
        COOKIES = "cookies", _("Cookies")
        CONTACT = "contact", _("Contact")

    kind = models.CharField(max_length=20, choices=Kind.choices, unique=True)
    text = models.TextField()
    prepared_on = models.DateField(null=True, blank=True)
    reviewed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["kind"]

    def __str__(self) -> str:
        return self.get_kind_display()
