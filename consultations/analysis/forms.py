"""What staff enter on the pages about responses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.models import Comment, Response
from design.formats import storable
from design.widgets import Radios

LONGEST_REASON = 500


class ReasonForm(forms.Form):
    """Why somebody needs to see answers whole: it goes into the history."""

    reason = forms.CharField(
        label=_("Why do you need it?"),
        help_text=_("Your name and this reason go into the history."),
        max_length=LONGEST_REASON,
        error_messages={
            "required": _("Enter why you need it"),
            "max_length": _("Your reason must be 500 characters or less"),
        },
    )

    def clean_reason(self) -> str:
        return storable(self.cleaned_data["reason"])


class CommentFilter(forms.Form):
    """Which texts to show."""

    question = forms.ChoiceField(label=_("Question"), required=False)
    words = forms.CharField(label=_("Contains"), required=False, max_length=200)
    publish = forms.ChoiceField(
        label=_("Review"),
        required=False,
        choices=[("", _("All")), *Comment.Publish.choices],
    )

    def __init__(
        self, *args: Any, questions: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].choices = [  # type: ignore[attr-defined]
            ("", _("All questions")),
            *questions,
        ]


class ResponseFilter(forms.Form):
    """Which responses to list."""

    reference = forms.CharField(label=_("Reference"), required=False, max_length=20)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All")), *Response.Status.choices],
    )


class ReviewForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whether a text may be published (GDPR-09)."""

    class Meta:
        model = Comment
        fields = ["publish", "redacted_text"]
        labels = {
            "publish": _("May this be published?"),
            "redacted_text": _("The text as it may be published"),
        }
        help_texts = {
            "redacted_text": _(
                "Replace what says who somebody is, like this: [a name]."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        publish = forms.ChoiceField(
            label=_("May this be published?"),
            choices=Comment.Publish.choices,
            widget=Radios(reveals={Comment.Publish.REDACTED: "redacted_text"}),
            error_messages={"required": _("Select whether it may be published")},
        )
        self.fields["publish"] = publish
        self.order_fields(["publish", "redacted_text"])
        if not self.is_bound and not self.instance.redacted_text:
            self.initial["redacted_text"] = self.instance.text

    def clean_redacted_text(self) -> str:
        return storable(self.cleaned_data["redacted_text"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (
            cleaned.get("publish") == Comment.Publish.REDACTED
            and not cleaned.get("redacted_text", "").strip()
        ):
            self.add_error("redacted_text", _("Enter the text as it may be published"))
        return cleaned
