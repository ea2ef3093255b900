"""Addresses; included by consultations/urls.py in its namespace."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
