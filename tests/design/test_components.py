"""CK-A4: our templates against the markup that GOV.UK Frontend publishes.

Every variant of a used component that our templates can express is rendered from the
fixture's own options and compared after normalisation: white space, the order of
attributes and classes, and the spelling of ids (ours are Django's) are not markup.
"""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from design.components import PageLink, Pages, Table
from design.controls import control
from design.templatetags import design
from design.widgets import Checkboxes, Radios

pytestmark = pytest.mark.urls("tests.design.urls")
FIXTURES = Path(settings.BASE_DIR) / "node_modules/govuk-frontend/dist/govuk/components"
# What every use of a component leaves out on purpose, with the reason. At most ten.
EXCEPTIONS = {
    "footer": "the crown, the licence and the crest are GOV.UK's; ours is our own",
    "data-module=govuk-radios": "its script only reveals; CSS does that here, and the "
    "aria-expanded that it puts on a radio button is not allowed there",
    "conditional": "revealed without a script, so without ids and hidden classes",
    "service-navigation toggle": "the links wrap instead: one press less, no script",
    "generic-header": "one class more, for the council's own colour",
}
VOID = {"input", "img", "br", "path", "rect", "hr", "meta", "link"}
REFERENCES = {
    "id",
    "for",
    "aria-describedby",
    "aria-labelledby",
    "aria-controls",
    "data-aria-controls",
}


class Normaliser(HTMLParser):
    """HTML as a list of tags and texts in which only the markup counts."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts = []
        self.ids = {}

    def _id(self, text):
        return " ".join(
            sorted(
                self.ids.setdefault(each, f"id{len(self.ids)}") for each in text.split()
            )
        )

    def handle_starttag(self, tag, attrs):
        kept = {}
        for name, value in attrs:
            if name in REFERENCES:
                value = self._id(value or "")
            elif name == "class":
                value = " ".join(sorted((value or "").split()))
            elif name == "href" and (value or "").startswith("#"):
                value = "#"
            kept[name] = value if value is not None else ""
        self.parts.append((tag, tuple(sorted(kept.items()))))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.parts.append(f"/{tag}")

    def handle_data(self, data):
        text = " ".join(data.split())
        if text:
            self.parts.append(text)


def normal(html):
    parser = Normaliser()
    parser.feed(html)
    # White space inside a sentence may be split by tags in different places.
    return [part for part in parser.parts if part != ("defs", ())]


def fixtures(component):
    file = FIXTURES / component / "fixtures.json"
    if not file.exists():
        pytest.skip("GOV.UK Frontend is not installed: run `make assets`")
    return json.loads(file.read_text(encoding="utf-8"))["fixtures"]


def text_of(part):
    """A text or ready HTML of the fixture's options, as a template would have it."""
    part = part or {}
    if part.get("html"):
        return mark_safe(part["html"])
    return part.get("text", "")


# Options that our templates do not offer: a variant that uses one is not "used".
def only(options, allowed):
    return set(options) <= set(allowed)


def tag(o):
    if not only(o, {"text", "html", "classes"}):
        return None
    colour = o.get("classes", "").removeprefix("govuk-tag--")
    return design.tag(text_of(o), colour)


def back_link(o):
    if not only(o, {"href", "text", "html"}):
        return None
    # The tag puts it into a landmark of its own; the component is the inner part.
    return design._show("back_link", url=o.get("href") or "#", text=text_of(o))


def breadcrumbs(o):
    if not only(o, {"items"}):
        return None
    items = o["items"]
    if any("attributes" in item for item in items):
        return None
    return design.breadcrumbs(
        [{"label": text_of(each), "url": each.get("href", "")} for each in items]
    )


def details(o):
    if not only(o, {"summaryText", "summaryHtml", "text", "html", "open"}):
        return None
    summary = mark_safe(o["summaryHtml"]) if "summaryHtml" in o else o["summaryText"]
    return render_to_string(
        "includes/details.html",
        {"summary": summary, "content": text_of(o), "is_open": o.get("open", False)},
    )


def inset_text(o):
    if not only(o, {"text", "html"}):
        return None
    return render_to_string("includes/inset_text.html", {"content": text_of(o)})


def warning_text(o):
    if not only(o, {"text", "html", "iconFallbackText"}):
        return None
    if o.get("iconFallbackText", "Warning") != "Warning" or not text_of(o):
        return None
    return render_to_string("includes/warning_text.html", {"content": text_of(o)})


def panel(o):
    if not only(o, {"titleText", "titleHtml", "text", "html", "headingLevel"}):
        return None
    title = mark_safe(o["titleHtml"]) if "titleHtml" in o else o["titleText"]
    return render_to_string(
        "includes/panel.html",
        {"title": title, "content": text_of(o), "level": o.get("headingLevel", 1)},
    )


def notification_banner(o):
    if not only(o, {"text", "html", "type", "titleText", "titleHtml", "titleId"}):
        return None
    if o.get("type", "success") != "success":
        return None
    title = mark_safe(o["titleHtml"]) if "titleHtml" in o else o.get("titleText", "")
    return render_to_string(
        "includes/notification_banner.html",
        {
            "title": title,
            "text": "" if "html" in o else o.get("text", ""),
            "content": mark_safe(o.get("html", "")),
            "success": o.get("type") == "success",
            "id": o.get("titleId", "govuk-notification-banner-title"),
        },
    )


def error_summary(o):
    if not only(o, {"titleText", "errorList"}) or not o.get("errorList"):
        return None
    if o.get("titleText") != "There is a problem":
        return None
    if any("attributes" in each for each in o["errorList"]):
        return None
    links = [
        {"text": text_of(each), "href": each.get("href", "")} for each in o["errorList"]
    ]
    return render_to_string("includes/error_summary.html", {"links": links})


def pagination(o):
    if not only(o, {"items", "previous", "next"}) or not o.get("items"):
        return None
    ends = [o.get("previous") or {}, o.get("next") or {}]
    if any(set(end) - {"href"} for end in ends):
        return None
    items = []
    for each in o["items"]:
        if not each or set(each) - {"number", "href", "current", "ellipsis"}:
            return None
        if each.get("ellipsis"):
            items.append(PageLink(None))
        else:
            items.append(
                PageLink(each["number"], each["href"], each.get("current", False))
            )
    made = Pages(ends[0].get("href", ""), ends[1].get("href", ""), items)
    return render_to_string("includes/pagination.html", {"pages": made})


def summary_action(each):
    if set(each) - {"href", "text", "html", "visuallyHiddenText"}:
        raise Unused
    return {
        "href": each["href"],
        "text": text_of(each),
        "hidden": each.get("visuallyHiddenText", ""),
    }


class Unused(Exception):
    """The variant uses an option that our templates do not offer."""


def summary_list(o):  # noqa: C901 (a list of what is not offered)
    if not only(o, {"rows", "card", "classes"}):
        return None
    card = o.get("card") or {}
    if set(card) - {"title", "actions"} or set(card.get("title", {})) - {
        "text",
        "html",
    }:
        return None
    rows = []
    for each in o["rows"]:
        if not each or set(each) - {"key", "value", "actions"}:
            return None
        if set(each["key"]) - {"text", "html"} or set(each["value"]) - {"text", "html"}:
            return None
        actions = each.get("actions") or {}
        if set(actions) - {"items"} or ("actions" in each and not actions.get("items")):
            return None
        rows.append(
            {
                "key": text_of(each["key"]),
                "value": text_of(each["value"]),
                "actions": [summary_action(one) for one in actions.get("items", [])],
            }
        )
    if not card:
        return design.summary_list(rows, classes=o.get("classes", ""))
    inner = render_to_string(
        "includes/_summary_rows.html",
        {
            "rows": rows,
            "has_actions": any(each["actions"] for each in rows),
            "card": text_of(card.get("title")),
        },
    )
    actions = (card.get("actions") or {}).get("items", [])
    if set(card.get("actions", {})) - {"items"}:
        return None
    return render_to_string(
        "includes/summary_card.html",
        {
            "title": text_of(card.get("title")),
            "content": inner,
            "actions": [summary_action(each) for each in actions],
            "level": 2,
        },
    )


def task_list(o):
    if not only(o, {"items", "idPrefix"}):
        return None
    items = []
    for each in o["items"]:
        if not each or set(each) - {"title", "href", "hint", "status"}:
            return None
        status = each.get("status", {})
        if set(each["title"]) - {"text", "html"} or set(status) - {
            "text",
            "html",
            "tag",
            "classes",
        }:
            return None
        colour = status.get("tag", {}).get("classes", "")
        if "tag" in status and not colour:
            return None
        if status.get("classes", "") not in (
            "",
            "govuk-task-list__status--cannot-start-yet",
        ):
            return None
        items.append(
            {
                "title": text_of(each["title"]),
                "href": each.get("href", ""),
                "hint": text_of(each.get("hint")),
                "status": text_of(status.get("tag") or status),
                "colour": colour.removeprefix("govuk-tag--"),
                "cannot_start": bool(status.get("classes")),
            }
        )
    return design.task_list(items, o.get("idPrefix", "task-list"))


def table(o):
    if not only(o, {"rows", "head", "caption", "captionClasses", "firstCellIsHeader"}):
        return None
    numeric = set()
    for cells in [o.get("head") or [], *o["rows"]]:
        if not cells:
            continue
        if any(set(each) - {"text", "html", "format"} for each in cells):
            return None
        numeric |= {at for at, each in enumerate(cells) if each.get("format")}
    rows = [[text_of(each) for each in cells] for cells in o["rows"] if cells]
    made = Table(
        o.get("caption", ""),
        [text_of(each) for each in o.get("head") or []],
        rows,
        numeric=numeric,
        first_is_header=o.get("firstCellIsHeader", False),
        caption_classes=o.get("captionClasses", ""),
        scrolls=False,
    )
    return design.table(made)


def button(o):
    if not only(o, {"href", "text", "isStartButton", "classes"}) or "href" not in o:
        return None
    return design.button_link(
        o["href"],
        o["text"],
        start=o.get("isStartButton", False),
        classes=o.get("classes", ""),
    )


# Controls: a Django form is made of the fixture's options --------------------------

LABEL = {"text", "html", "classes", "isPageHeading"}


def shown(field, o, label, *, heading=False, classes="", errors=True):
    error = o.get("errorMessage") or {}
    if set(error) - {"text", "html"} or set(o.get("hint") or {}) - {
        "text",
        "html",
        "id",
    }:
        raise Unused
    field.label = text_of(label)
    field.help_text = text_of(o.get("hint"))
    name = o.get("name") or o.get("idPrefix")
    data = {name: field.initial} if error else None
    form = type("F", (forms.Form,), {"field": field})(data)
    form.mark_optional = False
    bound = form["field"]
    bound.html_name = name
    if error:
        form.full_clean()
        form._errors["field"] = form.error_class([text_of(error)])
    made = control(bound, is_heading=heading, label_classes=classes)
    made.name = bound.html_name
    return render_to_string(made.template, {"c": made})


def label_parts(o):
    label = o["label"]
    if set(label) - LABEL:
        raise Unused
    return label, label.get("isPageHeading", False), label.get("classes", "")


def text_input(o):
    allowed = {
        "label",
        "hint",
        "errorMessage",
        "name",
        "id",
        "classes",
        "value",
        "type",
    }
    allowed |= {"autocomplete", "spellcheck", "inputmode", "prefix", "suffix"}
    if not only(o, allowed) or o.get("type", "text") not in {"text", "email", "number"}:
        return None
    affixes = [o.get("prefix") or {}, o.get("suffix") or {}]
    if any(set(each) - {"text"} for each in affixes):
        return None
    if o.get("type") == "number":
        return None
    attrs = {name: o[name] for name in ("autocomplete", "inputmode") if name in o}
    if "spellcheck" in o:
        attrs["spellcheck"] = str(o["spellcheck"]).lower()
    if o.get("classes"):
        attrs["class"] = o["classes"]
    label, heading, classes = label_parts(o)
    widget = forms.TextInput(attrs)
    widget.input_type = o.get("type", "text")
    if widget.input_type == "email" and "autocomplete" not in o:
        return None
    widget.prefix_text = affixes[0].get("text", "")
    widget.suffix_text = affixes[1].get("text", "")
    value = o.get("value")
    if value == 0:
        return None
    field = forms.CharField(widget=widget, initial=value)
    return shown(field, o, label, heading=heading, classes=classes)


def textarea(o, limit=None):
    allowed = {"label", "hint", "errorMessage", "name", "id", "value", "rows"}
    if not only(o, allowed | {"maxlength", "spellcheck", "classes", "autocomplete"}):
        return None
    attrs = {"rows": o.get("rows", 5)}
    if "spellcheck" in o:
        attrs["spellcheck"] = str(o["spellcheck"]).lower()
    if "autocomplete" in o:
        attrs["autocomplete"] = o["autocomplete"]
    if "classes" in o:
        attrs["class"] = o["classes"]
    label, heading, classes = label_parts(o)
    field = forms.CharField(
        widget=forms.Textarea(attrs), initial=o.get("value"), max_length=limit
    )
    return shown(field, o, label, heading=heading, classes=classes)


def character_count(o):
    if "maxlength" not in o or isinstance(o["maxlength"], str):
        return None
    return textarea(o, o["maxlength"])


def options(o, kind):  # noqa: C901 (a list of what is not offered)
    choices, hints, dividers, exclusive, pending = [], {}, [], [], False
    allowed = {"value", "text", "html", "hint", "checked", "selected", "behaviour"}
    for each in o.get("items") or []:
        if each and each.get("divider"):
            pending = True
            continue
        if not each or set(each) - allowed or "value" not in each:
            raise Unused
        value = str(each["value"])
        if set(each.get("hint") or {}) - {"text", "html"}:
            raise Unused
        choices.append((value, text_of(each)))
        if text_of(each.get("hint")):
            hints[value] = text_of(each["hint"])
        if pending:
            dividers.append(value)
            pending = False
        if each.get("behaviour") == "exclusive":
            exclusive.append(value)
    chosen = [
        str(each["value"])
        for each in o.get("items") or []
        if each and (each.get("checked") or each.get("selected"))
    ]
    if any(each and each.get("selected") is False for each in o.get("items") or []):
        raise Unused
    picked = o.get("values") or ([o["value"]] if o.get("value") else chosen)
    if kind == "select" and not picked and "" in dict(choices):
        # Django says in so many words that the empty option is selected.
        raise Unused
    return choices, hints, dividers, exclusive, [str(each) for each in picked]


def group_parts(o):
    fieldset = o.get("fieldset") or {}
    legend = fieldset.get("legend") or {}
    if set(fieldset) - {"legend"} or set(legend) - LABEL or not text_of(legend):
        raise Unused
    return legend, legend.get("isPageHeading", False), legend.get("classes", "")


def radios(o):
    allowed = {"name", "idPrefix", "items", "fieldset", "hint", "errorMessage", "value"}
    if not only(o, allowed | {"classes"}):
        return None
    legend, heading, classes = group_parts(o)
    choices, hints, dividers, _exclusive, picked = options(o, "radio")
    widget = Radios(
        {"class": o.get("classes", "")}, hints=hints, divider_before=dividers
    )
    field = forms.ChoiceField(
        choices=choices, widget=widget, initial=picked[0] if picked else None
    )
    return shown(field, o, legend, heading=heading, classes=classes)


def checkboxes(o):
    allowed = {
        "name",
        "idPrefix",
        "items",
        "fieldset",
        "hint",
        "errorMessage",
        "values",
    }
    if not only(o, allowed | {"classes"}):
        return None
    legend, heading, classes = group_parts(o)
    choices, hints, dividers, exclusive, picked = options(o, "checkbox")
    widget = Checkboxes({"class": o.get("classes", "")}, hints=hints)
    widget.exclusive, widget.divider_before = set(exclusive), set(dividers)
    field = forms.MultipleChoiceField(choices=choices, widget=widget, initial=picked)
    return shown(field, o, legend, heading=heading, classes=classes)


def select(o):
    allowed = {
        "name",
        "id",
        "items",
        "label",
        "hint",
        "errorMessage",
        "value",
        "classes",
    }
    if not only(o, allowed):
        return None
    label, heading, classes = label_parts(o)
    choices, _hints, _dividers, _exclusive, picked = options(o, "select")
    attrs = {"class": o["classes"]} if "classes" in o else {}
    field = forms.ChoiceField(
        choices=choices, widget=forms.Select(attrs), initial=picked[0] if picked else ""
    )
    return shown(field, o, label, heading=heading, classes=classes)


def file_upload(o):
    if not only(o, {"name", "id", "label", "hint", "errorMessage", "classes"}):
        return None
    label, heading, classes = label_parts(o)
    attrs = {"class": o["classes"]} if "classes" in o else {}
    field = forms.FileField(widget=forms.FileInput(attrs))
    return shown(field, o, label, heading=heading, classes=classes)


def password_input(o):
    allowed = {"name", "id", "label", "hint", "errorMessage", "classes", "autocomplete"}
    if not only(o, allowed):
        return None
    label, heading, classes = label_parts(o)
    attrs = {"class": o["classes"]} if "classes" in o else {}
    if "autocomplete" in o:
        attrs["autocomplete"] = o["autocomplete"]
    field = forms.CharField(widget=forms.PasswordInput(attrs))
    return shown(field, o, label, heading=heading, classes=classes)


def service_navigation(o):
    if not only(o, {"serviceName", "serviceUrl", "navigation"}):
        return None
    items = o.get("navigation") or []
    if "serviceUrl" not in o or any(
        set(each) - {"href", "text", "active"} for each in items
    ):
        return None
    return render_to_string(
        "includes/navigation.html",
        {
            "council": {"service_name": o["serviceName"]},
            "navigation": [
                {"url": each["href"], "label": each["text"], "active": "active" in each}
                for each in items
            ],
        },
    ).replace('href="/home/"', f'href="{o["serviceUrl"]}"')


RENDERERS = {
    "back-link": back_link,
    "breadcrumbs": breadcrumbs,
    "button": button,
    "character-count": character_count,
    "checkboxes": checkboxes,
    "details": details,
    "error-summary": error_summary,
    "file-upload": file_upload,
    "input": text_input,
    "inset-text": inset_text,
    "notification-banner": notification_banner,
    "pagination": pagination,
    "panel": panel,
    "password-input": password_input,
    "radios": radios,
    "select": select,
    "service-navigation": service_navigation,
    "summary-list": summary_list,
    "table": table,
    "tag": tag,
    "task-list": task_list,
    "textarea": textarea,
    "warning-text": warning_text,
}
# Below these, a change of ours has taken variants out of the comparison.
LEAST = {
    "back-link": 2,
    "breadcrumbs": 3,
    "checkboxes": 8,
    "radios": 8,
    "input": 12,
    "summary-list": 6,
    "table": 5,
    "tag": 8,
}


def ours(component, o):
    try:
        return RENDERERS[component](o)
    except Unused:
        return None


def first_difference(parts, wanted):
    for ours_part, theirs in zip(parts, wanted, strict=False):
        if ours_part != theirs:
            return ours_part, theirs
    return len(parts), len(wanted)


def published(component, html):
    """The published HTML, less what the exceptions name."""
    if component == "radios":
        return html.replace(' data-module="govuk-radios"', "")
    if component == "service-navigation":
        return re.sub(r"<button.*?</button>", "", html, flags=re.DOTALL)
    return html


@pytest.mark.parametrize("component", sorted(RENDERERS))
def test_a_component_is_marked_up_as_the_design_system_publishes_it(component):
    different, compared = {}, 0

    for fixture in fixtures(component):
        html = ours(component, fixture["options"])
        if html is None:
            continue
        compared += 1
        wanted = normal(published(component, fixture["html"]))
        if normal(html) != wanted:
            different[fixture["name"]] = first_difference(normal(html), wanted)

    assert not different, different
    assert compared >= LEAST.get(component, 1)


def test_the_exceptions_from_the_published_markup_are_few_and_have_reasons():
    assert len(EXCEPTIONS) <= 10
    assert all(reason for reason in EXCEPTIONS.values())


def test_the_comparison_notices_a_class_that_is_missing():
    fixture = fixtures("tag")[0]

    html = ours("tag", fixture["options"]).replace("govuk-tag", "tag")

    assert normal(html) != normal(fixture["html"])
