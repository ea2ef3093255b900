"""The data of a city: 200 consultations, one of them with 100,000 responses.

That one has 20 questions: 10 of one choice, 3 of several, 3 grids of 5 rows, an
agree scale and 3 texts, which is 54 closed slots and 3 comments a response. Rows
are made by a seeded generator and copied into the database; everything that is
derived from them (codes, slots) is what the portal would have stored.
"""

import csv
import hashlib
import io
import json
import random
from datetime import timedelta
from itertools import islice

from django.db import connection, models, transaction
from django.utils import timezone

from bench.questions import questionnaire
from consultations.analysis import codes
from consultations.feedback import actions
from consultations.models import Comment, Consultation, Response
from consultations.questionnaire.document import (
    DEFAULT_LANGUAGE,
    Kind,
)
from tests.factories import (
    make_approver,
    make_council,
    make_officer,
    make_privacy_notice,
    make_published_consultation,
    make_service,
    make_topic,
)

RESPONSES = 100_000
CONSULTATIONS = 200
SERVICES = 20
SEED = 20
BLOCK = 5_000
SENTENCES = (
    "The buses are late when it rains and nobody says why.",
    "We would walk more if the path by the river had lights.",
    "Please keep the library open on Saturdays, also in the winter.",
    "My street has no trees at all, and the square has too few benches.",
    "I agree with the plan but not with how fast it goes.",
)


def build(*, responses: int = RESPONSES, consultations: int = CONSULTATIONS):
    """Make the city in an empty, migrated database; returns the large consultation.

    It has closed, with findings and feedback published.
    """
    make_council()
    services = [make_service() for _ in range(SERVICES)]
    people = {service: make_officer(service) for service in services}
    shared = {
        "privacy_notice": make_privacy_notice(),
        "topic": make_topic(),
        "approved_by": make_approver(),
    }
    for number in range(consultations - 1):
        service = services[number % SERVICES]
        # A third open, a third soon to open, a third closed.
        opens, closes = ((-20, 20), (10, 50), (-60, -10))[number % 3]
        made = make_published_consultation(
            opens=opens,
            closes=closes,
            service=service,
            lead_officer=people[service],
            **shared,
        )
        if number % 3 == 2:
            publish(made)
    large = make_published_consultation(
        opens=-60,
        closes=-1,
        title="The city in ten years",
        slug="the-city-in-ten-years",
        questionnaire=questionnaire(),
        service=services[0],
        lead_officer=people[services[0]],
        **shared,
    )
    fill(large, responses)
    publish(large)
    return large


def publish(consultation: Consultation) -> None:
    """Findings and feedback, prepared by its officer and confirmed by the approver."""
    first, second = consultation.lead_officer, consultation.approved_by
    findings = actions.save_findings(
        consultation,
        by=first,
        summary="Most people agree. " * 20,
        how_people_took_part="Online and at eight workshops.",
        question_texts={},
    )
    actions.ask_for_confirmation(findings, by=first)
    actions.confirm(findings, by=second)
    feedback = actions.save_feedback(
        consultation,
        by=first,
        we_asked="What should the city look like in ten years?",
        you_said="More trees, more buses, and benches. " * 10,
        we_did="We plant 500 trees and run four more buses. " * 10,
        outcome="changed",
        outcome_reason="",
        signed_off_by="The Cabinet",
        next_update_on=None,
    )
    actions.ask_for_confirmation(feedback, by=first)
    actions.confirm(feedback, by=second)


def fill(consultation: Consultation, number: int, *, seed: int = SEED) -> None:
    """Give a consultation of this questionnaire so many responses, in blocks."""
    version = consultation.questionnaires.get()
    questions = questionnaire().questions()
    chance = random.Random(seed)
    first = _next_key(Response)
    comment = _next_key(Comment)
    rows = _responses(consultation, version, questions, chance, first, comment, number)
    with transaction.atomic():
        while block := list(islice(rows, BLOCK)):
            _copy(Response, [response for response, _comments in block])
            _copy(Comment, [c for _response, comments in block for c in comments])
    _mend_sequences()


def _responses(consultation, version, questions, chance, first, comment, number):
    """Yield a row for the response and the rows of its comments."""
    today = timezone.localdate()
    for place in range(number):
        pk = first + place
        answers, letters = _closed(questions, chance)
        comments = []
        for question in questions:
            if question.kind is Kind.LONG_TEXT:
                text = chance.choice(SENTENCES)
                answers[question.key] = comment
                comments.append(
                    {
                        "id": comment,
                        "consultation_id": consultation.pk,
                        "response_id": pk,
                        "source": "answer",
                        "question_key": question.key,
                        "text": text,
                        "digest": hashlib.sha256(text.encode()).hexdigest(),
                        "ward_code": "",
                        "capacity": "individual",
                        "publish": "not_reviewed",
                        "redacted_text": "",
                    }
                )
                comment += 1
        response = {
            "id": pk,
            "consultation_id": consultation.pk,
            "version_id": version.pk,
            "source": "city",
            "source_key": str(pk),
            "channel": "paper" if place % 10 == 0 else "online",
            "batch": "",
            "received_on": today - timedelta(days=2 + place % 50),
            "is_late": False,
            "status": "withdrawn" if place % 100 == 99 else "sent",
            "reference": f"C{pk}",
            "generation": 1,
            "language": DEFAULT_LANGUAGE,
            "capacity": "individual",
            "organisation": "",
            "place": "not_stated",
            "ward_code": "",
            "privacy_notice_id": consultation.privacy_notice_id,
            "answers": json.dumps(answers),
            "codes": letters,
            "body_digest": "",
            "held_because": "",
            "excluded_because": "",
            "decision_note": "",
            "decided_by_id": None,
        }
        yield response, comments


def _closed(questions, chance):
    """The closed answers of one person with their codes; one in ten left out."""
    answers, letters = {}, []
    for question in questions:
        keys = [option.key for option in question.options]
        if question.kind is Kind.MANY:
            ticked = [key for key in keys if chance.random() < 0.3]
            if ticked:
                answers[question.key] = ticked
                letters += ["1" if key in ticked else "0" for key in keys]
            else:
                letters += [codes.BLANK] * len(keys)
        elif question.kind is Kind.AGREE_GRID:
            picked = {}
            for row in question.rows:
                letters.append(_pick(picked, row.key, keys, chance))
            if picked:
                answers[question.key] = picked
        elif keys:
            letters.append(_pick(answers, question.key, keys, chance))
    return answers, "".join(letters)


def _pick(answers, key, keys, chance):
    if chance.random() < 0.1:
        return codes.BLANK
    index = min(int(chance.random() ** 2 * len(keys)), len(keys) - 1)
    answers[key] = keys[index]
    return codes.ALPHABET[index]


def _next_key(model: type[models.Model]) -> int:
    return (model.objects.aggregate(last=models.Max("pk"))["last"] or 0) + 1


def _copy(model: type[models.Model], rows: list[dict]) -> None:
    """Put rows into a table as fast as the database takes them."""
    if not rows:
        return
    table, columns = model._meta.db_table, list(rows[0])
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
                [list(row.values()) for row in rows],
            )
            return
        buffer = io.StringIO()
        csv.writer(buffer).writerows(
            ["\\N" if value is None else value for value in row.values()]
            for row in rows
        )
        buffer.seek(0)
        cursor.copy_expert(
            f"COPY {table} ({', '.join(columns)}) FROM STDIN "
            "WITH (FORMAT csv, NULL '\\N')",
            buffer,
        )


def _mend_sequences() -> None:
    """The keys were given by us: the database's own counters must go on after them."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in (Response, Comment):
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "
                f"(SELECT max(id) FROM {table}))"
            )
        if connection.get_autocommit():
            cursor.execute("VACUUM ANALYZE")
