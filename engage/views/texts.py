"""The statutory pages, and the council's colour and logo."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import condition, require_safe

from council import statutory
from council.context_processors import current_council
from council.logo import kind_of
from council.models import PrivacyNotice, StatutoryPage
from design.colour import brand_stylesheet

BRAND_SECONDS = 300
LOGO_SECONDS = 24 * 60 * 60


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (ACC-01)."""
    page = statutory.page(StatutoryPage.Kind.ACCESSIBILITY)
    return render(request, "engage/accessibility.html", {"page_text": page})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """How answers are used: the version of the notice that is in force."""
    today = timezone.localdate()
    context = {
        "page_text": statutory.page(StatutoryPage.Kind.PRIVACY),
        "notice": PrivacyNotice.objects.filter(in_force_from__lte=today).first(),
    }
    return render(request, "engage/privacy.html", context)


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    """Every cookie that the portal may set: essential ones only, so no banner."""
    context = {
        "page_text": statutory.page(StatutoryPage.Kind.COOKIES),
        "session": settings.SESSION_COOKIE_NAME,
        "csrf": settings.CSRF_COOKIE_NAME,
        "language": settings.LANGUAGE_COOKIE_NAME,
        "prefix": settings.COOKIE_PREFIX,
        "session_hours": settings.SESSION_COOKIE_AGE // 3600,
    }
    return render(request, "engage/cookies.html", context)


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Every way to reach the council about a consultation."""
    page = statutory.page(StatutoryPage.Kind.CONTACT)
    return render(request, "engage/contact.html", {"page_text": page})


def _brand_etag(request: HttpRequest) -> str:
    colour = current_council(request).brand_colour
    return f'"{hashlib.sha256(colour.encode()).hexdigest()[:16]}"'


@require_safe
@condition(etag_func=_brand_etag)
def brand_css(request: HttpRequest) -> HttpResponse:
    """The council's colour, as a style sheet of its own."""
    text = brand_stylesheet(current_council(request).brand_colour)
    response = HttpResponse(text, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={BRAND_SECONDS}"
    return response


@require_safe
def logo(request: HttpRequest, name: str) -> HttpResponse:
    """The logo in use, as the image that its first bytes say it is.

    Its name is new with every upload, so browsers may keep it.
    """
    file = current_council(request).logo
    if not file or file.name != f"brand/{name}":
        raise Http404
    try:
        with file.open("rb") as opened:
            content: bytes = opened.read()
    except FileNotFoundError as error:
        raise Http404 from error
    kind = kind_of(content)
    if kind is None:
        raise Http404
    response = HttpResponse(content, content_type=kind[1])
    response["Cache-Control"] = f"public, max-age={LOGO_SECONDS}, immutable"
    return response
