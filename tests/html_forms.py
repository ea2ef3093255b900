"""The forms of a page, read as a browser without scripts reads them.

`forms_of(html)` gives each <form> with what a browser would post if nobody touched
it; `filled()` answers what is still empty, as somebody in a hurry would.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Control:
    """One name of a form. `values` is what is chosen now, `options` what may be."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    inputmode: str = ""

    @property
    def is_typed(self) -> bool:
        return self.kind in {"text", "email", "tel", "url", "textarea", "search"}


@dataclass
class Form:
    """One <form>; `buttons` are the (name, value) pairs that it can be sent with."""

    method: str
    action: str
    is_multipart: bool = False
    controls: dict[str, Control] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def control(self, name: str, kind: str) -> Control:
        return self.controls.setdefault(name, Control(name, kind))

    def untouched(self) -> dict[str, list[str]]:
        """What a browser posts at once."""
        return {
            name: list(each.values)
            for name, each in self.controls.items()
            if each.values and each.kind != "file"
        }

    def filled(self, **wanted: object) -> dict[str, object]:
        """What is there, an answer to everything that is empty, and what is wanted."""
        data: dict[str, object] = dict(self.untouched())
        for name, each in self.controls.items():
            if each.kind == "file" or any(each.values) or name == "your-website":
                continue
            data[name] = likely(each)
        return data | wanted


LIKELY = (
    (r"email", "new.person@example.org"),
    (r"_day$|_0$", "1"),
    (r"_month$|_1$", "6"),
    (r"_year$|_2$", "2027"),
    (r"colour", "#12436d"),
    (r"website|url", "https://www.example.org"),
    (r"postcode", "FN1 1AA"),
)


def likely(control: Control) -> list[str]:
    """An answer that most fields take."""
    if control.options:
        chosen = [each for each in control.options if each]
        return chosen[:1]
    for pattern, value in LIKELY:
        if re.search(pattern, control.name):
            return [value]
    if control.kind == "password":
        return ["correct horse battery staple"]
    return ["2"] if control.inputmode in {"numeric", "decimal"} else ["Some words"]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: tuple[Control, bool] | None = None
        self._textarea: Control | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(
                given.get("method", "get").lower(),
                given.get("action", ""),
                "multipart" in given.get("enctype", ""),
            )
            self.forms.append(self._form)
        if self._form is None or "disabled" in given:
            return
        handler = getattr(self, f"_start_{tag}", None)
        if handler:
            handler(self._form, given)

    def _start_input(self, form, given):
        name, kind = given.get("name"), given.get("type", "text").lower()
        if kind in {"submit", "image"}:
            form.buttons.append((name or "", given.get("value", "")))
        elif name and kind in {"radio", "checkbox"}:
            control = form.control(name, kind)
            control.options.append(given.get("value", "on"))
            if "checked" in given:
                control.values.append(given.get("value", "on"))
        elif name:
            control = form.control(name, kind)
            control.inputmode = given.get("inputmode", "")
            if kind != "file":
                control.values.append(given.get("value", ""))

    def _start_button(self, form, given):
        if given.get("type", "submit") == "submit":
            form.buttons.append((given.get("name", ""), given.get("value", "")))

    def _start_select(self, form, given):
        if given.get("name"):
            control = form.control(given["name"], "select")
            self._select = (control, "multiple" in given)

    def _start_option(self, form, given):
        if self._select is not None:
            control, _ = self._select
            control.options.append(given.get("value", ""))
            if "selected" in given:
                control.values.append(given.get("value", ""))

    def _start_textarea(self, form, given):
        if given.get("name"):
            self._textarea, self._text = form.control(given["name"], "textarea"), []

    def handle_data(self, data):
        if self._textarea is not None:
            self._text.append(data)

    def handle_endtag(self, tag):
        if tag == "textarea" and self._textarea is not None:
            # A browser drops the first line break of a textarea.
            text = "".join(self._text)
            self._textarea.values.append(text.removeprefix("\n"))
            self._textarea = None
        elif tag == "select" and self._select is not None:
            control, is_multiple = self._select
            if not control.values and control.options and not is_multiple:
                control.values.append(control.options[0])
            self._select = None
        elif tag == "form":
            self._form = None


def forms_of(html: str) -> list[Form]:
    """Every form of a page, in order."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


def posting_forms(html: str) -> list[Form]:
    """The forms that post, without the one that signs out."""
    return [
        each
        for each in forms_of(html)
        if each.method == "post" and "logout" not in each.action
    ]
