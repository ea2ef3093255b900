"""An address to tell what happens."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FollowForm(forms.Form):
    email = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        help_text=_("We only use it to tell you about this consultation."),
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "class": "govuk-input--width-30"}
        ),
    )
