"""The services of the council, for administrators."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import ActionRefused
from accounts.doors import staff_page
from accounts.requests import SignedInRequest
from engage.people.change import sent
from portfolios import actions
from portfolios.forms import NewServiceForm, ServiceForm
from portfolios.models import Service
from portfolios.permissions import can_keep_services

PAGE_SIZE = 20


def _may(request: SignedInRequest) -> None:
    if not can_keep_services(request.user):
        raise PermissionDenied


@staff_page
@require_safe
def services(request: SignedInRequest) -> HttpResponse:
    """All services, retired ones too."""
    _may(request)
    rows = Service.objects.order_by("name", "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "engage/services.html", {"page_obj": page})


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def add_service(request: SignedInRequest) -> HttpResponse:
    """Add one."""
    _may(request)
    form = NewServiceForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_service(**form.cleaned_data, by=request.user)
        except ActionRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The service is added."))
            return redirect("engage:council_services")
    context = {"form": form, "page_heading": _("Add a service")}
    return render(request, "engage/service.html", context)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def change_service(request: SignedInRequest, slug: str) -> HttpResponse:
    """Change one."""
    _may(request)
    service = get_object_or_404(Service, slug=slug)
    form = ServiceForm(sent(request), instance=service)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_service(service, **form.cleaned_data, by=request.user)
        except ActionRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("engage:council_services")
    context = {"form": form, "page_heading": _("Change a service")}
    return render(request, "engage/service.html", context)
