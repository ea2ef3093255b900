"""Addresses; included by consultations/urls.py in its namespace."""

from django.urls import URLPattern, path

from consultations.views import (
    amending,
    approval,
    documents,
    outcomes,
    planning,
    public,
    running,
    work,
)

PUBLIC = "consultations/<slug:slug>"
STAFF = "staff/consultations/<slug:slug>"

urlpatterns: list[URLPattern] = [
    path("consultations/", public.consultation_list, name="list"),
    path("feedback/", outcomes.what_we_did, name="what_we_did"),
    path(f"{PUBLIC}/", public.consultation_detail, name="detail"),
    path(
        f"{PUBLIC}/documents/<int:pk>/", public.consultation_document, name="document"
    ),
    path(
        f"{PUBLIC}/documents/<int:pk>/file/",
        public.consultation_document_file,
        name="document_file",
    ),
    path(f"{PUBLIC}/follow/", public.consultation_follow, name="follow"),
    path(f"{PUBLIC}/followed/", public.consultation_followed, name="followed"),
    path("staff/", work.your_work, name="your_work"),
    path("staff/consultations/", work.staff_list, name="staff_list"),
    path("staff/consultations/new/", planning.consultation_new, name="new"),
    path(f"{STAFF}/", planning.consultation_hub, name="hub"),
    path(f"{STAFF}/overview/", planning.edit_overview, name="edit_overview"),
    path(f"{STAFF}/people/", planning.edit_people, name="edit_people"),
    path(f"{STAFF}/dates/", planning.edit_dates, name="edit_dates"),
    path(f"{STAFF}/privacy/", planning.edit_privacy, name="edit_privacy"),
    path(f"{STAFF}/documents/", documents.documents, name="documents"),
    path(f"{STAFF}/documents/add/", documents.document_add, name="document_add"),
    path(f"{STAFF}/documents/<int:pk>/", documents.document_edit, name="document_edit"),
    path(
        f"{STAFF}/documents/<int:pk>/remove/",
        documents.document_remove,
        name="document_remove",
    ),
    path(
        f"{STAFF}/documents/<int:pk>/move/",
        documents.document_move,
        name="document_move",
    ),
    path(
        f"{STAFF}/send-for-approval/",
        approval.send_for_approval,
        name="send_for_approval",
    ),
    path(f"{STAFF}/recall/", approval.recall, name="recall"),
    path(f"{STAFF}/plan/", approval.plan, name="plan"),
    path(f"{STAFF}/approve/", approval.approve, name="approve"),
    path(f"{STAFF}/extend/", running.extend, name="extend"),
    path(f"{STAFF}/close-early/", running.close_early, name="close_early"),
    path(f"{STAFF}/withdraw/", running.withdraw, name="withdraw"),
    path(f"{STAFF}/move-feedback/", running.move_feedback, name="move_feedback"),
    path(f"{STAFF}/amend/", amending.amend, name="amend"),
    path(f"{STAFF}/amend/plan/", amending.amend_plan, name="amend_plan"),
    path(f"{STAFF}/amend/words/<slug:key>/", amending.amend_words, name="amend_words"),
    path(
        f"{STAFF}/amend/documents/<int:pk>/",
        amending.amend_document,
        name="amend_document",
    ),
    path(f"{STAFF}/amend/files/<int:pk>/", amending.amended_file, name="amended_file"),
    path(f"{STAFF}/history/", work.history, name="history"),
]
