"""The technical admin of services: looking only; administrators have their pages."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from portfolios.models import Service, ServiceOfficer


@admin.register(Service)
class ServiceAdmin(ReadOnlyAdmin):
    list_display = ["name", "email", "phone", "is_active"]
    search_fields = ["name"]


@admin.register(ServiceOfficer)
class ServiceOfficerAdmin(ReadOnlyAdmin):
    list_display = ["user", "service", "since", "ended_at"]
    list_select_related = ["user", "service"]
