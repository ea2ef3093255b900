"""Addresses of alerts and of the outbox."""

from django.urls import URLPattern

app_name = "notices"
urlpatterns: list[URLPattern] = []
