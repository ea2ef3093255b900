"""The small forms around sending: an address, and what it may be used for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import Response
from consultations.responses.actions import Contact
from design.formats import storable

EMAIL_ERROR = gettext_lazy(
    "Enter an email address in the correct format, like name@example.com"
)
LONGEST_EMAIL = 254


class EmailAddress(forms.EmailField):
    """An address, with one sentence for whatever is wrong with it."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"required": EMAIL_ERROR, "invalid": EMAIL_ERROR}
        super().__init__(error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "")
        if len(text) > LONGEST_EMAIL or storable(text) != text:
            raise forms.ValidationError(EMAIL_ERROR)
        return text


class EmailForm(forms.Form):
    """Where to send a link."""

    email = EmailAddress(label=gettext_lazy("Email address"))


class SendForm(forms.Form):
    """What is asked beside the answers: nothing that is required (GDPR-04)."""

    email = EmailAddress(
        label=gettext_lazy("Email address"),
        help_text=gettext_lazy("We keep it apart from your answers."),
        required=False,
    )
    wants_receipt = forms.BooleanField(
        label=gettext_lazy("Email me a copy of my receipt link"), required=False
    )
    wants_feedback = forms.BooleanField(
        label=gettext_lazy("Tell me what came of it"), required=False
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        wants = data.get("wants_receipt") or data.get("wants_feedback")
        if wants and "email" not in self.errors and not data.get("email"):
            self.add_error(
                "email", _("Enter your email address, or clear the boxes below it")
            )
        if data.get("email") and not wants:
            self.add_error("wants_receipt", _("Select what we may email you about"))
        return data

    def contact(self) -> Contact | None:
        """Return where to write to and about what, or None."""
        if not self.cleaned_data["email"]:
            return None
        return Contact(
            email=self.cleaned_data["email"],
            wants_receipt=self.cleaned_data["wants_receipt"],
            wants_feedback=self.cleaned_data["wants_feedback"],
        )


class ExcludeForm(forms.Form):
    """Why a response is not counted (CON-08), or that it is."""

    COUNT = "count"

    reason = forms.ChoiceField(
        label=gettext_lazy("What to do with this response"),
        choices=[
            (COUNT, gettext_lazy("Count it")),
            *[
                (value, gettext_lazy("Do not count it: %s") % label)
                for value, label in Response.Exclusion.choices
            ],
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Select what to do with this response"),
            "invalid_choice": gettext_lazy("Select what to do with this response"),
        },
    )
    note = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "max_length": gettext_lazy("The reason must be 1,000 characters or less"),
        },
    )

    def __init__(self, *args: Any, is_counted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_counted:
            reason = self.fields["reason"]
            reason.choices = reason.choices[1:]  # type: ignore[attr-defined]

    def clean_note(self) -> str:
        return storable(self.cleaned_data["note"])
