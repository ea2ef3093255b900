"""What a figure says, in words: headline, sentence and base, as a first draft.

The officer who writes the findings may change headline and sentence; the base
line always stands as it is.
"""

from __future__ import annotations

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.analysis.net import AGAINST, FOR, Share, plain_share
from consultations.analysis.tables import (
    NumberFigures,
    OptionFigure,
    QuestionTable,
    RowFigure,
)
from consultations.questionnaire.document import Kind, Role
from design.formats import number, percent

# So many that share the first place are named.
MOST_NAMED = 3


def share_words(share: Share) -> str:
    """almost 4 in 5, just over 1 in 10, nobody (NET-05)."""
    values = {"many": share.many, "of": share.of}
    return {
        "none": _("nobody"),
        "all": _("everybody"),
        "below": _("fewer than %(many)s in %(of)s") % values,
        "almost": _("almost %(many)s in %(of)s") % values,
        "exactly": _("%(many)s in %(of)s") % values,
        "just_over": _("just over %(many)s in %(of)s") % values,
        "over": _("more than %(many)s in %(of)s") % values,
    }[share.nearness]


def headline(table: QuestionTable) -> str:
    """A title of a few words that says the message, or the question itself."""
    if table["rows"]:
        best = _best_rows(table["rows"])
        return _first_place(
            best,
            _("Most support: %(first)s"),
            _("Most support: %(first)s, equally"),
        )
    if not table["base"] or table["numbers"] or not table["options"]:
        return ""
    if table["net"] or table["kind"] == Kind.AGREE:
        agree = _side(table["options"], FOR)
        return _sentence_case(
            _("%(share)s agree") % {"share": _share(agree, table["base"], table)}
        )
    return _first_place(
        _largest(table["options"]),
        _("Most common answer: %(first)s"),
        _("Most common answers: %(first)s, equally often"),
    )


def sentence(table: QuestionTable) -> str:
    """One sentence that says what the chart shows."""
    if not table["answered"]:
        return _("Nobody has answered this question.")
    if table["numbers"]:
        return _numbers(table["numbers"])
    if table["rows"]:
        return " ".join(_row_sentence(row) for row in table["rows"][:1])
    if table["kind"] == Kind.AGREE:
        return _agreement(table["options"], table["base"])
    if table["options"]:
        return _most_common(table)
    return answered_line(table)


def _numbers(numbers: NumberFigures) -> str:
    values = {
        "middle": numbers["middle"],
        "lowest": numbers["lowest"],
        "highest": numbers["highest"],
    }
    if numbers["lowest"] == numbers["highest"]:
        return _("Every answer is %(middle)s.") % values
    return (
        _("The middle answer is %(middle)s, from %(lowest)s to %(highest)s.") % values
    )


def base_line(table: QuestionTable) -> str:
    """How many answered and who is in the base: printed with every figure (NET-01)."""
    if not table["options"] and not table["rows"]:
        return answered_line(table)
    parts = [answered_line(table)]
    aside = sum(o["count"] for o in table["options"] if o["role"] == Role.DONT_KNOW)
    if table["base"] != table["answered"] and not table["rows"]:
        parts.append(
            _("Percentages are of the %(base)s who took a side or neither.")
            % {"base": number(table["base"])}
        )
    if aside:
        parts.append(
            ngettext(
                "%(count)s more answered that they do not know.",
                "%(count)s more answered that they do not know.",
                aside,
            )
            % {"count": number(aside)}
        )
    if any(row["base"] != row["answered"] for row in table["rows"]):
        parts.append(_("Those who do not know are left out of the percentages."))
    if table["kind"] == Kind.MANY:
        parts.append(_("People could choose more than one."))
    return " ".join(parts)


def answered_line(table: QuestionTable) -> str:
    """1,250 people answered this question."""
    return ngettext(
        "%(count)s answer to this question.",
        "%(count)s answers to this question.",
        table["answered"],
    ) % {"count": number(table["answered"])}


def _share(count: int, base: int, table: QuestionTable) -> str:
    """In plain words where there are percentages, else as counts."""
    if any(option["percent"] is not None for option in table["options"]):
        return share_words(plain_share(count, base))
    return _("%(count)s of %(base)s") % {"count": number(count), "base": number(base)}


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _side(options: list[OptionFigure], roles: frozenset[Role]) -> int:
    return sum(option["count"] for option in options if option["role"] in roles)


def _agreement(options: list[OptionFigure], base: int) -> str:
    values = {
        "agree": number(_side(options, FOR)),
        "disagree": number(_side(options, AGAINST)),
        "base": number(base),
    }
    if all(option["percent"] is None for option in options):
        return _("%(agree)s agree and %(disagree)s disagree, of %(base)s.") % values
    values["share_for"] = str(percent(_side(options, FOR), base))
    values["share_against"] = str(percent(_side(options, AGAINST), base))
    return (
        _(
            "%(share_for)s%% agree (%(agree)s of %(base)s) and "
            "%(share_against)s%% disagree (%(disagree)s of %(base)s)."
        )
        % values
    )


def _row_sentence(row: RowFigure) -> str:
    if not row["base"]:
        return ""
    return f"{row['label']}: {_agreement(row['options'], row['base'])}"


def _best_rows(rows: list[RowFigure]) -> list[str]:
    """The rows with the most net support; none where no row has any figure."""
    values = [(row["label"], row["net"]["value"]) for row in rows if row["net"]]
    most = max((value for _label, value in values), default=0)
    return [label for label, value in values if value == most]


def _largest(options: list[OptionFigure]) -> list[str]:
    """The option chosen most often, or the options that share the first place."""
    most = max(option["count"] for option in options)
    return [option["label"] for option in options if option["count"] == most]


def _first_place(labels: list[str], one: str, several: str) -> str:
    """A headline of what came first, also where a few share the place."""
    if len(labels) > MOST_NAMED:
        return _("%(count)s share the first place") % {"count": number(len(labels))}
    if not labels:
        return ""
    words = one if len(labels) == 1 else several
    return words % {"first": get_text_list(labels, _("and"))}


def _named(labels: list[str]) -> str:
    if len(labels) > MOST_NAMED:
        return _("%(count)s answers") % {"count": number(len(labels))}
    return get_text_list([f"“{label}”" for label in labels], _("and"))


def _most_common(table: QuestionTable) -> str:
    first = _largest(table["options"])
    most = max(option["count"] for option in table["options"])
    values = {
        "answer": _named(first),
        "count": number(most),
        "base": number(table["base"]),
        "percent": str(percent(most, table["base"])),
    }
    has_percent = any(option["percent"] is not None for option in table["options"])
    if len(first) > 1 and has_percent:
        words = _(
            "%(answer)s came first, equally often: "
            "each %(percent)s%% (%(count)s of %(base)s)."
        )
    elif len(first) > 1:
        words = _("%(answer)s came first, equally often: each %(count)s of %(base)s.")
    elif has_percent:
        words = _(
            "The most common answer was %(answer)s: "
            "%(percent)s%% (%(count)s of %(base)s)."
        )
    else:
        words = _("The most common answer was %(answer)s: %(count)s of %(base)s.")
    return words % values
