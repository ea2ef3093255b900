"""The consultation, and the ways to ask for it."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import RoleKind
from consultations.models.lifecycle import PUBLIC_STATUSES, Stage, Status
from consultations.models.topic import Topic
from council.models import EngagementLevel, PrivacyNotice
from portfolios.models import Service
from wards.models import Ward

# Who reads drafts of every service (permission matrix, row 2).
READS_EVERYTHING = frozenset(
    {RoleKind.CONSULTATION_APPROVER, RoleKind.EQUALITIES_OFFICER}
)
# Who reads the trail of every consultation (row 24).
READS_EVERY_TRAIL = frozenset({RoleKind.MONITORING_OFFICER, RoleKind.ADMINISTRATOR})


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    """Ways to ask for consultations."""

    def visible_to(self, user: User | AnonymousUser) -> ConsultationQuerySet:
        """What a person may know of: the public's, and what their roles add.

        An officer sees the drafts and withdrawn ones of the services they work
        for; the central team and equalities officers see all (matrix row 2).
        """
        public = Q(status__in=PUBLIC_STATUSES)
        if isinstance(user, AnonymousUser):
            return self.filter(public)
        if user.role_kinds & READS_EVERYTHING:
            return self.all()
        if RoleKind.SERVICE_OFFICER in user.role_kinds:
            return self.filter(public | Q(service__in=Service.objects.of(user)))
        return self.filter(public)

    def taken_away(self) -> ConsultationQuerySet:
        """Those that were public once, and whose public note stands in their place.

        Withdrawn ones, and those taken back to draft before they opened.
        """
        withdrawn = Q(status=Status.WITHDRAWN, approved_at__isnull=False)
        once_approved = Consultation.objects.filter(approval_steps__step="approved")
        return (
            self.filter(withdrawn | Q(pk__in=once_approved.values("pk")))
            .filter(withdrawn_at__isnull=False)
            .exclude(public_note="")
            .exclude(status__in=PUBLIC_STATUSES)
        )

    def trail_visible_to(self, user: User) -> ConsultationQuerySet:
        """Those whose history a person may read: watchers read all (matrix row 24)."""
        if user.role_kinds & READS_EVERY_TRAIL:
            return self.all()
        return self.visible_to(user)

    def run_by(self, user: User) -> ConsultationQuerySet:
        """What a member of staff works on: their services', or everything."""
        if RoleKind.CONSULTATION_APPROVER in user.role_kinds:
            return self.all()
        if RoleKind.SERVICE_OFFICER in user.role_kinds:
            return self.filter(service__in=Service.objects.of(user))
        return self.none()

    def for_staff_list(self, user: User) -> ConsultationQuerySet:
        """The staff's list: what somebody works on, or else all that they may read.

        Who reads every draft (matrix row 2) or every trail (row 24) sees all; a
        councillor, say, what is public.
        """
        if user.role_kinds & READS_EVERYTHING:
            return self.all()
        if RoleKind.SERVICE_OFFICER in user.role_kinds:
            return self.run_by(user)
        return self.trail_visible_to(user)

    def in_ward(self, ward: Ward) -> ConsultationQuerySet:
        """What concerns a ward: those that name it, and those for the whole area.

        Also those that name what it was called in an earlier or a later set.
        """
        names_it = Consultation.wards.through.objects.filter(
            ward__in=Ward.objects.line_of([ward])
        )
        return self.filter(
            Q(all_wards=True) | Q(pk__in=names_it.values("consultation"))
        )

    def at_stage(self, stage: str, when: datetime) -> ConsultationQuerySet:
        """Those at one stage at a moment; agrees with `Consultation.stage_at`."""
        return self.with_clock(when).filter(_stage_condition(stage))

    def with_clock(self, when: datetime) -> ConsultationQuerySet:
        """Name what the clock says at a moment, for filters; only the used is asked.

        `is_open_then`, `will_open_then`, `has_opened_then`, `findings_out_then`,
        `feedback_out_then`, `either_out_then`.
        """
        # By name, because both are defined on top of consultations.
        windows = apps.get_model("consultations.OpenWindow").objects.filter(
            consultation=OuterRef("pk")
        )
        releases = apps.get_model("consultations.Release").objects.filter(
            consultation=OuterRef("pk"), public_from__lte=when
        )
        return self.alias(
            is_open_then=Exists(windows.filter(starts__lte=when, ends__gt=when)),
            will_open_then=Exists(windows.filter(starts__gt=when)),
            has_opened_then=Exists(windows.filter(starts__lte=when)),
            findings_out_then=Exists(releases.filter(kind="findings")),
            feedback_out_then=Exists(releases.filter(kind="feedback")),
            # One question for two: each is a join more for the database to plan.
            either_out_then=Exists(releases.filter(kind__in=["findings", "feedback"])),
        )

    def with_dates(self) -> ConsultationQuerySet:
        """Add `first_opens` and `last_ends`: the moments of the windows.

        Subqueries: to group rows with all that `for_list` joins took PostgreSQL ten
        times as long to plan as to do.
        """
        windows = apps.get_model("consultations.OpenWindow").objects.filter(
            consultation=OuterRef("pk")
        )
        return self.annotate(
            first_opens=Subquery(windows.order_by("starts").values("starts")[:1]),
            last_ends=Subquery(windows.order_by("-ends").values("ends")[:1]),
        )

    def with_stage(self) -> ConsultationQuerySet:
        """Load what `stage_at` reads, so that a list asks once for all rows."""
        return self.prefetch_related("windows", "releases")

    def for_list(self) -> ConsultationQuerySet:
        """Everything that a row of a list shows, in a fixed number of queries."""
        return (
            self.select_related("service", "topic")
            .prefetch_related("wards")
            .with_stage()
            .with_dates()
        )


def _stage_condition(stage: str) -> Q:
    """The condition of a stage over the names of `with_clock`."""
    if stage not in _CLOCK_CONDITIONS:
        return Q(status=stage)
    return Q(status=Status.APPROVED) & _CLOCK_CONDITIONS[stage]


_NOT_OUT = Q(either_out_then=False)
_CLOCK_CONDITIONS: dict[str, Q] = {
    Stage.FEEDBACK: Q(feedback_out_then=True),
    Stage.FINDINGS: Q(feedback_out_then=False, findings_out_then=True),
    Stage.OPEN: _NOT_OUT & Q(is_open_then=True),
    Stage.PAUSED: _NOT_OUT
    & Q(is_open_then=False, will_open_then=True, has_opened_then=True),
    Stage.OPENS_SOON: _NOT_OUT
    & Q(is_open_then=False, will_open_then=True, has_opened_then=False),
    Stage.CLOSED: _NOT_OUT & Q(is_open_then=False, will_open_then=False),
}


class Consultation(models.Model):
    """One thing that the council asks about, from plan to feedback."""

    class Outcome(models.TextChoices):
        CHANGED = "changed", _("Changed because of what people said")
        PARTLY = "partly", _("Partly changed")
        NOT_CHANGED = "not_changed", _("Not changed")
        ELSEWHERE = "elsewhere", _("Decided elsewhere")

    reference = models.CharField(max_length=24, unique=True)
    title = models.CharField(_("title"), max_length=150)
    slug = models.SlugField(max_length=170, unique=True)
    status = models.CharField(
        max_length=12, choices=Status.choices, default=Status.DRAFT
    )
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="consultations"
    )
    lead_officer = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="leads_consultations"
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    level = models.ForeignKey(
        EngagementLevel, null=True, blank=True, on_delete=models.PROTECT
    )
    all_wards = models.BooleanField(_("the whole council area"), default=True)
    wards = models.ManyToManyField(Ward, blank=True, related_name="consultations")

    summary = models.CharField(_("what this is about, in one sentence"), max_length=250)
    overview = models.TextField(_("what you are asking, and why"), blank=True)
    can_influence = models.TextField(_("what people can influence"), blank=True)
    cannot_influence = models.TextField(_("what people cannot influence"), blank=True)
    audience = models.TextField(_("who it is for"), blank=True)
    decision_maker = models.CharField(_("who decides"), max_length=150, blank=True)
    decision_due = models.DateField(_("when they decide"), null=True, blank=True)
    feedback_how = models.TextField(_("how people hear what came of it"), blank=True)
    feedback_due = models.DateField(_("feedback by"), null=True, blank=True)
    feedback_late_reason = models.TextField(blank=True)
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_email = models.EmailField(_("email address"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    other_ways = models.TextField(_("other ways to answer"), blank=True)

    # Planned days; the windows made at approval are what counts from then on.
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    closes_on = models.DateField(_("closes on"), null=True, blank=True)
    privacy_notice = models.ForeignKey(
        PrivacyNotice, null=True, blank=True, on_delete=models.PROTECT
    )
    equality_set = models.ForeignKey(
        "consultations.EqualitySet", null=True, blank=True, on_delete=models.PROTECT
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Set with the note, too, by taking one back to draft that opened soon.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    public_note = models.TextField(_("note to the public"), blank=True)
    is_generated = models.BooleanField(
        default=False, help_text=_("Its answers were made by a program, to show.")
    )

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="consultation_approved_at_and_by_go_together",
            ),
            models.CheckConstraint(
                condition=Q(opens_on=None)
                | Q(closes_on=None)
                | Q(closes_on__gte=F("opens_on")),
                name="consultation_closes_after_it_opens",
                violation_error_message=_("It must close on or after it opens."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "archived"])
                | Q(approved_at__isnull=False),
                name="consultation_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn")
                | (Q(withdrawn_at__isnull=False) & ~Q(public_note="")),
                name="consultation_withdrawn_with_a_note",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("consultations:detail", args=[self.slug])

    def stage_at(self, when: datetime) -> Stage:
        """Return the stage at a moment; agrees with `at_stage` on the QuerySet.

        Reads `windows` and `releases`: load them with `with_stage()` in lists.
        """
        if self.status != Status.APPROVED:
            return Stage(self.status)
        out = {r.kind for r in self.releases.all() if r.public_from <= when}
        if "feedback" in out:
            return Stage.FEEDBACK
        if "findings" in out:
            return Stage.FINDINGS
        windows = list(self.windows.all())
        if any(w.starts <= when < w.ends for w in windows):
            return Stage.OPEN
        if any(w.starts > when for w in windows):
            has_opened = any(w.starts <= when for w in windows)
            return Stage.PAUSED if has_opened else Stage.OPENS_SOON
        return Stage.CLOSED

    def opens_at(self) -> datetime | None:
        """When it first opens or opened, from the loaded windows."""
        return min((w.starts for w in self.windows.all()), default=None)

    def closes_at(self) -> datetime | None:
        """The exclusive end of its last window, from the loaded windows."""
        return max((w.ends for w in self.windows.all()), default=None)
