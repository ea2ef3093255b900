"""Two people who act at once."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts import ActionRefused, actions
from accounts.models import Role, User
from accounts.roles import RoleKind
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run each call in a thread of its own; returns the refusals."""
    barrier, refused = Barrier(len(calls)), []

    def run(call):
        barrier.wait()
        try:
            call()
        except ActionRefused as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_two_administrators_who_end_each_others_role_leave_one():
    first, second = make_user(RoleKind.ADMINISTRATOR), make_user(RoleKind.ADMINISTRATOR)

    def end(person, by):
        return lambda: actions.end_role(
            person, kind=RoleKind.ADMINISTRATOR, reason="Quarrel", by=by
        )

    refused = at_once(end(first, second), end(second, first))

    assert len(refused) == 1
    assert Role.objects.filter(kind="administrator", ended_at=None).count() == 1


def test_two_who_invite_the_same_person_make_one_account():
    boss = make_user(RoleKind.ADMINISTRATOR)

    def invite():
        actions.invite(
            "ada@example.org", full_name="Ada", roles=["finance"], reason="x", by=boss
        )

    refused = at_once(invite, invite, invite)

    assert len(refused) == 2
    assert User.objects.filter(email="ada@example.org").count() == 1
