"""Approving, and what is decided once a consultation is public."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from consultations.actions.amending import AMENDABLE
from consultations.forms.dates import DayField
from consultations.forms.documents import DocumentForm
from consultations.forms.planning import LONG
from consultations.models import Consultation
from design.widgets import Radios

REASON = 2000


def _words(
    label: Any, hint: Any = "", *, rows: int = 4, limit: int = REASON
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=limit,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class AnswerForm(forms.Form):
    """What the approver answers; `step` is what they have read.

    Who wrote some of it may only ask for changes.
    """

    step = forms.IntegerField(widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        label=_("What do you want to do?"),
        choices=[
            ("approve", _("Approve")),
            ("later", _("Approve from a later date")),
            ("return", _("Ask for changes")),
        ],
        widget=Radios(reveals={"later": "opens_on", "return": "reason"}),
    )
    opens_on = DayField(label=_("Opening day"), required=False)
    reason = forms.CharField(
        label=_("What needs to change"),
        required=False,
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    mark_optional = False

    def __init__(self, *args: Any, may_approve: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["choice"]
        if not may_approve and isinstance(choice, forms.ChoiceField):
            del self.fields["opens_on"]
            choice.widget = Radios(reveals={"return": "reason"})
            choice.choices = [("return", _("Ask for changes"))]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("choice") == "return" and not data.get("reason"):
            self.add_error("reason", _g("Enter what needs to change"))
        later = data.get("choice") == "later" and "opens_on" not in self.errors
        if later and not data.get("opens_on"):
            self.add_error("opens_on", _g("Enter the opening day"))
        return data


class ExtendForm(forms.Form):
    closes_on = DayField(label=_("New closing day"))
    reason = _words(_("Why it stays open longer"), _("Everybody can read this."))


class EndForm(forms.Form):
    """What takes something from the public: a reason for the record, a note for all."""

    reason = _words(_("Reason"), _("For the council's own record."))
    public_note = _words(_("Note to the public"), _("Everybody can read this."))


class MoveFeedbackForm(forms.Form):
    feedback_due = DayField(label=_("New day of feedback"))
    reason = _words(_("Why feedback comes later"), _("Everybody can read this."))


class _Why(forms.Form):
    """The end of each amendment."""

    reason = _words(_("Why it changes"), _("Everybody can read this."), rows=3)
    is_material = forms.BooleanField(
        label=_("This could change what people answer"),
        help_text=_(
            "If so, everybody who follows, began or answered is told, "
            "and the closing day moves."
        ),
        required=False,
    )

    mark_optional = False


class AmendPlanForm(_Why):
    """Texts, contact and decision of a public consultation."""

    title = forms.CharField(label=_("Title"), max_length=150)
    summary = forms.CharField(
        label=_("What this is about, in one sentence"), max_length=250
    )
    overview = _words(_("What you are asking, and why"), rows=10, limit=LONG)
    can_influence = _words(_("What people can influence"), limit=LONG)
    cannot_influence = _words(_("What people cannot influence"), limit=LONG)
    contact_name = forms.CharField(label=_("Contact"), max_length=120)
    contact_email = forms.EmailField(
        label=_("Email address"), max_length=254, required=False
    )
    contact_phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    other_ways = _words(_("Other ways to answer"), limit=LONG)
    decision_maker = forms.CharField(label=_("Who decides"), max_length=150)
    decision_due = DayField(label=_("When they decide"))

    field_order = [*AMENDABLE, "reason", "is_material"]

    def __init__(self, *args: Any, plan: Consultation, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(plan, name) for name in AMENDABLE}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("contact_email") and not data.get("contact_phone"):
            self.add_error(
                "contact_email", _g("Enter an email address or a telephone number")
            )
        return data

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in AMENDABLE}


class AmendWordsForm(_Why):
    label = forms.CharField(
        label=_("New wording"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    hint = forms.CharField(
        label=_("Hint (optional)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order = ["label", "hint", "reason", "is_material"]


class AmendDocumentForm(_Why, DocumentForm):
    field_order = [
        "title",
        "text",
        "upload",
        "accessible_note",
        "reason",
        "is_material",
    ]
