"""What officers type into the fields of their pages."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.feedback.forms import AskForm
from consultations.forms.dates import clock_time
from council.clock import LONDON
from design import formats


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10am", time(10)),
        ("10 am", time(10)),
        ("10.30am", time(10, 30)),
        ("10:30", time(10, 30)),
        (" 5.30  P.M. ", time(17, 30)),
        ("5:30 p m", time(17, 30)),
        ("0930", time(9, 30)),
        ("09:30:00", time(9, 30)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("noon", time(12)),
        ("Midday", time(12)),
        ("12 noon", time(12)),
        ("00:00", time(0)),
        ("23.59", time(23, 59)),
    ],
)
def test_a_time_is_read_as_people_type_it(text, expected):
    assert clock_time(text) == expected


@pytest.mark.parametrize(
    "text",
    ["5", "midnight", "25:00", "10:60", "13pm", "0am", "10:3", "am", "1 2 3", "-1:30"],
)
def test_what_is_no_time_or_could_be_two_is_refused(text):
    assert clock_time(text) is None


@given(st.times(), st.sampled_from(["", " ", "  "]), st.sampled_from([":", "."]))
def test_every_minute_of_the_day_is_read_in_every_spelling(moment, gap, sign):
    minute = moment.replace(second=0, microsecond=0)
    half = "am" if minute.hour < 12 else "pm"
    hour = minute.hour % 12 or 12

    for text in (
        f"{minute:%H{sign}%M}",
        f"{minute:%H%M}",
        f"{hour}{sign}{minute:%M}{gap}{half}",
        f"{hour}{sign}{minute:%M}{gap}{half.upper()}",
        formats.clock(datetime.combine(date(2026, 7, 1), minute)),
    ):
        assert clock_time(text) == minute, text


@given(st.text())
def test_any_text_is_a_time_or_none(text):
    assert clock_time(text) is None or isinstance(clock_time(text), time)


def test_publication_is_asked_for_a_day_and_a_time():
    form = AskForm({"publish_on": "1 July 2027", "publish_time": "10.30am"})

    assert form.is_valid()
    assert form.publish_at() == datetime(2027, 7, 1, 10, 30, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({"publish_time": "10am"}, "publish_on", "Enter the day too"),
        (
            {"publish_on": "1/7/2027", "publish_time": "soon"},
            "publish_time",
            "Time must be a real time, like 9:30am or 17:30",
        ),
    ],
)
def test_what_is_half_or_unclear_gets_a_sentence(data, field, sentence):
    form = AskForm(data)

    assert not form.is_valid()
    assert sentence in form.errors[field][0]
