"""Addresses of consultations, one namespace over the packages inside."""

from django.urls import URLPattern, URLResolver

from consultations.analysis import urls as analysis
from consultations.feedback import urls as feedback
from consultations.questionnaire import urls as questionnaire
from consultations.responses import urls as responses
from consultations.views import urls as pages

app_name = "consultations"
urlpatterns: list[URLPattern | URLResolver] = [
    *pages.urlpatterns,
    *questionnaire.urlpatterns,
    *responses.urlpatterns,
    *analysis.urlpatterns,
    *feedback.urlpatterns,
]
