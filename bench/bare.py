"""The smallest honest Django view for each page: its reads, writes and bytes.

A bare view asks the database what ours asks, by the same querysets where there are
some, prints each row's title and the rest of the page's bytes as they are, and does
nothing else: no standing of a consultation, no form, no translation, no component.
`urlpatterns` is a site of one bare POST, without any middleware
(`bench.bare_settings`), for the sends of many clients at once.
"""

import uuid

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import F
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts.secret_links import address_key
from consultations.models import (
    AbuseSignal,
    Comment,
    Consultation,
    ContactOptIn,
    Draft,
    Release,
    Response,
    Stage,
    Topic,
)
from consultations.models.lifecycle import PUBLIC_STATUSES
from consultations.questionnaire import actions as questionnaires
from consultations.responses import cookies
from council.models import Council
from notices.models import Notice
from portfolios.models import Service
from wards.models import Ward


def home(template):
    """Six open consultations, how many there are, and the newest feedback."""
    is_open = Consultation.objects.at_stage(Stage.OPEN, timezone.now())
    rows = list(is_open.with_dates().order_by(F("last_ends").asc(), "pk")[:6])
    rows.append(is_open.count())
    releases = Release.objects.filter(
        kind=Release.Kind.FEEDBACK,
        public_from__lte=timezone.now(),
        consultation__status__in=PUBLIC_STATUSES,
    )
    rows += releases.select_related("consultation").defer("tables")[:20]
    rows.append(Council.objects.current())
    return HttpResponse(template.render({"rows": rows}))


def consultation_list(template):
    """The first 20 that are open, how many there are, and the filters' choices."""
    public = Consultation.objects.visible_to(AnonymousUser())
    found = public.at_stage(Stage.OPEN, timezone.now())
    rows = list(found.for_list().order_by(F("last_ends").asc(), "pk")[:20])
    rows.append(found.for_list().count())
    for choices in (Ward.objects.in_force(), Topic.objects, Service.objects):
        rows += choices.values_list("slug", "name")
    rows.append(Council.objects.current())
    return HttpResponse(template.render({"rows": rows}))


def overview(template, slug):
    """One consultation, all that hangs on it, and its frozen questions."""
    visible = Consultation.objects.visible_to(AnonymousUser())
    found = (
        visible.select_related("service", "topic", "level")
        .prefetch_related("wards", "documents", "amendments")
        .with_stage()
        .get(slug=slug)
    )
    rows = [found, *found.windows.all(), *found.releases.all()]
    rows += [*found.wards.all(), *found.documents.all(), *found.amendments.all()]
    rows += [questionnaires.current(found), Council.objects.current()]
    return HttpResponse(template.render({"rows": rows}))


def open_draft(request, slug):
    """The draft of the device's cookie, if its consultation is open.

    No view that takes an answer can do without these two reads.
    """
    draft, now = cookies.draft_at(request, slug), timezone.now()
    windows = draft.consultation.windows.all()
    assert any(each.starts <= now < each.ends for each in windows)
    return draft


def store(key, email, texts):
    """The rows of a send in one transaction, without checks, routing or traces."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=key)
        response = Response.objects.create(
            consultation_id=draft.consultation_id,
            version_id=draft.version_id,
            source_key=str(draft.pk),
            reference=uuid.uuid4().hex[:12],
            answers={k: v for k, v in draft.answers.items() if k not in texts},
            codes="0" * 54,
        )
        made = Comment.objects.bulk_create(
            Comment(
                consultation_id=draft.consultation_id,
                response=response,
                question_key=name,
                text=draft.answers[name],
                digest="",
            )
            for name in texts
            if name in draft.answers
        )
        response.answers |= {comment.question_key: comment.pk for comment in made}
        response.save(update_fields=["answers"])
        AbuseSignal.objects.create(response=response, hour=timezone.now())
        ContactOptIn.objects.create(
            response=response,
            consultation_id=draft.consultation_id,
            email=email,
            address_key=address_key(email),
        )
        for kind in ("bench.receipt", "bench.answered"):
            Notice.objects.create(
                kind=kind,
                recipient=email,
                recipient_key=address_key(email),
                occasion=str(draft.pk),
                status="cancelled",
            )
        draft.answers, draft.is_sent, draft.email = {}, True, ""
        draft.started_at = draft.updated_on = None
        draft.save()


@csrf_exempt
def send(request, slug):
    """The bare send over HTTP: the device's cookie names the draft."""
    draft = open_draft(request, slug)
    store(draft.pk, request.POST["email"], ("q_name", "q_why"))
    return HttpResponseRedirect(f"/consultations/{slug}/respond/sent/")


urlpatterns = [path("consultations/<slug:slug>/respond/check/", send)]
