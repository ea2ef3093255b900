"""What a form field looks like, worked out from Django's own field.

`control()` turns a BoundField into plain data which one template per kind shows.
The template pack (templates/portal) and the error summary both use it, so that the
summary's links and the controls' ids cannot drift apart.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from design.controls.kinds import UNWANTED, fill
from design.controls.parts import Control, Option
from design.controls.summary import error_links, first_id, ordered_fields
from design.errors import error_texts

__all__ = [
    "Control",
    "Option",
    "control",
    "error_links",
    "first_id",
    "ordered_fields",
]


def label_of(bound: BoundField, *, mark_optional: bool) -> Any:
    """The label; what may be left empty ends "(optional)", unless it says so already.

    Tick boxes on their own are a choice already. A form whose fields are all
    filters says so with `mark_optional = False`, and so does a field whose own words
    say when it is needed.
    """
    label = bound.label
    wanted = mark_optional and all(
        getattr(each, "mark_optional", True) for each in (bound.form, bound.field)
    )
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
    fill(made, bound)
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
