"""The minutes after closing: who is still heard, and how it shows (REM-05)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions as consultation_actions
from consultations.models import Draft, OpenWindow, Response
from consultations.responses.timing import Closed, is_late
from council.clock import day_ends
from tests.consultations.responses.people import Resident
from tests.factories import make_council, make_published_consultation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def council():
    return make_council()


@pytest.fixture
def consultation():
    return make_published_consultation()


def extended(consultation):
    """It stays open a week longer, since half an hour ago."""
    now = timezone.now()
    consultation_actions.extend(
        consultation,
        by=consultation.lead_officer,
        closes_on=timezone.localdate() + timedelta(days=14),
        reason="More people asked for time.",
        when=now - timedelta(minutes=30),
    )
    return consultation


def closed(consultation, minutes):
    """Its last window ended some minutes ago."""
    last = consultation.windows.latest("starts")
    last.ends = timezone.now() - timedelta(minutes=minutes)
    last.save(update_fields=["ends"])


@pytest.mark.rule("REM-05", "accepts")
def test_who_began_before_an_extension_has_the_grace_after_the_new_closing(
    consultation,
):
    resident = Resident(consultation).answer_all()
    Draft.objects.update(started_at=timezone.now() - timedelta(hours=1))
    extended(consultation)
    closed(consultation, 1)

    answer = resident.send()

    assert answer.headers["Location"] == f"{resident.root}/respond/sent/"
    assert resident.response().is_late


@pytest.mark.rule("REM-05", "refuses")
def test_who_began_before_an_extension_is_too_late_after_the_grace(consultation):
    resident = Resident(consultation).answer_all()
    fields = resident.check()
    Draft.objects.update(started_at=timezone.now() - timedelta(hours=1))
    extended(consultation)
    closed(consultation, 15)

    answer = resident.post("respond/check/", fields)

    assert answer.status_code == 410
    assert not Response.objects.exists()


@pytest.mark.rule("REM-05", "accepts")
def test_an_answer_in_the_minutes_after_an_extension_is_in_time(consultation):
    moment = timezone.now()
    extended(consultation)
    after = moment - timedelta(minutes=29)

    late = is_late(
        consultation,
        started_at=moment - timedelta(hours=1),
        when=after,
        grace_minutes=15,
    )

    assert late is False


@pytest.mark.rule("REM-05", "refuses")
def test_an_answer_begun_after_closing_has_no_grace(consultation):
    ends = day_ends(timezone.localdate() - timedelta(days=1))
    OpenWindow.objects.filter(consultation=consultation).update(ends=ends)

    with pytest.raises(Closed):
        is_late(
            consultation,
            started_at=ends,
            when=ends + timedelta(minutes=1),
            grace_minutes=15,
        )
