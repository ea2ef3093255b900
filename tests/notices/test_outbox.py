"""Putting messages into the outbox: once, in the transaction, thousands at a time."""

import time
import uuid

import pytest
from django.db import transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.secret_links import address_key
from notices import outbox
from notices.models import Notice, Subscription
from tests.factories import make_council

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def followers(count, *, kind="consultation", key="1"):
    addresses = [f"person{number}@example.org" for number in range(count)]
    Subscription.objects.bulk_create(
        Subscription(
            kind=kind, key=key, email=address, address_key=address_key(address)
        )
        for address in addresses
    )
    return Subscription.objects.filter(kind=kind, key=key).annotate(
        subject_id=Cast("pk", CharField()), subject_generation=F("generation")
    )


def test_a_message_is_queued_once_for_one_person_and_occasion():
    asked = {"to": "ann@example.org", "occasion": "1", "payload": {"title": "Buses"}}

    answers = [outbox.queue("consultations.opens", **asked) for _ in range(3)]

    assert answers == [True, False, False]
    assert Notice.objects.get().payload == {"title": "Buses"}


@pytest.mark.parametrize("other", [" Ann@Example.org ", "ANN@EXAMPLE.ORG"])
def test_an_address_written_otherwise_is_the_same_person(other):
    outbox.queue("consultations.opens", to="ann@example.org", occasion="1", payload={})

    assert not outbox.queue("consultations.opens", to=other, occasion="1", payload={})


def test_another_occasion_is_another_message():
    for occasion in ("closes 2026-12-01", "closes 2026-12-08"):
        assert outbox.queue("x.y", to="a@example.org", occasion=occasion, payload={})

    assert Notice.objects.count() == 2


def test_nothing_is_queued_when_the_change_is_rolled_back():
    with transaction.atomic():
        outbox.queue("x.y", to="ann@example.org", occasion="1", payload={})
        transaction.set_rollback(True)

    assert not Notice.objects.exists()


def test_a_list_is_queued_in_one_statement(django_assert_num_queries):
    council = make_council()
    people = followers(3)

    with django_assert_num_queries(1):
        made = outbox.queue_many(
            people,
            kind="consultations.feedback",
            occasion="release 1",
            payload={"title": "Parks & gardens, 50% “more”"},
            about=council,
        )

    assert made == 3
    notice = Notice.objects.get(recipient="person1@example.org")
    follower = Subscription.objects.get(email="person1@example.org")
    assert notice.recipient_key == follower.address_key
    assert uuid.UUID(notice.subject_id) == follower.pk
    assert notice.subject_id == str(follower.pk)
    assert notice.subject_generation == 1
    assert notice.payload == {"title": "Parks & gardens, 50% “more”"}
    assert (notice.about_type, notice.about_id) == ("council.council", "1")
    assert notice.status == Notice.Status.QUEUED
    assert notice.created_at == notice.due_at
    assert notice.expires_at is None
    notice.full_clean()


def test_a_list_queued_again_reaches_only_who_is_new():
    asked = {"kind": "x.y", "occasion": "1", "payload": {}, "about": None}
    first = outbox.queue_many(followers(3), **asked)
    Subscription.objects.all().delete()

    second = outbox.queue_many(followers(5), **asked)

    assert (first, second) == (3, 2)
    assert Notice.objects.count() == 5


def test_a_person_who_is_in_the_list_twice_gets_one():
    rows = followers(1) | followers(1, key="2")
    both = Subscription.objects.annotate(
        subject_id=Cast("pk", CharField()), subject_generation=F("generation")
    )

    made = outbox.queue_many(both, kind="x.y", occasion="1", payload={}, about=None)

    assert rows is not None
    assert made == 1


def test_aliases_and_constants_serve_as_columns():
    rows = followers(2).alias(extra=Value("x")).filter(extra="x")

    made = outbox.queue_many(rows, kind="x.y", occasion="1", payload={}, about=None)

    assert made == 2


def test_ten_thousand_are_queued_well_within_a_second():
    people = followers(10_000)
    start = time.perf_counter()

    made = outbox.queue_many(people, kind="x.y", occasion="1", payload={}, about=None)

    assert made == 10_000
    assert time.perf_counter() - start < 5  # the figure is in the bench; this is a trap


def test_what_waits_about_a_thing_can_be_cancelled():
    council = make_council()
    for number, status in enumerate(Notice.Status.values):
        outbox.queue(
            "x.y", to=f"{number}@example.org", occasion="1", payload={}, about=council
        )
        Notice.objects.filter(recipient=f"{number}@example.org").update(
            status=status, sent_at=timezone.now()
        )
    outbox.queue("x.y", to="other@example.org", occasion="1", payload={})

    cancelled = outbox.cancel(council)

    assert cancelled == 2
    assert Notice.objects.filter(status="cancelled").count() == 3
    assert Notice.objects.get(recipient="other@example.org").status == "queued"


def test_only_the_named_kinds_are_cancelled():
    council = make_council()
    for kind in ("x.reminder", "x.receipt"):
        outbox.queue(
            kind, to="ann@example.org", occasion="1", payload={}, about=council
        )

    assert outbox.cancel(council, ["x.reminder"]) == 1
    assert Notice.objects.get(kind="x.receipt").status == "queued"


def test_a_row_is_known_by_the_purpose_of_its_links_and_not_by_its_key_alone():
    for name, purpose in (("stop", "stop-alert"), ("stop", "contact"), ("", "")):
        links = {name: {"path": "/x/", "purpose": purpose}} if name else {}
        outbox.queue(
            "x.y",
            to=f"{purpose}@example.org",
            occasion="1",
            payload={"links": links},
            subject_id=7,
        )

    cancelled = Notice.objects.opening(7, stop="stop-alert", confirm="alert").cancel()

    assert cancelled == 1
    waiting = Notice.objects.waiting().order_by("recipient")
    assert [notice.recipient for notice in waiting] == [
        "@example.org",
        "contact@example.org",
    ]


def test_a_dead_broker_costs_no_request_anything(
    monkeypatch, caplog, django_capture_on_commit_callbacks
):
    asked = []

    def send_task(name):
        asked.append(name)
        raise ConnectionError("no broker")

    monkeypatch.setattr(outbox.celery.current_app, "send_task", send_task)
    monkeypatch.setattr(outbox, "_silent_until", 0.0)

    with django_capture_on_commit_callbacks(execute=True):
        outbox.ring()
        outbox.ring()

    assert asked == ["engage.tasks.drain"]  # the second one does not wait again
    assert "The broker does not answer" in caplog.text


def test_the_bell_rings_only_after_commit(
    monkeypatch, django_capture_on_commit_callbacks
):
    asked = []
    monkeypatch.setattr(outbox.celery.current_app, "send_task", asked.append)
    monkeypatch.setattr(outbox, "_silent_until", 0.0)

    with django_capture_on_commit_callbacks() as callbacks:
        outbox.ring()

    assert asked == []
    callbacks[0]()
    assert asked == ["engage.tasks.drain"]


class QueueingTwice(TestCase):
    """Whatever the words, queueing twice is queueing once."""

    @given(
        kind=st.from_regex(r"[a-z]{1,20}\.[a-z_]{1,20}", fullmatch=True),
        occasion=st.text(
            st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
            max_size=120,
        ),
        address=st.emails(),
        title=st.text(
            st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
        ),
    )
    def test_is_queueing_once(self, kind, occasion, address, title):
        asked = {"to": address, "occasion": occasion, "payload": {"title": title}}

        first = outbox.queue(kind, **asked)
        second = outbox.queue(kind, **asked)

        assert (first, second) == (True, False)
        stored = Notice.objects.get(kind=kind, recipient_key=address_key(address))
        assert stored.payload == {"title": title}


def test_a_cancelled_message_forgets_its_link_and_whose_answer_it_was():
    council = make_council()
    for occasion, payload in (
        ("1", {"text": "a link", "forget_payload": True}),
        ("2", {"title": "Buses", "forget_subject": True}),
        ("3", {"title": "Parks"}),
    ):
        outbox.queue(
            "x.y",
            to="ann@example.org",
            occasion=occasion,
            payload=payload,
            subject_id="draft-1",
            about=council,
        )

    assert outbox.cancel(council) == 3

    link, answer, plain = Notice.objects.order_by("occasion")
    assert link.payload == {}
    assert (answer.subject_id, answer.payload["title"]) == ("", "Buses")
    assert (plain.subject_id, plain.payload) == ("draft-1", {"title": "Parks"})
    kept = [row.can_be_retried for row in (link, answer, plain)]
    assert kept == [False, False, True]
