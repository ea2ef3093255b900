"""All responses of a consultation as lines of a file, in constant memory.

Answers and what was written, and nothing else: never an equality answer
(GDPR-03), never where to write to somebody (GDPR-04).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db import models
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _

from consultations.analysis.cells import blocks, quoted, safe
from consultations.analysis.codes import encode
from consultations.analysis.columns import EMPTY, Layout, columns, layout
from consultations.analysis.wordings import frozen_versions, wordings
from consultations.models import Comment, Consultation, QuestionnaireVersion, Response
from consultations.questionnaire.document import load

# Withdrawn and replaced responses have nothing to show.
EXPORTED = (Response.Status.SENT, Response.Status.HELD, Response.Status.EXCLUDED)
AT_ONCE = 2000

FACTS = (
    "reference",
    "received_on",
    "is_late",
    "channel",
    "status",
    "excluded_because",
    "language",
    "capacity",
    "organisation",
    "place",
    "ward_code",
)

Row = tuple[Any, ...]
# What a response wrote: pairs of a key and a text.
Texts = Mapping[int, Sequence[tuple[str, str]]]


def lines(consultation: Consultation) -> Iterator[str]:
    """The file, a block of lines at a time."""
    return blocks(_rows(consultation))


def _rows(consultation: Consultation) -> Iterator[list[str]]:
    """The heading and a row for each response, in the order received; cells quoted."""
    versions = frozen_versions(consultation)
    found = columns(wordings(versions))
    headings = [*_fixed_heading(), *(column.heading for column in found)]
    yield [quoted(heading) for heading in headings]
    layouts = {version.pk: layout(version, found) for version in versions}
    numbers = sorted({column.number for column in found if column.number})
    has_texts = any(column.text for column in found)
    labels = _fixed_labels()
    stored = _stored(consultation, numbers)
    while block := list(islice(stored, AT_ONCE)):
        texts = _texts(block) if has_texts else {}
        mended = _mended(block, layouts, versions)
        for pk, version, codes, *facts in block:
            plan = layouts[version]
            own = plan.cells(mended.get(pk) or codes, texts.get(pk, ()))
            if numbers:
                _put_numbers(own, plan, numbers, facts[len(FACTS) :])
            yield [*_fixed(facts, labels), *own]


def _stored(consultation: Consultation, numbers: Sequence[str]) -> Iterator[Row]:
    """Key, version, codes and facts of each response, and the numbers it entered."""
    entered = [KeyTransform(key, "answers") for key in numbers]
    return (
        Response.objects.filter(consultation=consultation, status__in=EXPORTED)
        .order_by("pk")
        .values_list("pk", "version_id", "codes", *FACTS, *entered)
        .iterator(chunk_size=AT_ONCE)
    )


def _texts(block: Sequence[Row]) -> Texts:
    found: dict[int, list[tuple[str, str]]] = {}
    written = Comment.objects.filter(response__in=[row[0] for row in block]).order_by()
    for response, key, text in written.values_list("response", "question_key", "text"):
        found.setdefault(response, []).append((key, text))
    return found


def _mended(
    block: Sequence[Row],
    layouts: Mapping[int, Layout],
    versions: Sequence[QuestionnaireVersion],
) -> dict[int, str]:
    """The codes that do not fit their version's slots, made again from the answers."""
    wrong = [row[0] for row in block if len(row[2]) != layouts[row[1]].width]
    if not wrong:
        return {}
    asked = {version.pk: load(version.document) for version in versions}
    answers = Response.objects.filter(pk__in=wrong)
    return {
        pk: encode(asked[version], given)
        for pk, version, given in answers.values_list("pk", "version", "answers")
    }


def _put_numbers(
    cells: list[str], plan: Layout, keys: Sequence[str], values: Sequence[object]
) -> None:
    for key, value in zip(keys, values, strict=True):
        if key in plan.numbers and isinstance(value, int | float):
            cells[plan.numbers[key]] = quoted(value)


def _fixed_heading() -> list[str]:
    return [
        _("Reference"),
        _("Received on"),
        _("Arrived after closing"),
        _("Channel"),
        _("Status"),
        _("Counted"),
        _("Left out because"),
        _("Language"),
        _("Answered for"),
        _("Organisation"),
        _("Place"),
        _("Ward"),
    ]


def _fixed_labels() -> dict[str, str]:
    """Every stored word of the fixed columns as a cell, translated once."""
    kinds: list[type[models.TextChoices]] = [
        Response.Channel,
        Response.Status,
        Response.Exclusion,
        Response.Capacity,
        Response.Place,
    ]
    labels = {value: quoted(text) for kind in kinds for value, text in kind.choices}
    return {**labels, "": EMPTY, "yes": quoted(_("Yes")), "no": quoted(_("No"))}


def _fixed(facts: Sequence[Any], labels: Mapping[str, str]) -> list[str]:
    reference, received_on, late, channel, status, because, language, *who = facts
    capacity, organisation, place, ward_code = who[:4]
    day: date = received_on
    return [
        quoted(reference),
        quoted(day.isoformat()),
        labels["yes" if late else "no"],
        labels[channel],
        labels[status],
        labels["yes" if status == "sent" else "no"],
        labels[because],
        quoted(language),
        labels[capacity],
        quoted(safe(organisation)) if organisation else EMPTY,
        labels[place],
        quoted(ward_code),
    ]
