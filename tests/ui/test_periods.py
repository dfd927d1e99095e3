"""Periods align with whole months and weeks, and are held against as much time before."""

import datetime as dt

import pytest

from ui import periods

PRESETS = """
    as of      | preset            | since      | until
    2026-06-14 | Last month        | 2026-05-01 | 2026-05-31
    2026-06-14 | Last 3 months     | 2026-03-01 | 2026-05-31
    2026-06-30 | Last 3 months     | 2026-04-01 | 2026-06-30
    2026-01-31 | Last 12 months    | 2025-02-01 | 2026-01-31
    2026-06-14 | Last 4 weeks      | 2026-05-18 | 2026-06-14
    2026-06-13 | Last 4 weeks      | 2026-05-11 | 2026-06-07
    2026-06-14 | This month so far | 2026-06-01 | 2026-06-14
"""
CASES = [[cell.strip() for cell in line.split("|")] for line in PRESETS.strip().splitlines()[1:]]


def period(since: str, until: str) -> periods.Period:
    return periods.Period(dt.date.fromisoformat(since), dt.date.fromisoformat(until))


@pytest.mark.parametrize(("as_of", "name", "since", "until"), CASES)
def test_a_preset_holds_only_whole_months_or_weeks_that_have_ended(
    as_of: str, name: str, since: str, until: str
) -> None:
    assert periods.preset(name, dt.date.fromisoformat(as_of)) == period(since, until)


def test_whole_months_are_held_against_as_many_whole_months() -> None:
    spring = period("2026-03-01", "2026-05-31")
    assert periods.before(spring) == period("2025-12-01", "2026-02-28")


def test_other_days_are_held_against_as_many_days() -> None:
    weeks = period("2026-05-18", "2026-06-14")
    assert periods.before(weeks) == period("2026-04-20", "2026-05-17")


def test_a_trend_starts_and_ends_on_a_whole_period_and_holds_the_open_one() -> None:
    spring, as_of = period("2026-03-01", "2026-05-31"), dt.date(2026, 6, 14)
    assert periods.around(spring, "month", as_of) == period("2024-07-01", "2026-06-30")
    assert periods.around(spring, "week", as_of).since.weekday() == 0
    assert periods.around(spring, "quarter", as_of) == period("2024-07-01", "2026-06-30")


@pytest.mark.parametrize(
    ("since", "until", "unit"),
    [
        ("2026-03-01", "2026-05-31", "month"),
        ("2026-05-18", "2026-06-14", "week"),
        ("2026-06-01", "2026-06-14", "week"),
        ("2026-06-01", "2026-06-13", "day"),
    ],
)
def test_a_period_is_told_by_the_longest_unit_that_cuts_nothing(
    since: str, until: str, unit: str
) -> None:
    assert periods.unit(period(since, until)) == unit
