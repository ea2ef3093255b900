"""Addresses of the pages made of several apps and of the portal's own."""

from django.urls import path

from engage import views
from engage.people import urls as people
from engage.places import views as places
from engage.views import council, directory, health, texts

app_name = "engage"
urlpatterns = [
    path("", views.home, name="home"),
    path("wards/", places.find_ward, name="find_ward"),
    path("wards/<slug:slug>/", places.ward, name="ward"),
    path("accessibility/", texts.accessibility, name="accessibility"),
    path("privacy/", texts.privacy, name="privacy"),
    path("cookies/", texts.cookies, name="cookies"),
    path("contact/", texts.contact, name="contact"),
    path("brand.css", texts.brand_css, name="brand_css"),
    path("files/brand/<str:name>", texts.logo, name="logo"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", health.robots_txt, name="robots_txt"),
    path(".well-known/security.txt", health.security_txt, name="security_txt"),
    path("staff/status/", health.status, name="status"),
    path("staff/council/", council.council_settings, name="council_settings"),
    path(
        "staff/council/settings/<slug:part>/",
        council.change_settings,
        name="change_settings",
    ),
    path("staff/council/logo/", council.change_logo, name="change_logo"),
    path("staff/council/pages/<slug:kind>/", council.change_page, name="change_page"),
    path(
        "staff/council/privacy-notice/",
        council.add_privacy_notice,
        name="add_privacy_notice",
    ),
    path("staff/council/services/", directory.services, name="council_services"),
    path("staff/council/services/add/", directory.add_service, name="add_service"),
    path(
        "staff/council/services/<slug:slug>/",
        directory.change_service,
        name="change_service",
    ),
    *people.urlpatterns,
]
