"""The staff's pages over the outbox (permission matrix, row 29)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import ActionRefused
from accounts.doors import staff_page
from accounts.models import User
from accounts.requests import SignedInRequest
from consultations.models import Consultation
from consultations.opens import page_for
from council.context_processors import current_council
from notices import actions, mail_files, permissions
from notices.forms import StatusFilter
from notices.models import Notice, NoticeQuerySet

PAGE_SIZE = 20
OF_CONSULTATIONS = Consultation._meta.label_lower


@staff_page
@require_safe
def outbox(request: SignedInRequest) -> HttpResponse:
    """What has been sent and what waits, failures first."""
    notices = _visible_to(request.user)
    form = StatusFilter(request.GET or None)
    if form.is_valid() and form.cleaned_data["status"]:
        notices = notices.filter(status=form.cleaned_data["status"])
    page = Paginator(notices.for_list(), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    keys = [row.about_id for row in rows if row.about_type == OF_CONSULTATIONS]
    titles = Consultation.objects.filter(pk__in=keys).in_bulk()
    can_read = permissions.can_read_mail_files(
        request.user, is_demonstration=current_council(request).is_demonstration
    )
    context = {
        "reads_files": mail_files.are_kept() and can_read,
        "filter": form,
        "page_obj": page,
        "rows": [_row(request.user, row, titles.get(_key(row))) for row in rows],
    }
    return render(request, "notices/outbox.html", context)


def _row(
    user: User, notice: Notice, about: Consultation | None
) -> tuple[Notice, Consultation | None, str]:
    return notice, about, page_for(user, about) if about else ""


@staff_page
@require_POST
def retry(request: SignedInRequest, pk: int) -> HttpResponse:
    """Try one again."""
    return _act(request, pk, actions.retry, _("The message will be tried again."))


@staff_page
@require_POST
def abort(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep one from being sent."""
    return _act(request, pk, actions.abort, _("The message will not be sent."))


@staff_page
@require_POST
def allow(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write to an address again that has refused mail."""
    said = _("We can write to this address again.")
    return _act(request, pk, actions.allow_again, said)


def _act(
    request: SignedInRequest, pk: int, action: Callable[..., None], said: str
) -> HttpResponse:
    notice = get_object_or_404(_visible_to(request.user), pk=pk)
    role = permissions.acting_as(request.user)
    try:
        action(notice, by=request.user, acting_as=role, about=_about(notice))
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("notices:outbox")


def _visible_to(user: User) -> NoticeQuerySet:
    if not permissions.can_open_outbox(user):
        raise PermissionDenied
    if permissions.sees_whole_outbox(user):
        return Notice.objects.all()
    own = Consultation.objects.run_by(user).values_list("pk", flat=True)
    return Notice.objects.filter(
        about_type=OF_CONSULTATIONS, about_id__in=[str(pk) for pk in own]
    )


def _about(notice: Notice) -> Consultation | None:
    if notice.about_type != OF_CONSULTATIONS:
        return None
    return Consultation.objects.filter(pk=notice.about_id).first()


def _key(notice: Notice) -> int | None:
    is_ours = notice.about_type == OF_CONSULTATIONS
    return int(notice.about_id) if is_ours else None
