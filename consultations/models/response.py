"""Drafts and responses. Answers, equality answers and contact details are three tables.

A response carries the day, never the time, and nothing that says who sent it.
performance: the JSON document and its comments are the record, `codes` is
derived from it by one pure function (`analysis.codes`).
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultations.models.consultation import Consultation
from consultations.models.questionnaire import EqualitySet, QuestionnaireVersion
from council.models import PrivacyNotice


class Draft(models.Model):
    """An answer being written, behind a secret link (purpose "draft").

    Its key is the idempotency key of sending: the response it becomes has
    source "online" and this id as `source_key`. A sent draft keeps its key
    alone: `answers` is emptied, `email` too, `updated_on` is set to None.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="drafts"
    )
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT)
    # By question key; texts as typed; "<question>.other" beside an "other" option.
    answers = models.JSONField(default=dict)
    pages_done = models.JSONField(default=list)
    language = models.CharField(max_length=10, default="en-gb")
    generation = models.PositiveIntegerField(default=1)
    email = models.EmailField(max_length=254, blank=True)
    address_key = models.CharField(max_length=40, blank=True)
    wants_reminders = models.BooleanField(default=True)
    # The response that this draft changes, while it is being changed.
    changes = models.ForeignKey(
        "consultations.Response",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    started_at = models.DateTimeField(null=True, default=timezone.now)
    updated_on = models.DateField(null=True, default=timezone.localdate)
    is_sent = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_sent=False)
                | Q(
                    answers={},
                    email="",
                    address_key="",
                    updated_on=None,
                    started_at=None,
                    changes=None,
                ),
                name="draft_sent_keeps_its_key_alone",
            )
        ]
        indexes = [
            models.Index(fields=["address_key"]),
            models.Index(fields=["consultation", "is_sent"]),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Response(models.Model):
    """One answer to a consultation, however it came."""

    class Channel(models.TextChoices):
        ONLINE = "online", _("Online")
        PAPER = "paper", _("Paper")
        TELEPHONE = "telephone", _("Telephone")
        LETTER = "letter", _("Letter")
        EVENT = "event", _("Event")
        IMPORT = "import", _("Imported")

    class Status(models.TextChoices):
        SENT = "sent", _("Counted")
        HELD = "held", _("Held")
        EXCLUDED = "excluded", _("Excluded")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        SUPERSEDED = "superseded", _("Replaced by a later one")

    class Exclusion(models.TextChoices):
        """The only reasons for leaving a response out of the counts (CON-08)."""

        DUPLICATE = "duplicate", _("Duplicate")
        TEST = "test", _("Test")
        ABUSIVE = "abusive", _("Nothing but abuse")
        OUT_OF_SCOPE = "out_of_scope", _("Not from the people asked")
        SPAM = "spam", _("Spam")

    class Capacity(models.TextChoices):
        INDIVIDUAL = "individual", _("For myself")
        ORGANISATION = "organisation", _("For an organisation")

    class Place(models.TextChoices):
        WARD = "ward", _("In a ward")
        OUTSIDE = "outside", _("Outside the area")
        NOT_STATED = "not_stated", _("Not stated")

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="responses"
    )
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT)
    source = models.CharField(max_length=40, default="online")
    source_key = models.CharField(max_length=120)
    channel = models.CharField(
        max_length=10, choices=Channel.choices, default=Channel.ONLINE
    )
    batch = models.CharField(max_length=60, blank=True)
    received_on = models.DateField(default=timezone.localdate)
    is_late = models.BooleanField(default=False)
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.SENT
    )
    reference = models.CharField(max_length=12, unique=True)
    generation = models.PositiveIntegerField(default=1)
    language = models.CharField(max_length=10, default="en-gb")
    capacity = models.CharField(
        max_length=12, choices=Capacity.choices, default=Capacity.INDIVIDUAL
    )
    organisation = models.CharField(max_length=150, blank=True)
    place = models.CharField(
        max_length=10, choices=Place.choices, default=Place.NOT_STATED
    )
    ward_code = models.CharField(max_length=20, blank=True)
    privacy_notice = models.ForeignKey(
        PrivacyNotice, null=True, on_delete=models.PROTECT
    )
    # By question key: closed answers as option keys, a text as its comment's id.
    answers = models.JSONField(default=dict)
    codes = models.CharField(max_length=1000, default="", blank=True)
    # Digest of the answers as sent: a retry with the same body is the same answer.
    body_digest = models.CharField(max_length=64, blank=True)
    held_because = models.CharField(max_length=200, blank=True)
    excluded_because = models.CharField(
        max_length=12, choices=Exclusion.choices, blank=True
    )
    # Of a withdrawn one: the newest results that were made while it counted. They
    # go on counting it, and its receipt says so.
    published_in = models.ForeignKey(
        "consultations.Release",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    decision_note = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "source", "source_key"],
                name="response_once_for_each_key",
            ),
            models.CheckConstraint(
                condition=~Q(status="excluded")
                | (~Q(excluded_because="") & Q(decided_by__isnull=False)),
                name="response_excluded_by_somebody_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(place="ward", ward_code__gt="")
                | (~Q(place="ward") & Q(ward_code="")),
                name="response_ward_and_place_agree",
            ),
        ]
        indexes = [
            models.Index(fields=["consultation", "status", "id"]),
            # The few that came within the grace are counted without reading all.
            models.Index(
                fields=["consultation"],
                condition=Q(is_late=True),
                name="response_late",
            ),
            # Covers all that counting needs, in id order (performance, section 2).
            models.Index(
                fields=["version", "id", "status", "channel", "ward_code", "codes"],
                name="response_codes",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Comment(models.Model):
    """One text that somebody gave: the only place where it stands.

    `publish` starts as "not reviewed": no text is shown to the public before a
    person has looked at it (GDPR-09).
    """

    class Publish(models.TextChoices):
        NOT_REVIEWED = "not_reviewed", _("Not reviewed")
        PUBLISHABLE = "publishable", _("May be published")
        REDACTED = "redacted", _("May be published, redacted")
        NOT_PUBLISHABLE = "not_publishable", _("Not to be published")

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="comments"
    )
    response = models.ForeignKey(
        Response,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="comments",
    )
    source = models.CharField(max_length=20, default="answer")
    question_key = models.CharField(max_length=40)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    ward_code = models.CharField(max_length=20, blank=True)
    capacity = models.CharField(max_length=12, blank=True)
    publish = models.CharField(
        max_length=16, choices=Publish.choices, default=Publish.NOT_REVIEWED
    )
    redacted_text = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["consultation", "question_key", "id"])]

    def __str__(self) -> str:
        return f"Comment {self.pk}"


class EqualityAnswers(models.Model):
    """Answers to equality questions, apart from the response's own (GDPR-03).

    Only the analysis package joins the two; no screen or export shows a row.
    """

    response = models.OneToOneField(
        Response, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    equality_set = models.ForeignKey(EqualitySet, on_delete=models.PROTECT)
    answers = models.JSONField(default=dict)
    codes = models.CharField(max_length=200, default="", blank=True)

    def __str__(self) -> str:
        return "Equality answers"


class ContactOptIn(models.Model):
    """Where to write about a response, apart from the answers (GDPR-04).

    `wants_receipt`: send the secret link of the receipt once. `wants_feedback`:
    tell what came of it. Withdrawing it deletes this row; the response stays.
    """

    response = models.OneToOneField(
        Response, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="+"
    )
    email = models.EmailField(max_length=254)
    address_key = models.CharField(max_length=40)
    language = models.CharField(max_length=10, default="en-gb")
    wants_feedback = models.BooleanField(default=False)
    generation = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["address_key"])]

    def __str__(self) -> str:
        return "Contact"


class AbuseSignal(models.Model):
    """What is needed against stuffing, apart, deleted a while after closing (GDPR-11).

    Digests are keyed per consultation and day, so that they join nothing else.
    """

    response = models.OneToOneField(
        Response, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    hour = models.DateTimeField()
    seconds_taken = models.PositiveIntegerField(null=True)
    address_digest = models.CharField(max_length=40, blank=True)
    agent_digest = models.CharField(max_length=40, blank=True)

    class Meta:
        # Looked up once for every response that is sent.
        indexes = [models.Index(fields=["address_digest", "hour"])]

    def __str__(self) -> str:
        return "Signal"
