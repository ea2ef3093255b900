"""Addresses; included by consultations/urls.py in its namespace."""

from django.urls import URLPattern, path

from consultations.feedback import public, views
from consultations.views.taken_away import or_public_note

STAFF = "staff/consultations/<slug:slug>"
PUBLIC = "consultations/<slug:slug>/results"
FINDINGS, FEEDBACK = {"kind": "findings"}, {"kind": "feedback"}
urlpatterns: list[URLPattern] = [
    path(f"{PUBLIC}/", or_public_note(public.results), name="results"),
    path(
        f"{PUBLIC}/<slug:key>.csv",
        or_public_note(public.results_csv),
        name="results_csv",
    ),
    path(f"{STAFF}/findings/", views.findings, name="findings"),
    path(
        f"{STAFF}/findings/preview/", views.preview, FINDINGS, name="findings_preview"
    ),
    path(
        f"{STAFF}/findings/confirm/", views.confirm, FINDINGS, name="findings_confirm"
    ),
    path(f"{STAFF}/findings/cancel/", views.cancel, FINDINGS, name="findings_cancel"),
    path(f"{STAFF}/feedback/", views.feedback, name="feedback"),
    path(f"{STAFF}/feedback/charts/", views.charts, name="feedback_charts"),
    path(
        f"{STAFF}/feedback/preview/", views.preview, FEEDBACK, name="feedback_preview"
    ),
    path(
        f"{STAFF}/feedback/confirm/", views.confirm, FEEDBACK, name="feedback_confirm"
    ),
    path(f"{STAFF}/feedback/cancel/", views.cancel, FEEDBACK, name="feedback_cancel"),
]
