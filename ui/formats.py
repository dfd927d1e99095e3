"""How figures read: rates, points, money, dates. No digit is shown that the data do not carry."""

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

NO_DATA = "no data"
MINUS = "\u2212"
FEW = 20
"""Under this many lines a share is greyed: its interval is wider than a decision can bear."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def decimals(n: float) -> int:
    """Decimals a percentage from `n` lines carries: one line of 100 or fewer moves it a point."""
    return 1 if n > 100 else 0


def is_missing(value: Any) -> bool:
    """Tell whether a cell is empty, whichever of None, NaN and NaT stands in it."""
    return bool(pd.isna(value))


def rate(value: float | None, n: float) -> str:
    """Write a share: `rate(0.8741, 5000)` is '87.4 %', `rate(0.8741, 40)` is '87 %'.

    A share short of 1 never reads as 100 %, nor one above 0 as 0 %.
    """
    if value is None or is_missing(value):
        return NO_DATA
    places = decimals(n)
    shown = f"{value * 100:.{places}f}"
    step = 10.0**-places
    if value < 1 and float(shown) >= 100:
        return f"> {100 - step:.{places}f} %"
    if value > 0 and float(shown) == 0:
        return f"< {step:.{places}f} %"
    return f"{shown} %"


def points(change: float | None, n: float) -> str:
    """Write a difference of two shares in points: `points(0.0213, 5000)` is '+2.1 pt'.

    Parameters
    ----------
    change
        Difference of two shares, each in [0, 1].
    n
        Lines behind the smaller of the two shares.
    """
    if change is None or is_missing(change):
        return NO_DATA
    places = decimals(n)
    size = f"{abs(change) * 100:.{places}f}"
    if float(size) == 0:
        return f"{size} pt"
    return f"{'+' if change > 0 else MINUS}{size} pt"


def count(value: float | None) -> str:
    """Write a whole number with thousands separated: '1,204'."""
    if value is None or is_missing(value):
        return NO_DATA
    return f"{round(value):,}".replace("-", MINUS)


def quantity(value: float | None) -> str:
    """Write a quantity with up to three decimals and no trailing zeros: '1,204', '0.125'."""
    if value is None or is_missing(value):
        return ""
    whole = f"{float(value):,.3f}".rstrip("0").rstrip(".")
    return ("0" if whole == "-0" else whole).replace("-", MINUS)


def money_scale(values: Sequence[float]) -> tuple[float, str]:
    """Divisor and prefix that keep a column of money short: (1000, 'k') for tens of thousands."""
    sizes = [abs(value) for value in values if not is_missing(value)]
    largest = max(sizes, default=0.0)
    if largest >= 10_000_000:
        return 1_000_000, "M"
    if largest >= 10_000:
        return 1_000, "k"
    return 1, ""


def money(value: float | None, currency: str) -> str:
    """Write one amount short: '950 EUR', '12.4 k EUR', '1.04 M EUR'."""
    if value is None or is_missing(value):
        return NO_DATA
    divisor, prefix = (1_000_000, "M") if abs(value) >= 999_950 else money_scale([value])
    places = 0 if not prefix else 2 if abs(value) < 10 * divisor and prefix == "M" else 1
    amount = f"{value / divisor:,.{places}f}".replace("-", MINUS)
    return " ".join(part for part in (amount, prefix, currency) if part)


def day(value: dt.date | dt.datetime | None) -> str:
    """Write a date: '3 Jun 2026'."""
    if value is None or is_missing(value):
        return ""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def week(value: dt.date) -> str:
    """Write an ISO week: '2026-W23'."""
    year, number, _ = value.isocalendar()
    return f"{year}-W{number:02d}"


def period(start: dt.date, every: str) -> str:
    """Write the period that begins on `start`: '2026-W23', 'Jun 2026', '2026 Q2', a day, a year."""
    if every == "month":
        return f"{MONTHS[start.month - 1]} {start.year}"
    if every == "quarter":
        return f"{start.year} Q{(start.month + 2) // 3}"
    if every == "year":
        return str(start.year)
    return week(start) if every == "week" else day(start)


def span(since: dt.date, until: dt.date) -> str:
    """Write a stretch of days: '1 Jan 2026 to 31 May 2026'."""
    return f"{day(since)} to {day(until)}"


def age(then: dt.datetime, now: dt.datetime) -> str:
    """Write how long ago something was: '5 minutes', '3 hours', '2 days'."""
    minutes = max(0, math.floor((now - then).total_seconds() / 60))
    for size, name in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            number = minutes // size
            return f"{number} {name}{'' if number == 1 else 's'}"
    return "less than a minute"


def lines(n: float, unit: str = "line") -> str:
    """Write a count with its unit: '1 line', '1,204 lines'."""
    return f"{count(n)} {unit}{'' if round(n) == 1 else 's'}"


def shortened(text: str, most: int) -> str:
    """Cut a long text at a length, and say so with three dots."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "\u2026"
