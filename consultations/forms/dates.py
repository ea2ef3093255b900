"""A day and a time of day that an officer types."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

FORMATS = ["%d/%m/%Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y"]
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
NOON = frozenset({"noon", "midday", "12 noon", "12noon", "12 midday"})
CLOCK = re.compile(
    r"""(?P<hour>[0-9]{1,2})
        (?:[:.\ ]?(?P<minute>[0-9]{2})(?::[0-9]{2})?)?
        \ *(?:(?P<half>[ap])\.?\ ?m\.?)?""",
    re.VERBOSE,
)


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


class ClockField(forms.TimeField):
    """A time of day, typed as people write it: 10am, 10.30 am, 17:30, noon."""

    widget = forms.TextInput(attrs={"class": "govuk-input--width-5"})

    def to_python(self, value: Any) -> time | None:
        text = str(value or "").strip()
        if not text:
            return None
        found = clock_time(text)
        if found is None:
            sentence = _g("%(name)s must be a real time, like 9:30am or 17:30")
            raise ValidationError(sentence % {"name": self.label or _g("Time")})
        return found


def clock_time(text: str) -> time | None:
    """Read a time of day; None for what is none, or could be either half of the day.

    "5" may mean morning or afternoon, "midnight" the start or the end of the day.
    """
    said = " ".join(text.lower().split())
    if said in NOON:
        return time(12)
    found = CLOCK.fullmatch(said)
    if found is None or not (found["minute"] or found["half"]):
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
