"""A new question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.questionnaire.change import Choice, Statement
from consultations.questionnaire.document import Kind, Role
from consultations.questionnaire.fields import (
    LinesField,
    WordsField,
    limit_field,
    number_field,
)
from consultations.questionnaire.kinds import KIND_HINTS, KIND_NAMES
from design.widgets import Radios

LISTED = frozenset({Kind.ONE, Kind.MANY})
# Options that many questions end with, so that nobody types them.
ENDINGS = {
    "dont_know": Choice("I do not know", role=Role.DONT_KNOW),
    "none": Choice("None of these"),
    "other": Choice("Something else", other=True),
}


class QuestionForm(forms.Form):
    """A new question of any kind; each kind reads the fields that it has."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What type of question is it?"),
        choices=[(kind.value, name) for kind, name in KIND_NAMES.items()],
        widget=Radios(hints={kind.value: hint for kind, hint in KIND_HINTS.items()}),
        error_messages={
            "required": gettext_lazy("Select the type of question"),
            "invalid_choice": gettext_lazy("Select the type of question"),
        },
    )
    label = WordsField(
        label=gettext_lazy("What do you want to ask?"),
        missing=gettext_lazy("Enter the question"),
        rows=2,
    )
    hint = WordsField(label=gettext_lazy("Hint"), required=False, rows=2)
    required = forms.BooleanField(
        label=gettext_lazy("People must answer this question"), required=False
    )
    options = LinesField(
        label=gettext_lazy("Options, one on each line"),
        help_text=gettext_lazy(
            "One choice and many choices need two or more. Leave it empty for others."
        ),
        mark_optional=False,
    )
    endings = forms.MultipleChoiceField(
        label=gettext_lazy("Add to the end of the options"),
        choices=[
            ("dont_know", gettext_lazy("I do not know")),
            ("none", gettext_lazy("None of these")),
            ("other", gettext_lazy("Something else, with room for words")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("Select from the list"),
            "invalid_list": gettext_lazy("Select from the list"),
        },
    )
    rows = LinesField(
        label=gettext_lazy("Statements, one on each line"),
        help_text=gettext_lazy("An agree grid needs them. Leave it empty for others."),
        mark_optional=False,
    )
    minimum = number_field(gettext_lazy("Lowest number"), gettext_lazy("For a number."))
    maximum = number_field(
        gettext_lazy("Highest number"), gettext_lazy("For a number.")
    )
    max_length = limit_field(gettext_lazy("For short and long text."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        count = len(cleaned.get("options") or []) + len(cleaned.get("endings") or [])
        if kind in LISTED and count < 2:
            self.add_error("options", _("Enter at least two options, one on each line"))
        if kind == Kind.AGREE_GRID and not cleaned.get("rows"):
            self.add_error("rows", _("Enter at least one statement"))
        check_range(self, cleaned)
        return cleaned

    def wanted(self) -> dict[str, Any]:
        """What `edit.add_question` is to make."""
        given = self.cleaned_data
        kind = Kind(given["kind"])
        options = [Choice(line) for line in given["options"]]
        options += [_ending(name, kind) for name in given["endings"]]
        return {
            "kind": kind,
            "label": given["label"],
            "hint": given["hint"],
            "required": given["required"],
            "options": options if kind in LISTED else (),
            "rows": [Statement(line) for line in given["rows"]],
            "minimum": given["minimum"],
            "maximum": given["maximum"],
            "max_length": given["max_length"],
        }


def _ending(name: str, kind: Kind) -> Choice:
    ending = ENDINGS[name]
    exclusive = kind is Kind.MANY and not ending.other
    return Choice(
        ending.label, role=ending.role, exclusive=exclusive, other=ending.other
    )


def check_range(form: forms.Form, cleaned: Mapping[str, Any]) -> None:
    low, high = cleaned.get("minimum"), cleaned.get("maximum")
    if low is not None and high is not None and low > high:
        form.add_error(
            "maximum", _("The highest number must be the lowest number or more")
        )
