"""Who may do what with a consultation, everybody by every verb."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.roles import RoleKind
from consultations import permissions
from consultations.models import Consultation
from tests.factories import (
    make_approver,
    make_consultation,
    make_officer,
    make_service,
    make_user,
)

pytestmark = pytest.mark.django_db

WORK = {"edit", "send_for_approval", "run", "decide_held", "read_comments"}
WORK |= {"read_response", "export", "write_feedback", "publish"}
READ = {"read_counts", "read_plan"}
EXPECTED = {
    "nobody": set(),
    "own officer": WORK | READ | {"read_trail"},
    "other officer": set(),
    "lead officer": WORK | READ | {"read_trail"},
    "approver": WORK | READ | {"read_trail", "approve"},
    "approver who wrote it": WORK | READ | {"read_trail"},
    "equalities officer": READ,
    "councillor": set(),
    "finance": set(),
    "monitoring officer": {"read_trail"},
    "administrator": {"read_trail"},
    "superuser": set(),
    "somebody who left": set(),
}
VERBS = sorted(set().union(*EXPECTED.values()))


@pytest.fixture
def people():
    service = make_service()
    lead = make_officer(service)
    author = make_approver()
    consultation = make_consultation(
        service=service, lead_officer=lead, created_by=author
    )
    left = make_officer(service)
    left.roles.update(ended_at="2026-01-01T00:00Z", given_at="2025-01-01T00:00Z")
    return consultation, {
        "nobody": AnonymousUser(),
        "own officer": make_officer(service),
        "other officer": make_officer(),
        "lead officer": lead,
        "approver": make_approver(),
        "approver who wrote it": author,
        "equalities officer": make_user(RoleKind.EQUALITIES_OFFICER),
        "councillor": make_user(RoleKind.COUNCILLOR),
        "finance": make_user(RoleKind.FINANCE),
        "monitoring officer": make_user(RoleKind.MONITORING_OFFICER),
        "administrator": make_user(RoleKind.ADMINISTRATOR),
        "superuser": User.objects.create_superuser(
            "root@example.org", "correct horse battery", full_name="Root"
        ),
        "somebody who left": left,
    }


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", EXPECTED)
def test_people_may_do_what_the_matrix_says(people, name, verb):
    consultation, persons = people
    can = getattr(permissions, f"can_{verb}")

    assert can(persons[name], consultation) is (verb in EXPECTED[name])


SEES_DRAFTS = {
    "own officer",
    "lead officer",
    "approver",
    "approver who wrote it",
    "equalities officer",
}


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
@pytest.mark.parametrize("name", EXPECTED)
def test_a_hidden_consultation_is_seen_by_those_who_work_on_it(people, name, status):
    consultation, persons = people
    Consultation.objects.filter(pk=consultation.pk).update(
        status=status, withdrawn_at="2026-01-01T00:00Z", public_note="Gone."
    )

    seen = Consultation.objects.visible_to(persons[name])

    assert seen.exists() is (name in SEES_DRAFTS)
