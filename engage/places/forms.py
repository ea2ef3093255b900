"""The postcode that leads to a ward."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wards.models import Ward
from wards.postcodes import normalise, place_of


class PostcodeForm(forms.Form):
    """A postcode, however it is typed. It is looked up and forgotten."""

    postcode = forms.CharField(
        label=_("Postcode"),
        max_length=40,
        error_messages={"required": _("Enter a postcode")},
        widget=forms.TextInput(
            attrs={"autocomplete": "postal-code", "class": "govuk-input--width-10"}
        ),
    )
    ward: Ward | None = None

    def clean_postcode(self) -> str:
        text: str = self.cleaned_data["postcode"]
        postcode = normalise(text)
        if postcode is None:
            raise forms.ValidationError(_("Enter a full UK postcode"))
        place = place_of(postcode)
        if not place.is_known:
            raise forms.ValidationError(
                _(
                    "We cannot tell the ward of this postcode. "
                    "Choose your ward from the list below"
                )
            )
        if place.ward is None:
            raise forms.ValidationError(
                _("This postcode is outside our area. Choose a ward from the list")
            )
        self.ward = place.ward
        return text
