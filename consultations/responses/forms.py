"""The form of one page of questions, and the forms around sending."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from consultations.questionnaire.document import (
    DEFAULT_LANGUAGE,
    TEXT_KINDS,
    Kind,
    Page,
    Question,
    Questionnaire,
    Role,
)
from consultations.questionnaire.routing import chosen
from consultations.responses.fields import NOT_STATED, OUTSIDE, Wording, page_fields_of
from wards.models import Ward
from wards.postcodes import normalise, place_of, ward_now

Answers = dict[str, Any]


def page_form(
    questionnaire: Questionnaire,
    page: Page,
    *,
    data: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
    language: str = DEFAULT_LANGUAGE,
    wards: Iterable[Ward] = (),
    complete: bool = True,
    fields: Mapping[str, forms.Field] | None = None,
) -> PageForm:
    """Return the form of a page; `initial` are draft answers by question key.

    With `complete=False` nothing need be answered: for saving and coming back.
    `fields` are those of the page, where somebody has made them already.
    """
    words = Wording(questionnaire, language, tuple(wards))
    return PageForm(
        page,
        words,
        data=data,
        answers=initial or {},
        complete=complete,
        fields=fields or page_fields_of(page, words),
    )


class PageForm(forms.Form):
    """One page of questions. `answers()` gives them in the shape of a draft."""

    def __init__(
        self,
        page: Page,
        words: Wording,
        *,
        data: Mapping[str, Any] | None,
        answers: Mapping[str, Any],
        complete: bool,
        fields: Mapping[str, forms.Field],
    ) -> None:
        initial: Answers = {}
        for question in page.questions:
            initial |= _initial(question, answers, words.wards)
        super().__init__(data, initial=initial)
        self.page, self.words, self.complete = page, words, complete
        self.read: Answers = {}
        self.fields.update(fields)

    def clean(self) -> Answers:
        if not self.complete:
            self._ask_for_nothing()
        self.read = {}
        for question in self.page.questions:
            self.read |= _READERS.get(question.kind, _read_plain)(self, question)
        return self.cleaned_data

    def _ask_for_nothing(self) -> None:
        """Take back what was said of missing answers: they can come later."""
        for name, errors in list(self.errors.as_data().items()):
            if all(error.code == "required" for error in errors):
                del self.errors[name]

    def answers(self, before: Mapping[str, Any] | None = None) -> Answers:
        """The answers of this page by question key; what is unanswered is absent.

        A question whose new answer is wrong has the one it had `before`, if any.
        A postcode is a ward's code by now, and gone (GDPR-05).
        """
        wrong = {name.split(".")[0] for name in self.errors} - self.read.keys()
        stays = {
            key: value
            for key, value in (before or {}).items()
            if key.split(".")[0] in wrong
        }
        return stays | self.read

    def value_of(self, name: str) -> Any:
        """What was given for a field, or None where it is empty or wrong."""
        value = self.cleaned_data.get(name)
        return value if value not in ("", [], None) else None


def answer_keys(page: Page) -> frozenset[str]:
    """Return every key that answers of this page may have in a draft."""
    return frozenset(
        f"{question.key}{ending}"
        for question in page.questions
        for ending in ("", ".other", ".organisation")
    )


def _initial(
    question: Question, answers: Mapping[str, Any], wards: Iterable[Ward]
) -> Answers:
    value = answers.get(question.key)
    if question.kind is Kind.AGREE_GRID:
        rows = value if isinstance(value, dict) else {}
        return {f"{question.key}.{row}": given for row, given in rows.items()}
    if question.kind is Kind.WARD:
        given = value if isinstance(value, dict) else {}
        code = given.get("ward_code")
        ward = ward_now(code, wards) if code else given.get("place", "")
        return {f"{question.key}.ward": ward}
    found = {question.key: value}
    for ending in (".other", ".organisation"):
        if text := answers.get(f"{question.key}{ending}"):
            found[f"{question.key}{ending}"] = text
    return found


def _read_plain(form: PageForm, question: Question) -> Answers:
    value = form.value_of(question.key)
    return {} if value is None else {question.key: value}


def _read_choice(form: PageForm, question: Question) -> Answers:
    """A choice with its "other" text; the text alone chooses its option."""
    found = _read_plain(form, question)
    exclusive = {o.key for o in question.options if o.exclusive}
    picked = chosen(found.get(question.key))
    if len(picked) > 1 and picked & exclusive:
        name = form.words.quoted(next(iter(picked & exclusive)))
        form.add_error(
            question.key,
            _("Select either %(none)s or other answers, not both") % {"none": name},
        )
        return {}
    return _with_other(form, question, found)


def _with_other(form: PageForm, question: Question, found: Answers) -> Answers:
    """Add the person's own words; alone they choose the option they belong to."""
    others = [o.key for o in question.options if o.other]
    text = form.value_of(f"{question.key}.other")
    if not others or text is None:
        return found
    value = found.get(question.key)
    if not chosen(value) & set(others):
        if len(others) > 1 or (value is not None and question.kind is not Kind.MANY):
            form.add_error(question.key, _beside(form, question, others))
            return found
        value = [*(value or []), *others] if question.kind is Kind.MANY else others[0]
    return {question.key: value, f"{question.key}.other": text}


def _beside(form: PageForm, question: Question, others: list[str]) -> str:
    if len(others) == 1:
        return _("Select %(other)s, or clear what you wrote beside it") % {
            "other": form.words.quoted(others[0])
        }
    return _("Select the answer to %(q)s that your own words are for") % {
        "q": form.words.quoted(question.key)
    }


def _read_capacity(form: PageForm, question: Question) -> Answers:
    """For oneself, or for an organisation, which then is named."""
    found = _read_choice(form, question)
    name = f"{question.key}.organisation"
    text = form.value_of(name)
    organisations = {o.key for o in question.options if o.role is Role.ORGANISATION}
    if not chosen(found.get(question.key)) & organisations:
        return found
    if text is not None:
        found[name] = text
    elif form.complete and name not in form.errors:
        form.add_error(name, _("Enter the name of your organisation"))
    return found


def _read_grid(form: PageForm, question: Question) -> Answers:
    rows = {
        row.key: form.value_of(f"{question.key}.{row.key}") for row in question.rows
    }
    given = {row: value for row, value in rows.items() if value is not None}
    return {question.key: given} if given else {}


def _read_ward(form: PageForm, question: Question) -> Answers:
    """A known postcode counts first; else the ward from the list (GDPR-05)."""
    typed = str(form.value_of(f"{question.key}.postcode") or "")
    ward = form.value_of(f"{question.key}.ward")
    code = normalise(typed)
    if code and (place := place_of(code)).is_known:
        return {question.key: _place(place.ward.code if place.ward else OUTSIDE)}
    if ward is not None:
        return {question.key: _place(ward)}
    _complain_about_place(form, question, typed=bool(typed), looks_right=bool(code))
    return {}


def _complain_about_place(
    form: PageForm, question: Question, *, typed: bool, looks_right: bool
) -> None:
    if typed and looks_right:
        form.add_error(
            f"{question.key}.ward",
            _(
                "We cannot tell the ward of this postcode. "
                "Choose your ward from the list"
            ),
        )
    elif typed:
        form.add_error(f"{question.key}.postcode", _("Enter a full UK postcode"))
    elif (
        question.required
        and form.complete
        and not {f"{question.key}.postcode", f"{question.key}.ward"} & set(form.errors)
    ):
        form.add_error(
            f"{question.key}.postcode", _("Enter your postcode or choose your ward")
        )


def _place(value: str) -> dict[str, str]:
    if value in (OUTSIDE, NOT_STATED):
        return {"place": value}
    return {"place": "ward", "ward_code": value}


_READERS: dict[Kind, Callable[[PageForm, Question], Answers]] = {
    Kind.CAPACITY: _read_capacity,
    Kind.ONE: _read_choice,
    Kind.MANY: _read_choice,
    Kind.AGREE: _read_choice,
    Kind.AGREE_GRID: _read_grid,
    Kind.WARD: _read_ward,
    **dict.fromkeys(TEXT_KINDS, _read_plain),
}
