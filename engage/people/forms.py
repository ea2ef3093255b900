"""The forms about people. Every change of roles says why (matrix row 26)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import WHAT_IT_IS_FOR, RoleKind
from design.fields import RowsField
from design.widgets import Checkboxes, Radios
from portfolios.models import Service
from wards.models import Ward

STAFF_ROLES = [
    (kind.value, kind.label) for kind in RoleKind if kind != RoleKind.GROUP_MEMBER
]
HINTS = {kind.value: str(text) for kind, text in WHAT_IT_IS_FOR.items()}


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Why?"),
        help_text=_("It is kept in the history."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _date(label: Any, **options: Any) -> forms.DateField:
    sensible = _("Enter a day between 1990 and 2099")
    return forms.DateField(
        label=label,
        validators=[
            MinValueValidator(date(1990, 1, 1), sensible),
            MaxValueValidator(date(2099, 12, 31), sensible),
        ],
        widget=forms.DateInput(
            format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"}
        ),
        input_formats=["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y"],
        **options,
    )


class PeopleFilter(forms.Form):
    """Search and narrow the list of people."""

    q = forms.CharField(label=_("Name or email address"), required=False)
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("Any role")), *STAFF_ROLES]
    )


class InvitationForm(forms.Form):
    """Whom to invite, as what, for which services."""

    full_name = forms.CharField(label=_("Full name"), max_length=150)
    email = forms.EmailField(label=_("Email address"), max_length=254)
    roles = forms.MultipleChoiceField(
        label=_("What will they do?"),
        choices=STAFF_ROLES,
        widget=Checkboxes(hints=HINTS),
    )
    services = RowsField(
        label=_("Which services will they work for?"),
        help_text=_("For service officers."),
        queryset=Service.objects.filter(is_active=True),
        required=False,
        widget=Checkboxes,
    )
    reason = _reason()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        is_officer = RoleKind.SERVICE_OFFICER in cleaned.get("roles", [])
        if is_officer and "services" in cleaned and not cleaned["services"]:
            self.add_error(
                "services", _("Choose a service, so that they have work to see")
            )
        return cleaned


class RoleForm(forms.Form):
    """Which further role to give."""

    kind = forms.ChoiceField(label=_("Which role?"), widget=Radios(hints=HINTS))
    reason = _reason()

    def __init__(self, *args: Any, held: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = [pair for pair in STAFF_ROLES if pair[0] not in held]
        self.fields["kind"].choices = left  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A change that needs nothing but its reason."""

    reason = _reason()


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button says it all."""


class ServicesForm(forms.Form):
    """Which services somebody works for."""

    services = RowsField(
        label=_("Which services do they work for?"),
        queryset=Service.objects.filter(is_active=True),
        required=False,
        widget=Checkboxes,
    )
    reason = _reason()


class TermForm(forms.Form):
    """A councillor's ward and days."""

    ward = forms.ModelChoiceField(
        label=_("Ward"),
        queryset=Ward.objects.none(),
        empty_label=_("Choose a ward"),
    )
    starts = _date(_("First day"), help_text=_("For example, 7/5/2026"))
    ends = _date(
        _("Last day, if it is known"),
        required=False,
        help_text=_("Leave it empty until the next election."),
    )
    reason = _reason()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ward"].queryset = (  # type: ignore[attr-defined]
            Ward.objects.in_force()
        )


class TermEndForm(forms.Form):
    """When a term ends."""

    ends = _date(_("Last day"), help_text=_("For example, 6/5/2027"))
    reason = _reason()


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Names as people know them."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.full_name} ({obj.email})"


class HandOverForm(forms.Form):
    """Who takes the work over."""

    to = ColleagueField(
        label=_("Who takes the work over?"),
        queryset=User.objects.none(),
        empty_label=_("Choose a colleague"),
    )
    reason = _reason()

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = (  # type: ignore[attr-defined]
            User.objects.with_role(
                RoleKind.SERVICE_OFFICER, RoleKind.CONSULTATION_APPROVER
            ).exclude(pk=person.pk)
        )


class DeputyForm(forms.Form):
    """Who approves instead, from one day to another."""

    deputy = ColleagueField(
        label=_("Who stands in?"),
        help_text=_("A service officer, or another approver."),
        queryset=User.objects.none(),
        empty_label=_("Choose a colleague"),
    )
    first_day = _date(_("First day"), help_text=_("For example, 1/12/2026"))
    last_day = _date(_("Last day"), help_text=_("For example, 14/12/2026"))

    def __init__(self, *args: Any, approver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = (  # type: ignore[attr-defined]
            User.objects.who_may_stand_in_for(approver)
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error(
                "last_day", _("The last day must not be before the first day")
            )
        if last and last < timezone.localdate():
            self.add_error("last_day", _("The last day must not be in the past"))
        return cleaned


class JoinForm(forms.Form):
    """The password of somebody who joins."""

    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("At least 12 characters. Three words that you remember do well."),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password")},
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password, self.person)
        except ValidationError as error:
            raise forms.ValidationError(error.messages) from error
        return password
