"""allauth's addresses beside those that base.html links to."""

from django.urls import include, path

from tests.design import urls

urlpatterns = [
    path("", include((urls.engage, "engage"))),
    path("c/", include((urls.consultations, "consultations"))),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
