"""The technical admin of support staff: to look, and to keep the list of topics.

What people decide is decided on the staff pages, with its audit entry; so nothing
of a consultation's state can be written here.
"""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from consultations.models import Consultation, OpenWindow, Topic


@admin.register(Consultation)
class ConsultationAdmin(ReadOnlyAdmin):
    list_display = ["reference", "title", "status", "service", "lead_officer"]
    list_filter = ["status", "service"]
    list_select_related = ["service", "lead_officer"]
    search_fields = ["reference", "title"]


@admin.register(OpenWindow)
class OpenWindowAdmin(ReadOnlyAdmin):
    list_display = ["consultation", "starts", "ends", "why"]
    list_select_related = ["consultation"]


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name"]
