"""Addresses of the pages made of several apps and of the portal's own."""

from django.urls import path

from engage import views
from engage.places import views as places

app_name = "engage"
urlpatterns = [
    path("", views.home, name="home"),
    path("wards/", places.find_ward, name="find_ward"),
    path("wards/<slug:slug>/", places.ward, name="ward"),
]
