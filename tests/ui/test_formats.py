"""Figures read as the manners of the product say, and no digit is shown that the data lack."""

import datetime as dt

import pytest

from ui import formats

RATES = """
    share   | n    | shown
    0.874   | 5000 | 87.4 %
    0.874   | 101  | 87.4 %
    0.874   | 100  | 87 %
    0.875   | 40   | 88 %
    0.99996 | 5000 | > 99.9 %
    0.996   | 40   | > 99 %
    1.0     | 5000 | 100.0 %
    1.0     | 3    | 100 %
    0.0002  | 5000 | < 0.1 %
    0.0     | 5000 | 0.0 %
    nan     | 0    | no data
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()[1:]]


@pytest.mark.parametrize(("share", "n", "shown"), rows(RATES))
def test_a_rate_shows_as_many_decimals_as_its_lines_carry(share: str, n: str, shown: str) -> None:
    assert formats.rate(float(share), int(n)) == shown


def test_a_missing_rate_says_no_data_and_never_0_or_100() -> None:
    assert [formats.rate(None, 0), formats.points(None, 0)] == ["no data", "no data"]


def test_changes_are_in_points_with_a_sign() -> None:
    shown = [formats.points(change, 5000) for change in (0.0213, -0.0213, 0.0001)]
    assert shown == ["+2.1 pt", "\u22122.1 pt", "0.0 pt"]


def test_dates_weeks_and_months_read_as_agreed() -> None:
    day = dt.date(2026, 6, 3)
    assert [formats.day(day), formats.week(day)] == ["3 Jun 2026", "2026-W23"]
    assert [formats.period(day.replace(day=1), every) for every in ("month", "quarter")] == [
        "Jun 2026",
        "2026 Q2",
    ]


def test_a_week_belongs_to_the_year_of_its_thursday() -> None:
    assert formats.week(dt.date(2027, 1, 1)) == "2026-W53"


def test_money_is_short_and_names_its_currency() -> None:
    amounts = (950.4, 12_432, -12_432, 999_949, 999_950, 1_038_200, 26_500_000)
    assert [formats.money(amount, "EUR") for amount in amounts] == [
        "950 EUR",
        "12.4 k EUR",
        "\u221212.4 k EUR",
        "999.9 k EUR",
        "1.00 M EUR",
        "1.04 M EUR",
        "26.5 M EUR",
    ]


def test_quantities_keep_their_fractions_and_lose_empty_zeros() -> None:
    assert [formats.quantity(q) for q in (1204.0, 0.125, -3.0)] == ["1,204", "0.125", "\u22123"]


def test_age_is_told_in_its_largest_unit() -> None:
    now = dt.datetime.fromisoformat("2026-06-14T12:00")
    ages = [dt.timedelta(seconds=20), dt.timedelta(minutes=1), dt.timedelta(hours=50)]
    assert [formats.age(now - age, now) for age in ages] == [
        "less than a minute",
        "1 minute",
        "2 days",
    ]
