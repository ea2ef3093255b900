"""What a form field looks like, worked out from Django's own field.

`control()` turns a BoundField into plain data which one template per kind shows.
The template pack (templates/portal) and the error summary both use it, so that the
summary's links and the controls' ids cannot drift apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from design.errors import error_texts
from design.formats import number, storable
from design.widgets import GroupPart

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
DEFAULT_ROWS = 5


@dataclass
class Option:
    """One radio button, tick box or line of a select."""

    id: str
    value: str
    label: Any
    chosen: bool
    hint: Any = ""
    divider: str = ""
    exclusive: bool = False
    reveal: BoundField | None = None
    group: str = ""
    described_by: str = ""
    attrs: dict[str, Any] = field(default_factory=dict)


@dataclass
class Control:
    """A form field as its template needs it."""

    kind: str
    id: str
    name: str
    label: Any
    hint: Any = ""
    errors: list[str] = field(default_factory=list)
    value: Any = ""
    type: str = "text"
    classes: str = ""
    rows: int = DEFAULT_ROWS
    described_by: str = ""
    label_classes: str = ""
    is_heading: bool = False
    attrs: dict[str, Any] = field(default_factory=dict)
    options: list[Option] = field(default_factory=list)
    limit: int | None = None
    counts_words: bool = False
    limit_text: str = ""
    i18n: dict[str, str] = field(default_factory=dict)
    has_fieldset: bool = False
    prefix: str = ""
    suffix: str = ""
    group_classes: str = ""
    parts: list["Control"] = field(default_factory=list)
    current_file: Any = None
    clear_name: str = ""
    clear_id: str = ""
    clear_chosen: bool = False
    group: GroupPart | None = None

    @property
    def template(self) -> str:
        return f"portal/controls/{self.kind}.html"

    @property
    def hint_id(self) -> str:
        return f"{self.id}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.id}-error"

    @property
    def grouped_options(self) -> list[tuple[str, list[Option]]]:
        """A select's options under the names of their groups; "" is no group."""
        groups: list[tuple[str, list[Option]]] = []
        for option in self.options:
            if not groups or groups[-1][0] != option.group:
                groups.append((option.group, []))
            groups[-1][1].append(option)
        return groups


def _suffixes(widget: Any) -> list[str]:
    """What a widget of several inputs adds to the name and id of each."""
    return list(widget.widgets_names)


def first_id(bound: BoundField) -> str:
    """The id of the control that the error summary's link must reach."""
    widget = bound.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    if isinstance(widget, forms.MultiWidget):
        return f"{bound.auto_id}{_suffixes(widget)[0]}"
    return bound.id_for_label or str(bound.auto_id)


def error_links(*forms_or_sets: Any) -> list[dict[str, str]]:
    """Every error of the forms, in the order of the page: text and where it leads."""
    links: list[dict[str, str]] = []
    for form in forms_or_sets:
        if isinstance(form, BaseFormSet):
            links += [{"text": str(e), "href": ""} for e in form.non_form_errors()]
            links += error_links(*form.forms)
            continue
        links += [{"text": str(e), "href": ""} for e in form.non_field_errors()]
        for bound in form:
            href = "" if bound.is_hidden else f"#{first_id(bound)}"
            links += [{"text": text, "href": href} for text in error_texts(bound)]
    return links


def revealed_names(form: forms.BaseForm) -> set[str]:
    """The fields that stand under an option of another one."""
    names: set[str] = set()
    for each in form.fields.values():
        names.update(getattr(each.widget, "reveals", {}).values())
    return names


def ordered_fields(form: forms.BaseForm) -> list[BoundField]:
    """The visible fields, without those that an option reveals."""
    revealed = revealed_names(form)
    return [bound for bound in form.visible_fields() if bound.name not in revealed]


def label_of(bound: BoundField, *, mark_optional: bool) -> Any:
    """The label; what may be left empty ends "(optional)", unless it says so already.

    Tick boxes on their own are a choice already. A form whose fields are all
    filters says so with `mark_optional = False`.
    """
    label = bound.label
    wanted = mark_optional and getattr(bound.form, "mark_optional", True)
    if not wanted or bound.field.required or not label:
        return label
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return label
    ending = _("(optional)")
    if str(label).rstrip().endswith(ending):
        return label
    return _("%(label)s (optional)") % {"label": label}


def control(
    bound: BoundField,
    *,
    is_heading: bool = False,
    label_classes: str | None = None,
    mark_optional: bool = True,
) -> Control:
    """What to show for a form's field.

    With `is_heading` the label or legend is the page's h1. Everything in the result
    is unescaped text: the templates escape it.
    """
    widget = bound.field.widget
    group = getattr(widget, "group", None)
    mark_optional = mark_optional and group is None
    if group is not None and label_classes is None:
        label_classes = ""
    made = Control(
        kind="input",
        group=group,
        id=str(bound.auto_id or bound.html_name),
        name=bound.html_name,
        label=label_of(bound, mark_optional=mark_optional),
        hint=bound.help_text,
        errors=error_texts(bound),
        attrs=_attributes(bound),
        classes=str(widget.attrs.get("class", "")),
        is_heading=is_heading,
        prefix=str(getattr(widget, "prefix_text", "")),
        suffix=str(getattr(widget, "suffix_text", "")),
    )
    _fill(made, bound)
    made.label_classes = (
        _default_label_classes(made) if label_classes is None else label_classes
    )
    described = [f"{made.id}-info"] if made.limit else []
    if made.hint:
        described.append(made.hint_id)
    if made.errors:
        described.append(made.error_id)
    made.described_by = " ".join(described)
    _describe_lone_boxes(made)
    return made


def _describe_lone_boxes(made: Control) -> None:
    """A tick box without a fieldset carries the hint and the error itself."""
    for option in made.options:
        described = [] if made.has_fieldset else [made.described_by]
        if option.hint:
            described.append(f"{option.id}-item-hint")
        option.described_by = " ".join(part for part in described if part)


def _attributes(bound: BoundField) -> dict[str, Any]:
    widget = bound.field.widget
    attrs = {**bound.build_widget_attrs({}), **widget.attrs}
    wanted = {name: each for name, each in attrs.items() if name not in UNWANTED}
    return {name: each for name, each in wanted.items() if each not in (None, False)}


def _default_label_classes(made: Control) -> str:
    if made.kind == "checkbox":
        return ""
    part = "govuk-fieldset__legend" if made.has_fieldset else "govuk-label"
    return f"{part}--l" if made.is_heading else f"{part}--s"


def _fill(made: Control, bound: BoundField) -> None:
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
        zip(_suffixes(widget), widget.widgets, strict=True)
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
