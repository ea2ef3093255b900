"""Starting a consultation, its hub, and the pages of its plan."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doors import staff_page
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.roles import RoleKind
from consultations import actions, permissions
from consultations.forms.planning import (
    DatesForm,
    OverviewForm,
    PeopleForm,
    PlanForm,
    PrivacyForm,
    StartForm,
)
from consultations.views.fetch import staff_consultation, tried
from consultations.views.hub import hub_context
from portfolios.models import Service, ServiceQuerySet

FORM = "consultations/plan_form.html"


def services_of(user: User) -> ServiceQuerySet:
    """The services that a person may start a consultation for."""
    active = Service.objects.filter(is_active=True)
    if RoleKind.CONSULTATION_APPROVER in user.role_kinds:
        return active
    return active.filter(pk__in=Service.objects.of(user).values("pk"))


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def consultation_new(request: SignedInRequest) -> HttpResponse:
    """Title and service; everything else is done on the hub."""
    if not permissions.can_start(request.user):
        raise PermissionDenied
    services = services_of(request.user)
    posted = request.POST if request.method == "POST" else None
    only = {"service": services.first()} if services.count() == 1 else {}
    form = StartForm(posted, services=services, initial=only)
    if request.method == "POST" and form.is_valid():
        consultation = actions.create(
            form.cleaned_data["service"],
            title=form.cleaned_data["title"],
            by=request.user,
        )
        return redirect("consultations:hub", consultation.slug)
    return render(request, "consultations/new.html", {"form": form})


@staff_page
@require_safe
def consultation_hub(request: SignedInRequest, slug: str) -> HttpResponse:
    """One page per consultation: what is done, what is next, how it runs."""
    consultation = staff_consultation(request, slug, permissions.can_read_plan)
    context = hub_context(consultation, request.user, timezone.now())
    return render(request, "consultations/hub.html", context)


def _plan_page(
    request: SignedInRequest, slug: str, form_class: type[PlanForm], heading: str
) -> HttpResponse:
    consultation = staff_consultation(request, slug)
    posted = request.POST if request.method == "POST" else None
    form = form_class(posted, plan=consultation)
    if request.method == "POST" and form.is_valid():
        wards = form.chosen_wards() if isinstance(form, PeopleForm) else None

        def save() -> None:
            actions.edit(
                consultation, by=request.user, changes=form.changes(), wards=wards
            )

        if tried(request, save, _("Saved.")):
            consultation.refresh_from_db()
            return redirect("consultations:hub", consultation.slug)
    return render(
        request,
        FORM,
        {"consultation": consultation, "form": form, "page_heading": heading},
    )


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit_overview(request: SignedInRequest, slug: str) -> HttpResponse:
    return _plan_page(request, slug, OverviewForm, _("Overview"))


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit_people(request: SignedInRequest, slug: str) -> HttpResponse:
    return _plan_page(request, slug, PeopleForm, _("People and places"))


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit_dates(request: SignedInRequest, slug: str) -> HttpResponse:
    return _plan_page(request, slug, DatesForm, _("Dates and feedback"))


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit_privacy(request: SignedInRequest, slug: str) -> HttpResponse:
    return _plan_page(request, slug, PrivacyForm, _("Privacy and equality"))
