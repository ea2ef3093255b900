"""Where a consultation stands at a moment, in the words of each audience."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import Consultation, Stage, Status
from council.clock import last_day, local_day
from design import formats

CLOSING_SOON_DAYS = 7
OVER = frozenset({Stage.CLOSED, Stage.FINDINGS})


@dataclass(frozen=True)
class Standing:
    """A row of a list: the consultation, its tag and the sentence with its dates."""

    consultation: Consultation
    stage: Stage
    colour: str
    label: str
    dates: str

    @property
    def is_open(self) -> bool:
        return self.stage == Stage.OPEN

    @property
    def about(self) -> str:
        """Its service, topic and places in a line; load them with `for_list()`."""
        consultation = self.consultation
        names = [consultation.service.name]
        if consultation.topic:
            names.append(consultation.topic.name)
        return " · ".join([*names, self.places])

    @property
    def places(self) -> str:
        return places_of(self.consultation)


def standing(consultation: Consultation, when: datetime) -> Standing:
    """Reads windows and releases: load them with `with_stage()` in lists."""
    stage = consultation.stage_at(when)
    colour, label = str(stage.value), str(stage.label)
    ends = consultation.closes_at()
    if (
        stage == Stage.OPEN
        and ends is not None
        and _days_left(ends, when) <= CLOSING_SOON_DAYS
    ):
        colour, label = "closing_soon", _("Closing soon")
    if stage in OVER:
        label = _late_or_due(consultation, stage, when)
        colour = "overdue" if is_late(consultation, when) else colour
    return Standing(consultation, stage, colour, label, _dates(consultation, when))


def places_of(consultation: Consultation) -> str:
    """The wards that it names, or that it is for all."""
    if consultation.all_wards:
        return _("Whole council area")
    names = [ward.name for ward in consultation.wards.all()]
    return ", ".join(names) or _("No places yet")


def standings(rows: Iterable[Consultation], when: datetime) -> list[Standing]:
    return [standing(each, when) for each in rows]


def is_late(consultation: Consultation, when: datetime) -> bool:
    """Whether its feedback was due and is not there (CON-10)."""
    due = consultation.feedback_due
    is_over = consultation.stage_at(when) in OVER
    return is_over and due is not None and due < local_day(when)


def _late_or_due(consultation: Consultation, stage: Stage, when: datetime) -> str:
    due = consultation.feedback_due
    if due is None:
        return str(stage.label)
    words = {"stage": stage.label, "day": formats.day(due)}
    if is_late(consultation, when):
        return _("%(stage)s, feedback was due on %(day)s") % words
    return _("%(stage)s, feedback due %(day)s") % words


def _dates(consultation: Consultation, when: datetime) -> str:
    if consultation.status == Status.WITHDRAWN:
        return _("Withdrawn %(day)s") % {"day": formats.day(consultation.withdrawn_at)}
    starts, ends = consultation.opens_at(), consultation.closes_at()
    if starts is None or ends is None:
        return _planned(consultation)
    if when < starts:
        return _("Opens %(day)s, closes %(closing)s") % {
            "day": formats.day(starts),
            "closing": formats.closing(ends),
        }
    if when >= ends:
        return _("Closed %(closing)s") % {"closing": formats.closing(ends)}
    return _("Closes %(closing)s (%(left)s)") % {
        "closing": formats.closing(ends),
        "left": _left(_days_left(ends, when)),
    }


def _left(days: int) -> str:
    if not days:
        return _("the last day")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


def _planned(consultation: Consultation) -> str:
    if consultation.opens_on is None or consultation.closes_on is None:
        return _("No dates yet")
    return _("Planned from %(first)s to %(last)s") % {
        "first": formats.day(consultation.opens_on),
        "last": formats.day(consultation.closes_on),
    }


def _days_left(ends: datetime, when: datetime) -> int:
    return (last_day(ends) - local_day(when)).days
