"""When reminders may go: the clock of London, both of its changes, and the limit."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.secret_links import address_key
from council.clock import is_quiet
from council.models import Council
from notices import outbox
from notices.models import Notice, Subscription
from notices.reminders import allowed_moment, within_limit

LONDON = ZoneInfo("Europe/London")
COUNCIL = Council(quiet_from_hour=20, quiet_until_hour=8)


def london(*parts, fold=0):
    return datetime(*parts, tzinfo=LONDON, fold=fold)


@pytest.mark.rule("REM-03", "accepts")
@pytest.mark.parametrize("hour", [8, 12, 19])
def test_a_reminder_goes_out_by_day(hour):
    moment = london(2026, 12, 1, hour, 59)

    assert allowed_moment(moment, COUNCIL) == moment


@pytest.mark.rule("REM-03", "refuses")
@pytest.mark.parametrize(
    ("due", "goes"),
    [
        (london(2026, 12, 1, 20), london(2026, 12, 2, 8)),
        (london(2026, 12, 1, 23, 59), london(2026, 12, 2, 8)),
        (london(2026, 12, 2), london(2026, 12, 2, 8)),
        (london(2026, 12, 2, 7, 59, 59, 999999), london(2026, 12, 2, 8)),
        (london(2026, 12, 31, 21), london(2027, 1, 1, 8)),
        # The night the clocks go forward is an hour shorter …
        (london(2026, 3, 28, 20), london(2026, 3, 29, 8)),
        (datetime(2026, 3, 29, 6, 59, tzinfo=UTC), london(2026, 3, 29, 8)),
        # … and the one they go back an hour longer.
        (london(2026, 10, 24, 20), london(2026, 10, 25, 8)),
        (london(2026, 10, 25, 1, 30, fold=1), london(2026, 10, 25, 8)),
        (datetime(2026, 10, 25, 7, 59, tzinfo=UTC), london(2026, 10, 25, 8)),
    ],
)
def test_a_reminder_due_at_night_waits_for_the_morning(due, goes):
    assert allowed_moment(due, COUNCIL) == goes


def test_the_hours_are_londons_in_summer_too():
    at_seven_utc = datetime(2026, 7, 1, 7, 0, tzinfo=UTC)

    assert allowed_moment(at_seven_utc, COUNCIL) == at_seven_utc  # 8am in London


@pytest.mark.parametrize(
    ("start", "end", "due", "goes"),
    [
        (12, 14, london(2026, 6, 1, 13), london(2026, 6, 1, 14)),
        (0, 6, london(2026, 6, 1, 3), london(2026, 6, 1, 6)),
        (22, 0, london(2026, 6, 1, 23), london(2026, 6, 2)),
        (9, 9, london(2026, 6, 1, 9), london(2026, 6, 1, 9)),
    ],
)
def test_a_council_chooses_its_hours(start, end, due, goes):
    council = Council(quiet_from_hour=start, quiet_until_hour=end)

    assert allowed_moment(due, council) == goes


@given(
    st.integers(0, 3 * 365 * 24 * 60).map(
        lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.integers(0, 23),
    st.integers(0, 23),
)
@example(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 1, 2)
@example(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 0, 1)
def test_the_moment_is_allowed_never_earlier_and_less_than_a_day_later(
    moment, start, end
):
    council = Council(quiet_from_hour=start, quiet_until_hour=end)

    goes = allowed_moment(moment, council)

    assert not is_quiet(goes, quiet_from=start, quiet_until=end)
    assert moment <= goes <= moment + timedelta(hours=25)
    assert allowed_moment(goes, council) == goes


# At most two for one closing date -------------------------------------------------

KINDS = ("consultations.closing_soon",)
CLOSING = "1:closes:2026-12-01"


def follower(address):
    return Subscription.objects.create(
        kind="consultation", key="1", email=address, address_key=address_key(address)
    )


def remind(address, occasion):
    outbox.queue(KINDS[0], to=address, occasion=occasion, payload={})


def still_to_remind(limit=2):
    found = within_limit(
        Subscription.objects.all(), kinds=KINDS, occasion_prefix=CLOSING, limit=limit
    )
    return {row.email for row in found}


@pytest.mark.django_db
@pytest.mark.sqlite
@pytest.mark.rule("REM-03", "refuses")
def test_a_third_reminder_for_one_closing_date_is_not_made():
    for number in (1, 2, 3):
        follower(f"p{number}@example.org")
    remind("p1@example.org", f"{CLOSING}:7")
    for address in ("p2@example.org", "P2@Example.org"):
        remind(address, f"{CLOSING}:7")
        remind(address, f"{CLOSING}:1")
    remind("p3@example.org", "1:closes:2027-01-01:7")
    remind("p3@example.org", "1:closes:2027-01-01:1")

    assert still_to_remind() == {"p1@example.org", "p3@example.org"}
    assert still_to_remind(limit=0) == set()


@pytest.mark.django_db
@pytest.mark.sqlite
def test_a_cancelled_reminder_does_not_count():
    follower("p1@example.org")
    remind("p1@example.org", f"{CLOSING}:7")
    remind("p1@example.org", f"{CLOSING}:1")
    Notice.objects.filter(occasion=f"{CLOSING}:7").update(status="cancelled")

    assert still_to_remind() == {"p1@example.org"}
