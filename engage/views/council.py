"""The council's settings, logo, statutory texts and privacy notice (matrix row 34)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import ActionRefused, audit
from accounts.doors import staff_page
from accounts.requests import SignedInRequest
from council import actions, statutory
from council.forms import (
    NOTICE_PARTS,
    NUMBER_GROUPS,
    LogoForm,
    NameForm,
    PageForm,
    PrivacyNoticeForm,
    RulesForm,
)
from council.models import Council, PrivacyNotice, StatutoryPage
from council.permissions import can_change_settings
from engage.people.change import sent

METHODS = ["GET", "HEAD", "POST"]
SETTINGS_FORMS: dict[str, type[NameForm] | type[RulesForm]] = {
    "name": NameForm,
    "rules": RulesForm,
}


@staff_page
@require_safe
def council_settings(request: SignedInRequest) -> HttpResponse:
    """Everything that can be set, and what it is now."""
    _may(request)
    today = timezone.localdate()
    kinds = [(kind, statutory.page(kind)) for kind in StatutoryPage.Kind]
    council = Council.objects.current()
    context = {
        "names": _shown(NameForm(instance=council), NameForm.Meta.fields),
        "rules": [
            (title, _shown(RulesForm(instance=council), fields))
            for title, fields in NUMBER_GROUPS
        ],
        "pages": kinds,
        "reminder": statutory.reminder(today),
        "notices": PrivacyNotice.objects.all()[:10],
        "today": today,
        "trail": audit.trail_of(council)[:10] if council.pk else [],
    }
    return render(request, "engage/council_settings.html", context)


def _shown(form: NameForm | RulesForm, fields: Iterable[str]) -> list[tuple[str, Any]]:
    return [(str(form.fields[name].label), form.initial.get(name)) for name in fields]


def _may(request: SignedInRequest) -> None:
    if not can_change_settings(request.user):
        raise PermissionDenied


@staff_page
@require_http_methods(METHODS)
def change_settings(request: SignedInRequest, part: str) -> HttpResponse:
    """Names and brand, or days and limits."""
    _may(request)
    if part not in SETTINGS_FORMS:
        raise Http404
    # A row of its own: the page around a wrong form must not show its values.
    form = SETTINGS_FORMS[part](sent(request), instance=Council.objects.current())
    heading = _("Name, brand and contact") if part == "name" else _("Days and limits")

    def act(data: dict[str, Any]) -> object:
        reason = data.pop("reason")
        return actions.change_settings(data, reason=reason, by=request.user)

    return _ask(request, form, act, heading)


@staff_page
@require_http_methods(METHODS)
def change_logo(request: SignedInRequest) -> HttpResponse:
    """Another logo, or none."""
    _may(request)
    files = request.FILES if request.method == "POST" else None
    form = LogoForm(sent(request), files)

    def act(data: dict[str, Any]) -> object:
        return actions.change_logo(
            data["logo"], suffix=form.suffix, reason=data["reason"], by=request.user
        )

    return _ask(request, form, act, _("Logo"))


@staff_page
@require_http_methods(METHODS)
def change_page(request: SignedInRequest, kind: str) -> HttpResponse:
    """The council's own words on a statutory page."""
    _may(request)
    if kind not in StatutoryPage.Kind.values:
        raise Http404
    row = StatutoryPage.objects.filter(kind=kind).first()
    first = None if row else PageForm.first_values(statutory.page(kind).text)
    form = PageForm(sent(request), instance=row, initial=first)

    def act(data: dict[str, Any]) -> object:
        return actions.change_page(kind, **data, by=request.user)

    return _ask(request, form, act, str(StatutoryPage.Kind(kind).label))


@staff_page
@require_http_methods(METHODS)
def add_privacy_notice(request: SignedInRequest) -> HttpResponse:
    """A new version, begun from the words of the newest."""
    _may(request)
    newest = PrivacyNotice.objects.first()
    first = {name: getattr(newest, name) for name in NOTICE_PARTS} if newest else {}
    first["in_force_from"] = timezone.localdate()
    form = PrivacyNoticeForm(sent(request), initial=first)

    def act(data: dict[str, Any]) -> object:
        parts = {name: data[name] for name in NOTICE_PARTS}
        return actions.add_privacy_notice(
            parts,
            in_force_from=data["in_force_from"],
            reason=data["reason"],
            by=request.user,
        )

    return _ask(request, form, act, _("New privacy notice"))


def _ask(request: SignedInRequest, form: Any, act: Any, heading: str) -> HttpResponse:
    """Show the form; when it is sent and right, act, say so, and go back."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("engage:council_settings")
    context = {"form": form, "page_heading": heading}
    return render(request, "engage/council_change.html", context)
