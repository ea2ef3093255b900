"""Addresses; included by consultations/urls.py in its namespace."""

from django.urls import path

from consultations.questionnaire import preview, views

STAFF = "staff/consultations/<slug:slug>"
QUESTIONS = f"{STAFF}/questions"

urlpatterns = [
    path(f"{QUESTIONS}/", views.questions, name="questions"),
    path(f"{QUESTIONS}/undo/", views.undo, name="questions_undo"),
    path(f"{QUESTIONS}/pages/", views.page_add, name="page_add"),
    path(f"{QUESTIONS}/pages/<slug:page>/", views.page_change, name="page_change"),
    path(f"{QUESTIONS}/pages/<slug:page>/do/", views.page_do, name="page_do"),
    path(
        f"{QUESTIONS}/pages/<slug:page>/rules/", views.page_routes, name="page_routes"
    ),
    path(
        f"{QUESTIONS}/pages/<slug:page>/add/", views.question_add, name="question_add"
    ),
    path(
        f"{QUESTIONS}/change/<slug:key>/", views.question_change, name="question_change"
    ),
    path(f"{QUESTIONS}/change/<slug:key>/do/", views.question_do, name="question_do"),
    path(f"{STAFF}/preview/check/", preview.preview_check, name="preview_check"),
    path(f"{STAFF}/preview/<int:n>/", preview.preview, name="preview"),
]
