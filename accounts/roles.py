"""The roles of staff and members: one list, in one file.

A role says what a person is for the whole council. What it covers lives where
the scope lives: `portfolios.ServiceOfficer` ties an officer to services,
`wards.Councillor` a person to a ward for a term. A resident has no account.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoleKind(models.TextChoices):
    """What a person is; a person may be several."""

    SERVICE_OFFICER = "service_officer", _("Service officer")
    CONSULTATION_APPROVER = "consultation_approver", _("Consultation approver")
    EQUALITIES_OFFICER = "equalities_officer", _("Equalities officer")
    FUNDING_OFFICER = "funding_officer", _("Funding officer")
    FINANCE = "finance", _("Finance")
    DEMOCRATIC_SERVICES = "democratic_services", _("Democratic services")
    COUNCILLOR = "councillor", _("Councillor")
    MONITORING_OFFICER = "monitoring_officer", _("Monitoring officer")
    ADMINISTRATOR = "administrator", _("Administrator")
    GROUP_MEMBER = "group_member", _("Group member")


# Who may approve consultations in an approver's place: people who know them. Those
# who watch, decide or hold the keys (monitoring officer, councillor, administrator)
# would have two sides of one matter in one hand.
STAND_INS = frozenset({RoleKind.SERVICE_OFFICER, RoleKind.CONSULTATION_APPROVER})

WHAT_IT_IS_FOR = {
    RoleKind.SERVICE_OFFICER: _("Plans and runs the consultations of named services."),
    RoleKind.CONSULTATION_APPROVER: _(
        "Sets the standards and approves the consultations of the whole council."
    ),
    RoleKind.EQUALITIES_OFFICER: _("Signs equality assessments."),
    RoleKind.FUNDING_OFFICER: _("Checks requests for ward budgets."),
    RoleKind.FINANCE: _("Sets budgets and confirms payments."),
    RoleKind.DEMOCRATIC_SERVICES: _("Looks after meetings and councillors' terms."),
    RoleKind.COUNCILLOR: _("Represents a ward for a term."),
    RoleKind.MONITORING_OFFICER: _("Watches over law and conduct."),
    RoleKind.ADMINISTRATOR: _("Invites people, gives roles, keeps the settings."),
    RoleKind.GROUP_MEMBER: _("Applies for a community group."),
}
