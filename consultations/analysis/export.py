"""All responses of a consultation as rows of a file, in constant memory.

Answers and what was written, and nothing else: never an equality answer
(GDPR-03), never where to write to somebody (GDPR-04).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from consultations.analysis.cells import JOIN, safe
from consultations.analysis.wordings import Wording, frozen_versions, wordings
from consultations.models import Comment, Consultation, Response
from consultations.questionnaire.document import TEXT_KINDS, Kind

# Withdrawn and replaced responses have nothing to show.
EXPORTED = (Response.Status.SENT, Response.Status.HELD, Response.Status.EXCLUDED)
AT_ONCE = 2000

Answers = Mapping[str, Any]
Texts = Mapping[int, str]
ReadCell = Callable[[Answers, Texts], object]
# The heading, how the cell is read, and the versions that have this column.
Column = tuple[str, ReadCell, frozenset[int]]

FIELDS = (
    "pk",
    "version_id",
    "answers",
    "reference",
    "received_on",
    "channel",
    "status",
    "excluded_because",
    "language",
    "capacity",
    "organisation",
    "place",
    "ward_code",
)


def rows(consultation: Consultation) -> Iterator[Sequence[object]]:
    """The heading and a row for each response, in the order received."""
    asked = wordings(frozen_versions(consultation))
    columns = [column for wording in asked for column in _columns(wording)]
    yield [*_fixed_heading(), *(heading for heading, _read, _versions in columns)]
    versions = {version.pk for wording in asked for version in wording.versions}
    readers = {
        pk: [read if pk in of else _nothing for _heading, read, of in columns]
        for pk in versions
    }
    fixed = _fixed_labels()
    stored = (
        Response.objects.filter(consultation=consultation, status__in=EXPORTED)
        .order_by("pk")
        .values_list(*FIELDS)
        .iterator(chunk_size=AT_ONCE)
    )
    has_texts = any(wording.question.kind in TEXT_KINDS for wording in asked) or any(
        option.other for wording in asked for option in wording.question.options
    )
    while block := list(islice(stored, AT_ONCE)):
        texts = _texts([row[0] for row in block]) if has_texts else {}
        for _pk, version, answers, *facts in block:
            own = readers[version]
            yield [*_fixed(facts, fixed), *[read(answers, texts) for read in own]]


def _texts(responses: Sequence[int]) -> dict[int, str]:
    found = Comment.objects.filter(response__in=responses).order_by()
    return dict(found.values_list("pk", "text"))


def _nothing(answers: Answers, texts: Texts) -> str:
    return ""


def _fixed_heading() -> list[str]:
    return [
        _("Reference"),
        _("Received on"),
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
    """Every stored word of the fixed columns as people read it, translated once."""
    kinds: list[type[models.TextChoices]] = [
        Response.Channel,
        Response.Status,
        Response.Exclusion,
        Response.Capacity,
        Response.Place,
    ]
    labels = {str(value): str(text) for kind in kinds for value, text in kind.choices}
    return {**labels, "": "", "yes": _("Yes"), "no": _("No")}


def _fixed(facts: Sequence[Any], labels: Mapping[str, str]) -> list[str]:
    reference, received_on, channel, status, because, language, *who = facts
    capacity, organisation, place, ward_code = who
    day: date = received_on
    return [
        reference,
        day.isoformat(),
        labels[channel],
        labels[status],
        labels["yes" if status == "sent" else "no"],
        labels[because],
        language,
        labels[capacity],
        safe(organisation) if organisation else "",
        labels[place],
        ward_code,
    ]


def _columns(wording: Wording) -> list[Column]:
    """The columns of one question: one, or one for each row of a grid."""
    question, versions = wording.question, frozenset(v.pk for v in wording.versions)
    words = {o.key: safe(wording.label_of(o.key)) for o in question.options}
    heading = safe(wording.label)
    if question.kind is Kind.WARD:
        return []
    if question.kind is Kind.AGREE_GRID:
        return [
            (
                f"{heading}: {wording.label_of(row.key)}",
                _row_reader(question.key, row.key, words),
                versions,
            )
            for row in question.rows
        ]
    found: list[Column] = [(heading, _reader(wording, words), versions)]
    if any(option.other for option in question.options):
        other = _("%(question)s: in their own words") % {"question": heading}
        found.append((other, _text_reader(f"{question.key}.other"), versions))
    return found


def _reader(wording: Wording, words: Mapping[str, str]) -> ReadCell:
    key, kind = wording.question.key, wording.question.kind
    if kind in TEXT_KINDS:
        return _text_reader(key)
    if kind is Kind.NUMBER:
        return _number_reader(key)
    if kind is Kind.MANY:
        return _many_reader(key, words)

    return lambda answers, texts: words.get(answers.get(key, ""), "")


def _number_reader(key: str) -> ReadCell:
    def read(answers: Answers, texts: Texts) -> object:
        value = answers.get(key)
        return value if isinstance(value, int | float) else ""

    return read


def _many_reader(key: str, words: Mapping[str, str]) -> ReadCell:
    def read(answers: Answers, texts: Texts) -> object:
        ticked = answers.get(key)
        if not ticked:
            return ""
        # Every label is safe by itself already (T-21).
        return JOIN.join([words[option] for option in ticked if option in words])

    return read


def _row_reader(key: str, row: str, words: Mapping[str, str]) -> ReadCell:
    nothing: Mapping[str, str] = {}
    return lambda answers, texts: words.get(answers.get(key, nothing).get(row), "")


def _text_reader(key: str) -> ReadCell:
    def read(answers: Answers, texts: Texts) -> object:
        text = texts.get(answers.get(key, 0))
        return safe(text) if text else ""

    return read
