"""What machines ask: alive, ready, whom to tell of a weakness, what not to index."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.doors import staff_page
from accounts.requests import SignedInRequest
from council.context_processors import current_council
from council.permissions import can_see_health
from engage import health
from notices.models import Notice

SECURITY_DAYS = 180
KEPT_OUT = (
    "/staff/",
    "/accounts/",
    "/admin/",
    "/resume/",
    "/receipt/",
    "/alerts/",
    "/reminders/",
    "/join/",
    "/lost-link/",
)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive. Asks nobody else."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready or not; what is wrong is for administrators."""
    ready = health.is_ready(timezone.now())
    return JsonResponse(
        {"status": "ready" if ready else "not ready"}, status=200 if ready else 503
    )


@staff_page
@require_safe
def status(request: SignedInRequest) -> HttpResponse:
    """How each part is, for administrators."""
    if not can_see_health(request.user):
        raise PermissionDenied
    when = timezone.now()
    context = {
        "when": when,
        "parts": health.parts(when),
        "waiting": Notice.objects.waiting().count(),
        "failed": Notice.objects.filter(status=Notice.Status.FAILED).count(),
        "environment": settings.ENVIRONMENT,
    }
    return render(request, "engage/status.html", context)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116)."""
    expires = timezone.now() + timedelta(days=SECURITY_DAYS)
    lines = [
        f"Contact: mailto:{current_council(request).email}",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en",
        f"Canonical: {settings.BASE_URL}{reverse('engage:security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Everything public may be found; nothing personal may."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in KEPT_OUT)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
