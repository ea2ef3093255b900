"""Alerts, for anyone with a link; the mail of the embedded default, for staff."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts import ActionRefused
from accounts.doors import staff_page
from accounts.requests import SignedInRequest
from accounts.secret_links import make_token, opens, row_of
from council.context_processors import current_council
from notices import actions, mail_files, permissions
from notices.models import Subscription

PAGE_SIZE = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of a confirmation. Only its button confirms."""
    subscription = _opened(token, "alert")
    if subscription is None:
        return _link_stopped(request)
    if request.method == "POST":
        try:
            actions.confirm(subscription)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("notices:manage", token=token)
    stop = make_token("stop-alert", subscription.pk, subscription.generation)
    context = {"subscription": subscription, "stop_token": stop}
    return render(request, "notices/manage.html", context)


@never_cache
@csrf_exempt  # a mail program posts here by itself (one-click); the link is the key
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind "Stop these emails". Only its button, or a mail program's, stops.

    The answer to a POST is the page itself: a mail program follows no redirect.
    """
    subscription = _opened(token, "stop-alert")
    if subscription is None:
        return _link_stopped(request)
    if request.method == "POST":
        actions.stop(subscription)
        return render(request, "notices/stopped.html", {"subscription": subscription})
    context = {"subscription": subscription}
    return render(request, "notices/stop.html", context)


@staff_page
@require_safe
def mail(request: SignedInRequest) -> HttpResponse:
    """The mail that has been written to files, where files are all there is."""
    if not mail_files.are_kept():
        raise Http404
    demonstration = current_council(request).is_demonstration
    if not permissions.can_read_mail_files(
        request.user, is_demonstration=demonstration
    ):
        raise PermissionDenied
    found = mail_files.newest_first(Path(settings.EMAIL_FILE_PATH))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    mails = [mail_files.read(raw) for raw in page.object_list]
    return render(request, "notices/mail.html", {"page_obj": page, "mails": mails})


def _opened(token: str, purpose: str) -> Subscription | None:
    row = row_of(token)
    if row is None:
        return None
    try:
        found = Subscription.objects.filter(pk=row).first()
    except ValidationError:  # no UUID
        return None
    if found is None or not opens(token, purpose, found.pk, found.generation):
        return None
    return found


def _link_stopped(request: HttpRequest) -> HttpResponse:
    return render(request, "notices/link_stopped.html", status=404)
