"""Addresses; included by consultations/urls.py in its namespace."""

from django.urls import path

from consultations.questionnaire.views.pages import (
    page_add,
    page_change,
    page_do,
    page_routes,
)
from consultations.questionnaire.views.preview import preview, preview_check
from consultations.questionnaire.views.questions import (
    question_add,
    question_change,
    question_do,
    questions,
    undo,
)

STAFF = "staff/consultations/<slug:slug>"
QUESTIONS = f"{STAFF}/questions"

urlpatterns = [
    path(f"{QUESTIONS}/", questions, name="questions"),
    path(f"{QUESTIONS}/undo/", undo, name="questions_undo"),
    path(f"{QUESTIONS}/pages/", page_add, name="page_add"),
    path(f"{QUESTIONS}/pages/<slug:page>/", page_change, name="page_change"),
    path(f"{QUESTIONS}/pages/<slug:page>/do/", page_do, name="page_do"),
    path(f"{QUESTIONS}/pages/<slug:page>/rules/", page_routes, name="page_routes"),
    path(
        f"{QUESTIONS}/pages/<slug:page>/add/",
        question_add,
        name="question_add",
    ),
    path(
        f"{QUESTIONS}/change/<slug:key>/",
        question_change,
        name="question_change",
    ),
    path(f"{QUESTIONS}/change/<slug:key>/do/", question_do, name="question_do"),
    path(f"{STAFF}/preview/check/", preview_check, name="preview_check"),
    path(f"{STAFF}/preview/<int:n>/", preview, name="preview"),
]
