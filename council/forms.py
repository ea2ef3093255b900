"""The forms of the council's settings and texts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from council.logo import MOST_BYTES, kind_of
from council.models import Council, PrivacyNotice, StatutoryPage
from council.statutory import PREPARED_ON
from design.colour import MINIMUM_TEXT, WHITE, contrast, is_colour

LONGEST_TEXT = 20_000
NOTICE_PARTS = (
    "controller",
    "purposes",
    "lawful_basis",
    "special_category_condition",
    "retention",
    "sharing",
    "publication",
    "rights",
    "dpo_contact",
)
NUMBERS = {
    "grace_minutes": (0, 240),
    "feedback_days": (1, 730),
    "max_questions": (1, 200),
    "material_change_extension_days": (1, 90),
    "min_base_for_percent": (1, 1000),
    "fastest_seconds": (0, 60),
    "most_equal_an_hour": (5, 500),
    "most_an_hour": (20, 1000),
    "quiet_from_hour": (0, 23),
    "quiet_until_hour": (0, 23),
    "max_reminders": (0, 10),
    "draft_days": (0, 365),
    "unconfirmed_days": (1, 90),
    "notice_days": (1, 365),
    "signal_days": (0, 30),
}

# How a page that shows them all puts them in order.
NUMBER_GROUPS = (
    (
        _("Consultations"),
        (
            "grace_minutes",
            "feedback_days",
            "max_questions",
            "material_change_extension_days",
            "min_base_for_percent",
        ),
    ),
    (_("Misuse"), ("fastest_seconds", "most_equal_an_hour", "most_an_hour")),
    (_("Reminders"), ("quiet_from_hour", "quiet_until_hour", "max_reminders")),
    (
        _("How long things are kept"),
        (
            "draft_days",
            "unconfirmed_days",
            "notice_days",
            "signal_days",
        ),
    ),
)


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Why do you change this?"),
        help_text=_("It is kept in the history."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class NameForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the council and this service are called, and how they are reached."""

    website = forms.URLField(
        label=_("Address of the council’s website"),
        required=False,
        max_length=200,
        assume_scheme="https",
    )
    reason = _reason()

    class Meta:
        model = Council
        fields = [
            "name",
            "service_name",
            "place",
            "reference_prefix",
            "brand_colour",
            "website",
            "email",
            "phone",
            "postal_address",
        ]
        labels = {
            "name": _("Name of the council"),
            "service_name": _("Name of this service"),
            "place": _("Name of the place"),
            "reference_prefix": _("First letters of references"),
            "brand_colour": _("Brand colour"),
            "email": _("Email address for the public"),
            "phone": _("Telephone"),
            "postal_address": _("Postal address"),
        }
        help_texts = {
            "place": _("As in “Have your say in …”."),
            "reference_prefix": _("For example, CON makes CON/2026/001."),
            "brand_colour": _(
                "As # and six digits, like #12436d. White text must be readable on it."
            ),
        }
        widgets = {"postal_address": forms.Textarea(attrs={"rows": 4})}

    def clean_brand_colour(self) -> str:
        colour: str = self.cleaned_data["brand_colour"].lower()
        if not is_colour(colour):
            raise forms.ValidationError(
                _("Enter a colour as # and six digits, like #12436d")
            )
        ratio = contrast(colour, WHITE)
        if ratio < MINIMUM_TEXT:
            raise forms.ValidationError(
                _(
                    "White text on this colour has a contrast of %(ratio)s to 1. "
                    "It must be 4.5 to 1 or more. Choose a darker colour"
                ),
                params={"ratio": f"{ratio:.1f}"},
            )
        return colour


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]
    """The days, hours and limits that councils set differently."""

    reason = _reason()

    class Meta:
        model = Council
        fields = list(NUMBERS)
        labels = {
            "grace_minutes": _("Minutes of grace after closing"),
            "feedback_days": _("Days from closing to feedback"),
            "max_questions": _("Most questions before authors are advised"),
            "material_change_extension_days": _("Days that a material change adds"),
            "min_base_for_percent": _("Fewest answers shown with percentages"),
            "fastest_seconds": _("Hold answers sent within (seconds)"),
            "most_equal_an_hour": _("Most equal answers from one place in an hour"),
            "most_an_hour": _("Most answers from one place in an hour"),
            "quiet_from_hour": _("No reminders from (hour)"),
            "quiet_until_hour": _("No reminders until (hour)"),
            "max_reminders": _("Most reminders for one closing date"),
            "draft_days": _("Days that an unfinished answer is kept"),
            "unconfirmed_days": _("Days that an unconfirmed alert is kept"),
            "notice_days": _("Days that a sent message keeps its address"),
            "signal_days": _("Days that traces against misuse are kept"),
        }
        help_texts = {
            "grace_minutes": _("An answer started before closing is taken so long."),
            "feedback_days": _("The day that a new consultation promises at first."),
            "max_questions": _("More questions mean fewer people finish."),
            "material_change_extension_days": _(
                "A change that matters gives people this much longer to answer."
            ),
            "min_base_for_percent": _("Below it, pages show counts alone."),
            "fastest_seconds": _("Counted from the start. 0 holds none for that."),
            "most_equal_an_hour": _(
                "More are held until an officer looks at them. None is dropped."
            ),
            "most_an_hour": _(
                "A library or school has one address. Leave room for all its people."
            ),
            "quiet_from_hour": _("From 0 to 23, for example 20 for 8pm."),
            "quiet_until_hour": _("From 0 to 23, for example 8 for 8am."),
            "max_reminders": _("A person gets no more than these."),
            "draft_days": _("After closing. Then it is deleted."),
            "unconfirmed_days": _("Then the email address is deleted."),
            "notice_days": _("Then address and content are deleted."),
            "signal_days": _("After closing, 30 at most. Then they are deleted."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in NUMBERS.items():
            field = self.fields[name]
            field.validators = [MinValueValidator(least), MaxValueValidator(most)]
            # Text, not a spinner, which changes by accident.
            field.widget = forms.TextInput(
                attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        equal, most = cleaned.get("most_equal_an_hour"), cleaned.get("most_an_hour")
        if equal is not None and most is not None and equal > most:
            self.add_error(
                "most_equal_an_hour",
                _("Equal answers from one place cannot be more than all of them"),
            )
        return cleaned


class LogoForm(forms.Form):
    """A logo, or its removal."""

    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("A PNG or JPEG of 200 KB or less. Leave it empty for none."),
    )
    reason = _reason()
    suffix = ""

    def clean_logo(self) -> bytes | None:
        upload: UploadedFile[Any] | None = self.cleaned_data["logo"]
        if not upload:
            return None
        if (upload.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The logo must be 200 KB or less"))
        content: bytes = upload.read()
        kind = kind_of(content)
        if kind is None:
            raise forms.ValidationError(_("The logo must be a PNG or a JPEG"))
        self.suffix = kind[0]
        return content


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=_("For example, 22/11/2026"),
        input_formats=["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y"],
        widget=forms.DateInput(
            format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"}
        ),
        **options,
    )


class PageForm(forms.ModelForm):  # type: ignore[type-arg]
    """The council's own words for a statutory page."""

    text = forms.CharField(
        label=_("Text"),
        help_text=_("Markdown: a line of ### starts a heading, - starts a list."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 15}),
    )
    prepared_on = _day(
        _("Prepared on"), error_messages={"required": _("Enter when it was prepared")}
    )
    reviewed_on = _day(
        _("Last reviewed on"),
        error_messages={"required": _("Enter when it was last reviewed")},
    )

    class Meta:
        model = StatutoryPage
        fields = ["text", "prepared_on", "reviewed_on"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        prepared, reviewed = cleaned.get("prepared_on"), cleaned.get("reviewed_on")
        if reviewed and reviewed > timezone.localdate():
            self.add_error("reviewed_on", _("The review must not be in the future"))
        if prepared and reviewed and reviewed < prepared:
            self.add_error(
                "reviewed_on", _("The review must not be before it was prepared")
            )
        return cleaned

    @staticmethod
    def first_values(text: str) -> dict[str, Any]:
        """What the form shows before the council has words of its own."""
        return {
            "text": text,
            "prepared_on": PREPARED_ON,
            "reviewed_on": timezone.localdate(),
        }


class PrivacyNoticeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new version of the privacy notice."""

    in_force_from = _day(
        _("In force from"),
        error_messages={"required": _("Enter from when it is in force")},
    )
    reason = _reason()

    class Meta:
        model = PrivacyNotice
        fields = [*NOTICE_PARTS, "in_force_from"]
        labels = {
            "controller": _("Who is responsible for the answers?"),
            "purposes": _("What are they used for?"),
            "lawful_basis": _("On which lawful basis?"),
            "special_category_condition": _(
                "On which condition are equality questions asked?"
            ),
            "retention": _("How long are they kept?"),
            "sharing": _("Who else sees them?"),
            "publication": _("What is published?"),
            "rights": _("Which rights do people have?"),
            "dpo_contact": _("How is the data protection officer reached?"),
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 4, "maxlength": 5000})
            for name in NOTICE_PARTS
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NOTICE_PARTS:
            field = self.fields[name]
            field.max_length = 5000  # type: ignore[attr-defined]
            field.validators.append(MaxLengthValidator(5000))
            field.required = name != "special_category_condition"

    def clean_in_force_from(self) -> Any:
        day = self.cleaned_data["in_force_from"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("It cannot be in force from a past day"))
        return day
