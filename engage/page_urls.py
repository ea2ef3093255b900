"""Addresses of the pages made of several apps and of the portal's own."""

from django.urls import path

from engage import views

app_name = "engage"
urlpatterns = [path("", views.home, name="home")]
