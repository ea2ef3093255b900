"""Addresses of the outbox, and the rest of the namespace of notices."""

from django.urls import path

from engage.outbox import views
from notices.urls import urlpatterns as of_alerts

app_name = "notices"
urlpatterns = [
    *of_alerts,
    path("staff/outbox/", views.outbox, name="outbox"),
    path("staff/outbox/<int:pk>/retry/", views.retry, name="retry"),
    path("staff/outbox/<int:pk>/abort/", views.abort, name="abort"),
    path("staff/outbox/<int:pk>/allow/", views.allow, name="allow"),
]
