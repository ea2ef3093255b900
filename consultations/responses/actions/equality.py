"""Keeping equality answers, apart from the response's own (GDPR-03)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.refusals import ActionRefused
from consultations.analysis.codes import encode
from consultations.models import EqualityAnswers, EqualitySet, Response, Stage
from consultations.questionnaire.document import Page, load
from consultations.questionnaire.equality import rules
from consultations.responses import answers as answer_rules
from consultations.responses.forms import answer_keys

# They belong to a response that can still enter what will be published.
TAKEN_AT = frozenset({Stage.OPEN, Stage.PAUSED, Stage.CLOSED})


@transaction.atomic
def save_equality(
    response: Response,
    *,
    equality_set: EqualitySet,
    page: Page,
    answers: Mapping[str, Any],
    when: datetime,
) -> EqualityAnswers | None:
    """Keep the equality answers of one page; answers to hidden questions go (EQ-03).

    None is asked for: an empty page leaves no row. Refused once results are out.
    """
    if response.consultation.stage_at(when) not in TAKEN_AT:
        raise ActionRefused(_("The results are out, so these questions are closed."))
    locked = Response.objects.select_for_update().get(pk=response.pk)
    if locked.status in (Response.Status.WITHDRAWN, Response.Status.SUPERSEDED):
        raise ActionRefused(_("This response was withdrawn."))
    row = EqualityAnswers.objects.filter(response=locked).first()
    keys = answer_keys(page)
    before = row.answers if row and row.equality_set_id == equality_set.pk else {}
    kept = {key: value for key, value in before.items() if key not in keys}
    questionnaire = load(equality_set.document)
    asked = rules.keep_asked({**kept, **answers})
    wrong = answer_rules.unfit(questionnaire, asked)
    asked = {key: value for key, value in asked.items() if key not in wrong}
    if not asked:
        EqualityAnswers.objects.filter(response=locked).delete()
        return None
    row, _made = EqualityAnswers.objects.update_or_create(
        response=locked,
        defaults={
            "equality_set": equality_set,
            "answers": asked,
            "codes": encode(questionnaire, asked),
        },
    )
    return row
