"""The questionnaire document: pages, questions, options, routes and texts.

Structure and words are apart: everything that can be answered or referred to
has a key ("p1", "q2", "o5", "r3") that is never used twice in the life of a
questionnaire, and `texts[language][key]` holds its words. Pure: no Django.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

DEFAULT_LANGUAGE = "en-gb"
Key = Annotated[str, StringConstraints(pattern=r"\A[a-z][a-z0-9_]{0,39}\z")]
MAX_SLOTS = 1000


class Kind(StrEnum):
    """What a question asks for."""

    CAPACITY = "capacity"  # for myself / for an organisation (its name)
    ONE = "one"
    MANY = "many"
    AGREE = "agree"
    AGREE_GRID = "agree_grid"
    NUMBER = "number"
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    WARD = "ward"  # a postcode, or choose the ward


CHOICE_KINDS = frozenset({Kind.CAPACITY, Kind.ONE, Kind.MANY, Kind.AGREE})
OPTION_KINDS = CHOICE_KINDS | {Kind.AGREE_GRID}
TEXT_KINDS = frozenset({Kind.SHORT_TEXT, Kind.LONG_TEXT})


class Role(StrEnum):
    """What an option means to the analysis (NET-04, EQ-02)."""

    NONE = ""
    STRONG_POSITIVE = "strong_positive"
    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    STRONG_NEGATIVE = "strong_negative"
    DONT_KNOW = "dont_know"
    PREFER_NOT_TO_SAY = "prefer_not_to_say"
    MYSELF = "myself"
    ORGANISATION = "organisation"


class Part(BaseModel):
    """What all parts of a document have in common."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(Part):
    """One thing to choose. `exclusive` clears the others; `other` asks for a text.

    Options that follow each other with the same `group` stand under its words:
    `texts[language][group]` is the heading ("Asian or Asian British"). A group is
    no answer and has no code.
    """

    key: Key
    role: Role = Role.NONE
    exclusive: bool = False
    other: bool = False
    group: Key | None = None


class Row(Part):
    """A row of a grid."""

    key: Key


class Question(Part):
    """One question. All are optional to answer unless `required`."""

    key: Key
    kind: Kind
    required: bool = False
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = Field(default=None, ge=1, le=20_000)

    def groups(self) -> list[str]:
        """The keys of the groups of its options, each once, in order."""
        return list(dict.fromkeys(o.group for o in self.options if o.group))

    @model_validator(mode="after")
    def _shape(self) -> Self:
        if self.kind in OPTION_KINDS and not self.options:
            raise ValueError("a question to choose from has options")
        if self.kind not in OPTION_KINDS and self.options:
            raise ValueError("only a question to choose from has options")
        if (self.kind is Kind.AGREE_GRID) != bool(self.rows):
            raise ValueError("a grid, and only a grid, has rows")
        return self


class Route(Part):
    """If the answer to a question of this page is one of the options, go to a page.

    `to` is a later page's key, or "end" for the check-your-answers page.
    """

    question: Key
    options: tuple[Key, ...] = Field(min_length=1)
    to: Key


class Page(Part):
    """A page of questions; the first route that fits is taken, else the next page."""

    key: Key
    questions: tuple[Question, ...] = ()
    routes: tuple[Route, ...] = ()


class Words(Part):
    """The words of one key in one language."""

    label: str = Field(default="", max_length=2000)
    hint: str = Field(default="", max_length=2000)


class Questionnaire(Part):
    """The document. `next_number` makes keys that were never used before."""

    pages: tuple[Page, ...] = ()
    texts: dict[str, dict[str, Words]] = Field(default_factory=dict)
    next_number: int = 1

    @model_validator(mode="after")
    def _keys_once(self) -> Self:
        keys = list(self.keys())
        if len(keys) != len(set(keys)):
            raise ValueError("a key is used twice")
        return self

    def keys(self) -> list[str]:
        """Every key of the document, in order."""
        found: list[str] = []
        for page in self.pages:
            found.append(page.key)
            for question in page.questions:
                found.append(question.key)
                found.extend(option.key for option in question.options)
                found.extend(row.key for row in question.rows)
                found.extend(question.groups())
        return found

    def questions(self) -> list[Question]:
        """Every question, in order."""
        return [question for page in self.pages for question in page.questions]

    def question(self, key: str) -> Question | None:
        """The question of a key, or None."""
        return next((q for q in self.questions() if q.key == key), None)

    def page(self, key: str) -> Page | None:
        """The page of a key, or None."""
        return next((p for p in self.pages if p.key == key), None)

    def label(self, key: str, language: str = DEFAULT_LANGUAGE) -> str:
        """The words of a key, in a language or else in the default one."""
        return self._words(key, language).label

    def hint(self, key: str, language: str = DEFAULT_LANGUAGE) -> str:
        """The hint of a key, in a language or else in the default one."""
        return self._words(key, language).hint

    def _words(self, key: str, language: str) -> Words:
        for name in (language, DEFAULT_LANGUAGE):
            words = self.texts.get(name, {}).get(key)
            if words and words.label:
                return words
        return Words()


def load(document: dict[str, object]) -> Questionnaire:
    """Return the typed document of a stored JSON document.

    Raises pydantic.ValidationError where it is not one.
    """
    return Questionnaire.model_validate(document)


def dump(questionnaire: Questionnaire) -> dict[str, object]:
    """Return the JSON document to store."""
    return questionnaire.model_dump(mode="json", exclude_defaults=True)
