"""What people decide about a consultation, and what the clock makes of it.

`Status` is stored; `Stage` is derived from the status, the open windows and the
releases at a moment. No task flips a flag.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """What people have decided."""

    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waiting for approval")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ABANDONED = "abandoned", _("Abandoned")
    ARCHIVED = "archived", _("Archived")


class Stage(models.TextChoices):
    """Where a consultation is at a moment."""

    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waiting for approval")
    RETURNED = "returned", _("Returned")
    OPENS_SOON = "opens_soon", _("Opens soon")
    OPEN = "open", _("Open")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")
    FINDINGS = "findings", _("Findings published")
    FEEDBACK = "feedback", _("Feedback published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ABANDONED = "abandoned", _("Abandoned")
    ARCHIVED = "archived", _("Archived")


# Every legal move: verb -> (from which statuses, to which). A verb that keeps the
# status (extend, close early, pause, resume, reopen) works on the open windows;
# `STAGES_FOR` says at which stages it makes sense.
MOVES: dict[str, tuple[frozenset[str], str]] = {
    "submit": (frozenset({Status.DRAFT, Status.RETURNED}), Status.WAITING),
    "recall": (frozenset({Status.WAITING, Status.APPROVED}), Status.DRAFT),
    "return": (frozenset({Status.WAITING}), Status.RETURNED),
    "approve": (frozenset({Status.WAITING}), Status.APPROVED),
    "withdraw": (frozenset({Status.APPROVED}), Status.WITHDRAWN),
}
STAGES_FOR: dict[str, frozenset[str]] = {
    "recall": frozenset({Stage.WAITING, Stage.OPENS_SOON}),
    "withdraw": frozenset({Stage.OPENS_SOON, Stage.OPEN, Stage.PAUSED, Stage.CLOSED}),
    "extend": frozenset({Stage.OPEN}),
    "close early": frozenset({Stage.OPEN}),
    "amend": frozenset({Stage.OPEN, Stage.PAUSED}),
}

# What the public may read. Of a withdrawn consultation (matrix row 2) only the public
# note stays, at its address.
PUBLIC_STATUSES = frozenset({Status.APPROVED, Status.ARCHIVED})
