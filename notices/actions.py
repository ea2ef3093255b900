"""What changes in the lists of who is told, and in the outbox by hand or by age."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from accounts.refusals import ActionRefused
from accounts.secret_links import address_key
from council.clock import local_day
from council.models import Council
from notices import outbox
from notices.models import Heartbeat, Notice, Subscription, Suppression

Status = Notice.Status
CONFIRM = "notices.confirm_alert"
HEARTBEAT = timedelta(seconds=20)
FINISHED = (
    Status.SENT,
    Status.FAILED,
    Status.SUPPRESSED,
    Status.CANCELLED,
    Status.EXPIRED,
)


@transaction.atomic
def subscribe(
    email: str, *, kind: str, key: object, language: str, title: str, page: str
) -> None:
    """Ask an address to confirm that it wants to hear about something.

    Says nothing about whether the address is known: who has confirmed already gets
    no second message, who has not gets at most one a day, and few an hour in all.
    """
    now = timezone.now()
    address = email.strip()
    subscription, _made = Subscription.objects.get_or_create(
        kind=kind,
        key=str(key),
        address_key=address_key(address),
        defaults={
            "email": address,
            "language": language,
            "title": title[:200],
            "page": page[:200],
        },
    )
    if subscription.confirmed_at or not outbox.room_for(CONFIRM, address):
        return
    outbox.queue(
        CONFIRM,
        to=subscription.email,
        occasion=f"{subscription.pk}:{local_day(now)}",
        payload={
            "title": title,
            "pages": {"page": page},
            "links": {"confirm": {"path": "/alerts/", "purpose": "alert"}},
        },
        language=language,
        subject_id=subscription.pk,
        subject_generation=subscription.generation,
    )
    outbox.ring()


@transaction.atomic
def confirm(subscription: Subscription) -> None:
    """Start telling the address; confirming twice is confirming once."""
    found = Subscription.objects.select_for_update().filter(pk=subscription.pk).first()
    if found is None:
        raise ActionRefused(_("You have stopped these emails already."))
    if not found.confirmed_at:
        found.confirmed_at = timezone.now()
        found.save(update_fields=["confirmed_at"])


@transaction.atomic
def stop(subscription: Subscription) -> None:
    """Tell the address nothing more about this; what waits for it is cancelled."""
    waiting = Notice.objects.waiting()
    waiting.opening(subscription.pk, confirm="alert", stop="stop-alert").cancel()
    Subscription.objects.filter(pk=subscription.pk).delete()


@transaction.atomic
def retry(
    notice: Notice, *, by: User, acting_as: str, about: models.Model | None = None
) -> None:
    """Try a message again that failed, or that was aborted."""
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if not notice.recipient:
        raise ActionRefused(_("This message is too old: its address is not kept."))
    if notice.is_emptied:
        raise ActionRefused(
            _("This message cannot be tried again: its private link is not kept.")
        )
    if not notice.can_be_retried:
        raise ActionRefused(_("This message is not one that can be tried again."))
    if Suppression.objects.filter(address_key=notice.recipient_key).exists():
        raise ActionRefused(_("This address refuses mail. Allow it again first."))
    before = notice.status
    notice.status, notice.attempts, notice.due_at = Status.QUEUED, 0, timezone.now()
    notice.save(update_fields=["status", "attempts", "due_at"])
    _record("notice.retried", notice, by, acting_as, before, about)
    outbox.ring()


@transaction.atomic
def abort(
    notice: Notice, *, by: User, acting_as: str, about: models.Model | None = None
) -> None:
    """Keep a message that waits from being sent."""
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if not notice.can_be_aborted:
        raise ActionRefused(_("This message is not waiting any more."))
    before = notice.status
    Notice.objects.filter(pk=notice.pk).cancel()
    notice.status = Status.CANCELLED
    _record("notice.aborted", notice, by, acting_as, before, about)


@transaction.atomic
def allow_again(
    notice: Notice, *, by: User, acting_as: str, about: models.Model | None = None
) -> None:
    """Lift the suppression of a message's address, as when its mailbox is mended."""
    found = Suppression.objects.filter(address_key=notice.recipient_key)
    if not found.delete()[0]:
        raise ActionRefused(_("This address is allowed already."))
    _record("notice.address_allowed", notice, by, acting_as, notice.status, about)


def _record(
    action: str,
    notice: Notice,
    by: User,
    acting_as: str,
    before: str,
    about: models.Model | None,
) -> None:
    record(
        action,
        notice,
        by=by,
        acting_as=acting_as,
        before={"status": before},
        after={"status": notice.status},
        about=about,
    )


def note_signs_of_life(when: datetime, *names: str) -> None:
    """Write down that processes are at work, for the health page (REL-8).

    Not more often than is of use: many bells may ring in a second.
    """
    fresh = Heartbeat.objects.filter(
        name__in=names, at__gt=when - HEARTBEAT, at__lte=when
    )
    silent = set(names) - set(fresh.values_list("name", flat=True))
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=when) for name in sorted(silent)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


@transaction.atomic
def purge(when: datetime) -> int:
    """Forget addresses and contents of old notices, and alerts never confirmed.

    A notice's key stays, so that nothing is sent again. Returns the rows changed.
    """
    council = Council.objects.current()
    old = Notice.objects.filter(
        status__in=FINISHED,
        created_at__lt=when - timedelta(days=council.notice_days),
        due_at__lt=when - timedelta(days=council.notice_days),
    ).exclude(recipient="", payload={}, subject_id="", error="")
    forgotten = old.update(recipient="", payload={}, subject_id="", error="")
    unconfirmed = Subscription.objects.filter(
        confirmed_at=None,
        created_at__lt=when - timedelta(days=council.unconfirmed_days),
    )
    return forgotten + unconfirmed.delete()[0]
