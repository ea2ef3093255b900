"""The staff's page over what is sent: who sees what, try again, do not send."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import RoleKind
from accounts.secret_links import address_key
from notices import outbox
from notices.drain import drain
from notices.models import Notice, Suppression
from tests.factories import (
    make_approver,
    make_consultation,
    make_council,
    make_officer,
    make_user,
)

pytestmark = pytest.mark.django_db
Status = Notice.Status


@pytest.fixture(autouse=True)
def _council():
    make_council()


def put(about=None, address="ann@example.org", status=Status.QUEUED, occasion="1"):
    outbox.queue(
        "notices.confirm_alert",
        to=address,
        occasion=occasion,
        payload={"title": "Parks"},
        about=about,
    )
    Notice.objects.filter(occasion=occasion, recipient=address).update(
        status=status, sent_at=timezone.now() if status == Status.SENT else None
    )
    return Notice.objects.get(occasion=occasion, recipient=address)


def test_failures_come_first_and_addresses_are_masked(client):
    client.force_login(make_approver())
    put(address="failed@example.org", status=Status.FAILED)
    put(address="waiting@example.org")

    page = client.get("/staff/outbox/").content.decode()

    assert page.index("f…@example.org") < page.index("w…@example.org")
    assert "failed@" not in page


def test_the_list_is_filtered_by_status(client):
    client.force_login(make_approver())
    put(address="failed@example.org", status=Status.FAILED)
    put(address="waiting@example.org")

    page = client.get("/staff/outbox/?status=failed").content.decode()

    assert "f…@example.org" in page
    assert "w…@example.org" not in page


@pytest.mark.parametrize(
    "query", ["status=nonsense", "page=0", "page=999999999999", "page=x&status=%00"]
)
def test_a_strange_query_is_no_error(client, query):
    client.force_login(make_approver())
    put()

    assert client.get(f"/staff/outbox/?{query}").status_code == 200


def test_an_officer_sees_what_their_own_services_send(client):
    own = make_consultation()
    other = make_consultation()
    put(own, "own@example.org")
    foreign = put(other, "foreign@example.org")
    nobodys = put(None, "nobodys@example.org")
    client.force_login(own.lead_officer)

    page = client.get("/staff/outbox/").content.decode()

    assert "o…@example.org" in page
    assert own.title in page
    assert "f…@example.org" not in page
    assert "n…@example.org" not in page
    for notice in (foreign, nobodys):
        assert client.post(f"/staff/outbox/{notice.pk}/abort/").status_code == 404
    assert client.post("/staff/outbox/999999/abort/").status_code == 404
    assert not Notice.objects.filter(status=Status.CANCELLED).exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (RoleKind.SERVICE_OFFICER, 200),
        (RoleKind.CONSULTATION_APPROVER, 200),
        (RoleKind.ADMINISTRATOR, 200),
        (RoleKind.EQUALITIES_OFFICER, 403),
        (RoleKind.FINANCE, 403),
        (RoleKind.COUNCILLOR, 403),
        (RoleKind.MONITORING_OFFICER, 403),
        (RoleKind.GROUP_MEMBER, 403),
    ],
)
def test_who_may_open_the_outbox(client, role, status):
    notice = put()
    client.force_login(make_user(role))

    assert client.get("/staff/outbox/").status_code == status
    for act in ("retry", "abort", "allow"):
        answer = client.post(f"/staff/outbox/{notice.pk}/{act}/").status_code
        assert answer in ({403} if status == 403 else {302, 404})


def test_nobody_sees_it_without_signing_in(client):
    assert client.get("/staff/outbox/").status_code == 302


def test_a_failed_message_is_tried_again_and_the_trail_says_so(client):
    consultation = make_consultation()
    notice = put(consultation, status=Status.FAILED)
    Notice.objects.update(attempts=18)
    client.force_login(consultation.lead_officer)

    client.post(f"/staff/outbox/{notice.pk}/retry/")
    drain(timezone.now())

    assert len(mail.outbox) == 1
    entry = AuditEntry.objects.get(action="notice.retried")
    assert (entry.actor, entry.acting_as) == (
        consultation.lead_officer,
        RoleKind.SERVICE_OFFICER,
    )
    assert entry.about_id == str(consultation.pk)
    assert entry.before == {"status": "failed"}


def test_a_waiting_message_is_kept_from_being_sent(client):
    notice = put()
    client.force_login(make_approver())

    client.post(f"/staff/outbox/{notice.pk}/abort/")
    drain(timezone.now())

    assert mail.outbox == []
    assert AuditEntry.objects.filter(action="notice.aborted").count() == 1


@pytest.mark.parametrize(
    ("act", "status"),
    [("retry", Status.SENT), ("retry", Status.QUEUED), ("abort", Status.SENT)],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(client, act, status):
    notice = put(status=status)
    client.force_login(make_approver())

    response = client.post(f"/staff/outbox/{notice.pk}/{act}/", follow=True)

    assert "This message is" in response.content.decode()
    notice.refresh_from_db()
    assert notice.status == status
    assert not AuditEntry.objects.filter(action__startswith="notice.").exists()


def test_a_purged_message_cannot_be_tried_again(client):
    notice = put(status=Status.FAILED)
    Notice.objects.update(recipient="", payload={})
    client.force_login(make_approver())

    response = client.post(f"/staff/outbox/{notice.pk}/retry/", follow=True)

    assert "too old" in response.content.decode()
    assert Notice.objects.get().status == Status.FAILED


def test_a_failed_message_whose_link_is_gone_says_why_it_cannot_be_tried(client):
    notice = put(status=Status.FAILED)
    Notice.objects.update(payload={"title": "x", "forget_subject": True})
    client.force_login(make_approver())

    page = client.get("/staff/outbox/").content.decode()
    refused = client.post(f"/staff/outbox/{notice.pk}/retry/", follow=True)

    assert "Its private link was deleted when it failed" in page
    assert "Try again" not in page
    assert "private link is not kept" in refused.content.decode()
    assert Notice.objects.get().status == Status.FAILED


def test_an_address_that_refused_is_allowed_again_before_a_retry(client):
    notice = put(status=Status.FAILED)
    Suppression.objects.create(address_key=address_key("ann@example.org"), reason="550")
    client.force_login(make_approver())

    refused = client.post(f"/staff/outbox/{notice.pk}/retry/", follow=True)
    assert "Allow it again first" in refused.content.decode()
    assert Notice.objects.get().status == Status.FAILED

    client.post(f"/staff/outbox/{notice.pk}/allow/")
    client.post(f"/staff/outbox/{notice.pk}/retry/")
    drain(timezone.now())
    assert len(mail.outbox) == 1
    assert AuditEntry.objects.filter(action="notice.address_allowed").exists()


def test_the_list_costs_the_same_for_more_rows(client, assert_same_query_count):
    client.force_login(make_approver())
    numbers = iter(range(100))
    put(make_consultation(), occasion="first")

    assert_same_query_count(
        "/staff/outbox/",
        lambda: put(make_consultation(), occasion=f"x{next(numbers)}"),
    )


@pytest.mark.parametrize("address", ["", "5/retry/"])
def test_looking_changes_nothing(client, address):
    put()
    client.force_login(make_approver())
    before = list(Notice.objects.values())

    client.get(f"/staff/outbox/{address}")

    assert list(Notice.objects.values()) == before


# Mail in files --------------------------------------------------------------------

FILES = "django.core.mail.backends.filebased.EmailBackend"


def test_mail_in_files_is_shown_newest_first(client, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = FILES, tmp_path
    put(address="first@example.org")
    put(address="second@example.org")
    drain(timezone.now())
    client.force_login(make_user(RoleKind.ADMINISTRATOR))

    page = client.get("/staff/mail/").content.decode()

    assert page.index("second@example.org") < page.index("first@example.org")
    assert "“Parks”" in page


def test_without_a_folder_there_is_no_mail_yet(client, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = FILES, tmp_path / "none"
    client.force_login(make_user(RoleKind.ADMINISTRATOR))

    assert "No email" in client.get("/staff/mail/").content.decode()


def test_only_administrators_read_mail_files_but_all_staff_of_a_demonstration(
    client, settings, tmp_path
):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = FILES, tmp_path
    client.force_login(make_officer())
    assert client.get("/staff/mail/").status_code == 403

    make_council(is_demonstration=True)
    assert client.get("/staff/mail/").status_code == 200


@pytest.mark.parametrize("where", ["/staff/outbox/", "/staff/"])
def test_mail_in_files_is_found_by_who_may_read_it(client, settings, tmp_path, where):
    link = 'href="/staff/mail/"'
    client.force_login(make_user(RoleKind.ADMINISTRATOR))
    assert link not in client.get(where).content.decode()

    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = FILES, tmp_path
    assert link in client.get(where).content.decode()
    client.force_login(make_officer())
    assert link not in client.get(where).content.decode()
    make_council(is_demonstration=True)
    assert link in client.get(where).content.decode()


def test_where_mail_is_sent_there_is_no_page_of_files(client):
    client.force_login(make_user(RoleKind.ADMINISTRATOR))

    assert client.get("/staff/mail/").status_code == 404


# allauth's mail -------------------------------------------------------------------


def test_a_new_password_is_asked_for_through_the_outbox(client, settings):
    settings.BASE_URL = "https://engage.example"
    person = make_user(RoleKind.ADMINISTRATOR, email="ann@example.org")

    client.post(
        "/accounts/password/reset/",
        {"email": person.email},
        headers={"host": "testserver"},
    )
    assert mail.outbox == []
    drain(timezone.now())

    [message] = mail.outbox
    assert message.to == ["ann@example.org"]
    assert "https://engage.example/accounts/password/reset/key/" in message.body
    assert "testserver" not in message.body
    assert Notice.objects.get().payload == {}


def test_a_message_that_has_forgotten_its_link_is_not_tried_again(client):
    client.force_login(make_approver())
    notice = put(status=Status.FAILED)
    Notice.objects.filter(pk=notice.pk).update(payload={})

    page = client.get("/staff/outbox/").content.decode()
    answer = client.post(f"/staff/outbox/{notice.pk}/retry/", follow=True)

    assert "Try again" not in page
    assert "its private link is not kept" in answer.content.decode()
    notice.refresh_from_db()
    assert notice.status == Status.FAILED


@pytest.mark.parametrize("kind", ["administrator", "consultation_approver"])
def test_what_a_message_is_about_leads_to_a_page_that_opens(client, kind):
    """A draft has no public page; administrators read its history only."""
    client.force_login(make_user(kind))
    consultation = make_consultation(title="Library hours")
    put(about=consultation)

    page = client.get("/staff/outbox/").content.decode()

    link = re.search(r'href="([^"]+)">Library hours<', page).group(1)
    assert client.get(link).status_code == 200
