"""The words of a page, and where its answers lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.questionnaire.document import (
    CHOICE_KINDS,
    Page,
    Questionnaire,
    Route,
)
from consultations.questionnaire.fields import WordsField
from consultations.questionnaire.naming import page_name
from consultations.questionnaire.routing import END
from design.widgets import GroupPart


class PageForm(forms.Form):
    """What a page is called, and what it says before its questions."""

    label = WordsField(
        label=gettext_lazy("Title of the page"), required=False, is_line=True
    )
    hint = WordsField(
        label=gettext_lazy("Introduction"),
        help_text=gettext_lazy("It stands before the questions of the page."),
        required=False,
        rows=5,
    )


class RoutesForm(forms.Form):
    """Where each option of a page's questions leads.

    A select for each option says it without a second step and without a script.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        page: Page,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data)
        self.questions = [q for q in page.questions if q.kind in CHOICE_KINDS]
        places = [each.key for each in questionnaire.pages]
        later = places[places.index(page.key) + 1 :]
        choices = [
            ("", _("The next page")),
            *((key, page_name(questionnaire, key)) for key in later),
            (END, _("The page to check your answers")),
        ]
        for question in self.questions:
            for option in question.options:
                field = forms.ChoiceField(
                    label=questionnaire.label(option.key),
                    choices=choices,
                    required=False,
                    initial=_target(page, question.key, option.key),
                    error_messages={"invalid_choice": _("Select a later page")},
                )
                field.widget.group = GroupPart(
                    legend=questionnaire.label(question.key)
                    if option == question.options[0]
                    else "",
                    is_last=option == question.options[-1],
                )
                self.fields[f"{question.key}-{option.key}"] = field

    def routes(self) -> list[Route]:
        """The rules: options of one question that lead to one page are one rule."""
        found: list[Route] = []
        for question in self.questions:
            by_page: dict[str, list[str]] = {}
            for option in question.options:
                to = self.cleaned_data[f"{question.key}-{option.key}"]
                if to:
                    by_page.setdefault(to, []).append(option.key)
            found.extend(
                Route(question=question.key, options=tuple(options), to=to)
                for to, options in by_page.items()
            )
        return found


def _target(page: Page, question: str, option: str) -> str:
    return next(
        (
            route.to
            for route in page.routes
            if route.question == question and option in route.options
        ),
        "",
    )
