"""Dates, times, money and numbers as people write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design import formats
from design.templatetags import words as filters


def test_a_day_is_written_without_a_leading_zero():
    assert formats.day(date(2026, 12, 1)) == "1 December 2026"
    assert formats.day(None) == ""


@pytest.mark.parametrize(
    ("utc", "words"),
    [
        (datetime(2026, 12, 1, 23, 59, tzinfo=UTC), "1 December 2026 at 11:59pm"),
        (datetime(2026, 7, 1, 22, 59, tzinfo=UTC), "1 July 2026 at 11:59pm"),
        (datetime(2026, 12, 1, 17, 30, tzinfo=UTC), "1 December 2026 at 5:30pm"),
        (datetime(2026, 12, 1, 10, 0, tzinfo=UTC), "1 December 2026 at 10am"),
        (datetime(2026, 12, 1, 12, 0, tzinfo=UTC), "1 December 2026 at noon"),
        (datetime(2026, 12, 1, 0, 0, tzinfo=UTC), "1 December 2026 at 12:00am"),
        (datetime(2026, 12, 1, 12, 5, tzinfo=UTC), "1 December 2026 at 12:05pm"),
        # The hour that comes twice when the clocks go back, and the one that never is.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25 October 2026 at 1:30am"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25 October 2026 at 1:30am"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "28 March 2027 at 2am"),
    ],
)
def test_a_moment_is_london_time(utc, words):
    assert formats.moment(utc) == words


@pytest.mark.parametrize(
    ("utc", "words"),
    [
        (datetime(2026, 12, 2, 0, 0, tzinfo=UTC), "1 December 2026 at 11:59pm"),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), "1 July 2026 at 11:59pm"),
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), "25 October 2026 at 11:59pm"),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), "25 October 2026 at 11pm"),
        (datetime(2026, 10, 26, 0, 0, tzinfo=UTC), "25 October 2026 at 11:59pm"),
        (datetime(2027, 3, 28, 23, 0, tzinfo=UTC), "28 March 2027 at 11:59pm"),
        (datetime(2026, 12, 1, 17, 0, tzinfo=UTC), "1 December 2026 at 5pm"),
    ],
)
def test_what_closes_at_midnight_closes_at_the_end_of_the_day_before(utc, words):
    assert formats.closing(utc) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(1250, "1,250"), (0, "0"), (None, ""), (1.5, "1.5"), (Decimal("2.0"), "2")],
)
def test_numbers_have_commas(value, words):
    assert formats.number(value) == words
    assert filters.number(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (450, "£450"),
        (Decimal("1250.50"), "£1,250.50"),
        (Decimal("1250.00"), "£1,250"),
        (1_200_000, "£1.2 million"),
        (1_234_567, "£1,234,567"),
        (10_000_000, "£10 million"),
        (-200, "£200 over"),
        (0, "£0"),
        (None, ""),
    ],
)
def test_money_is_written_as_people_say_it(value, words):
    assert formats.pounds(value) == words


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_a_percentage_is_the_share_rounded_half_up(count, total):
    exact = Decimal(100) * count / total

    assert abs(formats.percent(count, total) - exact) <= Decimal("0.5")


def test_a_share_is_never_a_percentage_alone():
    assert formats.share(126, 280) == "45% (126 of 280)"
    assert formats.percent(0, 0) == 0


@pytest.mark.parametrize("odd", ["", "text", [], object(), float("nan"), 10**40])
def test_a_filter_given_something_odd_does_not_break_the_page(odd):
    filters.number(odd)
    filters.pounds(odd)
    assert filters.day(odd) == ""
    assert filters.moment(odd) == ""
    assert filters.closing(odd) == ""
