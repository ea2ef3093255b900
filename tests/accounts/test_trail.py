"""The audit trail: in the change's transaction, and never changed afterwards."""

import pytest
from django.db import DatabaseError, transaction

from accounts import actions, audit
from accounts.models import AuditEntry, Role
from accounts.trail_words import (
    WORDS,
    about_what,
    changes,
    in_which_role,
    what_was_done,
)
from consultations.models import Findings
from council.models import Council
from tests.factories import make_consultation, make_council, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def entry():
    person = make_user()
    return audit.record("role.given", person, by=person, after={"role": "finance"})


def test_an_entry_is_not_changed(entry):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.update(reason="Never happened")

    assert AuditEntry.objects.get().reason == ""


def test_an_entry_is_not_deleted(entry):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.all().delete()

    assert AuditEntry.objects.count() == 1


def test_a_person_who_did_something_is_not_deleted(entry):
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.actor.delete()

    assert AuditEntry.objects.get().actor == entry.actor


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused():
    person = make_user()

    with pytest.raises(RuntimeError, match="transaction"):
        audit.record("role.given", person, by=person)

    assert not AuditEntry.objects.exists()


def test_the_entry_falls_with_the_change():
    boss, person = make_user("administrator"), make_user()

    def give_and_stumble():
        with transaction.atomic():
            actions.give_role(person, kind="finance", reason="x", by=boss)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give_and_stumble()

    assert not AuditEntry.objects.exists()
    assert not Role.objects.filter(user=person).exists()


def test_one_change_is_one_entry():
    boss, person = make_user("administrator"), make_user()

    actions.give_role(person, kind="finance", reason="Moved", by=boss)
    with pytest.raises(actions.ActionRefused):
        actions.give_role(person, kind="finance", reason="Again", by=boss)

    found = AuditEntry.objects.get()
    assert (found.actor, found.acting_as, found.reason) == (
        boss,
        "administrator",
        "Moved",
    )


def test_entries_speak_in_words(entry):
    entry.acting_as = "administrator"
    entry.before = {"until": "2026-12-01", "open": False, "wards": []}
    entry.after = {"until": "2026-12-15", "role": "finance"}

    assert what_was_done(entry) == "Gave a role"
    assert in_which_role(entry) == "administrator"
    assert about_what(entry) == "user"
    assert [(c.name, c.before, c.after) for c in changes(entry)] == [
        ("Until", "1 December 2026", "15 December 2026"),
        ("Open", "no", None),
        ("Wards", "nothing", None),
        ("Role", None, "Finance"),
    ]


def test_an_entry_of_a_new_kind_is_never_invisible(entry):
    entry.action = "balloon.let_go"

    assert what_was_done(entry) == "Balloon: let go"


def test_every_word_is_about_something():
    assert all(action.count(".") == 1 and text for action, text in WORDS.items())


def test_an_entry_names_what_it_is_about_and_never_its_key(entry):
    make_council(name="Elmbridge City Council")
    council = Council.objects.current()
    consultation = make_consultation(title="Library hours")
    findings = Findings.objects.create(consultation=consultation)
    actor = entry.actor
    written = [
        audit.record("council.changed", council, by=actor),
        audit.record("findings.saved", findings, by=actor, about=consultation),
        entry,
    ]

    said = [about_what(each) for each in audit.with_names(written)]

    assert said == [
        "council: Elmbridge City Council",
        "findings: Library hours",
        f"user: {actor.full_name}",
    ]


def test_what_is_gone_has_no_name(entry):
    entry.object_id = "999999"

    assert about_what(audit.with_names([entry])[0]) == "user"


def test_keys_and_codes_are_not_shown_to_people(entry):
    entry.before = {}
    entry.after = {
        "input_digest": "32eb",
        "publish_at": None,
        "logo": "another",
        "outcome": "not_changed",
        "question_texts": {"q_use": {"headline": "Most come often"}},
    }

    assert [(c.name, c.after) for c in changes(entry)] == [
        ("Publish at", "as soon as it is confirmed"),
        ("Logo", "another logo"),
        ("Outcome", "not changed"),
        ("Question texts", "q use: headline: Most come often"),
    ]


def test_long_texts_are_shown_where_they_differ(entry):
    entry.before = {"summary": "Same. " * 200 + "Many want Mondays."}
    entry.after = {"summary": "Same. " * 200 + "Many want Saturdays."}

    [change] = changes(entry)

    assert change.before.startswith("… ")
    assert change.before.endswith("Many want Mondays.")
    assert change.after.endswith("Many want Saturdays.")
    assert len(change.before) < 120
