"""A day that an officer types."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

FORMATS = ["%d/%m/%Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y"]
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)


class DayField(forms.DateField):
    """A day of this century, typed as people write it: 1/12/2026, 1 December 2026."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("For example, 1/12/2026"))
        super().__init__(input_formats=FORMATS, **options)
        sentence = _("Enter a day between 2000 and 2100")
        for validator in (
            MinValueValidator(FIRST, sentence),
            MaxValueValidator(LAST, sentence),
        ):
            # Its own code, so that its own sentence is said.
            validator.code = "outside_the_century"
            self.validators.append(validator)
