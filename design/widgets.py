"""Form widgets that say what Django's cannot: hints, dividers, reveals of an option.

Django's own widgets are rendered by the template pack too; these are for when an
option needs more than its label.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms


class Radios(forms.RadioSelect):
    """One of several options.

    `hints` maps a value to the hint under its option; `reveals` maps a value to the
    name of the form's field that belongs under it (the pack then leaves that field
    out of the normal order); `divider_before` is the value that "or" comes before.
    """

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        hints: Mapping[str, str] | None = None,
        reveals: Mapping[str, str] | None = None,
        divider_before: Iterable[str] = (),
    ) -> None:
        super().__init__(attrs)
        self.hints = dict(hints or {})
        self.reveals = dict(reveals or {})
        self.divider_before = frozenset(divider_before)


class Checkboxes(forms.CheckboxSelectMultiple):
    """Several of several options, some of which may exclude all others.

    An option in `exclusive` gets an "or" before it and, with JavaScript, empties
    the rest when it is ticked. The server must still refuse the combination.
    """

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        hints: Mapping[str, str] | None = None,
        reveals: Mapping[str, str] | None = None,
        exclusive: Iterable[str] = (),
    ) -> None:
        super().__init__(attrs)
        self.hints = dict(hints or {})
        self.reveals = dict(reveals or {})
        self.exclusive = frozenset(exclusive)
        self.divider_before = self.exclusive


class Words(forms.Textarea):
    """A text that is limited by words instead of characters."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, limit: int) -> None:
        super().__init__(attrs)
        self.word_limit = limit


@dataclass(frozen=True)
class GroupPart:
    """Makes fields that follow each other one fieldset: set as `widget.group`.

    The first one has `legend` (and `hint`) and opens the fieldset, the last one
    closes it. The fields keep their own labels, errors and ids.
    """

    legend: str = ""
    hint: str = ""
    is_last: bool = False
