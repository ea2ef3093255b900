"""The technical admin: looking, never a second way to change who may do what."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.models import AuditEntry, Deputy, Role, User


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shows rows. Changes go through the portal's own pages, with their rules."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["full_name", "email", "is_active", "is_staff", "joined_at"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["full_name", "email"]
    exclude = ["password", "groups", "user_permissions"]


@admin.register(Role)
class RoleAdmin(ReadOnlyAdmin):
    list_display = ["user", "kind", "given_at", "ended_at"]
    list_filter = ["kind"]
    list_select_related = ["user"]


@admin.register(Deputy)
class DeputyAdmin(ReadOnlyAdmin):
    list_display = ["approver", "deputy", "starts", "ends"]
    list_select_related = ["approver", "deputy"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "action", "actor", "object_type", "object_id", "request_id"]
    list_filter = ["action"]
    list_select_related = ["actor"]
    date_hierarchy = "at"
