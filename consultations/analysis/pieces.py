"""Tables about the responses themselves, for staff pages and public ones."""

from __future__ import annotations

from django.utils.translation import gettext as _

from consultations.analysis.reading import Totals
from consultations.models import Response
from design.components import Table
from design.formats import number


def totals_table(totals: Totals) -> Table:
    """How answers came, and how many of them count."""
    channels = dict(Response.Channel.choices)
    return Table(
        _("How people answered"),
        [_("How"), _("Received"), _("Counted")],
        [
            [
                channels[row["channel"]],
                number(row["received"]),
                number(row["counted"]),
            ]
            for row in totals["channels"]
        ]
        + [[_("Total"), number(totals["received"]), number(totals["counted"])]],
        numeric={1, 2},
    )


def fates_table(totals: Totals) -> Table:
    """What became of every answer received: exclusions by their reason (CON-08)."""
    reasons = dict(Response.Exclusion.choices)
    rows = [
        [_("Counted"), number(totals["counted"])],
        [_("Held until somebody decides"), number(totals["held"])],
        [_("Withdrawn by the person who sent it"), number(totals["withdrawn"])],
        *(
            [_("Left out: %(reason)s") % {"reason": reasons[reason]}, number(count)]
            for reason, count in totals["excluded"].items()
        ),
    ]
    return Table(
        _("What became of the answers"),
        [_("What became of it"), _("Answers")],
        [rows[0], *(row for row in rows[1:] if row[1] != "0")],
        numeric={1},
    )
