"""From the table of a question to the chart that a page shows."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from consultations.analysis import words
from consultations.analysis.net import ASIDE, SCALE
from consultations.analysis.tables import (
    NetFigure,
    OptionFigure,
    QuestionTable,
    RowFigure,
)
from consultations.questionnaire.document import Kind, Role
from design import charts
from design.formats import number

# A scale is drawn as a bar of 100%, from the most agreeing step to the least.
ORDER = [
    Role.STRONG_POSITIVE,
    Role.POSITIVE,
    Role.NEUTRAL,
    Role.NEGATIVE,
    Role.STRONG_NEGATIVE,
]


def figure(table: QuestionTable, *, min_base: int) -> charts.Figure | None:
    """The chart of a question; None where there is only a number of answers."""
    headline = table["headline"] or table["label"]
    subtitle = words.base_line(table)
    if table["headline"]:
        subtitle = f"{table['label']} {subtitle}"
    sentence = table["sentence"] or words.sentence(table)
    about = _About(f"figure-{table['key']}", headline, subtitle, sentence, min_base)
    if table["rows"]:
        return _grid(table, about)
    if table["numbers"]:
        return _columns(table, about)
    if not table["options"]:
        return None
    if _is_drawable_scale(table["options"]):
        return _scale(table, about)
    return _bars(table, about)


@dataclass(frozen=True)
class _About:
    """What every chart has: where it stands and what it says."""

    anchor: str
    headline: str
    subtitle: str
    sentence: str
    min_base: int


def _on_scale(options: list[OptionFigure]) -> list[OptionFigure]:
    steps = [option for option in options if option["role"] in SCALE]
    return sorted(steps, key=lambda option: ORDER.index(Role(option["role"])))


def _is_drawable_scale(options: list[OptionFigure]) -> bool:
    """As many steps each way, one option for each, and nothing outside but asides."""
    roles = [option["role"] for option in _on_scale(options)]
    if len(set(roles)) != len(roles) or len(roles) < 2:
        return False
    mirrored = {
        Role.STRONG_POSITIVE: Role.STRONG_NEGATIVE,
        Role.POSITIVE: Role.NEGATIVE,
    }
    even = all((one in roles) == (other in roles) for one, other in mirrored.items())
    return even and all(o["role"] in SCALE | ASIDE for o in options)


def _net_line(net: NetFigure) -> str:
    """Net support, with the raw counts and the base that it comes from (NET-02)."""
    said = _(
        "Net support %(net)s: %(positive)s for, %(negative)s against, of %(base)s."
    )
    if _has_dont_know(net):
        said = _(
            "Net support %(net)s: %(positive)s for, %(negative)s against, of %(base)s "
            "with those who do not know."
        )
    return said % {
        "net": net["signed"],
        "positive": number(net["positive"]),
        "negative": number(net["negative"]),
        "base": number(net["base"]),
    }


def has_aside(tables: list[QuestionTable]) -> bool:
    """Whether net support would be another with those who do not know (NET-01)."""
    nets = [t["net"] for t in tables] + [r["net"] for t in tables for r in t["rows"]]
    return any(net["aside"] for net in nets if net)


def _has_dont_know(net: NetFigure) -> bool:
    """Whether the base holds those who do not know, and there are any (NET-01)."""
    return net["base"] > net["positive"] + net["negative"] + net["neutral"]


def _scale(table: QuestionTable, about: _About) -> charts.Figure:
    steps = _on_scale(table["options"])
    return charts.agree(
        about.anchor,
        about.headline,
        [step["count"] for step in steps],
        scale=[step["label"] for step in steps],
        subtitle=about.subtitle,
        sentence=about.sentence,
        note=_net_line(table["net"]) if table["net"] else "",
        minimum_base=about.min_base,
    )


def _grid(table: QuestionTable, about: _About) -> charts.Figure:
    first = table["rows"][0]["options"]
    if not _is_drawable_scale(first):
        return _plain_grid(table, about)
    rows = [
        (row["label"], [step["count"] for step in _on_scale(row["options"])])
        for row in table["rows"]
    ]
    return charts.agree_grid(
        about.anchor,
        about.headline,
        rows,
        scale=[step["label"] for step in _on_scale(first)],
        subtitle=about.subtitle,
        sentence=about.sentence,
        note=_net_of_rows(table["rows"]),
        minimum_base=about.min_base,
    )


def _net_of_rows(rows: list[RowFigure]) -> str:
    nets = [(row["label"], row["net"]) for row in rows if row["net"]]
    if not nets:
        return ""
    said = _("Net support: %(rows)s.")
    if any(_has_dont_know(net) for _label, net in nets):
        said = _("Net support, of all with those who do not know: %(rows)s.")
    return said % {"rows": "; ".join(f"{label} {net['signed']}" for label, net in nets)}


def _plain_grid(table: QuestionTable, about: _About) -> charts.Figure:
    """A grid without a scale: a bar for each option of each row."""
    rows = [
        (f"{row['label']}: {option['label']}", option["count"])
        for row in table["rows"]
        for option in row["options"]
    ]
    return charts.bars(
        about.anchor,
        about.headline,
        rows,
        base=table["answered"],
        subtitle=about.subtitle,
        sentence=about.sentence,
        minimum_base=about.min_base,
    )


def _columns(table: QuestionTable, about: _About) -> charts.Figure:
    numbers = table["numbers"]
    rows = [(b["label"], b["count"]) for b in numbers["bins"]] if numbers else []
    return charts.columns(
        about.anchor,
        about.headline,
        rows,
        base=table["base"],
        subtitle=about.subtitle,
        sentence=about.sentence,
        head=_("Number"),
        minimum_base=about.min_base,
    )


def _bars(table: QuestionTable, about: _About) -> charts.Figure:
    """Largest first; options that are no choice between things come last."""
    rows = [(option["label"], option["count"]) for option in table["options"]]
    last = [option["label"] for option in table["options"] if option["role"] in ASIDE]
    if table["kind"] in {Kind.ONE, Kind.MANY, Kind.CAPACITY}:
        rows = charts.largest_first(rows, last)
    return charts.bars(
        about.anchor,
        about.headline,
        rows,
        base=table["base"],
        subtitle=about.subtitle,
        sentence=about.sentence,
        minimum_base=about.min_base,
    )
