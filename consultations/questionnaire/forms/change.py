"""A question that exists, with its options and statements one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from consultations.questionnaire.change import Choice, Statement
from consultations.questionnaire.document import (
    TEXT_KINDS,
    Kind,
    Option,
    Question,
    Questionnaire,
    Role,
    Row,
)
from consultations.questionnaire.edit import may_become
from consultations.questionnaire.fields import (
    LinesField,
    WordsField,
    limit_field,
    number_field,
)
from consultations.questionnaire.forms.questions import (
    LISTED,
    QuestionForm,
    check_range,
)
from consultations.questionnaire.kinds import KIND_HINTS, KIND_NAMES, ROLE_NAMES
from consultations.questionnaire.naming import page_name, quoted
from design.widgets import GroupPart, Radios

NO_ROLE = "none"
CAPACITY_ROLES = (Role.MYSELF, Role.ORGANISATION)
OTHER_ROLES = tuple(role for role in Role if role not in CAPACITY_ROLES)


class ChangeQuestionForm(forms.Form):
    """A question that exists: its words, and its options and rows one by one.

    The fields of an option are named by its key ("o5-label"), so that a page from
    before a change can never write into another option.
    """

    label = QuestionForm.base_fields["label"]
    hint = QuestionForm.base_fields["hint"]
    required = QuestionForm.base_fields["required"]

    def __init__(
        self,
        questionnaire: Questionnaire,
        question: Question,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            data,
            initial={
                "label": questionnaire.label(question.key),
                "hint": questionnaire.hint(question.key),
                "required": question.required,
            },
        )
        self.questionnaire, self.question = questionnaire, question
        self._add_place()
        self._add_kind()
        for number, option in enumerate(question.options, start=1):
            self._add_part(option.key, number, _("Option %(number)s"))
        if question.options and question.kind is not Kind.CAPACITY:
            self.fields["more"] = LinesField(
                label=_("More options, one on each line"),
            )
        for number, row in enumerate(question.rows, start=1):
            self._add_part(row.key, number, _("Statement %(number)s"))
        if question.rows:
            self.fields["more_rows"] = LinesField(
                label=_("More statements, one on each line")
            )
        self._add_limits()

    # Fields ---------------------------------------------------------------------

    def _add_place(self) -> None:
        pages = self.questionnaire.pages
        here = next(p.key for p in pages if self.question in p.questions)
        self.fields["page"] = forms.ChoiceField(
            label=_("Which page is it on?"),
            choices=[(p.key, page_name(self.questionnaire, p.key)) for p in pages],
            initial=here,
            error_messages={"invalid_choice": _("Select a page from the list")},
        )

    def _add_kind(self) -> None:
        kinds = [k for k in KIND_NAMES if k in may_become(self.question.kind)]
        if len(kinds) > 1:
            self.fields["kind"] = forms.ChoiceField(
                label=_("What type of question is it?"),
                choices=[(kind.value, KIND_NAMES[kind]) for kind in kinds],
                initial=self.question.kind.value,
                widget=Radios(hints={k.value: KIND_HINTS[k] for k in kinds}),
                error_messages={
                    "required": _("Select the type of question"),
                    "invalid_choice": _("Select the type of question"),
                },
            )

    def _add_part(self, key: str, number: int, name: str) -> None:
        """The fields of one option or row, as one group."""
        name = name % {"number": number}
        words = self.questionnaire.label(key)
        made: dict[str, forms.Field] = {
            "label": WordsField(
                label=_("Words"),
                initial=words,
                required=False,
                is_line=True,
            ),
            "place": forms.IntegerField(
                label=_("Place in the order"),
                initial=number,
                min_value=1,
                max_value=999,
                error_messages=_place_messages(name),
            ),
        }
        option = next((o for o in self.question.options if o.key == key), None)
        if option is not None:
            made["role"] = _role_field(self.question.kind, option.role)
        if option is not None and self.question.kind in LISTED:
            made["other"] = forms.BooleanField(
                label=_("Asks for words"), initial=option.other, required=False
            )
            made["exclusive"] = forms.BooleanField(
                label=_("Excludes the others, in many choices"),
                initial=option.exclusive,
                required=False,
            )
        if self.question.kind is not Kind.CAPACITY:
            made["remove"] = forms.BooleanField(
                label=_("Remove %(name)s") % {"name": name.lower()}, required=False
            )
        made["label"].required = True
        made["label"].error_messages["required"] = _("Enter the words of %(name)s") % {
            "name": name.lower()
        }
        last = list(made)[-1]
        for each, field in made.items():
            first = each == "label"
            field.widget.group = GroupPart(
                legend=f"{name}: {quoted(words)}" if first else "",
                is_last=each == last,
            )
            self.fields[f"{key}-{each}"] = field

    def _add_limits(self) -> None:
        question = self.question
        if question.kind is Kind.NUMBER:
            for name, label in (
                ("minimum", _("Lowest number")),
                ("maximum", _("Highest number")),
            ):
                self.fields[name] = number_field(label)
                self.fields[name].initial = getattr(question, name)
        if question.kind in TEXT_KINDS:
            self.fields["max_length"] = limit_field()
            self.fields["max_length"].initial = question.max_length

    # What was asked for -----------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_range(self, cleaned)
        for key in (*_keys(self.question.options), *_keys(self.question.rows)):
            # Words that are taken away need not be right.
            if cleaned.get(f"{key}-remove"):
                for name in ("label", "place", "role"):
                    self.errors.pop(f"{key}-{name}", None)
        return cleaned

    def wanted(self) -> dict[str, Any]:
        """What `edit.change_question` is to make."""
        given = self.cleaned_data
        kind = Kind(given.get("kind") or self.question.kind)
        options = [self._choice(key) for key in self._kept(self.question.options)]
        rows = [
            Statement(given[f"{key}-label"], key=key)
            for key in self._kept(self.question.rows)
        ]
        return {
            "kind": kind,
            "label": given["label"],
            "hint": given["hint"],
            "required": given["required"],
            "options": options + [Choice(line) for line in given.get("more", [])],
            "rows": rows + [Statement(line) for line in given.get("more_rows", [])],
            "minimum": given.get("minimum"),
            "maximum": given.get("maximum"),
            "max_length": given.get("max_length"),
        }

    def _kept(self, parts: Sequence[Option | Row]) -> list[str]:
        """The keys of the options or rows that stay, in the order asked for."""
        given = self.cleaned_data
        keys = [key for key in _keys(parts) if not given.get(f"{key}-remove")]
        return sorted(keys, key=lambda key: given[f"{key}-place"])

    def _choice(self, key: str) -> Choice:
        given = self.cleaned_data
        role = given[f"{key}-role"]
        return Choice(
            given[f"{key}-label"],
            key=key,
            role=Role.NONE if role == NO_ROLE else Role(role),
            exclusive=given.get(f"{key}-exclusive", False),
            other=given.get(f"{key}-other", False),
        )


def _keys(parts: Sequence[Option | Row]) -> list[str]:
    return [part.key for part in parts]


def _role_field(kind: Kind, role: Role) -> forms.ChoiceField:
    roles = CAPACITY_ROLES if kind is Kind.CAPACITY else OTHER_ROLES
    return forms.ChoiceField(
        label=_("What it means to the analysis"),
        choices=[(each.value or NO_ROLE, ROLE_NAMES[each]) for each in roles],
        initial=role.value or NO_ROLE,
        error_messages={"invalid_choice": _("Select a meaning from the list")},
    )


def _place_messages(name: str) -> dict[str, str]:
    sentence = _("The place of %(name)s must be a number, like 1") % {
        "name": name.lower()
    }
    return dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence)
