"""What the lifecycle does to releases that are not public yet."""

from __future__ import annotations

from datetime import datetime

from accounts import audit
from accounts.models import User
from consultations import permissions
from consultations.models import CancelledRelease, Consultation, Release


def cancel(
    release: Release, consultation: Consultation, *, by: User, when: datetime
) -> None:
    """Take a release back before its time; its consultation's row is locked.

    Releases never change (a trigger holds that): a row says that it was cancelled.
    """
    CancelledRelease.objects.create(release=release, at=when, by=by)
    audit.record(
        f"{release.kind}.cancelled",
        release,
        by=by,
        acting_as=permissions.acting_as(by, consultation),
        before={"public_from": release.public_from},
        about=consultation,
    )
