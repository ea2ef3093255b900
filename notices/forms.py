"""The filter of the staff's page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from notices.models import Notice


class StatusFilter(forms.Form):
    """Which messages to show."""

    status = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All messages")), *Notice.Status.choices],
    )
