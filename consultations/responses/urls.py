"""Addresses; included by consultations/urls.py in its namespace."""

from django.urls import URLPattern, path

from consultations.responses.views import (
    answering,
    equality,
    held,
    links,
    receipts,
)
from consultations.views.taken_away import or_public_note

RESPOND = "consultations/<slug:slug>/respond/"
RECEIPT = "consultations/<slug:slug>/receipt/"
HELD = "staff/consultations/<slug:slug>/held/"

urlpatterns: list[URLPattern] = [
    path(RESPOND, or_public_note(answering.start), name="start"),
    path(
        f"{RESPOND}<int:n>/",
        or_public_note(answering.respond_page),
        name="respond_page",
    ),
    path(f"{RESPOND}save/", answering.respond_save, name="respond_save"),
    path(
        f"{RESPOND}check/",
        or_public_note(answering.respond_check),
        name="respond_check",
    ),
    path(f"{RESPOND}sent/", receipts.respond_sent, name="respond_sent"),
    path(
        f"{RESPOND}finish-on-this-device/",
        answering.respond_finish,
        name="respond_finish",
    ),
    path(
        f"{RESPOND}equality/<int:n>/",
        equality.respond_equality,
        name="respond_equality",
    ),
    path(RECEIPT, or_public_note(receipts.receipt), name="receipt"),
    path(f"{RECEIPT}change/", receipts.receipt_change, name="receipt_change"),
    path(f"{RECEIPT}withdraw/", receipts.receipt_withdraw, name="receipt_withdraw"),
    path(f"{RECEIPT}contact/", receipts.receipt_contact, name="receipt_contact"),
    path("resume/<str:token>/", links.resume, name="resume"),
    path("receipt/<str:token>/", links.open_receipt, name="open_receipt"),
    path("reminders/stop/<str:token>/", links.stop_reminders, name="stop_reminders"),
    path("contact/stop/<str:token>/", links.stop_contact, name="stop_contact"),
    path("lost-link/", links.lost_link, name="lost_link"),
    path(HELD, held.held, name="held"),
    path(f"{HELD}<str:reference>/", held.held_decide, name="held_decide"),
]
