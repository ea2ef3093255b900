"""Addresses; included by consultations/urls.py in its namespace."""

from django.urls import URLPattern, path

from consultations.feedback import public
from consultations.feedback.views import releasing, writing
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
    path(f"{STAFF}/findings/", writing.findings, name="findings"),
    path(
        f"{STAFF}/findings/preview/",
        releasing.preview,
        FINDINGS,
        name="findings_preview",
    ),
    path(
        f"{STAFF}/findings/confirm/",
        releasing.confirm,
        FINDINGS,
        name="findings_confirm",
    ),
    path(
        f"{STAFF}/findings/cancel/", releasing.cancel, FINDINGS, name="findings_cancel"
    ),
    path(f"{STAFF}/feedback/", writing.feedback, name="feedback"),
    path(f"{STAFF}/feedback/charts/", writing.charts, name="feedback_charts"),
    path(
        f"{STAFF}/feedback/preview/",
        releasing.preview,
        FEEDBACK,
        name="feedback_preview",
    ),
    path(
        f"{STAFF}/feedback/confirm/",
        releasing.confirm,
        FEEDBACK,
        name="feedback_confirm",
    ),
    path(
        f"{STAFF}/feedback/cancel/", releasing.cancel, FEEDBACK, name="feedback_cancel"
    ),
]
