"""Finding a ward, and one ward's page."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_list_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from consultations.models import Consultation, Stage
from engage.places.forms import PostcodeForm
from wards.models import Councillor, Ward

MOST = 20


@require_http_methods(["GET", "HEAD", "POST"])
def find_ward(request: HttpRequest) -> HttpResponse:
    """A postcode, or the list. Posted, so that no postcode stands in an address."""
    form = PostcodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and form.ward:
        return redirect(form.ward)
    wards = Ward.objects.in_force()
    return render(request, "engage/find_ward.html", {"form": form, "wards": wards})


@require_safe
def ward(request: HttpRequest, slug: str) -> HttpResponse:
    """What is open in a ward, what is coming, and what came of the rest."""
    found = Ward.objects.in_force().filter(slug=slug).first()
    if found is None:
        return _ward_of_another_set(slug)
    when = timezone.now()
    public = Consultation.objects.visible_to(request.user).in_ward(found).for_list()
    lists = {
        stage.value: list(
            public.at_stage(stage, when).order_by(F("last_ends"), "pk")[:MOST]
        )
        for stage in (Stage.OPEN, Stage.OPENS_SOON, Stage.FEEDBACK)
    }
    councillors = (
        Councillor.objects.of_ward(found)
        .serving(timezone.localdate())
        .select_related("user")
        .order_by("user__full_name", "pk")
    )
    return render(
        request,
        "engage/ward.html",
        {"ward": found, "councillors": councillors, "when": when, **lists},
    )


def _ward_of_another_set(slug: str) -> HttpResponse:
    """Lead to the ward of today that it is now; where there are several, to all."""
    named = get_list_or_404(Ward.objects.order_by("ward_set", "pk"), slug=slug)
    today = Ward.objects.in_force().line_of(named)[:2]
    return redirect(today[0]) if len(today) == 1 else redirect("engage:find_ward")
