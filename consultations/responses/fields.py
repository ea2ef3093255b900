"""The form fields of each kind of question, with sentences about that question.

A question's fields are named by its key: "q2", "q2.other" (what "Other" means),
"q4.r1" (a row of a grid), "q5.postcode" and "q5.ward", "q1.organisation".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from consultations.questionnaire.document import Kind, Page, Question, Questionnaire
from consultations.responses.answer_fields import (
    AnswerNumber,
    AnswerText,
    Choice,
    Choices,
)
from design.widgets import Checkboxes, GroupPart, Radios
from wards.models import Ward

MAX_SHORT, MAX_LONG, MAX_OTHER, MAX_ORGANISATION = 200, 4000, 200, 150
LONGEST_QUOTED = 100
OUTSIDE, NOT_STATED = "outside", "not_stated"


@dataclass(frozen=True)
class Wording:
    """The words of a questionnaire in a language, and the wards to choose from."""

    questionnaire: Questionnaire
    language: str
    wards: tuple[Ward, ...]

    def label(self, key: str) -> str:
        return self.questionnaire.label(key, self.language)

    def hint(self, key: str) -> str:
        return self.questionnaire.hint(key, self.language)

    def quoted(self, key: str) -> str:
        """The words in quotation marks, short enough for an error message."""
        label = self.label(key)
        if len(label) > LONGEST_QUOTED:
            label = Truncator(label).chars(LONGEST_QUOTED)
        return _("“%(label)s”") % {"label": label}


def personal_details_hint(hint: str = "") -> str:
    """The question's hint and the warning of GDPR-09, beside every free text."""
    warning = _("Please do not include personal details about yourself or others.")
    return f"{hint} {warning}".strip()


def fields_of(question: Question, words: Wording) -> dict[str, forms.Field]:
    """Return the fields of a question by name, in order."""
    return _MAKERS[question.kind](question, words)


def page_fields_of(page: Page, words: Wording) -> dict[str, forms.Field]:
    """Return the fields of a page by name, in order. Nothing may change them."""
    found: dict[str, forms.Field] = {}
    for question in page.questions:
        found |= fields_of(question, words)
    return found


def _sentences(question: Question, words: Wording) -> Callable[[str], str]:
    """Return what to say of a missing or impossible choice (ux: errors)."""

    def say(what: str) -> str:
        quoted = words.quoted(question.key)
        exclusive = _exclusive(question)
        if what == "invalid":
            return _("Select one of the answers to %(q)s") % {"q": quoted}
        if question.kind is Kind.MANY and exclusive:
            return _("Select your answers to %(q)s, or select %(none)s") % {
                "q": quoted,
                "none": words.quoted(exclusive[0]),
            }
        return _("Select an answer to %(q)s") % {"q": quoted}

    return say


def _choices(question: Question, words: Wording) -> list[tuple[str, Any]]:
    """Its options; those of a group stand under the words of the group."""
    choices: list[tuple[str, Any]] = []
    for group, options in groupby(question.options, key=lambda option: option.group):
        rows = [(option.key, words.label(option.key)) for option in options]
        choices += [(words.label(group), rows)] if group else rows
    return choices


def _shared(question: Question, words: Wording) -> dict[str, Any]:
    return {
        "label": words.label(question.key),
        "help_text": words.hint(question.key),
        "required": question.required,
    }


def _enter(question: Question, words: Wording) -> dict[str, str]:
    """What to say of an answer that is to be typed and is not there."""
    if not question.required:
        return {}
    quoted = words.quoted(question.key)
    return {"required": _("Enter your answer to %(q)s") % {"q": quoted}}


def _exclusive(question: Question) -> list[str]:
    return [option.key for option in question.options if option.exclusive]


def _one(question: Question, words: Wording) -> dict[str, forms.Field]:
    field = Choice(
        choices=_choices(question, words),
        sentences=_sentences(question, words),
        widget=Radios(divider_before=_exclusive(question)),
        **_shared(question, words),
    )
    return {question.key: field, **_other(question, words)}


def _many(question: Question, words: Wording) -> dict[str, forms.Field]:
    field = Choices(
        choices=_choices(question, words),
        sentences=_sentences(question, words),
        widget=Checkboxes(exclusive=_exclusive(question)),
        **_shared(question, words),
    )
    return {question.key: field, **_other(question, words)}


def _other(question: Question, words: Wording) -> dict[str, forms.Field]:
    """The text beside the "other" option; it is shown always, without a script."""
    others = [option.key for option in question.options if option.other]
    if not others:
        return {}
    if len(others) == 1:
        name = _("“%(label)s”") % {"label": words.label(others[0])}
        label = _("If %(other)s, tell us more") % {"other": name}
    else:
        label = _("If the answer you chose asks for your own words, enter them")
    field = AnswerText(
        label=label,
        help_text=personal_details_hint(),
        required=False,
        limit=MAX_OTHER,
        what=_("your own words for %(q)s") % {"q": words.quoted(question.key)},
    )
    return {f"{question.key}.other": field}


def _capacity(question: Question, words: Wording) -> dict[str, forms.Field]:
    organisation = AnswerText(
        label=_("If you answer for an organisation, what is its name?"),
        required=False,
        limit=MAX_ORGANISATION,
        what=_("the name of your organisation"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    return {
        **_one(question, words),
        f"{question.key}.organisation": organisation,
    }


def _grid(question: Question, words: Wording) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    choices = _choices(question, words)
    last = question.rows[-1].key
    for row in question.rows:
        field = Choice(
            label=words.label(row.key),
            choices=choices,
            sentences=_row_sentences(words, row.key),
            widget=Radios({"class": "govuk-radios--small"}),
            required=question.required,
        )
        first = not fields
        field.widget.group = GroupPart(
            legend=_legend(question, words) if first else "",
            hint=words.hint(question.key) if first else "",
            is_last=row.key == last,
        )
        fields[f"{question.key}.{row.key}"] = field
    return fields


def _row_sentences(words: Wording, row: str) -> Callable[[str], str]:
    return lambda _what: _("Select an answer for %(row)s") % {"row": words.quoted(row)}


def _legend(question: Question, words: Wording) -> str:
    label = words.label(question.key)
    if question.required:
        return label
    return _("%(label)s (optional)") % {"label": label}


def _number(question: Question, words: Wording) -> dict[str, forms.Field]:
    field = AnswerNumber(
        what=words.quoted(question.key),
        minimum=question.minimum,
        maximum=question.maximum,
        error_messages=_enter(question, words),
        **_shared(question, words),
    )
    return {question.key: field}


def _text(question: Question, words: Wording) -> dict[str, forms.Field]:
    is_long = question.kind is Kind.LONG_TEXT
    shared = _shared(question, words)
    shared["help_text"] = personal_details_hint(words.hint(question.key))
    field = AnswerText(
        limit=question.max_length or (MAX_LONG if is_long else MAX_SHORT),
        widget=forms.Textarea if is_long else forms.TextInput,
        what=_("your answer to %(q)s") % {"q": words.quoted(question.key)},
        error_messages=_enter(question, words),
        **shared,
    )
    return {question.key: field}


def _ward(question: Question, words: Wording) -> dict[str, forms.Field]:
    """A postcode, or else the ward from a list: whichever is easier."""
    postcode = forms.CharField(
        label=_("Postcode"),
        help_text=_("We turn it into a ward and do not keep it. For example, AB1 2CD."),
        required=False,
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-10", "autocomplete": "postal-code"}
        ),
    )
    postcode.validators = []
    postcode.widget.group = GroupPart(
        legend=_legend(question, words), hint=words.hint(question.key)
    )
    ward = forms.ChoiceField(
        label=_("Or choose your ward"),
        choices=ward_choices(words.wards),
        required=False,
        error_messages={"invalid_choice": _("Choose a ward from the list")},
    )
    ward.widget.group = GroupPart(is_last=True)
    return {f"{question.key}.postcode": postcode, f"{question.key}.ward": ward}


def ward_choices(wards: Iterable[Ward]) -> list[tuple[str, str]]:
    """Return the wards to choose from, and the two answers that are no ward."""
    return [
        ("", _("Choose a ward")),
        *((ward.code, ward.name) for ward in wards),
        (OUTSIDE, _("I live outside the council’s area")),
        (NOT_STATED, _("I prefer not to say")),
    ]


_MAKERS: dict[Kind, Callable[[Question, Wording], dict[str, forms.Field]]] = {
    Kind.CAPACITY: _capacity,
    Kind.ONE: _one,
    Kind.MANY: _many,
    Kind.AGREE: _one,
    Kind.AGREE_GRID: _grid,
    Kind.NUMBER: _number,
    Kind.SHORT_TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.WARD: _ward,
}
