"""Exactly one response, whatever people, networks and processes do."""

import functools
import threading
import time

import pytest
from django.db import OperationalError, close_old_connections, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from consultations.models import AbuseSignal, Comment, Draft, Response
from consultations.responses import actions
from consultations.responses.actions import sending
from consultations.responses.rebuild import stale_codes
from tests.consultations.responses.people import FULL, LATER, Resident, sent
from tests.factories import make_council, make_published_consultation

AT_ONCE = 50


def send_at_once(resident):
    """Press Send fifty times in the same moment; returns what was answered."""
    fields = resident.check()
    cookies = dict(resident.client.cookies.items())
    barrier, places = threading.Barrier(AT_ONCE), []

    def send():
        other = Resident(resident.consultation)
        for name, cookie in cookies.items():
            other.client.cookies[name] = cookie.value
        try:
            barrier.wait()
            answer = other.post("respond/check/", fields)
            places.append((answer.status_code, answer.headers.get("Location")))
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=send) for _n in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return places


@pytest.mark.django_db(transaction=True)
def test_fifty_sends_at_once_give_one_response_and_one_reference():
    """T-01: all fifty start together, on the database that people use."""
    make_council()
    resident = Resident(make_published_consultation()).answer_all().slowly()

    places = send_at_once(resident)

    assert set(places) == {(302, f"{resident.root}/respond/sent/")}
    assert len(places) == AT_ONCE
    assert Response.objects.count() == 1
    assert Comment.objects.count() == 2


@pytest.mark.controls
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_and_the_unique_key_fifty_sends_give_many(monkeypatch):
    """The control of the test above: it can fail."""
    make_council()
    resident = Resident(make_published_consultation()).answer_all().slowly()
    key = next(
        c for c in Response._meta.constraints if c.name == "response_once_for_each_key"
    )
    monkeypatch.setattr(
        QuerySet, "select_for_update", lambda self, **options: self.all()
    )
    with connection.schema_editor() as editor:
        editor.remove_constraint(Response, key)
    try:
        send_at_once(resident)
        assert Response.objects.count() > 1
    finally:
        Comment.objects.all().delete()
        AbuseSignal.objects.all().delete()
        Response.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Response, key)


@pytest.mark.django_db(transaction=True)
def test_sending_a_change_and_asking_to_change_again_never_wait_for_each_other(
    monkeypatch,
):
    make_council()
    sent(make_published_consultation())
    stored = Response.objects.get()
    draft = actions.change(stored, when=timezone.now())
    draft = Draft.objects.select_related("consultation", "version").get(pk=draft.pk)
    is_missing, errors, has_lock = sending.answer_rules.missing, [], threading.Event()

    def slowly(*given):
        has_lock.set()
        time.sleep(0.5)
        return is_missing(*given)

    def act(what):
        try:
            what()
        except OperationalError as error:
            errors.append(error)
        finally:
            connection.close()

    def change_again():
        has_lock.wait(10)
        again = Response.objects.select_related("consultation").get(pk=stored.pk)
        actions.change(again, when=timezone.now())

    monkeypatch.setattr(sending.answer_rules, "missing", slowly)
    send = functools.partial(actions.send, draft, when=timezone.now(), grace_minutes=15)
    threads = [
        threading.Thread(target=act, args=[what]) for what in (send, change_again)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert Response.objects.get().reference == stored.reference


@pytest.mark.django_db
def test_where_the_lock_fails_the_unique_key_still_gives_the_same_response():
    """A race that reaches the constraint is answered with what is stored."""
    make_council()
    resident = Resident(make_published_consultation()).answer_all().slowly()
    draft = resident.draft()
    draft.consultation, draft.version = (
        resident.consultation,
        resident.consultation.questionnaires.get(),
    )
    answers = draft.answers
    when = timezone.now()
    first = actions.send(draft, when=when, grace_minutes=15)
    Draft.objects.update(
        is_sent=False, answers=answers, started_at=when, updated_on=when.date()
    )

    second = actions.send(draft, when=when, grace_minutes=15)

    assert second.pk == first.pk
    assert Response.objects.count() == 1


class Answering(RuleBasedStateMachine):
    """One resident who answers, goes back, refreshes, sends, changes, withdraws."""

    def __init__(self):
        super().__init__()
        self.atom = transaction.atomic()
        self.atom.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.atom.__exit__(None, None, None)

    @initialize()
    def start(self):
        make_council()
        self.resident = Resident(make_published_consultation())
        self.resident.start()
        self.said, self.sent, self.withdrawn = {}, None, False

    @rule(
        n=st.sampled_from([1, 2, 3]),
        word=st.text(
            st.characters(codec="utf-8", exclude_characters="\0\r\n "),
            min_size=1,
            max_size=20,
        ),
        use=st.sampled_from(["o_often", "o_never"]),
    )
    def answer(self, n, word, use):
        data = {1: {"q_use": use}, 2: {"q_agree": "ao_a"}, 3: {"q_why": word}}[n]
        answer = self.resident.answer(n, data)
        assert answer.status_code in (200, 302, 404, 409), answer.status_code
        draft = Draft.objects.get()
        key, value = next(iter(data.items()))
        if n == 1 and not draft.is_sent:
            assert draft.answers[key] == value
        if answer.status_code == 302 and draft.answers.get(key) == value.strip():
            self.said[key] = value.strip()

    @rule(path=st.sampled_from(["respond/1/", "respond/3/", "respond/check/"]))
    def look(self, path):
        assert self.resident.get(path).status_code in (200, 302, 404)

    @rule()
    def save_for_later_and_resume(self):
        self.resident.answer(1, {"q_use": self.said.get("q_use", "o_often")}, **LATER)

    @rule(times=st.integers(1, 3))
    def send(self, times):
        fields = self.resident.check()
        for _n in range(times):
            self.resident.post("respond/check/", fields)
        if Draft.objects.get().is_sent and self.sent is None:
            self.sent = Response.objects.get().reference

    @rule()
    def start_again(self):
        assert self.resident.start().status_code in (302, 409)

    @precondition(lambda self: self.sent and not self.withdrawn)
    @rule()
    def change(self):
        assert self.resident.post("receipt/change/").status_code == 302

    @precondition(lambda self: self.sent and not self.withdrawn)
    @rule()
    def withdraw(self):
        assert self.resident.post("receipt/withdraw/").status_code == 302
        self.withdrawn = True

    @invariant()
    def at_most_one_response_and_it_keeps_its_reference(self):
        stored = list(Response.objects.all())
        assert len(stored) == (1 if self.sent else 0)
        if stored:
            assert stored[0].reference == self.sent
            assert (stored[0].status == "withdrawn") == self.withdrawn

    @invariant()
    def nothing_that_was_kept_is_lost(self):
        draft = Draft.objects.get()
        if not draft.is_sent:
            for key, value in self.said.items():
                assert draft.answers.get(key) == value
        assert list(stale_codes()) == []


@pytest.mark.django_db
def test_whatever_a_resident_does_there_is_one_response_and_nothing_is_lost():
    run_state_machine_as_test(
        Answering,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_two_residents_never_see_each_others_answers():
    make_council()
    consultation = make_published_consultation()
    ann, bob = Resident(consultation), Resident(consultation)
    ann.start()
    bob.start()

    ann.answer(1, FULL[1])

    assert "checked" not in bob.get("respond/1/").content.decode()
