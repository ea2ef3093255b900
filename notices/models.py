"""The outbox and the lists of who asked to be told.

A notice is a row written in the transaction of what it tells of, unique on
(what, recipient, occasion): that is what makes "once" true. It holds what to
say, not the text, which is rendered in the reader's language when it is sent.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Ways to ask for notices."""

    def waiting(self) -> NoticeQuerySet:
        """Those that nobody is sending yet."""
        return self.filter(status__in=[Notice.Status.QUEUED, Notice.Status.RETRY])

    def opening(self, row: object, **purposes: str) -> NoticeQuerySet:
        """Those with a link that opens a row: `opening(7, receipt="receipt")`.

        Rows of several tables have the same keys, so a subject alone may be somebody
        else's: the purpose of a link says which table its subject is of.
        """
        opens = Q()
        for name, purpose in purposes.items():
            opens |= Q(**{f"payload__links__{name}__purpose": purpose})
        return self.filter(opens, subject_id=str(row))

    def due(self, when: datetime) -> NoticeQuerySet:
        """What is to be sent now, with what a worker took and never finished."""
        unsent = self.filter(
            status__in=[
                Notice.Status.QUEUED,
                Notice.Status.RETRY,
                Notice.Status.INFLIGHT,
            ],
            due_at__lte=when,
        )
        taken = Q(status=Notice.Status.INFLIGHT, lease_until__gt=when)
        return unsent.exclude(taken).order_by("due_at", "pk")

    def cancel(self) -> int:
        """Keep them from being sent; they forget what they need not know any more."""
        tie = models.Case(
            models.When(payload__forget_subject=True, then=models.Value("")),
            default=F("subject_id"),
        )
        said = models.Case(
            models.When(
                payload__forget_payload=True,
                then=models.Value({}, output_field=models.JSONField()),
            ),
            default=F("payload"),
        )
        return self.update(status=Notice.Status.CANCELLED, subject_id=tie, payload=said)

    def for_list(self) -> NoticeQuerySet:
        """Failures first, then the newest, for the staff's page."""
        failed = Q(status__in=[Notice.Status.FAILED, Notice.Status.SUPPRESSED])
        refusing = Suppression.objects.filter(
            address_key=models.OuterRef("recipient_key")
        )
        return self.annotate(
            needs_a_look=models.Case(models.When(failed, then=1), default=0),
            address_refuses=models.Exists(refusing),
        ).order_by("-needs_a_look", "-pk")


class Notice(models.Model):
    """One message to one address about one occasion."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        INFLIGHT = "inflight", _("Being sent")
        SENT = "sent", _("Sent")
        RETRY = "retry", _("Will be tried again")
        FAILED = "failed", _("Failed")
        SUPPRESSED = "suppressed", _("Not sent: this address refuses mail")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Not sent: too late to be of use")

    # The template: "consultations.closing_soon" is
    # templates/consultations/email/closing_soon.{subject.txt,txt,html}.
    kind = models.CharField(max_length=64)
    # Empty once purged; `recipient_key` (accounts.secret_links.address_key) stays.
    recipient = models.CharField(max_length=254, blank=True)
    recipient_key = models.CharField(max_length=40)
    occasion = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="en-gb")
    # What to say: plain values for the template. `links` maps a name to
    # {"path": "/resume/", "purpose": "resume"}; the token is derived when sent.
    payload = models.JSONField(default=dict)
    # The row whose secret links the message carries; emptied when it is sent.
    subject_id = models.CharField(max_length=40, blank=True)
    subject_generation = models.PositiveIntegerField(default=0)
    # Which thing it is about, for staff pages and for cancelling.
    about_type = models.CharField(max_length=40, blank=True)
    about_id = models.CharField(max_length=40, blank=True)

    status = models.CharField(
        max_length=12, choices=Status.choices, default=Status.QUEUED
    )
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    # After this moment it would be wrong to send it (a reminder after closing).
    expires_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "recipient_key", "occasion"], name="notice_once"
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False),
                name="notice_sent_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(status__in=["queued", "retry", "inflight"]),
                name="notice_to_send",
            ),
            models.Index(fields=["about_type", "about_id", "-id"], name="notice_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def what(self) -> str:
        """The kind in words: "Closing soon"."""
        return self.kind.rpartition(".")[2].replace("_", " ").capitalize()

    @property
    def masked_recipient(self) -> str:
        """Enough of the address to recognise it by, not enough to learn it."""
        name, at, domain = self.recipient.rpartition("@")
        return f"{name[:1]}…{at}{domain}" if at else ""

    @property
    def to_be_forgotten(self) -> dict[str, object]:
        """What a row drops when it is done with: the tie to an answer, a link."""
        changes: dict[str, object] = {}
        if self.payload.get("forget_subject"):
            changes["subject_id"] = ""
        if self.payload.get("forget_payload"):
            changes["payload"] = {}
        return changes

    @property
    def is_emptied(self) -> bool:
        """Whether it has forgotten what it would need to be written again."""
        tie_is_gone = bool(self.payload.get("forget_subject")) and not self.subject_id
        return not self.payload or tie_is_gone

    @property
    def is_lost(self) -> bool:
        """Whether it failed and nobody can try it again: its private link is gone."""
        failed = self.status in {self.Status.FAILED, self.Status.SUPPRESSED}
        return failed and bool(self.recipient) and self.is_emptied

    @property
    def can_be_retried(self) -> bool:
        return (
            bool(self.recipient)
            and not self.is_emptied
            and self.status
            in {
                self.Status.FAILED,
                self.Status.SUPPRESSED,
                self.Status.CANCELLED,
                self.Status.RETRY,
            }
        )

    @property
    def can_be_aborted(self) -> bool:
        return self.status in {self.Status.QUEUED, self.Status.RETRY}


class Suppression(models.Model):
    """An address that refuses mail: nothing more is sent to it until staff lift it."""

    address_key = models.CharField(max_length=40, unique=True)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.reason


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Ways to ask who wants to be told."""

    def confirmed(self, kind: str, key: object) -> SubscriptionQuerySet:
        """Those who confirmed that they want to hear of one thing."""
        return self.filter(kind=kind, key=str(key), confirmed_at__isnull=False)


class Subscription(models.Model):
    """That an address wants to hear about something: a (kind, key) pair.

    The app that owns the kind says what it means ("consultation", its key).
    Nothing but the confirmation is sent before it is confirmed (double opt-in).
    Stopping deletes the row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    # What was asked for, in words, and its page: this app looks nothing up.
    title = models.CharField(max_length=200, blank=True)
    page = models.CharField(max_length=200, blank=True)
    email = models.EmailField(_("email address"), max_length=254)
    address_key = models.CharField(max_length=40)
    language = models.CharField(max_length=10, default="en-gb")
    generation = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key", "address_key"], name="subscription_once"
            ),
        ]
        indexes = [models.Index(fields=["address_key"])]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    """Signs of life."""

    def age(self, name: str, when: datetime) -> float | None:
        """Return the seconds since a process was last heard of, or None."""
        beat = self.filter(name=name).first()
        return (when - beat.at).total_seconds() if beat else None


class Heartbeat(models.Model):
    """When a process was last seen at work: "beat" when it ticks, "worker" too."""

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
