"""The service navigation: five links for the public, the staff's own when signed in."""

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, object]:
    return {"navigation": []}
