"""What the error summary links to, and in which order fields come."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet

from design.errors import error_texts


def suffixes(widget: Any) -> list[str]:
    """What a widget of several inputs adds to the name and id of each."""
    return list(widget.widgets_names)


def first_id(bound: BoundField) -> str:
    """The id of the control that the error summary's link must reach."""
    widget = bound.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    if isinstance(widget, forms.MultiWidget):
        return f"{bound.auto_id}{suffixes(widget)[0]}"
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
