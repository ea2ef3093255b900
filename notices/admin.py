"""The technical admin of the outbox: whoever runs the machine reads it (row 29)."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from notices.models import Notice


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """What is sent and what became of it: no address, no words and no link of it."""

    list_display = ["id", "what", "status", "due_at", "sent_at", "attempts", "error"]
    list_filter = ["status", "kind"]
    fields = [
        "what",
        "masked_recipient",
        "occasion",
        "language",
        "about_type",
        "about_id",
        "status",
        "created_at",
        "due_at",
        "expires_at",
        "lease_until",
        "attempts",
        "sent_at",
        "error",
    ]
    readonly_fields = ["what", "masked_recipient"]
