"""The portal's addresses."""

from django.urls import include, path

urlpatterns = [
    path("", include("engage.page_urls")),
    path("", include("consultations.urls")),
    path("", include("engage.outbox.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
