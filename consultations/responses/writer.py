"""The one place that stores a response: answers, comments and codes together.

Sending, changing, paper and imports all come through `write`. It drops what
routing hides, checks every answer against the frozen questions, keeps each text
once (as a comment) and derives the codes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.refusals import ActionRefused
from consultations.analysis.codes import encode
from consultations.models import Comment, Consultation, QuestionnaireVersion, Response
from consultations.questionnaire.document import Kind, Questionnaire
from consultations.questionnaire.routing import keep_shown
from consultations.responses import answers as answer_rules
from consultations.responses import frozen
from consultations.responses.answers import ORGANISATION

# Without 0 and O, 1, I and L, and without vowels, so that no word appears.
REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """Return a reference such as K7MP-2QRS-XY: 28¹⁰ of them, so not guessable.

    It opens nothing by itself (T-10).
    """
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _n in range(10))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def write(
    consultation: Consultation,
    version: QuestionnaireVersion,
    *,
    answers: Mapping[str, Any],
    source: str,
    source_key: str,
    channel: str,
    received_on: date,
    language: str,
    batch: str = "",
    is_late: bool = False,
    status: str = Response.Status.SENT,
    held_because: str = "",
    response: Response | None = None,
) -> Response:
    """Store answers in the shape of a draft as a response and return it.

    With `response`, which its caller has locked, that one gets these answers
    instead: its reference, day and comments stay, texts that were not changed
    keep what was coded and decided about them.
    Raises ActionRefused for answers that do not fit the questions, and
    IntegrityError where (consultation, source, source_key) is stored already.
    """
    questionnaire = frozen.questionnaire(version)
    kept = keep_shown(questionnaire, answers)
    if wrong := answer_rules.unfit(questionnaire, kept):
        raise ActionRefused(
            _("These answers do not fit the questions: %(keys)s.")
            % {"keys": ", ".join(sorted(wrong)[:10])}
        )
    if response is None:
        response = Response(
            consultation=consultation,
            source=source,
            source_key=source_key,
            channel=channel,
            batch=batch,
            received_on=received_on,
            status=status,
            held_because=held_because,
            reference=new_reference(),
        )
    response.version = version
    response.language = language
    response.privacy_notice_id = consultation.privacy_notice_id
    response.is_late = response.is_late or is_late
    response.body_digest = answer_rules.digest(kept)
    _describe(response, questionnaire, kept)
    with transaction.atomic(savepoint=False):
        _store(response, questionnaire, kept)
    return response


def stored_answers(response: Response) -> dict[str, Any]:
    """Return a response's answers in the shape of a draft, texts and names included."""
    questionnaire = frozen.questionnaire(response.version)
    comments = dict(response.comments.values_list("pk", "text"))
    texts = answer_rules.text_keys(questionnaire)
    found: dict[str, Any] = {}
    for key, value in response.answers.items():
        if key not in texts:
            found[key] = value
        elif value in comments:
            found[key] = comments[value]
    for question in questionnaire.questions():
        if response.organisation and answer_rules.names_organisation(question, found):
            found[f"{question.key}{ORGANISATION}"] = response.organisation
    return found


def empty(response: Response) -> None:
    """Delete everything that a response says; its reference and day stay."""
    response.comments.all().delete()
    response.answers = {}
    response.codes = encode(frozen.questionnaire(response.version), {})
    response.capacity, response.organisation = Response.Capacity.INDIVIDUAL, ""
    response.place, response.ward_code = Response.Place.NOT_STATED, ""
    response.body_digest = ""
    response.save(
        update_fields=[
            "answers",
            "codes",
            "capacity",
            "organisation",
            "place",
            "ward_code",
            "body_digest",
        ]
    )


def _describe(
    response: Response, questionnaire: Questionnaire, answers: Mapping[str, Any]
) -> None:
    """Set what is asked of every response: for whom, and from where."""
    response.capacity = Response.Capacity.INDIVIDUAL
    response.organisation = ""
    response.place, response.ward_code = Response.Place.NOT_STATED, ""
    for question in questionnaire.questions():
        if answer_rules.names_organisation(question, answers):
            response.capacity = Response.Capacity.ORGANISATION
            name = answers.get(f"{question.key}{ORGANISATION}", "")
            response.organisation = str(name)
        value = answers.get(question.key)
        if question.kind is Kind.WARD and isinstance(value, dict):
            response.place = value["place"]
            response.ward_code = value.get("ward_code", "")


def _store(
    response: Response, questionnaire: Questionnaire, answers: Mapping[str, Any]
) -> None:
    """Write the row and its comments; the answers then name the comments."""
    text_keys = answer_rules.text_keys(questionnaire)
    texts = {key: answers[key] for key in answers if key in text_keys}
    response.answers = {
        key: value
        for key, value in answers.items()
        if key not in texts and not key.endswith(ORGANISATION)
    }
    response.codes = encode(questionnaire, response.answers)
    is_new = response.pk is None
    if is_new:
        response.save(force_insert=True)
        comments = _new_comments(response, texts)
    else:
        comments = _changed_comments(response, texts)
    if comments or not is_new:
        response.answers |= comments
        _save_answers(response, is_new=is_new)


def _save_answers(response: Response, *, is_new: bool) -> None:
    fields = ["answers"]
    if not is_new:
        fields += ["version", "language", "privacy_notice", "is_late", "body_digest"]
        fields += ["capacity", "organisation", "place", "ward_code", "codes"]
    response.save(update_fields=fields)


def _comment(response: Response, key: str, text: str) -> Comment:
    return Comment(
        consultation_id=response.consultation_id,
        response=response,
        question_key=key,
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        ward_code=response.ward_code,
        capacity=response.capacity,
    )


def _new_comments(response: Response, texts: Mapping[str, str]) -> dict[str, int]:
    made = Comment.objects.bulk_create(
        [_comment(response, key, text) for key, text in texts.items()]
    )
    return {comment.question_key: comment.pk for comment in made}


def _changed_comments(response: Response, texts: Mapping[str, str]) -> dict[str, int]:
    """Bring the comments of a response up to date.

    A changed text has another digest and goes back to "not reviewed": what was
    coded, redacted or cleared was the old text.
    """
    stored = {c.question_key: c for c in response.comments.all()}
    gone = [c.pk for key, c in stored.items() if key not in texts]
    response.comments.filter(pk__in=gone).delete()
    kept: dict[str, int] = {}
    for key in texts.keys() & stored.keys():
        old, new = stored[key], _comment(response, key, texts[key])
        if old.digest != new.digest:
            old.publish = Comment.Publish.NOT_REVIEWED
            old.redacted_text = ""
        old.text, old.digest = new.text, new.digest
        old.ward_code, old.capacity = new.ward_code, new.capacity
        old.save(
            update_fields=[
                "text",
                "digest",
                "ward_code",
                "capacity",
                "publish",
                "redacted_text",
            ]
        )
        kept[key] = old.pk
    fresh = {key: text for key, text in texts.items() if key not in stored}
    return kept | _new_comments(response, fresh)
