"""What an officer writes about what people said and what the council did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.analysis import words
from consultations.analysis.tables import QuestionTable
from consultations.feedback.content import MOST_QUOTES, is_text, public_text
from consultations.forms.dates import ClockField, DayField
from consultations.models import Comment, Consultation, Feedback, Findings
from council.clock import LONDON
from design.formats import storable
from design.widgets import Checkboxes, GroupPart, Radios

LONGEST = 20_000
QUOTES_TO_CHOOSE_FROM = 30
LONGEST_LABEL = 200
MORNING = time(9)


def _text(label: Any, *, rows: int = 8, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class CleanTexts(forms.Form):
    """A form whose texts hold nothing that no database can store."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return {
            name: storable(value) if isinstance(value, str) else value
            for name, value in cleaned.items()
        }


class FindingsForm(CleanTexts):
    """Summary, how people took part, and for each question a headline and sentence."""

    # A draft may lack anything; what publishing needs is said on the page.
    mark_optional = False

    summary = _text(
        gettext_lazy("Summary of what people said"),
        hint=gettext_lazy("Say what most people said, and what others said."),
    )
    how_people_took_part = _text(
        gettext_lazy("How people took part"),
        hint=gettext_lazy("Workshops, paper forms and meetings, with their dates."),
    )

    def __init__(
        self,
        *args: Any,
        findings: Findings,
        tables: Sequence[QuestionTable],
        clear: Iterable[Comment] = (),
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("initial", self._initial(findings))
        super().__init__(*args, **kwargs)
        self.tables = tables
        by_question: dict[str, list[Comment]] = {}
        for comment in clear:
            by_question.setdefault(comment.question_key, []).append(comment)
        for table in tables:
            own = findings.question_texts.get(table["key"], {})
            if is_text(table):
                self._add_quotes(table, own, by_question.get(table["key"], []))
            else:
                self._add_words(table, own)

    @staticmethod
    def _initial(findings: Findings) -> dict[str, Any]:
        return {
            "summary": findings.summary,
            "how_people_took_part": findings.how_people_took_part,
        }

    def _add_words(self, table: QuestionTable, own: dict[str, Any]) -> None:
        headline = forms.CharField(
            label=_("Headline"),
            required=False,
            max_length=150,
            initial=own.get("headline") or words.headline(table),
        )
        headline.widget.group = GroupPart(legend=table["label"])
        sentence = forms.CharField(
            label=_("Sentence"),
            required=False,
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 2}),
            initial=own.get("sentence") or words.sentence(table),
        )
        sentence.widget.group = GroupPart(is_last=True)
        self.fields[f"headline-{table['key']}"] = headline
        self.fields[f"sentence-{table['key']}"] = sentence

    def _add_quotes(
        self, table: QuestionTable, own: dict[str, Any], clear: list[Comment]
    ) -> None:
        if not clear:
            return
        self.fields[f"quotes-{table['key']}"] = forms.TypedMultipleChoiceField(
            label=_("Quotes: %(question)s") % {"question": table["label"]},
            help_text=_("Choose up to 3 texts that were reviewed and cleared."),
            required=False,
            coerce=int,
            choices=[
                (comment.pk, public_text(comment)[:LONGEST_LABEL])
                for comment in clear[:QUOTES_TO_CHOOSE_FROM]
            ],
            initial=own.get("quotes", []),
            widget=Checkboxes(),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, value in cleaned.items():
            if name.startswith("quotes-") and len(value) > MOST_QUOTES:
                self.add_error(name, _("Choose 3 quotes or fewer"))
        return cleaned

    def question_texts(self) -> dict[str, dict[str, Any]]:
        """What was written by question; words equal to the figures' own are left out.

        Those follow the figures when a late answer changes them.
        """
        found: dict[str, dict[str, Any]] = {}
        for table in self.tables:
            own = {
                "headline": self._own("headline", table, words.headline(table)),
                "sentence": self._own("sentence", table, words.sentence(table)),
                "quotes": self.cleaned_data.get(f"quotes-{table['key']}", []),
            }
            kept = {name: value for name, value in own.items() if value}
            if kept:
                found[table["key"]] = kept
        return found

    def _own(self, name: str, table: QuestionTable, suggested: str) -> str:
        written = str(self.cleaned_data.get(f"{name}-{table['key']}", "")).strip()
        return "" if written == suggested else written


class FeedbackForm(CleanTexts):
    """We asked, You said, We did."""

    # A draft may lack anything; what publishing needs is said on the page.
    mark_optional = False

    we_asked = _text(gettext_lazy("We asked"), rows=5)
    you_said = _text(gettext_lazy("You said"))
    we_did = _text(gettext_lazy("We did"))
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it?"),
        choices=Consultation.Outcome.choices,
        widget=Radios(),
        required=False,
    )
    outcome_reason = _text(
        gettext_lazy("Why"),
        rows=4,
        hint=gettext_lazy("If nothing or only a part was changed, say why."),
    )
    signed_off_by = forms.CharField(
        label=gettext_lazy("Who signed it off"),
        help_text=gettext_lazy("A role, like the Cabinet or Director of Libraries."),
        required=False,
        max_length=150,
    )
    next_update_on = DayField(label=gettext_lazy("Next update by"), required=False)

    @staticmethod
    def initial_of(feedback: Feedback | None) -> dict[str, Any]:
        """What was written before."""
        if feedback is None:
            return {}
        names = FeedbackForm.base_fields
        return {name: getattr(feedback, name) for name in names}


class ChartsForm(forms.Form):
    """Which charts stand under "You said"."""

    charts = forms.MultipleChoiceField(
        label=gettext_lazy("Which charts do you want under “You said”?"),
        required=False,
        widget=Checkboxes(),
    )

    def __init__(
        self, *args: Any, tables: Sequence[QuestionTable], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["charts"].choices = [  # type: ignore[attr-defined]
            (table["key"], table["label"]) for table in tables if not is_text(table)
        ]


class AskForm(forms.Form):
    """When it becomes public, once a second person has confirmed."""

    publish_on = DayField(
        label=gettext_lazy("Publish on"),
        help_text=gettext_lazy(
            "Leave this empty to publish as soon as somebody confirms. "
            "For example, 1/12/2026"
        ),
        required=False,
    )
    publish_time = ClockField(
        label=gettext_lazy("Time"),
        help_text=gettext_lazy(
            "For example, 9:30am or 17:30. It is 9am if you leave it empty."
        ),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        has_day = cleaned.get("publish_on") or "publish_on" in self.errors
        if cleaned.get("publish_time") and not has_day:
            self.add_error(
                "publish_on", _("Enter the day too, or leave the time empty")
            )
        return cleaned

    def publish_at(self) -> datetime | None:
        """The moment that was asked for; None is at once."""
        day = self.cleaned_data.get("publish_on")
        if day is None:
            return None
        at = self.cleaned_data.get("publish_time") or MORNING
        return datetime.combine(day, at, tzinfo=LONDON)


class ConfirmForm(forms.Form):
    """The second person's consent to what they were shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
