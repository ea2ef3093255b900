"""Addresses; included by consultations/urls.py in its namespace."""

from django.urls import URLPattern, path

from consultations.analysis import views

STAFF = "staff/consultations/<slug:slug>"
urlpatterns: list[URLPattern] = [
    path(f"{STAFF}/counts/", views.counts, name="counts"),
    path(f"{STAFF}/comments/", views.comments, name="comments"),
    path(f"{STAFF}/comments/<int:pk>/", views.comment, name="comment"),
    path(f"{STAFF}/responses/", views.responses, name="responses"),
    path(f"{STAFF}/responses/<slug:reference>/", views.response, name="response"),
    path(f"{STAFF}/export/", views.export_responses, name="export"),
]
