"""Sending: each message once, whoever dies, refuses or is slow."""

import smtplib
import threading
from datetime import datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection, connections
from django.utils import timezone

from accounts.secret_links import address_key, make_token
from council.models import Council
from notices import drain as draining
from notices import outbox
from notices.drain import MAX_ATTEMPTS, claim, drain, lease, pause
from notices.letters import Writer
from notices.models import Notice, Suppression
from tests.factories import make_council

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
Status = Notice.Status
NOON = datetime(2026, 12, 1, 12, tzinfo=ZoneInfo("Europe/London"))


@pytest.fixture(autouse=True)
def _council():
    make_council(email="haveyoursay@fernshire.example")


def put(*addresses, **fields):
    for address in addresses or ("ann@example.org",):
        outbox.queue(
            fields.get("kind", "notices.confirm_alert"),
            to=address,
            occasion=fields.get("occasion", "1"),
            payload=fields.get("payload", {"title": "Parks & gardens"}),
            **{
                name: value
                for name, value in fields.items()
                if name not in {"kind", "occasion", "payload"}
            },
        )
    return Notice.objects.order_by("pk").last()


def statuses():
    return dict(Notice.objects.values_list("recipient", "status"))


# What is sent -------------------------------------------------------------------


def test_a_message_has_both_parts_and_says_who_it_is_from():
    put(payload={"title": "Parks & gardens"})

    assert drain(timezone.now()) == 1

    [message] = mail.outbox
    assert message.to == ["ann@example.org"]
    assert message.from_email.startswith("Fernshire Council Have your say <")
    assert message.reply_to == ["haveyoursay@fernshire.example"]
    assert "“Parks & gardens”" in message.body
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    assert "“Parks &amp; gardens”" in html
    assert 'lang="en-gb" dir="ltr"' in html
    assert Notice.objects.get().status == Status.SENT
    assert drain(timezone.now()) == 0


def test_links_are_made_when_it_is_sent_and_never_stored(settings):
    settings.BASE_URL = "https://engage.example"
    notice = put(
        payload={
            "title": "Buses",
            "links": {"confirm": {"path": "/alerts/", "purpose": "alert"}},
            "pages": {"page": "/consultations/buses/"},
        },
        subject_id="abc-1",
        subject_generation=3,
    )

    drain(timezone.now())

    token = make_token("alert", "abc-1", 3)
    assert f"https://engage.example/alerts/{token}/" in mail.outbox[0].body
    assert "https://engage.example/consultations/buses/" in mail.outbox[0].body
    notice.refresh_from_db()
    assert token not in str(notice.payload)
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers


def test_an_alert_can_be_stopped_from_the_mail_program(settings):
    settings.BASE_URL = "https://engage.example"
    put(
        payload={
            "title": "Buses",
            "links": {
                "confirm": {"path": "/alerts/", "purpose": "alert"},
                "stop": {"path": "/alerts/stop/", "purpose": "stop-alert"},
            },
        },
        subject_id="abc",
        subject_generation=1,
    )

    drain(timezone.now())

    headers = mail.outbox[0].extra_headers
    token = make_token("stop-alert", "abc", 1)
    address = f"https://engage.example/alerts/stop/{token}/"
    assert headers["List-Unsubscribe"] == f"<{address}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in mail.outbox[0].body


def test_a_repeat_has_the_same_message_id():
    notice = put()
    drain(timezone.now())
    Notice.objects.filter(pk=notice.pk).update(status=Status.QUEUED)
    drain(timezone.now())

    first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == second


def test_a_receipt_forgets_whose_answer_it_was_of():
    put(
        payload={"title": "x", "forget_subject": True},
        subject_id="response-1",
    )

    drain(timezone.now())

    assert Notice.objects.get().subject_id == ""


def test_a_text_with_a_link_in_it_is_forgotten_once_sent():
    put(
        kind="notices.account_mail",
        payload={"subject_line": "Hi", "text": "secret", "forget_payload": True},
    )

    drain(timezone.now())

    assert "secret" in mail.outbox[0].body
    assert Notice.objects.get().payload == {}


def test_what_is_not_due_waits():
    put(due_at=NOON + timedelta(hours=1))

    assert drain(NOON) == 0
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        assert drain(NOON + timedelta(hours=1)) == 1


def test_a_reminder_that_comes_too_late_is_not_sent():
    put(expires_at=timezone.now() - timedelta(seconds=1))

    assert drain(timezone.now()) == 0
    assert Notice.objects.get().status == Status.EXPIRED
    assert mail.outbox == []


def test_an_address_that_refuses_mail_gets_nothing_more():
    Suppression.objects.create(
        address_key=address_key("ANN@example.org"), reason="550 no such user"
    )
    put("ann@example.org", "bob@example.org")

    drain(timezone.now())

    assert statuses() == {"ann@example.org": "suppressed", "bob@example.org": "sent"}
    assert [message.to for message in mail.outbox] == [["bob@example.org"]]


def test_doing_nothing_is_one_query(django_assert_num_queries):
    put(due_at=timezone.now() + timedelta(days=1))

    with django_assert_num_queries(1):
        assert drain(timezone.now()) == 0


def test_in_quiet_hours_what_keeps_them_waits_and_all_else_goes():
    put("ann@example.org", payload={"title": "x", "keep_quiet": True})
    put("bob@example.org")
    night = NOON.replace(hour=23)
    Notice.objects.update(due_at=NOON)

    with time_machine.travel(night, tick=False) as clock:
        assert drain(night) == 1
        assert statuses() == {"ann@example.org": "queued", "bob@example.org": "sent"}
        waiting = Notice.objects.get(recipient="ann@example.org")
        morning = (night + timedelta(days=1)).replace(hour=8)
        assert (waiting.due_at, waiting.attempts, waiting.claim) == (morning, 0, "")
        clock.move_to(morning)
        assert drain(morning) == 1


def test_a_reminder_that_is_too_late_in_the_morning_is_not_sent():
    night = NOON.replace(hour=23)
    put(
        payload={"title": "x", "keep_quiet": True},
        due_at=NOON,
        expires_at=NOON.replace(hour=23, minute=59),
    )

    for moment in (night, night + timedelta(hours=9)):
        with time_machine.travel(moment, tick=False):
            assert drain(moment) == 0

    assert Notice.objects.get().status == Status.EXPIRED


# What goes wrong ----------------------------------------------------------------


def test_a_row_that_cannot_be_written_blocks_no_other(caplog):
    put("first@example.org")
    put("bad@example.org", kind="notices.there_is_none")
    put("broken@example.org", payload={"links": {"confirm": {}}}, occasion="2")
    put("last@example.org")

    drain(timezone.now())

    assert statuses() == {
        "first@example.org": "sent",
        "bad@example.org": "failed",
        "broken@example.org": "failed",
        "last@example.org": "sent",
    }
    assert "example.org" not in caplog.text


@pytest.mark.parametrize("address", ["a@b\nBcc: c@example.org", "@"])
def test_an_impossible_address_fails_and_blocks_no_other(address, mailbox):
    put(address, "last@example.org")

    drain(timezone.now())

    assert Notice.objects.order_by("pk").first().status == Status.FAILED
    assert Notice.objects.order_by("pk").last().status == Status.SENT


def test_an_unexpected_crash_gives_the_rest_back_at_once():
    put("bad@example.org", "good@example.org")
    whole = Writer.letter

    def letter(self, row):
        if row.recipient == "bad@example.org":
            raise ZeroDivisionError
        return whole(self, row)

    with mock.patch.object(Writer, "letter", letter):
        with pytest.raises(ZeroDivisionError):
            drain(timezone.now())
        assert drain(timezone.now()) == 1

    assert statuses() == {"bad@example.org": "inflight", "good@example.org": "sent"}


def test_a_row_that_kills_its_worker_is_parked_in_the_end():
    put("bad@example.org", "good@example.org")
    now = timezone.now()

    with time_machine.travel(now, tick=False) as clock:
        for _death in range(MAX_ATTEMPTS + 5):
            batch = claim(timezone.now())
            if {row.recipient for row in batch} == {"good@example.org"}:
                draining._mark(batch[0], status=Status.SENT, sent_at=timezone.now())
            clock.shift(lease() + timedelta(seconds=1))
        with mock.patch.object(Writer, "letter", side_effect=SystemExit):
            drain(timezone.now())

    assert statuses() == {"bad@example.org": "failed", "good@example.org": "sent"}


def test_a_permanent_refusal_is_recorded_and_suppresses_the_address(mailbox, caplog):
    mailbox.answers["gone@example.org"] = "550 5.1.1 <gone@example.org> unknown"
    put("gone@example.org", "ann@example.org")

    drain(timezone.now())

    notice = Notice.objects.get(recipient="gone@example.org")
    assert notice.status == Status.FAILED
    assert notice.error.startswith("550")
    assert "gone@" not in notice.error
    assert "gone@" not in caplog.text
    assert Suppression.objects.get().address_key == address_key("gone@example.org")
    assert len(mailbox.to("ann@example.org")) == 1


def test_a_temporary_refusal_is_tried_again_later_and_later(mailbox):
    mailbox.answers["slow@example.org"] = "450 4.2.0 greylisted"
    put("slow@example.org")
    now = timezone.now()

    with time_machine.travel(now, tick=False) as clock:
        drain(timezone.now())
        notice = Notice.objects.get()
        assert (notice.status, notice.attempts) == (Status.RETRY, 1)
        assert notice.due_at == now + timedelta(minutes=1)
        assert drain(timezone.now()) == 0
        clock.shift(timedelta(minutes=1))
        drain(timezone.now())
        notice.refresh_from_db()
        assert notice.due_at == now + timedelta(minutes=3)
        del mailbox.answers["slow@example.org"]
        clock.shift(timedelta(minutes=2))
        drain(timezone.now())

    notice.refresh_from_db()
    assert notice.status == Status.SENT
    assert not Suppression.objects.exists()


def test_tries_come_to_an_end(mailbox):
    mailbox.answers["slow@example.org"] = "450 4.2.0 greylisted"
    put("slow@example.org")

    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _try in range(MAX_ATTEMPTS):
            drain(timezone.now())
            clock.shift(timedelta(hours=4))

    notice = Notice.objects.get()
    assert (notice.status, notice.attempts) == (Status.FAILED, MAX_ATTEMPTS)
    assert not Suppression.objects.exists()


def test_pauses_grow_to_four_hours():
    minutes = [pause(attempt).total_seconds() / 60 for attempt in range(1, 12)]

    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240]


def test_an_outage_of_the_mail_server_is_no_messages_fault(settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    put("ann@example.org", "bob@example.org")

    assert drain(timezone.now()) == 0

    for notice in Notice.objects.all():
        assert (notice.status, notice.attempts) == (Status.RETRY, 0)
        assert notice.due_at > timezone.now()
    assert "cannot be reached" in caplog.text


def test_the_connection_is_kept_and_opened_again_after_a_hundred(mailbox):
    opened = []
    connect = smtplib.SMTP.connect

    def counted(self, *args, **kwargs):
        opened.append(1)
        return connect(self, *args, **kwargs)

    put(*(f"p{number}@example.org" for number in range(120)))
    with mock.patch.object(smtplib.SMTP, "connect", counted):
        drain(timezone.now())

    assert len(mailbox) == 120
    assert len(opened) == 2


def test_a_connection_that_breaks_loses_and_doubles_nothing(mailbox):
    put(*(f"p{number}@example.org" for number in range(5)))
    whole = smtplib.SMTP.data
    calls = []

    def breaks(self, text):
        calls.append(text)
        if len(calls) == 3:
            raise smtplib.SMTPServerDisconnected("gone")
        return whole(self, text)

    with (
        time_machine.travel(timezone.now(), tick=False) as clock,
        mock.patch.object(smtplib.SMTP, "data", breaks),
    ):
        drain(timezone.now())
        assert len(mailbox) == 4
        clock.shift(timedelta(minutes=1))
        drain(timezone.now())

    assert sorted(message["To"] for message in mailbox) == [
        f"p{number}@example.org" for number in range(5)
    ]


@pytest.mark.django_db(transaction=True)
def test_a_mark_is_made_where_a_pooler_hands_out_another_session(mailbox):
    make_council()
    put("ann@example.org")
    drain(timezone.now())
    if connection.vendor == "postgresql":
        connection.cursor().execute("DEALLOCATE ALL")
    put("bob@example.org")
    drain(timezone.now())
    draining._planned.clear()
    if connection.vendor == "postgresql":
        connection.cursor().execute(draining.PLAN)
    put("cyd@example.org")

    assert drain(timezone.now()) == 1

    assert set(statuses().values()) == {"sent"}
    assert len(mailbox) == 3


def test_a_mail_is_marked_before_any_of_the_next_one_goes(mailbox):
    put(*(f"p{number}@example.org" for number in range(5)))
    whole = smtplib.SMTP.data
    unmarked = []

    def looks(self, text):
        unmarked.append(Notice.objects.filter(status="inflight").count())
        return whole(self, text)

    with mock.patch.object(smtplib.SMTP, "data", looks):
        drain(timezone.now())

    assert unmarked == [5, 4, 3, 2, 1]


def test_a_mail_is_marked_though_the_next_one_goes_wrong(mailbox):
    mailbox.answers["gone@example.org"] = "550 5.1.1 unknown"
    put("ann@example.org", "gone@example.org", "bob@example.org")
    put("bad@example.org", kind="notices.there_is_none")

    assert drain(timezone.now()) == 2

    assert statuses() == {
        "ann@example.org": "sent",
        "gone@example.org": "failed",
        "bob@example.org": "sent",
        "bad@example.org": "failed",
    }


def test_a_lease_that_expires_is_claimed_again_and_the_first_worker_fenced_off(caplog):
    put()
    now = timezone.now()

    with time_machine.travel(now, tick=False) as clock:
        [first] = claim(now)
        assert claim(now) == []
        clock.shift(lease() + timedelta(seconds=1))
        [second] = claim(timezone.now())
    draining._mark(first, status=Status.FAILED, error="late")

    notice = Notice.objects.get()
    assert (first.pk, second.attempts) == (second.pk, 2)
    assert notice.status == Status.INFLIGHT
    assert "taken by another worker" in caplog.text


def test_no_sending_begins_that_the_lease_does_not_cover():
    put(*(f"p{number}@example.org" for number in range(3)))

    short = draining.longest_send() - timedelta(seconds=1)
    with mock.patch.object(draining, "lease", return_value=short):
        batch = claim(timezone.now())
        assert draining._Round(batch, draining.Post(), Writer(Council())).send() == 0

    assert set(statuses().values()) == {"queued"}
    assert set(Notice.objects.values_list("attempts", flat=True)) == {0}


def test_a_lease_is_at_least_twice_the_longest_send(settings):
    settings.EMAIL_TIMEOUT = 15

    assert lease() >= 2 * draining.longest_send()


def test_a_message_that_is_done_with_keeps_no_link_whatever_became_of_it(mailbox):
    mailbox.answers["gone@example.org"] = "550 5.1.1 unknown"
    Suppression.objects.create(address_key=address_key("full@example.org"), reason="-")
    secret = {
        "kind": "notices.account_mail",
        "payload": {
            "subject_line": "Hi",
            "text": "secret",
            "forget_payload": True,
            "forget_subject": True,
        },
        "subject_id": "response-1",
    }
    put("gone@example.org", "full@example.org", "often@example.org", **secret)
    put("late@example.org", expires_at=NOON - timedelta(days=999), **secret)
    put("bad@example.org", **{**secret, "kind": "notices.there_is_none"})
    Notice.objects.filter(recipient="often@example.org").update(attempts=MAX_ATTEMPTS)

    drain(timezone.now())
    drain(timezone.now())

    assert statuses() == {
        "gone@example.org": "failed",
        "full@example.org": "suppressed",
        "often@example.org": "failed",
        "late@example.org": "expired",
        "bad@example.org": "failed",
    }
    for notice in Notice.objects.all():
        assert (notice.payload, notice.subject_id) == ({}, ""), notice.recipient
        assert not notice.can_be_retried


def test_a_message_that_is_tried_again_keeps_what_it_says(mailbox):
    mailbox.answers["slow@example.org"] = "450 4.2.0 greylisted"
    put("slow@example.org", payload={"title": "x", "forget_payload": True})

    drain(timezone.now())

    assert Notice.objects.get().payload["title"] == "x"


# Several at once ----------------------------------------------------------------


def in_threads(*works):
    barrier = threading.Barrier(len(works))
    errors = []

    def run(work):
        try:
            barrier.wait()
            work()
        except BaseException as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_four_drains_at_once_send_each_message_once(mailbox):
    make_council()
    addresses = [f"p{number}@example.org" for number in range(300)]
    put(*addresses)
    now = timezone.now()

    in_threads(*[lambda: drain(now)] * 4)

    assert sorted(message["To"] for message in mailbox) == sorted(addresses)
    assert set(statuses().values()) == {"sent"}


@pytest.mark.django_db(transaction=True)
def test_two_lists_queued_at_once_make_one():
    make_council()
    barrier = threading.Barrier(2)
    made = []

    def queue_all(addresses):
        barrier.wait()
        made.extend(
            outbox.queue("x.y", to=address, occasion="1", payload={})
            for address in addresses
        )

    addresses = [f"p{number}@example.org" for number in range(50)]
    in_threads(lambda: queue_all(addresses), lambda: queue_all(addresses[::-1]))

    assert made.count(True) == Notice.objects.count() == 50


# Written once for many ------------------------------------------------------------


def parts_of(message):
    return {
        "to": message["To"],
        "from": message["From"],
        "subject": message["Subject"],
        "reply": message["Reply-To"],
        "id": message["Message-ID"],
        "stop": message["List-Unsubscribe"].strip(),  # folded, or not
        "text": message.get_body(("plain",)).get_content(),
        "html": message.get_body(("html",)).get_content(),
    }


@pytest.mark.parametrize(
    "title", ["Parks & gardens", "Cŵn £5 – “dogs”", "x" * 1500, ".\n.\r\n..", "ü" * 400]
)
def test_a_letter_written_once_for_many_is_the_same_as_one_written_for_each(
    mailbox, title
):
    stop = {"path": "/alerts/stop/", "purpose": "stop-alert"}
    payload = {"title": title, "links": {"stop": stop, "confirm": stop}}
    for name in ("ann", "bob", "ann+bob_c.d-e"):
        put(f"{name}@example.org", payload=payload, subject_id=f"s-{name}")
    drain(timezone.now())
    quick = [parts_of(message) for message in mailbox]
    mailbox.clear()
    Notice.objects.update(status=Status.QUEUED)

    with mock.patch("notices.letters._on_the_wire", return_value=""):
        drain(timezone.now())

    assert quick == [parts_of(message) for message in mailbox]
    assert len({parts["stop"] for parts in quick}) == 3


@pytest.mark.parametrize("address", ["o'brien@example.org", "a/b=c@example.org"])
def test_an_unusual_address_gets_its_message_too(mailbox, address):
    put(address)

    assert drain(timezone.now()) == 1
    assert len(mailbox.to(address)) == 1
