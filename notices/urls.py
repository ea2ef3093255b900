"""Addresses of alerts and of mail in files.

The outbox's pages are `engage.outbox`, because whose messages an officer may see is
a question of consultations; they complete this namespace there.
"""

from django.urls import path

from notices import views

urlpatterns = [
    path("alerts/stop/<str:token>/", views.stop, name="stop"),
    path("alerts/<str:token>/", views.manage, name="manage"),
    path("staff/mail/", views.mail, name="mail"),
]
