"""A form field and its options as plain data."""

from dataclasses import dataclass, field
from typing import Any

from django.forms.boundfield import BoundField

from design.widgets import GroupPart

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
