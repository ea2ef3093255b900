"""The portal's addresses."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# One door for all: the technical admin has no sign-in page of its own.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler500 = "engage.views.server_error"
urlpatterns = [
    path("", include("engage.page_urls")),
    path("", include("consultations.urls")),
    path("", include("engage.outbox.urls")),
    path("accounts/", include("engage.sign_in_urls")),
    path("admin/", admin.site.urls),
]
