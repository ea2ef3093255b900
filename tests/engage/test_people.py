"""The pages about people (permission matrix, row 26)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Deputy, Role, User
from accounts.roles import STAND_INS, RoleKind
from consultations.models import Consultation
from notices.models import Notice
from tests.factories import (
    PASSWORD,
    make_approver,
    make_consultation,
    make_council,
    make_officer,
    make_service,
    make_user,
    make_ward,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    """Somebody who looks after people, signed in, the password given just now."""
    make_council()
    person = make_user(RoleKind.ADMINISTRATOR, full_name="Nell Okafor")
    confirm(client, person)
    return person


def confirm(client, person):
    client.force_login(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def invitation(**changes):
    return {
        "full_name": "Olwen Tarrant",
        "email": "Olwen@Example.org",
        "roles": [RoleKind.SERVICE_OFFICER],
        "services": [],
        "reason": "New in the team",
        **changes,
    }


# Inviting -------------------------------------------------------------------------


def test_an_administrator_invites_an_officer(client, administrator):
    service = make_service(name="Libraries")

    answer = client.post("/staff/people/invite/", invitation(services=[service.pk]))

    person = User.objects.get(email="olwen@example.org")
    assert answer["Location"] == f"/staff/people/{person.pk}/"
    assert not person.has_usable_password()
    assert person.role_kinds == {RoleKind.SERVICE_OFFICER}
    assert [post.service for post in person.service_posts.all()] == [service]
    notice = Notice.objects.get(kind="engage.invitation")
    assert notice.recipient == "olwen@example.org"
    assert notice.expires_at == person.invited_at + timedelta(days=7)
    entry = AuditEntry.objects.get(action="person.invited")
    assert (entry.actor, entry.acting_as) == (administrator, "administrator")
    assert entry.reason == "New in the team"
    assert "olwen@" not in f"{entry.before}{entry.after}"


def test_nobody_is_invited_twice(client, administrator):
    make_user(email="olwen@example.org")
    service = make_service()

    answer = client.post("/staff/people/invite/", invitation(services=[service.pk]))

    assert "is in the list of people already" in answer.content.decode()
    assert User.objects.count() == 2
    assert not Notice.objects.exists()


def test_an_officer_without_a_service_is_not_invited(client, administrator):
    answer = client.post("/staff/people/invite/", invitation())

    assert "Choose a service" in answer.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"email": "nobody"},
        {"email": "a\0b@example.org"},
        {"full_name": "x" * 1_000_000},
        {"roles": ["group_member"]},
        {"roles": ["superuser"]},
        {"services": ["9" * 40]},
        {"services": ["\0"]},
        {"reason": ""},
    ],
)
def test_a_bad_invitation_gets_a_sentence(client, administrator, change):
    answer = client.post(
        "/staff/people/invite/",
        invitation(roles=[RoleKind.FINANCE], **change)
        if "roles" not in change
        else invitation(**change),
    )

    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert User.objects.count() == 1


# Roles ----------------------------------------------------------------------------


def test_a_role_that_is_given_works_with_the_next_request(client, administrator):
    person = make_user()
    give = f"/staff/people/{person.pk}/give-role/"

    answer = client.post(give, {"kind": "finance", "reason": "Moved"})

    assert answer.status_code == 302
    assert User.objects.get(pk=person.pk).role_kinds == {RoleKind.FINANCE}
    entry = AuditEntry.objects.get(action="role.given")
    assert entry.after == {"role": "finance"}


def test_losing_a_role_acts_on_the_next_request(client, client_of):
    boss, other = make_user(RoleKind.ADMINISTRATOR), make_user(RoleKind.ADMINISTRATOR)
    theirs, mine = client_of(other), client_of(boss)
    assert theirs.get("/staff/people/").status_code == 200

    answer = mine.post(
        f"/staff/people/{other.pk}/end-role/administrator/", {"reason": "Moved"}
    )

    assert answer.status_code == 302
    assert theirs.get("/staff/people/").status_code == 403


def test_the_last_administrator_stays_one(client, administrator):
    make_user(RoleKind.ADMINISTRATOR, joined_at=None)  # invited, never came
    here = f"/staff/people/{administrator.pk}/end-role/administrator/"

    answer = client.post(here, {"reason": "Tired"})

    assert "This is the last administrator" in answer.content.decode()
    assert administrator.roles.get().ended_at is None
    assert not AuditEntry.objects.exists()


def test_the_last_administrator_cannot_be_switched_off(client, administrator):
    here = f"/staff/people/{administrator.pk}/switch-off/"

    answer = client.post(here, {"reason": "Tired"})

    assert "This is the last administrator" in answer.content.decode()
    assert User.objects.get().is_active


def test_every_change_says_why(client, administrator):
    person = make_user(RoleKind.FINANCE)

    answer = client.post(
        f"/staff/people/{person.pk}/end-role/finance/", {"reason": "  "}
    )

    assert answer.status_code == 200
    assert Role.objects.get(user=person).ended_at is None


def test_services_are_changed_as_a_whole(client, administrator):
    old, new = make_service(name="Libraries"), make_service(name="Parks")
    officer = make_officer(old)

    client.post(
        f"/staff/people/{officer.pk}/services/", {"services": [new.pk], "reason": "x"}
    )

    held = officer.service_posts.filter(ended_at=None)
    assert [post.service for post in held] == [new]
    entry = AuditEntry.objects.get(action="person.services_changed")
    assert entry.before == {"services": ["Libraries"]}
    assert entry.after == {"services": ["Parks"]}


# Signing in -----------------------------------------------------------------------


def test_a_session_dies_with_the_next_request_once_switched_off(client_of):
    boss, person = make_user(RoleKind.ADMINISTRATOR), make_user(RoleKind.FINANCE)
    theirs, mine = client_of(person), client_of(boss)
    assert theirs.get("/staff/account/").status_code == 200

    mine.post(f"/staff/people/{person.pk}/switch-off/", {"reason": "Left"})

    answer = theirs.get("/staff/account/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_who_was_switched_off_can_be_switched_on_again(client, administrator):
    person = make_user(is_active=False)

    client.post(f"/staff/people/{person.pk}/switch-on/", {"reason": "Back"})

    assert User.objects.get(pk=person.pk).is_active
    assert AuditEntry.objects.get().action == "person.switched_on"


# Whom one sees, and the password asked again ----------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [(kind, 200 if kind == "administrator" else 403) for kind in RoleKind.values],
)
def test_only_administrators_invite(client, role, status):
    confirm(client, make_user(role))

    assert client.get("/staff/people/invite/").status_code == status


def test_democratic_services_see_councillors_alone(client):
    councillor, officer = make_user(RoleKind.COUNCILLOR), make_officer()
    confirm(client, make_user(RoleKind.DEMOCRATIC_SERVICES))

    shown = client.get("/staff/people/").content.decode()

    assert councillor.full_name in shown
    assert officer.full_name not in shown
    assert client.get(f"/staff/people/{councillor.pk}/").status_code == 200
    hidden = client.get(f"/staff/people/{officer.pk}/")
    absent = client.get("/staff/people/999999999999999999999999/")
    assert hidden.status_code == absent.status_code == 404


def test_the_password_is_asked_again_before_a_change(client):
    client.force_login(make_user(RoleKind.ADMINISTRATOR))
    person = make_user()

    answer = client.post(
        f"/staff/people/{person.pk}/give-role/", {"kind": "finance", "reason": "x"}
    )

    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not Role.objects.filter(user=person).exists()


def test_what_was_sent_is_done_once_the_password_was_given(client):
    client.force_login(make_user(RoleKind.ADMINISTRATOR))
    person = make_user()
    asked = client.post(
        f"/staff/people/{person.pk}/give-role/", {"kind": "finance", "reason": "x"}
    )

    client.post(asked["Location"], {"password": PASSWORD})

    assert Role.objects.get(user=person).kind == "finance"


def test_the_list_costs_the_same_however_long_it_is(
    client, administrator, assert_same_query_count
):
    make_officer()
    assert_same_query_count("/staff/people/", add_more=make_officer)


def test_the_list_is_searched_and_filtered(client, administrator):
    make_user(RoleKind.FINANCE, full_name="Ada Fenn")
    make_user(RoleKind.FUNDING_OFFICER, full_name="Bo Fenn")

    found = client.get("/staff/people/?q=fenn&role=finance").content.decode()

    assert "Ada Fenn" in found
    assert "Bo Fenn" not in found


@pytest.mark.parametrize(
    "query",
    ["?page=999999999999999999999", "?page=x", "?role=god", "?q=%00", "?q=%ED%A0%80"],
)
def test_a_strange_query_shows_the_list(client, administrator, query):
    assert client.get(f"/staff/people/{query}").status_code == 200


# Terms ----------------------------------------------------------------------------


def test_democratic_services_keep_councillors_terms(client):
    confirm(client, make_user(RoleKind.DEMOCRATIC_SERVICES))
    councillor, ward = make_user(RoleKind.COUNCILLOR), make_ward()
    data = {"ward": ward.pk, "starts": "7/5/2026", "ends": "", "reason": "Elected"}

    answer = client.post(f"/staff/people/{councillor.pk}/terms/add/", data)

    assert answer.status_code == 302
    term = councillor.terms.get()
    assert (term.ward, term.ends) == (ward, None)
    ended = client.post(
        f"/staff/people/{councillor.pk}/terms/{term.pk}/end/",
        {"ends": "31/5/2026", "reason": "Stood down"},
    )
    assert ended.status_code == 302
    term.refresh_from_db()
    assert str(term.ends) == "2026-06-01"
    assert AuditEntry.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"starts": "31/2/2026"},
        {"starts": "1/1/0001"},
        {"ends": "31/12/9999"},
        {"ends": "1/1/2020"},
        {"ward": "x"},
        {"ward": ""},
    ],
)
def test_a_bad_term_gets_a_sentence(client, administrator, change):
    councillor, ward = make_user(RoleKind.COUNCILLOR), make_ward()
    data = {"ward": ward.pk, "starts": "7/5/2026", "ends": "", "reason": "x", **change}

    answer = client.post(f"/staff/people/{councillor.pk}/terms/add/", data)

    assert "There is a problem" in answer.content.decode()
    assert not councillor.terms.exists()


# Handing over ---------------------------------------------------------------------


def test_the_work_of_an_officer_goes_to_a_colleague(client, administrator):
    service = make_service()
    old, new = make_officer(service), make_officer(service)
    moved = [make_consultation(service=service, lead_officer=old) for _ in range(2)]
    done = make_consultation(service=service, lead_officer=old, status="abandoned")

    answer = client.post(
        f"/staff/people/{old.pk}/hand-over/", {"to": new.pk, "reason": "On leave"}
    )

    assert answer.status_code == 302
    for consultation in moved:
        consultation.refresh_from_db()
        assert consultation.lead_officer == new
    done.refresh_from_db()
    assert done.lead_officer == old
    assert AuditEntry.objects.filter(action="consultation.handed_over").count() == 2


def test_work_does_not_go_to_somebody_of_another_service(client, administrator):
    service = make_service(name="Libraries")
    old, stranger = make_officer(service), make_officer()
    consultation = make_consultation(service=service, lead_officer=old)

    answer = client.post(
        f"/staff/people/{old.pk}/hand-over/", {"to": stranger.pk, "reason": "On leave"}
    )

    assert "does not work for Libraries" in answer.content.decode()
    assert Consultation.objects.get(pk=consultation.pk).lead_officer == old
    assert not AuditEntry.objects.exists()


def test_an_administrator_is_not_told_the_titles_of_drafts(client, administrator):
    officer = make_officer()
    make_consultation(title="Closing the baths", lead_officer=officer)

    shown = client.get(f"/staff/people/{officer.pk}/hand-over/").content.decode()

    assert "They lead 1 consultation" in shown
    assert "Closing the baths" not in shown


# Deputies -------------------------------------------------------------------------


def days(first=0, last=7):
    today = timezone.localdate()
    return {
        "first_day": f"{today + timedelta(days=first):%d/%m/%Y}",
        "last_day": f"{today + timedelta(days=last):%d/%m/%Y}",
    }


def test_an_approver_names_a_deputy_who_approves_at_once(client):
    approver, deputy = make_approver(), make_officer()
    client.force_login(approver)

    answer = client.post(
        f"/staff/people/{approver.pk}/deputy/", {"deputy": deputy.pk, **days()}
    )

    assert answer["Location"] == "/staff/account/"
    asked = User.objects.get(pk=deputy.pk)
    assert RoleKind.CONSULTATION_APPROVER in asked.role_kinds
    ended = client.post(
        f"/staff/people/{approver.pk}/deputy/{Deputy.objects.get().pk}/end/"
    )
    assert ended.status_code == 302
    asked = User.objects.get(pk=deputy.pk)
    assert RoleKind.CONSULTATION_APPROVER not in asked.role_kinds
    assert [e.action for e in AuditEntry.objects.order_by("pk")] == [
        "deputy.named",
        "deputy.ended",
    ]


def test_help_for_residents_is_on_their_pages_and_not_on_those_of_staff(client):
    client.force_login(make_approver())

    assert "Get help or answer another way" in client.get("/").content.decode()
    page = client.get("/staff/account/").content.decode()
    assert "Get help or answer another way" not in page


@pytest.mark.parametrize(
    "role",
    [kind for kind in RoleKind if kind not in STAND_INS],
)
def test_who_watches_or_decides_is_no_deputy(client, role):
    approver, other = make_approver(), make_user(role)
    client.force_login(approver)
    path = f"/staff/people/{approver.pk}/deputy/"

    offered = client.get(path).content.decode()
    answer = client.post(path, {"deputy": other.pk, **days()})

    assert other.email not in offered
    assert "There is a problem" in answer.content.decode()
    assert not Deputy.objects.exists()


def test_who_has_not_joined_or_cannot_sign_in_is_no_deputy(client):
    approver = make_approver()
    invited, gone = make_officer(joined_at=None), make_officer(is_active=False)
    able = make_officer()
    client.force_login(approver)

    page = client.get(f"/staff/people/{approver.pk}/deputy/").content.decode()

    assert able.email in page
    assert invited.email not in page
    assert gone.email not in page


def test_a_deputy_who_loses_their_own_role_no_longer_stands_in(client):
    approver, deputy = make_approver(), make_officer()
    client.force_login(approver)
    client.post(f"/staff/people/{approver.pk}/deputy/", {"deputy": deputy.pk, **days()})

    deputy.roles.update(ended_at=timezone.now())

    asked = User.objects.get(pk=deputy.pk)
    assert RoleKind.CONSULTATION_APPROVER not in asked.role_kinds


def test_a_deputy_names_no_deputy(client):
    approver, deputy, third = make_approver(), make_officer(), make_officer()
    client.force_login(approver)
    client.post(f"/staff/people/{approver.pk}/deputy/", {"deputy": deputy.pk, **days()})
    client.force_login(deputy)

    theirs = client.post(
        f"/staff/people/{approver.pk}/deputy/", {"deputy": third.pk, **days(8, 9)}
    )
    own = client.post(
        f"/staff/people/{deputy.pk}/deputy/", {"deputy": third.pk, **days(8, 9)}
    )

    assert theirs.status_code == own.status_code == 404
    assert Deputy.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [days(3, 1), days(-9, -3), {"first_day": "1/1/0001"}, {"last_day": "31/12/9999"}],
)
def test_a_deputy_needs_sensible_days(client, change):
    approver, deputy = make_approver(), make_officer()
    client.force_login(approver)

    answer = client.post(
        f"/staff/people/{approver.pk}/deputy/",
        {"deputy": deputy.pk, **days(), **change},
    )

    assert "There is a problem" in answer.content.decode()
    assert not Deputy.objects.exists()


# The trail ------------------------------------------------------------------------


def test_a_persons_page_tells_what_was_done_in_words(client, administrator):
    person = make_user(full_name="Ada Fenn")
    client.post(
        f"/staff/people/{person.pk}/give-role/", {"kind": "finance", "reason": "Moved"}
    )

    shown = client.get(f"/staff/people/{person.pk}/").content.decode()

    assert "Gave a role" in shown
    assert "Nell Okafor (administrator)" in shown
    assert "Role: Finance" in shown
    assert "Why: Moved" in shown


@pytest.mark.parametrize(
    ("role", "status"),
    [("administrator", 200), ("monitoring_officer", 200), ("finance", 403)],
)
def test_who_reads_the_whole_history(client, role, status):
    client.force_login(make_user(role))

    assert client.get(reverse("engage:history")).status_code == status
