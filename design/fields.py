"""Form fields that Django's own leave a gap in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet


# Nobody else may: the linter says to use this one.
class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # noqa: TID251
    """Several rows. Use it for Django's, which breaks on SQLite.

    A key with more digits than a row's can have is no choice. Django asks the
    database for all keys at once, and the driver of SQLite cannot say such a number.
    """

    def clean(self, value: Any) -> QuerySet[Any]:
        try:
            return super().clean(value)
        except OverflowError:
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": ", ".join(map(str, value))},
            ) from None
