"""The council's time: days begin and end in Europe/London, whatever the season.

Everything is stored as a moment (UTC); what a person names is a day. A
consultation that "closes on 1 September" is answerable until 00:00 on
2 September, exclusive, and shown as 11:59pm on the 1st (REM-05).
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def day_starts(day: date) -> datetime:
    """Return the first moment of a day in London."""
    return datetime.combine(day, time.min, tzinfo=LONDON)


def day_ends(day: date) -> datetime:
    """Return the first moment after a day in London: the exclusive end of it."""
    return day_starts(day + timedelta(days=1))


def local_day(moment: datetime) -> date:
    """Return the day in London on which a moment falls."""
    return moment.astimezone(LONDON).date()


def last_day(end: datetime) -> date:
    """Return the last whole day before an exclusive end."""
    return local_day(end - timedelta(microseconds=1))


def at_hour(day: date, hour: int) -> datetime:
    """Return a clock hour of a day in London (in a gap or fold, the first one)."""
    return datetime.combine(day, time(hour), tzinfo=LONDON)


def is_quiet(moment: datetime, *, quiet_from: int, quiet_until: int) -> bool:
    """Whether a moment falls in the quiet hours (REM-03), which may span midnight."""
    hour = moment.astimezone(LONDON).hour
    if quiet_from == quiet_until:
        return False
    if quiet_from < quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until
