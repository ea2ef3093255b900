"""What every answer of the portal carries, and what one to HEAD leaves out."""

from collections.abc import Callable, MutableMapping

from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    StreamingHttpResponse,
)
from django.shortcuts import render

GetResponse = Callable[[HttpRequest], HttpResponse | StreamingHttpResponse]

# A static file loads nothing and is framed by nobody.
STATIC_POLICY = (
    "default-src 'none'; base-uri 'none'; object-src 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def shut_static_file(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """WhiteNoise answers before most middleware; its files are shut here (SEC-5)."""
    headers["Content-Security-Policy"] = STATIC_POLICY
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = PERMISSIONS


class HeadersMiddleware:
    """Isolation for all pages; nothing kept by browsers of people who signed in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.setdefault("Cache-Control", "no-store")
        return response


class HeadMiddleware:
    """An answer to HEAD has headers only; Django leaves the body to the server.

    Outermost, so that Content-Length still says how long the page would be.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        response = self.get_response(request)
        if request.method != "HEAD":
            return response
        if isinstance(response, FileResponse):
            response.file_to_stream = None  # else the server sends the file itself
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = []
        else:
            response.content = b""
        return response


class NotAllowedMiddleware:
    """A page in plain words for who opens an address that only takes a form (405)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        page = render(request, "405.html", status=response.status_code)
        page["Allow"] = response["Allow"]
        return page
