"""The superuser runs the machine and has no business powers."""

import inspect

import pytest

from accounts import permissions as people
from accounts.models import AuditEntry, Role, User
from accounts.roles import RoleKind
from consultations import permissions as consultations
from consultations.models import Consultation
from council import permissions as council
from notices import outbox
from notices.models import Notice
from portfolios import permissions as portfolios
from tests.factories import make_consultation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser():
    return make_user(is_staff=True, is_superuser=True)


def test_a_superuser_may_do_nothing_with_a_consultation(superuser):
    consultation = make_consultation()
    powers = {
        name: can for name, can in vars(consultations).items() if name[:4] == "can_"
    }

    allowed = []
    for name, can in powers.items():
        about = [consultation][: len(inspect.signature(can).parameters) - 1]
        if can(superuser, *about):
            allowed.append(name)

    assert powers
    assert allowed == []
    assert not Consultation.objects.visible_to(superuser).exists()


@pytest.mark.parametrize("module", [people, council, portfolios])
def test_a_superuser_may_do_nothing_with_people_and_settings(superuser, module):
    names = [
        name
        for name in dir(module)
        if name.startswith("can_") and name != "can_name_deputy"
    ]

    assert names
    assert [name for name in names if getattr(module, name)(superuser)] == []
    assert not people.can_name_deputy(superuser, make_user("consultation_approver"))


@pytest.mark.parametrize(
    "path",
    [
        "/staff/",
        "/staff/people/",
        "/staff/council/",
        "/staff/history/",
        "/staff/status/",
        "/staff/consultations/",
    ],
)
def test_no_staff_page_opens_for_a_superuser(client, superuser, path):
    client.force_login(superuser)

    assert client.get(path).status_code == 403


def test_the_admin_shows_and_changes_nothing(client, superuser):
    client.force_login(superuser)
    person = make_user(RoleKind.FINANCE)
    role = Role.objects.get()

    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/accounts/user/").status_code == 200
    assert client.get(f"/admin/accounts/user/{person.pk}/change/").status_code == 200
    for path in (
        "/admin/accounts/role/add/",
        f"/admin/accounts/role/{role.pk}/delete/",
        f"/admin/accounts/user/{person.pk}/delete/",
    ):
        assert client.post(path, {"post": "yes"}).status_code in {403, 404}
    answer = client.post(
        f"/admin/accounts/user/{superuser.pk}/change/", {"full_name": "Root"}
    )
    assert answer.status_code == 403
    assert User.objects.get(pk=superuser.pk).full_name != "Root"
    assert Role.objects.get() == role
    assert not AuditEntry.objects.exists()


def test_the_admin_shows_the_outbox_without_addresses_words_or_links(client, superuser):
    outbox.queue(
        "notices.account_mail",
        to="ann@example.org",
        occasion="1",
        payload={"subject_line": "Your link", "text": "https://portal/reset/secret/"},
        subject_id="response-7",
    )
    notice = Notice.objects.get()
    client.force_login(superuser)

    listed = client.get("/admin/notices/notice/").content.decode()
    one = client.get(f"/admin/notices/notice/{notice.pk}/change/").content.decode()

    assert "Account mail" in listed
    assert "a…@example.org" in one
    for page in (listed, one):
        assert "ann@example.org" not in page
        assert "secret" not in page
        assert "response-7" not in page
    for act in ("change", "delete"):
        path = f"/admin/notices/notice/{notice.pk}/{act}/"
        assert (
            client.post(path, {"post": "yes", "status": "cancelled"}).status_code == 403
        )
    assert client.post(f"/staff/outbox/{notice.pk}/abort/").status_code == 403
    assert Notice.objects.get().status == "queued"


def test_the_admin_has_no_sign_in_of_its_own(client):
    answer = client.get("/admin/login/?next=/admin/")

    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("role", ["administrator", "consultation_approver"])
def test_staff_who_do_not_run_the_machine_see_no_admin(client, role):
    client.force_login(make_user(role))

    assert client.get("/admin/", follow=True).status_code == 403
