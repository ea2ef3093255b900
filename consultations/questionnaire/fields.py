"""Form fields of the builder, with sentences for what cannot be stored."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.questionnaire.change import MAX_LABEL, MAX_OPTIONS
from design.formats import number, storable

MAX_CHARACTERS = 20_000
FURTHEST = 1e12


class WordsField(forms.CharField):
    """Words of a questionnaire: kept without what cannot be stored."""

    def __init__(
        self,
        *,
        missing: Any = "",
        rows: int = 3,
        is_line: bool = False,
        **kwargs: Any,
    ) -> None:
        widget = forms.TextInput() if is_line else forms.Textarea({"rows": rows})
        super().__init__(widget=widget, **kwargs)
        self.validators = []
        if missing:
            self.error_messages["required"] = missing

    def to_python(self, value: Any) -> str:
        return storable(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > MAX_LABEL:
            raise forms.ValidationError(
                _(
                    "%(label)s must be %(limit)s characters or less. "
                    "You have used %(used)s"
                ),
                params={
                    "label": str(self.label).rstrip("?"),
                    "limit": number(MAX_LABEL),
                    "used": number(len(value)),
                },
            )


class LinesField(WordsField):
    """Several texts, one on each line; empty lines do not count.

    With `mark_optional=False` its hint says when it is needed.
    """

    def __init__(self, *, mark_optional: bool = True, **kwargs: Any) -> None:
        super().__init__(rows=6, required=False, **kwargs)
        self.mark_optional = mark_optional

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in self.to_python(value).splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MAX_OPTIONS:
            raise forms.ValidationError(
                _("Enter up to %(most)s lines. You have entered %(count)s"),
                params={"most": MAX_OPTIONS, "count": number(len(lines))},
            )
        for line in lines:
            self.validate(line)
        return lines


def number_field(label: Any, help_text: Any = "") -> forms.FloatField:
    """A number that may be left out."""
    sentence = gettext_lazy("Enter a number, like 10")
    return forms.FloatField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=-FURTHEST,
        max_value=FURTHEST,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), sentence),
    )


def limit_field(help_text: Any = "") -> forms.IntegerField:
    """How many characters a text may have."""
    sentence = gettext_lazy("Enter a number of characters from 1 to 20,000")
    return forms.IntegerField(
        label=gettext_lazy("Most characters"),
        help_text=help_text,
        required=False,
        min_value=1,
        max_value=MAX_CHARACTERS,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), sentence),
    )
