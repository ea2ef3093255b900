"""Headers that every answer of the portal carries."""

from collections.abc import Callable, MutableMapping

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

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

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.setdefault("Cache-Control", "no-store")
        return response
