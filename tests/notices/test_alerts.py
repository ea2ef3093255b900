"""Asking to be told, confirming it, and stopping: links open pages, buttons act."""

import threading
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts import ActionRefused
from accounts.secret_links import address_key, make_token
from notices import actions, outbox
from notices.drain import drain
from notices.models import Notice, Subscription
from tests.factories import make_council

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def _council():
    make_council()


def subscribe(email="ann@example.org", key=1):
    actions.subscribe(
        email,
        kind="consultation",
        key=key,
        language="en-gb",
        title="Parks & gardens",
        page="/consultations/parks/",
    )
    return Subscription.objects.get(
        kind="consultation", key=str(key), address_key=address_key(email)
    )


def link(subscription, purpose="alert"):
    token = make_token(purpose, subscription.pk, subscription.generation)
    return f"/alerts/{'stop/' if purpose == 'stop-alert' else ''}{token}/"


def state():
    return list(Subscription.objects.values()), list(Notice.objects.values())


def test_a_resident_asks_confirms_and_is_on_the_list(client):
    subscribe(" ann@example.org ")
    drain(timezone.now())
    subscription = Subscription.objects.get()
    assert subscription.email == "ann@example.org"
    assert link(subscription) in mail.outbox[0].body

    page = client.get(link(subscription))
    assert "“Parks &amp; gardens”" in page.content.decode()
    assert not Subscription.objects.confirmed("consultation", 1).exists()

    answer = client.post(link(subscription), follow=True)
    assert "We will email you about" in answer.content.decode()
    assert Subscription.objects.confirmed("consultation", 1).exists()


def test_confirming_twice_keeps_the_first_moment(client):
    subscription = subscribe()
    client.post(link(subscription))
    first = Subscription.objects.get().confirmed_at

    answer = client.post(link(subscription))

    assert answer.status_code == 302
    assert Subscription.objects.get().confirmed_at == first


def test_asking_twice_a_day_sends_one_message_and_tomorrow_another():
    with time_machine.travel("2026-12-01 10:00:00+00:00", tick=False) as clock:
        subscribe()
        subscribe("ANN@example.org")
        assert Notice.objects.count() == 1
        clock.shift(timedelta(days=1))
        subscribe()

    assert Notice.objects.count() == 2
    assert Subscription.objects.count() == 1


def test_who_has_confirmed_gets_no_second_message():
    actions.confirm(subscribe())
    Notice.objects.all().delete()

    subscribe()

    assert not Notice.objects.exists()


@pytest.mark.parametrize("purpose", ["alert", "stop-alert"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_a_link_changes_nothing(client, purpose, method):
    subscription = subscribe()
    before = state()

    response = getattr(client, method)(link(subscription, purpose))

    assert response.status_code == 200
    assert state() == before
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]


def test_the_button_stops_the_emails_and_what_waits(client):
    subscription = subscribe()
    actions.confirm(subscription)
    outbox.queue(
        "consultations.closing_soon",
        to="ann@example.org",
        occasion="1",
        payload={"links": {"stop": {"path": "/alerts/stop/", "purpose": "stop-alert"}}},
        subject_id=subscription.pk,
    )

    response = client.post(link(subscription, "stop-alert"))

    assert "We have stopped these emails" in response.content.decode()
    assert not Subscription.objects.exists()
    assert set(Notice.objects.values_list("status", flat=True)) == {"cancelled"}


def test_stopping_emails_cancels_nothing_for_others_whose_row_has_the_same_key(
    client,
):
    subscription = subscribe()
    others = {
        "engage.invitation": {"join": {"path": "/join/", "purpose": "join"}},
        "consultations.receipt": {"receipt": {"path": "/r/", "purpose": "receipt"}},
        "consultations.findings": {"stop": {"path": "/c/", "purpose": "contact"}},
        "consultations.closing_tomorrow": {},
    }
    for kind, links in others.items():
        outbox.queue(
            kind,
            to="colleague@example.org",
            occasion="1",
            payload={"links": links},
            subject_id=subscription.pk,
        )

    client.post(link(subscription, "stop-alert"))

    waiting = Notice.objects.waiting().values_list("kind", flat=True)
    assert set(waiting) == set(others)
    assert Notice.objects.get(kind=actions.CONFIRM).status == "cancelled"


def test_a_mail_program_stops_them_with_one_click_and_no_cookie():
    subscription = subscribe()
    outside = Client(enforce_csrf_checks=True)

    response = outside.post(
        link(subscription, "stop-alert"), {"List-Unsubscribe": "One-Click"}
    )

    assert response.status_code == 200
    assert not Subscription.objects.exists()


def test_stopping_twice_says_that_there_is_nothing_more_to_do(client):
    subscription = subscribe()
    client.post(link(subscription, "stop-alert"))

    response = client.post(link(subscription, "stop-alert"))

    assert response.status_code == 404
    assert "nothing more to do" in response.content.decode()


def test_confirming_needs_the_sites_own_form():
    subscription = subscribe()

    response = Client(enforce_csrf_checks=True).post(link(subscription))

    assert response.status_code == 403
    assert Subscription.objects.get().confirmed_at is None


def test_a_link_opens_only_what_it_is_for(client):
    subscription = subscribe()
    other = subscribe("bob@example.org")
    before = state()
    wrong = [
        f"/alerts/{make_token('stop-alert', subscription.pk, 1)}/",
        f"/alerts/stop/{make_token('alert', subscription.pk, 1)}/",
        f"/alerts/{make_token('alert', subscription.pk, 2)}/",
        f"/alerts/{other.pk}.{make_token('alert', subscription.pk, 1)[-32:]}/",
        f"/alerts/{make_token('alert', uuid.uuid4(), 1)}/",
        f"/alerts/{make_token('alert', 'zz', 1)}/",
        "/alerts/nonsense/",
        "/alerts/%00/",
        f"/alerts/{'x' * 5000}/",
        "/alerts/%ED%A0%80/",
    ]

    for address in wrong:
        for response in (client.get(address), client.post(address)):
            assert response.status_code == 404, address
            assert "This link has stopped working" in response.content.decode()
    assert state() == before


def test_a_link_stops_working_when_the_generation_is_raised(client):
    subscription = subscribe()
    old = link(subscription)
    Subscription.objects.update(generation=2)

    assert client.post(old).status_code == 404
    assert Subscription.objects.get().confirmed_at is None


def test_confirming_after_stopping_is_refused_with_a_sentence():
    subscription = subscribe()
    actions.stop(subscription)

    with pytest.raises(ActionRefused, match="stopped these emails"):
        actions.confirm(subscription)

    assert not Subscription.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_asking_confirming_and_stopping_at_once_never_breaks():
    make_council()
    subscription = subscribe()
    answers, errors = [], []
    barrier = threading.Barrier(9)

    def run(work):
        try:
            barrier.wait()
            answers.append(work())
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connections.close_all()

    works = [
        subscribe_quietly,
        lambda: Client().post(link(subscription)).status_code,
        lambda: Client().post(link(subscription, "stop-alert")).status_code,
    ] * 3
    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert set(answers) <= {None, 200, 302, 404}
    assert Subscription.objects.count() <= 1


def subscribe_quietly():
    actions.subscribe(
        "ann@example.org", kind="consultation", key=1, language="", title="", page=""
    )


# Forgetting ------------------------------------------------------------------------


def aged(status, days):
    outbox.queue(
        "x.y",
        to=f"{status}{days}@example.org",
        occasion="1",
        payload={"title": "Parks"},
        subject_id="s",
        due_at=timezone.now() - timedelta(days=days),
    )
    Notice.objects.filter(recipient=f"{status}{days}@example.org").update(
        status=status,
        sent_at=timezone.now(),
        created_at=timezone.now() - timedelta(days=days),
        error="550 no",
    )


def test_old_messages_forget_whom_and_what_but_are_never_sent_again():
    make_council(notice_days=30)
    finished = ["sent", "failed", "suppressed", "cancelled", "expired"]
    for status in Notice.Status.values:
        aged(status, 31)
        aged(status, 29)

    changed = actions.purge(timezone.now())

    assert changed == len(finished)
    for notice in Notice.objects.all():
        forgotten = notice.status in finished and not notice.recipient
        kept = (notice.recipient, notice.payload, notice.subject_id, notice.error)
        assert forgotten == (kept == ("", {}, "", ""))
        assert notice.recipient_key
    assert Notice.objects.filter(recipient="").count() == len(finished)
    assert not outbox.queue("x.y", to="sent31@example.org", occasion="1", payload={})
    assert actions.purge(timezone.now()) == 0


def test_an_alert_that_nobody_confirmed_is_deleted():
    make_council(unconfirmed_days=7)
    old, fresh, confirmed = (subscribe(f"{name}@example.org") for name in "abc")
    week_ago = timezone.now() - timedelta(days=7, seconds=1)
    Subscription.objects.exclude(pk=fresh.pk).update(created_at=week_ago)
    actions.confirm(confirmed)

    assert actions.purge(timezone.now()) == 1

    assert set(Subscription.objects.all()) == {fresh, confirmed}
    assert not Subscription.objects.filter(pk=old.pk).exists()
    assert actions.purge(timezone.now()) == 0
