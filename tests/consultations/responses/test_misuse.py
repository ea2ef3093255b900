"""Stuffing is seen and held for a person to decide about; nothing is dropped."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import ActionRefused
from accounts.models import AuditEntry
from accounts.secret_links import address_key
from consultations.models import AbuseSignal, Draft, Response
from consultations.responses import actions, traces
from council.models import Council
from notices.models import Notice
from tests.consultations.responses.people import Resident, sent
from tests.factories import (
    PASSWORD,
    make_approver,
    make_council,
    make_officer,
    make_published_consultation,
    make_response,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def council():
    return make_council()


@pytest.fixture
def consultation():
    return make_published_consultation()


def held(consultation, **more):
    resident = Resident(consultation).answer_all().slowly()
    resident.send(**{traces.HONEYPOT: "http://spam.example", **more})
    return resident.response()


def test_the_sender_of_a_held_response_gets_the_ordinary_receipt(consultation):
    honest = sent(make_published_consultation())
    robot = Resident(consultation).answer_all().slowly()

    answer = robot.send(**{traces.HONEYPOT: "x"})

    assert answer.status_code == 302
    assert robot.response().status == Response.Status.HELD
    assert honest.response().status == Response.Status.SENT
    page = robot.get("respond/sent/").content.decode()
    assert robot.response().reference in page
    assert "held" not in page.lower().replace("household", "")


@pytest.mark.parametrize(
    ("quick", "fields", "because"),
    [
        (False, {traces.HONEYPOT: "x"}, "cannot see"),
        (False, {"rendered": "forged"}, "without opening the page"),
        (False, {"rendered": ""}, "without opening the page"),
        (True, {}, "within 3 seconds"),
    ],
)
def test_what_looks_wrong_is_held_with_its_reason(consultation, quick, fields, because):
    resident = Resident(consultation).answer_all()
    if not quick:
        resident.slowly()

    resident.send(**fields)

    response = resident.response()
    assert response.status == Response.Status.HELD
    assert because in response.held_because


def test_people_may_take_as_long_as_they_like(consultation):
    resident = Resident(consultation).answer_all()
    fields = resident.check()
    Draft.objects.update(started_at=timezone.now() - timedelta(days=6, hours=23))

    resident.post("respond/check/", fields)

    assert resident.response().status == Response.Status.SENT
    assert AbuseSignal.objects.get().seconds_taken == traces.MOST_SECONDS


def test_a_burst_from_one_place_is_held_and_a_full_library_is_not(consultation):
    Council.objects.update(most_equal_an_hour=3, most_an_hour=5)
    for n in range(5):
        resident = Resident(consultation)
        resident.answer_all().slowly()
        if n % 2:
            resident.answer(3, {"q_why": f"My own words, {n}."})
        resident.send()

    statuses = list(Response.objects.values_list("status", flat=True))
    assert statuses == ["sent"] * 5
    sent(consultation)

    assert Response.objects.latest("pk").status == Response.Status.HELD


def _arrive(consultation, count, *, hour, alike):
    """So many answers from one place in one hour; returns what is said of the next."""
    marks = traces.Traces("203.0.113.0/24", "A browser", False, True, Council())
    started = hour - timedelta(minutes=20)
    rows = [make_response(consultation, body_digest=str(n)) for n in range(count)]
    if alike:
        Response.objects.filter(pk__in=[row.pk for row in rows]).update(
            body_digest="same"
        )
    signals = [
        traces.signal_of(consultation, marks, started_at=started, when=hour)
        for _row in rows
    ]
    for row, signal in zip(rows, signals, strict=True):
        signal.response = row
    AbuseSignal.objects.bulk_create(signals)
    fresh = traces.signal_of(consultation, marks, started_at=started, when=hour)
    return traces.suspicion(marks, fresh, "same" if alike else "another")


def test_three_hundred_people_of_one_library_are_all_counted(consultation):
    """SEC-9: one network, one kind of browser, one afternoon; no two alike."""
    noon = timezone.now().replace(hour=12, minute=5)

    said = [
        _arrive(consultation, 60, hour=noon + timedelta(hours=n), alike=False)
        for n in range(5)
    ]

    assert said == [""] * 5


@pytest.mark.parametrize(("count", "held"), [(19, False), (20, True), (150, True)])
def test_a_server_that_sends_the_same_is_held_from_the_twenty_first(
    consultation, count, held
):
    noon = timezone.now().replace(hour=12, minute=5)

    assert bool(_arrive(consultation, count, hour=noon, alike=True)) is held


def test_a_server_that_varies_its_answers_is_held_too(consultation):
    noon = timezone.now().replace(hour=12, minute=5)

    assert _arrive(consultation, 119, hour=noon, alike=False) == ""
    assert "Very many" in _arrive(consultation, 1, hour=noon, alike=False)


def test_a_council_that_holds_nothing_for_haste_takes_a_quick_answer(consultation):
    Council.objects.update(fastest_seconds=0)

    Resident(consultation).answer_all().send()

    assert Response.objects.get().status == Response.Status.SENT


def test_the_same_from_one_place_again_and_again_is_held(consultation):
    Council.objects.update(most_equal_an_hour=3)
    for _n in range(4):
        sent(consultation)

    last = Response.objects.latest("pk")
    assert last.status == Response.Status.HELD
    assert "same answers" in last.held_because
    assert Response.objects.filter(status="sent").count() == 3


@pytest.mark.rule("GDPR-11", "accepts")
def test_traces_are_digests_of_a_network_that_join_no_other_day_or_consultation():
    consultations = [make_published_consultation(), make_published_consultation()]
    for each in consultations:
        sent(each)

    rows = list(AbuseSignal.objects.order_by("pk"))

    assert rows[0].address_digest != rows[1].address_digest
    for row in rows:
        assert "203.0.113" not in f"{row.address_digest}{row.agent_digest}"
        assert (row.hour.minute, row.hour.second, row.hour.microsecond) == (0, 0, 0)
    marks = traces.Traces("203.0.113.0/24", "A browser", False, True, Council())
    now = timezone.now()
    today, tomorrow = (
        traces.signal_of(consultations[0], marks, started_at=None, when=when)
        for when in (now, now + timedelta(days=1))
    )
    assert today.address_digest == rows[0].address_digest
    assert tomorrow.address_digest != today.address_digest


@pytest.mark.rule("GDPR-11", "accepts")
def test_traces_are_deleted_thirty_days_after_closing(consultation):
    sent(consultation)
    ends = consultation.windows.get().ends

    early = actions.purge_due(ends + timedelta(days=30, microseconds=-1))
    due = actions.purge_due(ends + timedelta(days=30))
    again = actions.purge_due(ends + timedelta(days=30))

    assert (early["signals"], due["signals"], again["signals"]) == (0, 1, 0)
    assert Response.objects.count() == 1


@pytest.mark.rule("GDPR-11", "refuses")
def test_no_page_of_answering_asks_another_site_for_anything(consultation):
    resident = Resident(consultation).answer_all()

    for path in ("respond/1/", "respond/check/", "respond/save/"):
        answer = resident.get(path)
        html = answer.content.decode()
        for attribute in ('src="', 'href="'):
            for part in html.split(attribute)[1:]:
                address = part.split('"')[0]
                assert address.startswith(("/", "#", "mailto:")), address


# Deciding -----------------------------------------------------------------------


@pytest.mark.rule("CON-08", "accepts")
def test_an_officer_leaves_a_response_out_for_a_reason_and_the_row_stays(consultation):
    response = held(consultation)
    officer = consultation.lead_officer

    actions.exclude(response, reason="spam", note="An advertisement.", by=officer)

    response.refresh_from_db()
    assert (response.status, response.excluded_because) == ("excluded", "spam")
    assert response.decided_by == officer
    entry = AuditEntry.objects.get(action="response.excluded")
    assert (entry.actor, entry.reason) == (officer, "An advertisement.")
    assert entry.about_id == str(consultation.pk)
    assert entry.acting_as == "service_officer"


@pytest.mark.rule("CON-08", "refuses")
@pytest.mark.parametrize("reason", ["", "dislike", "\0"])
def test_without_a_reason_from_the_list_nothing_is_left_out(consultation, reason):
    response = held(consultation)

    with pytest.raises(ActionRefused):
        actions.exclude(response, reason=reason, by=consultation.lead_officer)

    response.refresh_from_db()
    assert response.status == Response.Status.HELD
    assert not AuditEntry.objects.filter(action__startswith="response.").exists()


def test_a_held_or_excluded_response_can_be_counted(consultation):
    response = held(consultation)
    officer = consultation.lead_officer

    actions.release(response, by=officer)
    actions.exclude(response, reason="test", by=officer)
    actions.release(response, by=officer)

    response.refresh_from_db()
    assert (response.status, response.excluded_because) == ("sent", "")
    with pytest.raises(ActionRefused):
        actions.release(response, by=officer)


def test_the_queue_shows_signals_and_takes_a_decision(client, consultation):
    response = held(consultation)
    client.login(email=consultation.lead_officer.email, password=PASSWORD)
    address = f"/staff/consultations/{consultation.slug}/held/"

    page = client.get(address).content.decode()
    empty = client.post(f"{address}{response.reference}/", {})
    done = client.post(
        f"{address}{response.reference}/", {"reason": "duplicate", "note": "Twice."}
    )

    assert response.reference in page
    assert "A field that people cannot see" in page
    assert "The den" not in page
    assert "Select what to do with this response" in empty.content.decode()
    assert done.headers["Location"] == address
    response.refresh_from_db()
    assert response.excluded_because == "duplicate"
    assert "Duplicate" in client.get(address).content.decode()


def test_the_queue_costs_the_same_however_long_it_is(
    client, consultation, assert_same_query_count
):
    held(consultation)
    client.login(email=consultation.lead_officer.email, password=PASSWORD)

    def another():
        resident = Resident(consultation).answer_all().slowly()
        resident.send(**{traces.HONEYPOT: "x"})

    assert_same_query_count(
        f"/staff/consultations/{consultation.slug}/held/", add_more=another
    )


def test_only_those_who_run_a_consultation_decide(client, consultation):
    response = held(consultation)
    address = f"/staff/consultations/{consultation.slug}/held/{response.reference}/"

    assert client.post(address, {"reason": "spam"}).status_code == 302
    client.login(email=make_officer().email, password=PASSWORD)
    other = client.post(address, {"reason": "spam"})
    client.login(email=make_approver().email, password=PASSWORD)
    team = client.get(address)

    assert other.status_code in (403, 404)
    assert team.status_code == 200
    response.refresh_from_db()
    assert response.status == Response.Status.HELD


def test_nobody_can_flood_an_address_with_links_to_come_back_by(consultation):
    pages = set()
    for _visitor in range(8):
        resident = Resident(consultation)
        resident.start()
        answer = resident.post("respond/save/", {"email": "victim@example.org"})
        pages.add((answer.status_code, answer.headers.get("Location")))
    resident = Resident(consultation)
    resident.start()
    resident.post("respond/save/", {"email": "other@example.org"})

    mails = Notice.objects.filter(kind="consultations.draft_saved")
    assert mails.filter(recipient="victim@example.org").count() == 5
    assert mails.filter(recipient="other@example.org").count() == 1
    assert len(pages) == 1


def test_nobody_can_flood_an_address_with_its_lost_links(consultation, client):
    with time_machine.travel("2026-12-01 09:00:00+00:00", tick=False) as clock:
        asked = [_left_a_draft(_open(), "victim@example.org") for _n in range(8)]
        pages = {
            client.post("/lost-link/", {"email": "victim@example.org"}).content
            for _n in range(4)
        }
        mails = Notice.objects.filter(kind="consultations.lost_link")
        assert mails.count() == 5
        clock.shift(timedelta(hours=1, minutes=1))
        pages.add(client.post("/lost-link/", {"email": "victim@example.org"}).content)

    assert mails.count() == len(asked)
    assert len(pages) == 1


def _open():
    return make_published_consultation(opens=-5, closes=30)


def _left_a_draft(consultation, email):
    return Draft.objects.create(
        consultation=consultation,
        version=consultation.questionnaires.get(),
        email=email,
        address_key=address_key(email),
    )


def test_nobody_can_flood_an_address_with_receipts(consultation):
    for _visitor in range(7):
        sent(consultation, email="victim@example.org", wants_receipt="on")

    assert Notice.objects.filter(kind="consultations.receipt").count() == 5
    assert Response.objects.count() == 7


def test_nobody_can_flood_an_address_by_following_for_it(client):
    pages = set()
    for consultation in [_open() for _n in range(7)]:
        answer = client.post(
            f"/consultations/{consultation.slug}/follow/",
            {"email": "victim@example.org"},
        )
        pages.add(answer.status_code)

    assert pages == {302}
    assert Notice.objects.filter(kind="notices.confirm_alert").count() == 5


def test_an_hour_later_an_address_is_written_to_again(consultation):
    for _visitor in range(6):
        resident = Resident(consultation)
        resident.start()
        resident.post("respond/save/", {"email": "ann@example.org"})
    Notice.objects.update(created_at=timezone.now() - timedelta(hours=1, minutes=1))

    resident = Resident(consultation)
    resident.start()
    resident.post("respond/save/", {"email": "ann@example.org"})

    assert Notice.objects.count() == 6
