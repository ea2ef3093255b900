"""What is done to people: inviting, joining, roles, signing in, deputies."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.models import Deputy, Role, User
from accounts.permissions import acting_as
from accounts.refusals import ActionRefused
from accounts.roles import RoleKind

LAST_ADMINISTRATOR = gettext_lazy(
    "This is the last administrator. Make somebody else one first."
)


@transaction.atomic
def invite(
    email: str,
    *,
    full_name: str,
    roles: Collection[str],
    reason: str,
    by: User | None,
) -> User:
    """Make an account that only its invitation opens, with roles for the day it does.

    `by` is None where the operator of the machine invites the first administrator.
    """
    now = timezone.now()
    try:
        with transaction.atomic():
            person = User.objects.create_user(
                email, None, full_name=full_name.strip(), invited_at=now
            )
    except IntegrityError as error:
        # The unique key decides, so two who invite at once cannot both win.
        raise ActionRefused(
            _("Somebody with this email address is in the list of people already.")
        ) from error
    kinds = sorted(set(roles))
    Role.objects.bulk_create(
        Role(user=person, kind=kind, given_at=now, given_by=by) for kind in kinds
    )
    _record("person.invited", person, by, after={"roles": kinds}, reason=reason)
    return person


@transaction.atomic
def invite_again(person: User, *, by: User | None) -> User:
    """Give a fresh invitation; the link of the one before stops working (T-16)."""
    row = _locked(person)
    if row.joined_at:
        raise ActionRefused(_("This person has joined already."))
    if not row.is_active:
        raise ActionRefused(_("This person cannot sign in. Switch that on first."))
    row.invited_at = timezone.now()
    row.link_generation += 1
    row.save(update_fields=["invited_at", "link_generation"])
    _record("person.invited_again", row, by)
    return row


def invitation_ends(person: User) -> datetime | None:
    """When the invitation of a person stops working; None for who needs none."""
    if person.joined_at or not person.invited_at or not person.is_active:
        return None
    return person.invited_at + timedelta(days=settings.INVITATION_DAYS)


@transaction.atomic
def join(person: User, *, generation: int, password: str, when: datetime) -> User:
    """Take an invitation up, once: the person's own password from here on."""
    row = _locked(person)
    ends = invitation_ends(row)
    if ends is None or when >= ends or row.link_generation != generation:
        raise ActionRefused(
            _("This invitation has stopped working. Ask for a new one.")
        )
    row.set_password(password)
    row.joined_at = when
    row.link_generation += 1
    row.save(update_fields=["password", "joined_at", "link_generation"])
    _record("person.joined", row, row)
    return row


@transaction.atomic
def give_role(person: User, *, kind: str, reason: str, by: User) -> Role:
    """Give a role, from now on."""
    row = _locked(person)
    if not row.is_active:
        raise ActionRefused(_("This person cannot sign in. Switch that on first."))
    if row.roles.filter(kind=kind, ended_at=None).exists():
        raise ActionRefused(_("This person has this role already."))
    role = Role.objects.create(user=row, kind=kind, given_by=by)
    _record("role.given", row, by, after={"role": kind}, reason=reason)
    return role


@transaction.atomic
def end_role(person: User, *, kind: str, reason: str, by: User) -> Role:
    """End a role: it stops working with the person's next request."""
    if kind == RoleKind.ADMINISTRATOR:
        others = _other_administrators(person)
    role = (
        Role.objects.select_for_update()
        .filter(user=person, kind=kind, ended_at=None)
        .first()
    )
    if role is None:
        raise ActionRefused(_("This person does not have this role."))
    if kind == RoleKind.ADMINISTRATOR and not others:
        raise ActionRefused(str(LAST_ADMINISTRATOR))
    role.ended_at, role.ended_by = timezone.now(), by
    role.save(update_fields=["ended_at", "ended_by"])
    _record("role.ended", person, by, before={"role": kind}, reason=reason)
    return role


@transaction.atomic
def switch_off(person: User, *, reason: str, by: User) -> User:
    """Stop somebody from signing in: open sessions die with their next request."""
    others = _other_administrators(person)
    row = _locked(person)
    if not row.is_active:
        raise ActionRefused(_("This person's sign-in is switched off already."))
    is_one = row.roles.filter(kind=RoleKind.ADMINISTRATOR, ended_at=None).exists()
    if is_one and not others:
        raise ActionRefused(str(LAST_ADMINISTRATOR))
    row.is_active = False
    row.link_generation += 1
    row.save(update_fields=["is_active", "link_generation"])
    _record("person.switched_off", row, by, reason=reason)
    return row


@transaction.atomic
def switch_on(person: User, *, reason: str, by: User) -> User:
    """Let somebody sign in again, with the roles that they still hold."""
    row = _locked(person)
    if row.is_active:
        raise ActionRefused(_("This person can sign in already."))
    row.is_active = True
    row.save(update_fields=["is_active"])
    _record("person.switched_on", row, by, reason=reason)
    return row


@transaction.atomic
def name_deputy(
    approver: User, *, deputy: User, starts: datetime, ends: datetime, by: User
) -> Deputy:
    """Name who approves in an approver's place, from one moment to another."""
    row = _locked(approver)
    if not row.roles.filter(
        kind=RoleKind.CONSULTATION_APPROVER, ended_at=None
    ).exists():
        raise ActionRefused(_("Only a consultation approver has a deputy."))
    if deputy.pk == row.pk:
        raise ActionRefused(_("A deputy must be somebody else."))
    if not User.objects.who_may_stand_in_for(row).filter(pk=deputy.pk).exists():
        raise ActionRefused(
            _("A deputy is a service officer or an approver who can sign in.")
        )
    if ends <= starts or ends <= timezone.now():
        raise ActionRefused(_("The last day must not be before the first day."))
    if row.deputies.filter(starts__lt=ends, ends__gt=starts).exists():
        raise ActionRefused(_("There is a deputy for some of these days already."))
    named = Deputy.objects.create(
        approver=row, deputy=deputy, starts=starts, ends=ends, named_by=by
    )
    after = {"deputy": deputy.full_name, **_days(starts, ends)}
    _record("deputy.named", row, by, after=after)
    return named


@transaction.atomic
def end_deputy(named: Deputy, *, by: User) -> None:
    """End a deputy's days now; days that have not begun are taken back."""
    row = Deputy.objects.select_for_update().get(pk=named.pk)
    now = timezone.now()
    if row.ends <= now:
        raise ActionRefused(_("This deputy's days are over already."))
    before = {"deputy": row.deputy.full_name, **_days(row.starts, row.ends)}
    if row.starts >= now:
        row.delete()
    else:
        row.ends = now
        row.save(update_fields=["ends"])
    _record("deputy.ended", row.approver, by, before=before)


def _days(starts: datetime, ends: datetime) -> dict[str, date]:
    """The first and the last whole day, as people name them."""
    last = timezone.localtime(ends - timedelta(microseconds=1)).date()
    return {"from": timezone.localtime(starts).date(), "until": last}


def _locked(person: User) -> User:
    return User.objects.select_for_update().get(pk=person.pk)


def _other_administrators(person: User) -> list[Role]:
    """The roles of the others, all locked in one order: two administrators who end
    each other's role at once wait, and the second is refused."""
    held = (
        Role.objects.select_for_update(of=("self",))
        .filter(kind=RoleKind.ADMINISTRATOR, ended_at=None)
        .select_related("user")
        .order_by("pk")
    )
    return [
        role
        for role in held
        if role.user_id != person.pk and role.user.is_active and role.user.joined_at
    ]


def _record(
    action: str,
    person: User,
    by: User | None,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    audit.record(
        action,
        person,
        by=by,
        acting_as=acting_as(by) if by else "",
        before=before,
        after=after,
        reason=reason,
    )
