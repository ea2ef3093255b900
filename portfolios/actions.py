"""What is done to services and to those who work for them."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import ActionRefused, audit
from accounts.models import User
from accounts.roles import RoleKind
from portfolios.models import Service, ServiceOfficer


@transaction.atomic
def place(
    person: User, services: Collection[Service], *, reason: str, by: User | None
) -> None:
    """Make these the services that a person works for, from now on."""
    row = User.objects.select_for_update().get(pk=person.pk)
    posts = list(row.service_posts.filter(ended_at=None).select_related("service"))
    before = {post.service_id: post.service.name for post in posts}
    after = {service.pk: service.name for service in services}
    if before == after:
        return
    now = timezone.now()
    leaving = [post.pk for post in posts if post.service_id not in after]
    ServiceOfficer.objects.filter(pk__in=leaving).update(ended_at=now)
    ServiceOfficer.objects.bulk_create(
        ServiceOfficer(user=row, service_id=key, since=now)
        for key in after
        if key not in before
    )
    audit.record(
        "person.services_changed",
        row,
        by=by,
        acting_as=RoleKind.ADMINISTRATOR if by else "",
        before={"services": sorted(before.values())},
        after={"services": sorted(after.values())},
        reason=reason,
    )


@transaction.atomic
def add_service(*, name: str, email: str, phone: str, by: User) -> Service:
    """Add a service that consultations can belong to."""
    if Service.objects.filter(name__iexact=name).exists():
        raise ActionRefused(_("There is a service of this name already."))
    try:
        with transaction.atomic():
            service = Service.objects.create(
                name=name, slug=_free_slug(name), email=email, phone=phone
            )
    except IntegrityError as error:  # somebody added it at this moment
        raise ActionRefused(_("There is a service of this name already.")) from error
    audit.record(
        "service.added",
        service,
        by=by,
        acting_as=RoleKind.ADMINISTRATOR,
        after={"name": name},
    )
    return service


@transaction.atomic
def change_service(
    service: Service, *, name: str, email: str, phone: str, is_active: bool, by: User
) -> Service:
    """Change what a service is called and how it is reached, or retire it."""
    row = Service.objects.select_for_update().get(pk=service.pk)
    if Service.objects.filter(name__iexact=name).exclude(pk=row.pk).exists():
        raise ActionRefused(_("There is a service of this name already."))
    new = {"name": name, "email": email, "phone": phone, "is_active": is_active}
    old = {key: getattr(row, key) for key in new}
    changed = [key for key in new if old[key] != new[key]]
    if not changed:
        return row
    for key in changed:
        setattr(row, key, new[key])
    row.save(update_fields=changed)
    audit.record(
        "service.changed",
        row,
        by=by,
        acting_as=RoleKind.ADMINISTRATOR,
        before={key: old[key] for key in changed},
        after={key: new[key] for key in changed},
    )
    return row


def _free_slug(name: str) -> str:
    base = slugify(name)[:110] or "service"
    taken = set(
        Service.objects.filter(slug__startswith=base).values_list("slug", flat=True)
    )
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
