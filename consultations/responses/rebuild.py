"""Deriving the codes of stored responses again, and telling where they differ."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from consultations.analysis.codes import encode
from consultations.models import EqualityAnswers, QuestionnaireVersion, Response
from consultations.questionnaire.document import load

BATCH = 500


def stale_codes() -> Iterator[Response | EqualityAnswers]:
    """Yield every row whose codes are not what its answers say, with the right ones."""
    for version in QuestionnaireVersion.objects.order_by("pk"):
        questionnaire = load(version.document)
        responses = Response.objects.filter(version=version).order_by("pk")
        for response in responses.only("answers", "codes").iterator(BATCH):
            right = encode(questionnaire, response.answers)
            if response.codes != right:
                response.codes = right
                yield response
    rows = EqualityAnswers.objects.select_related("equality_set").order_by("pk")
    for row in rows.iterator(BATCH):
        right = encode(load(row.equality_set.document), row.answers)
        if row.codes != right:
            row.codes = right
            yield row


@transaction.atomic
def rebuild_codes() -> int:
    """Store the right codes wherever they differ; returns how many rows did."""
    count = 0
    for row in stale_codes():
        row.save(update_fields=["codes"])
        count += 1
    return count
