"""What an officer fills in while planning, one form for each page of the hub.

A plan is saved as far as it is: what is missing is asked for when it is sent for
approval. So little is required here, and only what stays optional then says so.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from consultations.forms.dates import DayField
from consultations.models import Consultation, EqualitySet, Topic
from council.models import EngagementLevel, PrivacyNotice
from design.fields import RowsField
from design.widgets import Radios
from portfolios.models import Service
from wards.models import Ward

LONG = 10_000


def _text(label: Any, hint: Any = "", *, rows: int = 6) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class StartForm(forms.Form):
    """A new consultation: its title and its service; the rest is on the hub."""

    title = forms.CharField(
        label=_("Title"),
        max_length=150,
        help_text=_(
            "Put the most important words first, like “Changes to the number 7 bus”."
        ),
    )
    service = forms.ModelChoiceField(
        label=_("Service"), queryset=Service.objects.none(), empty_label=_("Choose")
    )

    def __init__(self, *args: Any, services: QuerySet[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = services


class PlanForm(forms.Form):
    """A page of the plan, filled from the consultation."""

    mark_optional = False

    def __init__(self, *args: Any, plan: Consultation, **kwargs: Any) -> None:
        initial = {
            name: getattr(plan, name)
            for name in self.base_fields
            if hasattr(plan, name) and name != "wards"
        }
        kwargs["initial"] = {**initial, **self.more(plan)}
        super().__init__(*args, **kwargs)

    def more(self, plan: Consultation) -> dict[str, Any]:
        return {}

    def changes(self) -> dict[str, Any]:
        """What `actions.edit` sets."""
        return dict(self.cleaned_data)


class OverviewForm(PlanForm):
    title = forms.CharField(label=_("Title"), max_length=150)
    summary = forms.CharField(
        label=_("What this is about, in one sentence"),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    topic = forms.ModelChoiceField(
        label=_("Topic (optional)"),
        queryset=Topic.objects.order_by("name"),
        required=False,
        empty_label=_("No topic"),
    )
    overview = _text(
        _("What you are asking, and why"),
        _("You can use Markdown: a blank line starts a paragraph, - makes a list."),
        rows=12,
    )
    can_influence = _text(_("What people can influence"))
    cannot_influence = _text(_("What people cannot influence"))


class PeopleForm(PlanForm):
    audience = _text(_("Who it is for"), rows=3)
    where = forms.ChoiceField(
        label=_("Which places it is about"),
        choices=[("all", _("The whole council area")), ("wards", _("Some wards"))],
        widget=Radios(reveals={"wards": "wards"}),
    )
    wards = RowsField(
        label=_("Wards"),
        queryset=Ward.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    level = forms.ModelChoiceField(
        label=_("Level of engagement"),
        queryset=EngagementLevel.objects.order_by("order"),
        required=False,
        empty_label=_("Not chosen yet"),
        help_text=_("People read the promise of the level you choose."),
    )
    contact_name = forms.CharField(
        label=_("Contact"), max_length=120, required=False, help_text=_("A team, best.")
    )
    contact_email = forms.EmailField(
        label=_("Email address"), max_length=254, required=False
    )
    contact_phone = forms.CharField(
        label=_("Telephone (optional)"), max_length=40, required=False
    )
    other_ways = _text(
        _("Other ways to answer"), _("For example on paper, by phone or at an event.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wards = self.fields["wards"]
        assert isinstance(wards, RowsField)  # noqa: S101
        wards.queryset = Ward.objects.in_force()

    def more(self, plan: Consultation) -> dict[str, Any]:
        return {
            "where": "all" if plan.all_wards else "wards",
            # A draft may have been planned before the boundaries changed.
            "wards": [w.pk for w in Ward.objects.in_force().line_of(plan.wards.all())],
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("where") == "wards" and not data.get("wards"):
            self.add_error("wards", _g("Select the wards, or the whole council area"))
        return data

    def changes(self) -> dict[str, Any]:
        chosen = dict(self.cleaned_data)
        del chosen["wards"]
        all_wards = chosen.pop("where") == "all"
        return {**chosen, "all_wards": all_wards}

    def chosen_wards(self) -> list[Ward]:
        """The wards to set: none where it is about the whole area."""
        if self.cleaned_data["where"] == "all":
            return []
        return list(self.cleaned_data["wards"])


class DatesForm(PlanForm):
    opens_on = DayField(label=_("Opening day"), required=False)
    closes_on = DayField(
        label=_("Closing day"),
        required=False,
        help_text=_("People can answer until 11:59pm on this day."),
    )
    decision_maker = forms.CharField(
        label=_("Who decides"), max_length=150, required=False
    )
    decision_due = DayField(label=_("When they decide"), required=False)
    feedback_how = _text(_("How people hear what came of it"), rows=3)
    feedback_due = DayField(
        label=_("Feedback by"),
        required=False,
        help_text=_("Leave it empty for the council's usual time after closing."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        opens, closes = data.get("opens_on"), data.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error(
                "closes_on", _g("Closing day must be on or after the opening day")
            )
        for name, sentence in (
            ("decision_due", _g("The decision must come after the closing day")),
            ("feedback_due", _g("The day of feedback must come after the closing day")),
        ):
            if closes and data.get(name) and data[name] <= closes:
                self.add_error(name, sentence)
        return data


class PrivacyForm(PlanForm):
    privacy_notice = forms.ModelChoiceField(
        label=_("Privacy notice"),
        queryset=PrivacyNotice.objects.order_by("-version"),
        required=False,
        empty_label=_("Not chosen yet"),
    )
    equality_set = forms.ModelChoiceField(
        label=_("Equality questions"),
        queryset=EqualitySet.objects.exclude(published_at=None).order_by(
            "code", "-version"
        ),
        required=False,
        empty_label=_("Ask none"),
        help_text=_(
            "They are asked after the answer is sent, are optional and stored apart."
        ),
    )
