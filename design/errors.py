"""What form errors say, where a form has not said it itself.

Django's own sentences ("This field is required.") tell nobody what to do. A message
that a form or field wrote for itself is left as it is.
"""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.forms.boundfield import BoundField
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from design.formats import day, number

NUL = ProhibitNullCharactersValidator()
CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.Select)
# A label that begins so needs no article: “Enter your full name”, “Enter who decides”.
ALONE = re.compile(
    r"(a|an|the|your|our|my|their|his|her|this|at)\b"
    r"|(what|which|who|whom|whose|why|when|where|how|whether)\b"
)


def error_texts(bound: BoundField) -> list[str]:
    """The field's errors as sentences, in order and without repeats.

    Who has typed what cannot be stored hears of that alone: it is the cause of the
    others.
    """
    texts: list[str] = []
    errors = bound.errors.as_data()
    unstorable = [error for error in errors if error.code == NUL.code]
    for error in unstorable[:1] or errors:
        for text in error.messages:
            said = _own_words(bound, error, text)
            if said not in texts:
                texts.append(said)
    return texts


def _own_words(bound: BoundField, error: ValidationError, text: str) -> str:
    if error.code == "required" and text == str(
        forms.Field.default_error_messages["required"]
    ):
        return _missing(bound)
    say = SENTENCES.get(error.code or "")
    if say is None or text not in _djangos_own(bound, error):
        return text
    return say(bound, error)


def _djangos_own(bound: BoundField, error: ValidationError) -> set[str]:
    """What Django would have said by itself with this code."""
    said = set()
    for kind in type(bound.field).__mro__:
        default = getattr(kind, "default_error_messages", {}).get(error.code)
        if default is not None:
            said.add(_filled(default, error))
    # Django's choices ask this validator without listing it.
    for validator in (*bound.field.validators, NUL):
        if getattr(validator, "code", None) == error.code:
            said.add(_filled(getattr(validator, "message", ""), error))
    return said


def _filled(message: Any, error: ValidationError) -> str:
    try:
        return str(message % error.params) if error.params else str(message)
    except (KeyError, TypeError, ValueError):
        return str(message)


def _missing(bound: BoundField) -> str:
    """What to enter, as a sentence: with an article, where the label has none."""
    label = str(bound.label or "").strip()
    field, widget = bound.field, bound.field.widget
    named = label[:1].lower() + label[1:] if label[1:2].islower() else label
    if isinstance(widget, forms.CheckboxInput):
        return _("Tick the box: %(label)s") % {"label": label}
    if label.endswith("?"):
        return _("Answer the question “%(label)s”") % {"label": label}
    for kinds, sentence in MISSING:
        if isinstance(field, kinds) or isinstance(widget, kinds):
            return sentence(named, label)
    return _enter(named, label)


def _stands_alone(named: str) -> bool:
    """Whether “Enter …” or “Select …” may stand before it as it is."""
    return bool(ALONE.match(named))


def _enter(named: str, label: str) -> str:
    if _stands_alone(named):
        return _("Enter %(label)s") % {"label": named}
    return _("Enter the %(label)s") % {"label": named}


def _select(named: str, label: str) -> str:
    if _stands_alone(named):
        return _("Select %(label)s") % {"label": named}
    return _("Select the %(label)s") % {"label": named}


def _enter_password(named: str, label: str) -> str:
    if _stands_alone(named):
        return _enter(named, label)
    return _("Enter your %(label)s") % {"label": named}


def _enter_email(named: str, label: str) -> str:
    return _enter(named, label) if _stands_alone(named) else _("Enter an email address")


def _choice(bound: BoundField, error: ValidationError) -> str:
    return _("Select an answer from the list")


def _invalid(bound: BoundField, error: ValidationError) -> str:
    for kinds, sentence in INVALID:
        if isinstance(bound.field, kinds):
            return sentence(bound)
    return " ".join(error.messages)


def _named(bound: BoundField) -> str:
    label = str(bound.label or "").strip()
    return _("Your answer") if not label or label.endswith("?") else label


def _too_long(bound: BoundField, error: ValidationError) -> str:
    params = error.params or {}
    return _(
        "%(name)s must be %(limit)s characters or less. You have used %(used)s"
    ) % {
        "name": _named(bound),
        "limit": number(params.get("limit_value") or params.get("max")),
        "used": number(params.get("show_value") or params.get("length")),
    }


def _too_short(bound: BoundField, error: ValidationError) -> str:
    limit = (error.params or {}).get("limit_value")
    return _("%(name)s must be %(limit)s characters or more") % {
        "name": _named(bound),
        "limit": number(limit),
    }


def _too_large(bound: BoundField, error: ValidationError) -> str:
    limit = (error.params or {}).get("limit_value")
    if isinstance(limit, date):
        return _("%(name)s must be on or before %(limit)s") % {
            "name": _named(bound),
            "limit": day(limit),
        }
    return _("%(name)s must be %(limit)s or less") % {
        "name": _named(bound),
        "limit": number(limit) if isinstance(limit, int | float) else limit,
    }


def _too_small(bound: BoundField, error: ValidationError) -> str:
    limit = (error.params or {}).get("limit_value")
    if isinstance(limit, date):
        return _("%(name)s must be on or after %(limit)s") % {
            "name": _named(bound),
            "limit": day(limit),
        }
    return _("%(name)s must be %(limit)s or more") % {
        "name": _named(bound),
        "limit": number(limit) if isinstance(limit, int | float) else limit,
    }


def _characters(bound: BoundField, error: ValidationError) -> str:
    if isinstance(bound.field.widget, CHOICES):
        return _choice(bound, error)
    return _("%(name)s has a character that cannot be stored. Delete it") % {
        "name": _named(bound)
    }


def _file_kind(bound: BoundField, error: ValidationError) -> str:
    allowed = str((error.params or {}).get("allowed_extensions", "")).upper()
    kinds = get_text_list(allowed.split(", "), _("or"))
    return _("The selected file must be a %(kinds)s") % {"kinds": kinds}


def _empty_file(bound: BoundField, error: ValidationError) -> str:
    return _("The selected file is empty")


MISSING: list[tuple[Any, Any]] = [
    (CHOICES, _select),
    (
        forms.FileField,
        lambda named, label: _("Choose a file: %(label)s") % {"label": label},
    ),
    (forms.PasswordInput, _enter_password),
    (forms.EmailField, _enter_email),
    (
        # A label of a number is seldom its name: “Days that answers are kept”.
        forms.IntegerField | forms.DecimalField | forms.FloatField,
        lambda named, label: _("Enter a number: %(label)s") % {"label": label},
    ),
]
INVALID: list[tuple[Any, Any]] = [
    (
        forms.EmailField,
        lambda bound: _(
            "Enter an email address in the correct format, like name@example.com"
        ),
    ),
    (
        forms.URLField,
        lambda bound: _("Enter a web address, like https://www.example.com"),
    ),
    (
        forms.DateTimeField | forms.SplitDateTimeField,
        lambda bound: (
            _("%(name)s must be a real date and time, like 1/12/2026 17:30")
            % {"name": _named(bound)}
        ),
    ),
    (
        forms.DateField,
        lambda bound: (
            _("%(name)s must be a real date, like 1/12/2026") % {"name": _named(bound)}
        ),
    ),
    (
        forms.TimeField,
        lambda bound: (
            _("%(name)s must be a real time, like 17:30") % {"name": _named(bound)}
        ),
    ),
    (
        # A decimal or float field is an integer field to Django.
        forms.DecimalField | forms.FloatField,
        lambda bound: (
            _("%(name)s must be a number, like 450") % {"name": _named(bound)}
        ),
    ),
    (
        forms.IntegerField,
        lambda bound: (
            _("%(name)s must be a whole number, like 12") % {"name": _named(bound)}
        ),
    ),
    (
        forms.FileField,
        lambda bound: _("The selected file could not be uploaded. Try again"),
    ),
]
SENTENCES: dict[str, Any] = {
    "invalid": _invalid,
    "invalid_date": _invalid,
    "invalid_time": _invalid,
    "invalid_choice": _choice,
    "invalid_list": _choice,
    "invalid_pk_value": _choice,
    "max_length": _too_long,
    "min_length": _too_short,
    "max_value": _too_large,
    "min_value": _too_small,
    "null_characters_not_allowed": _characters,
    "invalid_extension": _file_kind,
    "empty": _empty_file,
    "missing": _invalid,
}
