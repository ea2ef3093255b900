"""The forms of services."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portfolios.models import Service

LABELS = {
    "name": _("Name of the service"),
    "email": _("Team mailbox"),
    "phone": _("Telephone"),
    "is_active": _("Consultations can belong to this service"),
}


class NewServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A service that consultations can belong to."""

    class Meta:
        model = Service
        fields = ["name", "email", "phone"]
        labels = LABELS


class ServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a service is called and how it is reached."""

    class Meta:
        model = Service
        fields = ["name", "email", "phone", "is_active"]
        labels = LABELS
