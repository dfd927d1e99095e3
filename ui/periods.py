"""Stretches of time that a page can be asked for: whole months and weeks, so that cubes answer."""

import datetime as dt
from dataclasses import dataclass

from ui import formats

PRESETS = {
    "Last 3 months": 3,
    "Last 6 months": 6,
    "Last 12 months": 12,
    "Last 24 months": 24,
    "Last month": 1,
}
"""Whole months that ended on or before the as-of date."""
WEEKS = {"Last 4 weeks": 4, "Last 13 weeks": 13}
"""Whole ISO weeks that ended on or before the as-of date."""
RUNNING = "This month so far"
CUSTOM = "Own dates"
CHOICES = [*PRESETS, RUNNING, *WEEKS, CUSTOM]
"""The first is the one a page opens with."""
DEFAULT = "Last 3 months"


@dataclass(frozen=True)
class Period:
    """A stretch of days, both ends included."""

    since: dt.date
    until: dt.date

    def __str__(self) -> str:
        return formats.span(self.since, self.until)


def month_start(day: dt.date, back: int = 0) -> dt.date:
    """First day of the month that lies `back` months before the one of `day`."""
    place = day.year * 12 + day.month - 1 - back
    return dt.date(place // 12, place % 12 + 1, 1)


def preset(name: str, as_of: dt.date) -> Period:
    """Work out a preset on the as-of date.

    >>> preset("Last 3 months", dt.date(2026, 6, 14))
    Period(since=datetime.date(2026, 3, 1), until=datetime.date(2026, 5, 31))

    Raises
    ------
    KeyError
        When there is no preset of that name.
    """
    tomorrow = as_of + dt.timedelta(days=1)
    if name == RUNNING:
        return Period(month_start(as_of), as_of)
    if name in WEEKS:
        monday = tomorrow - dt.timedelta(days=tomorrow.weekday())
        return Period(monday - dt.timedelta(weeks=WEEKS[name]), monday - dt.timedelta(days=1))
    first_open = month_start(tomorrow)
    return Period(month_start(first_open, PRESETS[name]), first_open - dt.timedelta(days=1))


def last_whole(every: str, as_of: dt.date) -> Period:
    """The last whole week, month or quarter that ended on or before the as-of date.

    >>> last_whole("quarter", dt.date(2026, 6, 14))
    Period(since=datetime.date(2026, 1, 1), until=datetime.date(2026, 3, 31))
    """
    if every == "week":
        monday = as_of + dt.timedelta(days=1)
        monday -= dt.timedelta(days=monday.weekday())
        return Period(monday - dt.timedelta(days=7), monday - dt.timedelta(days=1))
    months = {"month": 1, "quarter": 3}[every]
    open_month = month_start(as_of + dt.timedelta(days=1))
    first_open = month_start(open_month, (open_month.month - 1) % months)
    return Period(month_start(first_open, months), first_open - dt.timedelta(days=1))


def before(period: Period) -> Period:
    """The same length of time before: whole months stay whole months.

    >>> before(Period(dt.date(2026, 3, 1), dt.date(2026, 5, 31)))
    Period(since=datetime.date(2025, 12, 1), until=datetime.date(2026, 2, 28))
    """
    after = period.until + dt.timedelta(days=1)
    if period.since.day == 1 and after.day == 1:
        months = (after.year - period.since.year) * 12 + after.month - period.since.month
        since = month_start(period.since, months)
    else:
        since = period.since - (after - period.since)
    return Period(since, period.since - dt.timedelta(days=1))


def unit(period: Period) -> str:
    """Name the longest of month, week and day that a period is made of without cutting one.

    >>> unit(Period(dt.date(2026, 3, 1), dt.date(2026, 5, 31)))
    'month'
    """
    after = period.until + dt.timedelta(days=1)
    if period.since.day == 1 and after.day == 1:
        return "month"
    return "week" if period.since.weekday() == 0 and after.weekday() == 0 else "day"


def end_of(day: dt.date, every: str) -> dt.date:
    """Last day of the period that holds `day`."""
    if every == "day":
        return day
    if every == "week":
        return day + dt.timedelta(days=6 - day.weekday())
    ahead = -1 if every == "month" else -1 - (2 - (day.month - 1) % 3)
    return month_start(day, ahead) - dt.timedelta(days=1)


def around(period: Period, every: str, as_of: dt.date) -> Period:
    """The stretch a trend shows: to the end of the open period, and long enough for a story.

    Two years of quarters or months, half a year of weeks, six weeks of days; longer when the
    period asked for is longer.
    """
    until = end_of(max(period.until, as_of), every)
    back = {"day": 1, "week": 6, "month": 23, "quarter": 23}[every]
    since = min(period.since, month_start(until, back))
    if every == "week":
        since -= dt.timedelta(days=since.weekday())
    if every == "quarter":
        since = month_start(since, (since.month - 1) % 3)
    return Period(since, until)
