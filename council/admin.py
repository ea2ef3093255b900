"""The technical admin of the council: looking only; the settings have their pages."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from council.models import Council, EngagementLevel, PrivacyNotice, StatutoryPage


@admin.register(Council)
class CouncilAdmin(ReadOnlyAdmin):
    list_display = ["name", "service_name", "place", "is_demonstration"]


@admin.register(EngagementLevel)
class EngagementLevelAdmin(ReadOnlyAdmin):
    list_display = ["order", "name", "takes_responses"]


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(ReadOnlyAdmin):
    list_display = ["version", "in_force_from"]


@admin.register(StatutoryPage)
class StatutoryPageAdmin(ReadOnlyAdmin):
    list_display = ["kind", "prepared_on", "reviewed_on"]
