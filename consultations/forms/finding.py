"""Filters of the lists: allow-listed; a value that is none of ours is ignored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation, Stage, Topic
from portfolios.models import Service
from wards.models import Ward

Choices = list[tuple[str, str]]


class Filters(forms.Form):
    """A GET form whose fields that are wrong count as not given (T-06).

    `chosen` holds what was understood; `active` what is shown as a filter that can
    be taken away.
    """

    mark_optional = False
    quiet: frozenset[str] = frozenset({"sort"})

    def __init__(self, data: QueryDict, choices: Mapping[str, Choices]) -> None:
        super().__init__(data)
        for name, pairs in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.choices = [("", _g("All")), *pairs]
        self.is_valid()
        self.chosen: dict[str, str] = dict(self.cleaned_data)
        # Nobody types an address: an error would only be in the way.
        self._errors = ErrorDict()

    def kept(self) -> str:
        """What the controls are made of, where nothing is given; "" where it is.

        They are then the same for everybody, and kept (includes/form.html).
        """
        if any(self.data.get(name) for name in self.fields):
            return ""
        choices = [getattr(field, "choices", "") for field in self.fields.values()]
        return f"{type(self).__name__} {choices}"

    def active(self) -> list[dict[str, str]]:
        """The filters in force, each with the query that is left without it."""
        return [
            {
                "label": str(self.fields[name].label),
                "words": self._said(name, value),
                "without": self._without(name),
            }
            for name, value in self.chosen.items()
            if value and name not in self.quiet
        ]

    def _said(self, name: str, value: str) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return str(dict(self._flat(field)).get(value, value))
        return value

    @staticmethod
    def _flat(field: forms.ChoiceField) -> Choices:
        return [(str(value), str(label)) for value, label in field.choices]  # type: ignore[union-attr, misc]

    def _without(self, name: str) -> str:
        query = QueryDict(mutable=True)
        for other, value in self.chosen.items():
            if value and other != name:
                query[other] = value
        return query.urlencode()


def _search() -> forms.CharField:
    return forms.CharField(label=_("Search"), required=False, max_length=100)


def _choice(label: Any, choices: list[tuple[str, Any]] | None = None) -> Any:
    return forms.ChoiceField(label=label, required=False, choices=choices or [])


class FindForm(Filters):
    """Find a consultation."""

    quiet = frozenset({"sort", "status"})
    q = _search()
    status = _choice(
        _("Status"),
        [
            ("open", _("Open")),
            ("opens_soon", _("Opens soon")),
            ("closed", _("Closed")),
            ("feedback", _("Feedback published")),
            ("all", _("All")),
        ],
    )
    ward = _choice(_("Ward"))
    topic = _choice(_("Topic"))
    service = _choice(_("Service"))
    sort = _choice(
        _("Sort by"),
        [("closing", _("Closing soonest")), ("newest", _("Newest first"))],
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(
            data,
            {
                "ward": _named(Ward.objects.in_force()),
                "topic": _named(Topic.objects.all()),
                "service": _named(Service.objects.all()),
            },
        )


class OutcomeForm(Filters):
    """What we did."""

    year = _choice(_("Year"))
    ward = _choice(_("Ward"))
    service = _choice(_("Service"))
    outcome = _choice(_("What came of it"))

    def __init__(self, data: QueryDict, years: list[int]) -> None:
        super().__init__(
            data,
            {
                "year": [(str(year), str(year)) for year in years],
                "ward": _named(Ward.objects.in_force()),
                "service": _named(Service.objects.all()),
                "outcome": [
                    *((str(o.value), str(o.label)) for o in Consultation.Outcome),
                    ("late", _g("Feedback is late")),
                ],
            },
        )


class StaffForm(Filters):
    """Consultations that a member of staff works on or may read."""

    q = _search()
    stage = _choice(_("Status"))
    service = _choice(_("Service"))

    def __init__(self, data: QueryDict) -> None:
        super().__init__(
            data,
            {
                "stage": [(str(s.value), str(s.label)) for s in Stage],
                "service": _named(Service.objects.all()),
            },
        )


def _named(rows: Any) -> Choices:
    return list(rows.values_list("slug", "name"))
