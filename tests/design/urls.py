"""The addresses that base.html may link to, each an empty page."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse("")


def names(*wanted: str) -> list:
    return [path(f"{name}/", empty, name=name) for name in wanted]


engage = names("home", "accessibility", "privacy", "cookies", "contact", "brand_css")
consultations = names("your_work", "list", "what_we_did")

urlpatterns = [
    path("", include((engage, "engage"))),
    path("c/", include((consultations, "consultations"))),
    *names("account_login", "account_logout"),
]
