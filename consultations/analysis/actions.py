"""What staff do with responses: read one whole, take them as a file, review texts."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import ActionRefused, audit
from accounts.models import User
from consultations import permissions
from consultations.models import Comment, Consultation, Response


@transaction.atomic
def read_whole(response: Response, *, by: User, reason: str) -> None:
    """Put on record that somebody reads one response whole, and why."""
    if not reason.strip():
        raise ActionRefused(_("Say why you need to read this response."))
    consultation = response.consultation
    audit.record(
        "response.read",
        response,
        by=by,
        acting_as=permissions.acting_as(by, consultation),
        reason=reason.strip(),
        about=consultation,
    )


@transaction.atomic
def export(consultation: Consultation, *, by: User, reason: str) -> None:
    """Put on record that somebody takes all responses as a file, and why."""
    if not reason.strip():
        raise ActionRefused(_("Say why you need this file."))
    audit.record(
        "responses.exported",
        consultation,
        by=by,
        acting_as=permissions.acting_as(by, consultation),
        reason=reason.strip(),
    )


@transaction.atomic
def review_comment(
    comment: Comment, *, publish: str, redacted_text: str, by: User
) -> None:
    """Decide whether a text may be published, whole or redacted (GDPR-09).

    The trail says what was decided; the words stay in the comment alone.
    """
    row = Comment.objects.select_for_update().get(pk=comment.pk)
    if publish not in Comment.Publish.values:
        raise ActionRefused(_("Select whether the text may be published."))
    redacted = redacted_text.strip()
    if publish == Comment.Publish.REDACTED and not redacted:
        raise ActionRefused(_("Enter the text as it may be published."))
    before = row.publish
    row.publish = publish
    row.redacted_text = redacted if publish == Comment.Publish.REDACTED else ""
    row.save(update_fields=["publish", "redacted_text"])
    audit.record(
        "comment.reviewed",
        row,
        by=by,
        acting_as=permissions.acting_as(by, row.consultation),
        before={"publish": before},
        after={"publish": publish},
        about=row.consultation,
    )
