"""Starting a consultation and changing its plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import ActionRefused, audit
from accounts.models import User
from consultations import permissions
from consultations.actions import moves
from consultations.models import Consultation, OldAddress
from consultations.models.lifecycle import PUBLIC_STATUSES
from consultations.questionnaire import actions as questionnaires
from council.clock import local_day
from council.models import Council, PrivacyNotice
from portfolios.models import Service
from wards.models import Ward

# Everything of a plan that an officer writes, in the order of the pages.
PLAN_FIELDS = (
    "title",
    "topic",
    "summary",
    "overview",
    "can_influence",
    "cannot_influence",
    "audience",
    "level",
    "all_wards",
    "contact_name",
    "contact_email",
    "contact_phone",
    "other_ways",
    "opens_on",
    "closes_on",
    "decision_maker",
    "decision_due",
    "feedback_how",
    "feedback_due",
    "privacy_notice",
    "equality_set",
)
# Addresses of pages that stand where a consultation's would.
RESERVED = frozenset({"new"})
ATTEMPTS = 20


@transaction.atomic
def create(
    service: Service, *, title: str, by: User, when: datetime | None = None
) -> Consultation:
    """Start a draft, with a reference and an address that nobody else has."""
    when = when or timezone.now()
    council = Council.objects.current()
    consultation = None
    for _attempt in range(ATTEMPTS):
        made = Consultation(
            reference=_next_reference(council.reference_prefix, local_day(when).year),
            title=title,
            slug=free_slug(title),
            service=service,
            lead_officer=by,
            created_by=by,
            created_at=when,
            contact_name=service.name if service.email else "",
            contact_email=service.email,
            contact_phone=service.phone,
            privacy_notice=_notice_in_force(local_day(when)),
        )
        try:
            # Two people who start at the same moment want the same number.
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            continue
        consultation = made
        break
    if consultation is None:
        raise ActionRefused(_("Many people are doing this now. Try again in a minute."))
    questionnaires.draft_of(consultation)
    audit.record(
        "consultation.created",
        consultation,
        by=by,
        acting_as=permissions.acting_as(by, consultation),
        after={"title": title, "reference": consultation.reference},
    )
    return consultation


@transaction.atomic
def edit(
    consultation: Consultation,
    *,
    by: User,
    changes: Mapping[str, Any],
    wards: Iterable[Ward] | None = None,
) -> Consultation:
    """Change fields of the plan, of a draft or a returned consultation only.

    A new title makes a new address; the old one redirects to it.
    """
    row = moves.start_planning(consultation)
    before, after = apply(row, _with_feedback_date(changes))
    if wards is not None:
        chosen = sorted(wards, key=lambda ward: ward.name)
        before["wards"] = [ward.name for ward in row.wards.order_by("name")]
        after["wards"] = [ward.name for ward in chosen]
        row.wards.set(chosen)
    if before != after:
        audit.record(
            "consultation.edited",
            row,
            by=by,
            acting_as=permissions.acting_as(by, row),
            before=before,
            after=after,
        )
    return row


def apply(
    row: Consultation, changes: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set fields of a locked row and save them; return them before and after."""
    unknown = set(changes) - set(PLAN_FIELDS)
    if unknown:
        raise ValueError(f"not part of a plan: {', '.join(sorted(unknown))}")
    changed = [name for name in changes if getattr(row, name) != changes[name]]
    before = {name: shown(row, name) for name in changed}
    title = row.title
    for name in changed:
        setattr(row, name, changes[name])
    saved = list(changed)
    if "title" in changed:
        saved += _move_address(row, title)
    try:
        row.validate_constraints()
    except ValidationError as error:
        raise ActionRefused(" ".join(error.messages)) from error
    row.save(update_fields=saved)
    return before, {name: shown(row, name) for name in changed}


def shown(row: Consultation, name: str) -> Any:
    """A field of the plan as the trail and the approver read it."""
    value = getattr(row, name)
    if value is None or isinstance(value, bool | date):
        return value
    return str(value)


def _with_feedback_date(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Fill an empty day of feedback from the closing day (CON-10)."""
    filled = dict(changes)
    if filled.get("closes_on") and filled.get("feedback_due", "kept") is None:
        filled["feedback_due"] = feedback_due_after(
            filled["closes_on"], Council.objects.current()
        )
    return filled


def _notice_in_force(day: date) -> PrivacyNotice | None:
    return PrivacyNotice.objects.filter(in_force_from__lte=day).first()


def feedback_due_after(closes_on: date, council: Council) -> date:
    """The day by which feedback is due unless the plan says another (CON-10)."""
    return closes_on + timedelta(days=council.feedback_days)


def free_slug(title: str, *, own: Consultation | None = None) -> str:
    """Return an address from a title that no consultation has or had.

    `own` may take back an address that it had itself.
    """
    base = slugify(title)[:150].strip("-") or "consultation"
    others = Consultation.objects.filter(slug__startswith=base)
    old = OldAddress.objects.filter(slug__startswith=base)
    if own is not None:
        others, old = others.exclude(pk=own.pk), old.exclude(consultation=own)
    taken = {*others.values_list("slug", flat=True), *RESERVED}
    taken |= set(old.values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def _move_address(row: Consultation, old_title: str) -> list[str]:
    slug = free_slug(row.title, own=row)
    if slug == row.slug:
        return []
    OldAddress.objects.filter(consultation=row, slug=slug).delete()
    approved = row.approval_steps.filter(step="approved", plan__title=old_title)
    OldAddress.objects.create(
        consultation=row,
        slug=row.slug,
        was_public=row.status in PUBLIC_STATUSES or approved.exists(),
    )
    row.slug = slug
    return ["slug"]


def _next_reference(prefix: str, year: int) -> str:
    start = f"{prefix}/{year}/"
    used = Consultation.objects.filter(reference__startswith=start)
    numbers = [
        int(reference.removeprefix(start))
        for reference in used.values_list("reference", flat=True)
        if reference.removeprefix(start).isdecimal()
    ]
    return f"{start}{max(numbers, default=0) + 1:03}"
