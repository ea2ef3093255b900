"""The council, for every page."""

from django.http import HttpRequest

from council.models import Council


def council(request: HttpRequest) -> dict[str, object]:
    """Name, brand and demonstration flag, read once a request."""
    return {"council": current_council(request)}


def current_council(request: HttpRequest) -> Council:
    """Return the council, asked of the database once a request."""
    found = getattr(request, "_council", None)
    if found is None:
        found = Council.objects.current()
        request._council = found  # type: ignore[attr-defined]
    return found
