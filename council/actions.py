"""What administrators change about the council (permission matrix, row 34)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import ActionRefused, audit
from accounts.models import User
from accounts.roles import RoleKind
from council.models import Council, PrivacyNotice, StatutoryPage

SETTINGS = frozenset(
    field.name
    for field in Council._meta.get_fields()
    if field.name not in {"id", "logo", "is_demonstration"}
)


@transaction.atomic
def change_settings(values: Mapping[str, Any], *, reason: str, by: User) -> Council:
    """Change settings of the council; names that are none are a mistake of ours."""
    unknown = set(values) - SETTINGS
    if unknown:
        raise ValueError(f"not settings of the council: {sorted(unknown)}")
    row = _locked()
    changed = {
        name: (getattr(row, name), value)
        for name, value in values.items()
        if getattr(row, name) != value
    }
    if not changed:
        raise ActionRefused(_("Nothing was changed."))
    for name, (_old, new) in changed.items():
        setattr(row, name, new)
    row.full_clean(exclude=["logo"])
    row.save(update_fields=list(changed))
    _record(
        "council.changed",
        row,
        by,
        before={name: old for name, (old, _new) in changed.items()},
        after={name: new for name, (_old, new) in changed.items()},
        reason=reason,
    )
    return row


@transaction.atomic
def change_logo(
    content: bytes | None, *, suffix: str, reason: str, by: User
) -> Council:
    """Show another logo, or none. The file before is deleted once this is true."""
    row = _locked()
    before = row.logo.name
    if content is None and not before:
        raise ActionRefused(_("Nothing was changed: there is no logo."))
    if content is None:
        row.logo = ""
    else:
        name = f"{secrets.token_hex(8)}.{suffix}"
        row.logo.save(name, ContentFile(content), save=False)
    row.save(update_fields=["logo"])
    if before:
        delete = partial(row.logo.storage.delete, before)
        transaction.on_commit(delete, robust=True)
    _record(
        "council.changed",
        row,
        by,
        before={"logo": bool(before)},
        after={"logo": "another" if before and row.logo else bool(row.logo)},
        reason=reason,
    )
    return row


@transaction.atomic
def change_page(
    kind: str,
    *,
    text: str,
    prepared_on: date | None,
    reviewed_on: date | None,
    by: User,
) -> StatutoryPage:
    """Put the council's own words on a statutory page."""
    _locked()
    row, _made = StatutoryPage.objects.get_or_create(kind=kind, defaults={"text": ""})
    after = {"text": text, "prepared_on": prepared_on, "reviewed_on": reviewed_on}
    before = {name: getattr(row, name) for name in after}
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        raise ActionRefused(_("Nothing was changed."))
    for name in changed:
        setattr(row, name, after[name])
    row.save(update_fields=changed)
    _record(
        "statutory_page.changed",
        row,
        by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return row


@transaction.atomic
def add_privacy_notice(
    parts: Mapping[str, str], *, in_force_from: date, reason: str, by: User
) -> PrivacyNotice:
    """Publish a new version: what people have read is never edited (GDPR-02)."""
    _locked()
    newest = PrivacyNotice.objects.order_by("-version").first()
    notice = PrivacyNotice.objects.create(
        version=newest.version + 1 if newest else 1,
        in_force_from=in_force_from,
        **parts,
    )
    _record(
        "privacy_notice.added",
        notice,
        by,
        after={"version": notice.version, "in_force_from": in_force_from},
        reason=reason,
    )
    return notice


def _locked() -> Council:
    """The one row, made if need be; its lock orders all changes of settings."""
    Council.objects.get_or_create(pk=1)
    return Council.objects.select_for_update().get(pk=1)


def _record(action: str, thing: Any, by: User, **what: Any) -> None:
    audit.record(action, thing, by=by, acting_as=RoleKind.ADMINISTRATOR, **what)
