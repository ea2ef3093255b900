"""What holds for every request: its id, its proxy's word, and a second factor."""

import secrets
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts import request_id

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Gives each request an id of our own making, in logs, trail and answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id.begin(secrets.token_hex(8))
        response = self.get_response(request)
        response["X-Request-Id"] = request_id.current()
        return response


class OneProxyMiddleware:
    """Keeps of X-Forwarded-* what our own proxy wrote: the last entry, no other.

    A visitor may send such headers; a proxy that adds to them leaves the visitor's
    word in front, where Django would read it (SEC-6).
    """

    headers = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")

    def __init__(self, get_response: GetResponse) -> None:
        if not settings.BEHIND_PROXY:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in self.headers:
            if name in request.META:
                request.META[name] = request.META[name].rpartition(",")[2].strip()
        return self.get_response(request)


class StaffGateMiddleware:
    """Sends people without a second factor to set one up, where it is required.

    Everything they can reach meanwhile is public, or is allauth's own.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> HttpResponse | None:
        if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        route = match.view_name if match else ""
        if route.startswith(("account_", "mfa_")):
            return None
        is_staff_page = getattr(view, "for_staff", False)
        if not is_staff_page and not route.startswith("admin:"):
            return None
        if is_mfa_enabled(request.user):
            return None
        return redirect(reverse("mfa_activate_totp"))
