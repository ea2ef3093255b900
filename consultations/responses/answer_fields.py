"""The fields that take an answer, each with sentences of its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from design.formats import number, storable

MAX_NUMBER_LENGTH = 30


class Choice(forms.ChoiceField):
    """One of the options. Its sentences are only made when one is needed."""

    def __init__(self, *, sentences: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sentences = sentences

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.sentences("required"), "required")
        if value and not self.valid_value(value):
            raise forms.ValidationError(self.sentences("invalid"))


class Choices(forms.MultipleChoiceField):
    """Some of the options."""

    def __init__(self, *, sentences: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sentences = sentences

    def to_python(self, value: Any) -> list[str]:
        if value and not isinstance(value, list | tuple):
            raise forms.ValidationError(self.sentences("invalid"))
        return [str(each) for each in value or ()]

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.sentences("required"), "required")
        if not all(self.valid_value(each) for each in value):
            raise forms.ValidationError(self.sentences("invalid"))


class AnswerText(forms.CharField):
    """A text as typed. What cannot be stored, or is too long, gets a sentence."""

    def __init__(self, *, what: str, limit: int, **kwargs: Any) -> None:
        super().__init__(max_length=limit, **kwargs)
        self.what, self.limit = what, limit
        self.validators = []

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        if storable(value) != value:
            raise forms.ValidationError(
                _("We removed characters that we cannot keep. Check %(what)s"),
                params={"what": self.what},
            )
        if len(value) > self.limit:
            raise forms.ValidationError(
                _(
                    "%(what)s must be %(limit)s characters or less. "
                    "You have used %(used)s"
                ),
                params={
                    "what": self.what[:1].upper() + self.what[1:],
                    "limit": number(self.limit),
                    "used": number(len(value)),
                },
            )


class AnswerNumber(forms.Field):
    """A number between the question's bounds; commas and spaces are allowed."""

    def __init__(
        self, *, what: str, minimum: float | None, maximum: float | None, **kwargs: Any
    ) -> None:
        widget = forms.TextInput(
            attrs={"class": "govuk-input--width-5", "inputmode": "decimal"}
        )
        super().__init__(widget=widget, **kwargs)
        self.what, self.minimum, self.maximum = what, minimum, maximum

    def to_python(self, value: Any) -> int | float | None:
        text = str(value or "").strip().replace(",", "").replace(" ", "")
        if not text:
            return None
        try:
            found = float(text) if len(text) <= MAX_NUMBER_LENGTH else math.nan
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            raise forms.ValidationError(
                _("The answer to %(what)s must be a number, like %(example)s"),
                params={"what": self.what, "example": self._example()},
            )
        return int(found) if found == int(found) else found

    def _example(self) -> str:
        low = 0 if self.minimum is None else self.minimum
        high = math.inf if self.maximum is None else self.maximum
        return number(4.0 if low <= 4 <= high else max(low, min(4.0, high)))

    def validate(self, value: int | float | None) -> None:
        super().validate(value)
        if value is None:
            return
        if self.minimum is not None and value < self.minimum:
            words, bound = (
                _("The answer to %(what)s must be %(bound)s or more"),
                (self.minimum),
            )
        elif self.maximum is not None and value > self.maximum:
            words, bound = (
                _("The answer to %(what)s must be %(bound)s or less"),
                (self.maximum),
            )
        else:
            return
        raise forms.ValidationError(
            words, params={"what": self.what, "bound": number(bound)}
        )
