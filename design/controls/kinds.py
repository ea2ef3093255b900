"""What each kind of widget adds to its control."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from design.controls.parts import DEFAULT_ROWS, Control, Option
from design.controls.summary import suffixes
from design.formats import number, storable

# Django adds these; none may reach the page: answers are checked by the server
# only, and a cut-off while typing would hide what was lost.
UNWANTED = {
    "required",
    "maxlength",
    "minlength",
    "aria-invalid",
    "aria-describedby",
    "id",
    "class",
    "type",
    "cols",
    "placeholder",
    "autofocus",
    "rows",
}


def fill(made: Control, bound: BoundField) -> None:
    """Set what depends on the kind of widget; the first kind that fits decides."""
    widget = bound.field.widget
    for kinds, fill in FILLERS:
        if isinstance(widget, kinds):
            fill(made, bound)
            return
    _fill_input(made, bound)


def _value(bound: BoundField) -> Any:
    value = bound.field.widget.format_value(bound.value())
    if value is None:
        return ""
    return storable(value) if isinstance(value, str) else value


def _fill_input(made: Control, bound: BoundField) -> None:
    widget = bound.field.widget
    made.type = getattr(widget, "input_type", None) or "text"
    made.value = _value(bound)
    if made.type == "number":
        made.type = "text"
        whole = isinstance(bound.field, forms.IntegerField) and not isinstance(
            bound.field, forms.DecimalField | forms.FloatField
        )
        made.attrs.setdefault("inputmode", "numeric" if whole else "decimal")
        for name in ("min", "max", "step"):
            made.attrs.pop(name, None)
        made.classes = made.classes or "govuk-input--width-5"
    elif made.type == "email":
        made.attrs.setdefault("autocomplete", "email")
        made.attrs.setdefault("spellcheck", "false")
    elif isinstance(widget, forms.DateInput | forms.TimeInput | forms.DateTimeInput):
        made.classes = made.classes or "govuk-input--width-10"


def _fill_password(made: Control, bound: BoundField) -> None:
    made.kind = "password"
    made.type = "password"
    made.attrs.setdefault("autocomplete", "current-password")
    made.attrs.pop("placeholder", None)


def _fill_textarea(made: Control, bound: BoundField) -> None:
    made.kind = "textarea"
    made.value = _value(bound)
    rows = str(bound.field.widget.attrs.get("rows", DEFAULT_ROWS))
    # Django's own default of 10 says nothing about what is wanted here.
    made.rows = DEFAULT_ROWS if rows == "10" or not rows.isdigit() else int(rows)
    words = getattr(bound.field.widget, "word_limit", None)
    made.limit = words or getattr(bound.field, "max_length", None)
    made.counts_words = bool(words)
    if made.limit:
        text = (
            _("You can enter up to %(limit)s words")
            if words
            else _("You can enter up to %(limit)s characters")
        )
        made.limit_text = text % {"limit": number(made.limit)}
        made.i18n = _count_texts(words=bool(words))


def _count_texts(*, words: bool) -> dict[str, str]:
    """The counter's sentences in the reader's language; English is built in."""
    if (get_language() or "en").startswith("en"):
        return {}
    unit = "words" if words else "characters"
    gone = _("You have 0 characters remaining")
    texts = {f"data-i18n.{unit}-at-limit": gone}
    for form, count in (("one", 1), ("other", 2)):
        left = ngettext(
            "You have %(count)s character remaining",
            "You have %(count)s characters remaining",
            count,
        )
        over = ngettext(
            "You have %(count)s character too many",
            "You have %(count)s characters too many",
            count,
        )
        texts[f"data-i18n.{unit}-under-limit.{form}"] = left % {"count": "%{count}"}
        texts[f"data-i18n.{unit}-over-limit.{form}"] = over % {"count": "%{count}"}
    return texts


def _options(made: Control, bound: BoundField) -> Iterator[Option]:
    widget = bound.field.widget
    attrs = {"id": made.id}
    groups = widget.optgroups(
        made.name, widget.format_value(bound.value()), {**widget.attrs, **attrs}
    )
    for group, subgroup, _index in groups:
        for each in subgroup:
            value = str(each["value"])
            revealed = getattr(widget, "reveals", {}).get(value)
            yield Option(
                id=str(each["attrs"].get("id", "")),
                value=value,
                label=each["label"],
                chosen=bool(each["selected"]),
                hint=getattr(widget, "hints", {}).get(value, ""),
                divider=(
                    _("or") if value in getattr(widget, "divider_before", ()) else ""
                ),
                exclusive=value in getattr(widget, "exclusive", ()),
                reveal=bound.form[revealed] if revealed in bound.form.fields else None,
                group=str(group or ""),
                attrs={"disabled": True} if each["attrs"].get("disabled") else {},
            )


def _fill_radios(made: Control, bound: BoundField) -> None:
    made.kind, made.has_fieldset = "radios", True
    made.options = list(_options(made, bound))


def _fill_checkboxes(made: Control, bound: BoundField) -> None:
    made.kind, made.has_fieldset = "checkboxes", True
    made.options = list(_options(made, bound))


def _fill_checkbox(made: Control, bound: BoundField) -> None:
    made.kind = "checkbox"
    widget = bound.field.widget
    checked = widget.check_test(bound.value())
    value = widget.attrs.get("value", "on")
    made.options = [Option(made.id, str(value), made.label, chosen=checked)]


def _fill_select(made: Control, bound: BoundField) -> None:
    made.kind = "select"
    made.options = list(_options(made, bound))
    if bound.field.widget.allow_multiple_selected:
        made.attrs["multiple"] = True


def _fill_file(made: Control, bound: BoundField) -> None:
    made.kind = "file"
    widget = bound.field.widget
    initial = bound.initial
    if isinstance(widget, forms.ClearableFileInput) and widget.is_initial(initial):
        made.current_file = initial
        if not bound.field.required:
            made.clear_name = widget.clear_checkbox_name(made.name)
            made.clear_id = widget.clear_checkbox_id(made.clear_name)


def _fill_parts(made: Control, bound: BoundField) -> None:
    """A field of several inputs, such as a date and a time, in one group."""
    made.kind, made.has_fieldset = "parts", True
    widget = bound.field.widget
    values = bound.value()
    if not isinstance(values, list | tuple):
        values = widget.decompress(values)
    labels = getattr(widget, "part_labels", None)
    if labels is None and isinstance(widget, forms.SplitDateTimeWidget):
        labels = [_("Date"), _("Time")]
    for place, (suffix, part) in enumerate(
        zip(suffixes(widget), widget.widgets, strict=True)
    ):
        value = part.format_value(values[place] if place < len(values) else None)
        made.parts.append(
            Control(
                kind="input",
                id=f"{made.id}{suffix}",
                name=f"{made.name}{suffix}",
                label=labels[place] if labels else str(place + 1),
                value="" if value is None else value,
                classes=str(part.attrs.get("class", "govuk-input--width-10")),
                attrs={
                    name: each
                    for name, each in part.attrs.items()
                    if name not in UNWANTED
                },
            )
        )


FILLERS: list[tuple[Any, Any]] = [
    (forms.PasswordInput, _fill_password),
    (forms.Textarea, _fill_textarea),
    (forms.CheckboxSelectMultiple, _fill_checkboxes),
    (forms.RadioSelect, _fill_radios),
    (forms.CheckboxInput, _fill_checkbox),
    (forms.Select, _fill_select),
    (forms.FileInput, _fill_file),
    (forms.MultiWidget, _fill_parts),
]
