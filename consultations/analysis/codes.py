"""The compact codes of a response, derived from its answers by one pure function.

Fixed width, ASCII, one character for each closed slot (two where a question has
over 60 options), so that thousands of responses can be laid out as one matrix.
One choice is one slot; many choices one slot an option; a grid one slot a row.
Numbers, texts and wards are not in the codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from consultations.questionnaire.document import Kind, Question, Questionnaire
from consultations.questionnaire.routing import chosen, shown_questions

# Marks that are no option: each differs from every character of ALPHABET.
BLANK, NOT_SHOWN, ILLEGIBLE = "-", "~", "?"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"  # 60
TICKED, NOT_TICKED = "1", "0"


@dataclass(frozen=True)
class Slot:
    """One place in the codes: a question, or one option or row of it.

    `options` are the option keys whose index is coded; empty for a tick slot.
    """

    question: str
    part: str
    options: tuple[str, ...]
    width: int


def slot_map(questionnaire: Questionnaire) -> list[Slot]:
    """Return the slots of a questionnaire, in the order of its questions."""
    return [s for q in questionnaire.questions() for s in _slots(q)]


def _slots(question: Question) -> list[Slot]:
    options = tuple(option.key for option in question.options)
    width = width_for(len(options))
    if question.kind is Kind.MANY:
        return [Slot(question.key, option, (), 1) for option in options]
    if question.kind is Kind.AGREE_GRID:
        return [Slot(question.key, row.key, options, width) for row in question.rows]
    if options:
        return [Slot(question.key, "", options, width)]
    return []


def width_for(options: int) -> int:
    """Return how many characters a slot of so many options takes."""
    return 1 if options <= len(ALPHABET) else 2


def as_stored(slots: list[Slot]) -> list[dict[str, object]]:
    """Return the slot map in the shape kept with a questionnaire version."""
    return [asdict(slot) for slot in slots]


def from_stored(slots: list[dict[str, object]]) -> list[Slot]:
    """Return the slot map from its stored shape."""
    return [
        Slot(
            question=str(s["question"]),
            part=str(s["part"]),
            options=tuple(s["options"]),  # type: ignore[arg-type]
            width=int(str(s["width"])),
        )
        for s in slots
    ]


def encode(questionnaire: Questionnaire, answers: Mapping[str, object]) -> str:
    """Return the codes of one response's answers.

    `answers` is the JSON document by question key: an option key, a list of
    option keys, or for a grid a mapping of row key to option key.
    """
    shown = shown_questions(questionnaire, answers)
    return "".join(
        _code(slot, answers.get(slot.question), is_shown=slot.question in shown)
        for slot in slot_map(questionnaire)
    )


def _code(slot: Slot, value: object, *, is_shown: bool) -> str:
    if not is_shown:
        return NOT_SHOWN * slot.width
    if not slot.options:
        ticked = chosen(value)
        if not ticked:
            return BLANK
        return TICKED if slot.part in ticked else NOT_TICKED
    if slot.part:
        value = value.get(slot.part) if isinstance(value, dict) else None
    return _choice(slot, value)


def _choice(slot: Slot, value: object) -> str:
    if not isinstance(value, str) or value not in slot.options:
        return BLANK * slot.width
    return option_code(slot.options.index(value), slot.width)


def option_code(index: int, width: int) -> str:
    """Return the characters that stand for an option in a slot."""
    if width == 1:
        return ALPHABET[index]
    return ALPHABET[index // len(ALPHABET)] + ALPHABET[index % len(ALPHABET)]
