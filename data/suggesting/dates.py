"""Which formats the dates of a whole column have, with the evidence for it."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

_TIME = r"(?P<time>[ T]\d{1,2}:\d\d(?::\d\d)?)?(?P<fraction>\.\d+)?(?P<zone>Z|[+-]\d\d:?\d\d)?"
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_FORMS = tuple(
    re.compile(pattern + _TIME)
    for pattern in (
        r"(?P<y>\d{4})(?P<mark>[-/.])(?P<b>\d{1,2})[-/.](?P<c>\d{1,2})",
        r"(?P<y>(?:19|20|21)\d\d)(?P<b>0\d|1[0-2])(?P<c>[0-3]\d)",
        r"(?P<a>\d{1,2})(?P<mark>[-/.])(?P<b>\d{1,2})[-/.](?P<y>\d{4}|\d\d)",
        rf"(?P<a>\d{{1,2}})(?P<mark>[-/. ]){_MONTH}[-/. ](?P<y>\d{{4}}|\d\d)",
    )
)
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9}) \d{1,2}, \d{4}")
_PERIODS = (
    (re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])"), "%Y-%m"),
    (re.compile(r"(?:19|20)\d\d/(?:0[1-9]|1[0-2])"), "%Y/%m"),
    (re.compile(r"(?:0?[1-9]|1[0-2])/(?:19|20)\d\d"), "%m/%Y"),
    (re.compile(r"(?:0?[1-9]|1[0-2])\.(?:19|20)\d\d"), "%m.%Y"),
    (re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])"), "%Y%m"),
    (re.compile(r"[A-Za-z]{3} (?:19|20)\d\d"), "%b %Y"),
    (re.compile(r"[A-Za-z]{3}-(?:19|20)\d\d"), "%b-%Y"),
    (re.compile(r"[A-Za-z]{3}-\d\d"), "%b-%y"),
    (re.compile(r"[A-Za-z]{3} \d\d"), "%b %y"),
)
_MONTHS = {
    datetime(2000, month, 1).strftime("%B").casefold(): month  # noqa: DTZ001  only a name
    for month in range(1, 13)
}
_SHORT = {name[:3] for name in _MONTHS}
EXCEL = "excel"
"""In `formats`: days since the end of 1899, as Excel counts them."""


@dataclass(frozen=True)
class DateReading:
    """How the dates of a column can be read.

    Parameters
    ----------
    formats
        Formats that read every date of the column; one whose order is not decided is day-first.
    n_dates, n_values
        Values that look like dates, and all that are not blank.
    others
        Values that are no date, with their counts.
    open_marks
        Marks of dates that could be day-first or month-first.
    evidence
        What decided, in words.
    contradictory_marks
        Marks of dates that prove both orders.
    has_short_years
        Whether years have two digits.
    """

    formats: tuple[str, ...]
    n_dates: int
    n_values: int
    others: Mapping[str, int]
    open_marks: tuple[str, ...]
    evidence: tuple[str, ...]
    contradictory_marks: tuple[str, ...]
    has_short_years: bool

    @property
    def share(self) -> float:
        """Share of the values that are dates."""
        return self.n_dates / self.n_values if self.n_values else 0.0


def read_dates(values: Mapping[str, int]) -> DateReading:
    """Look at all different values of a column with their counts."""
    formats: Counter[str] = Counter()
    others: dict[str, int] = {}
    orders: dict[str, _Order] = {}
    for value, n in values.items():
        found = _form(value, n, orders)
        if found is None:
            others[value] = n
        else:
            formats[found] += n
    short = any("%y" in one for one in formats)
    said = [order.words(mark) for mark, order in sorted(orders.items())]
    if short:
        said.append("two-digit years are read as 1969 to 2068")
    # Short years first: %Y would read 14 as the year 14, %y never reads 2014.
    listed = sorted(formats, key=lambda one: ("%y" not in one, -formats[one], one))
    made = [_decided(one, orders) for one in listed]
    return DateReading(
        tuple(dict.fromkeys(made)),
        sum(formats.values()),
        sum(values.values()),
        others,
        tuple(mark for mark, order in orders.items() if order.is_open),
        tuple(said),
        tuple(mark for mark, order in orders.items() if order.is_contradictory),
        short,
    )


@dataclass
class _Order:
    """What numeric dates with one mark prove of day and month."""

    n: int = 0
    n_day_first: int = 0
    n_month_first: int = 0
    example: str = ""

    @property
    def is_open(self) -> bool:
        return not self.n_day_first and not self.n_month_first

    @property
    def is_contradictory(self) -> bool:
        return bool(self.n_day_first and self.n_month_first)

    def words(self, mark: str) -> str:
        if self.is_open:
            return f"all {self.n:,} dates with {mark!r} could be day-first or month-first"
        if self.is_contradictory:
            return (
                f"{self.n_day_first:,} dates with {mark!r} can only be day-first and "
                f"{self.n_month_first:,} only month-first"
            )
        order, n = ("day", self.n_day_first) if self.n_day_first else ("month", self.n_month_first)
        return f"{order}-first: {n:,} of {self.n:,} dates with {mark!r} prove it ({self.example})"


def _form(value: str, n: int, orders: dict[str, _Order]) -> str | None:
    """Return the format of a value, with @ for day and month in an order that is not decided."""
    for pattern, meant in _PERIODS:
        if pattern.fullmatch(value) and (not value[0].isalpha() or value[:3].casefold() in _SHORT):
            return meant
    if (spoken := _MONTH_FIRST.fullmatch(value)) and (form := _month_form(spoken[1])):
        return f"{form} %d, %Y"
    found = next(filter(None, (form.fullmatch(value) for form in _FORMS)), None)
    return _form_of(found.groupdict(), value, n, orders) if found else None


def _form_of(
    parts: dict[str, str | None], value: str, n: int, orders: dict[str, _Order]
) -> str | None:
    mark, time, year = parts.get("mark") or "", _time_form(parts), parts["y"] or ""
    long = "%Y" if len(year) == 4 else "%y"
    first, second = int(parts.get("a") or 0), int(parts.get("b") or 0)
    if name := parts.get("month"):
        month = _month_form(name)
        return f"%d{mark}{month}{mark}{long}{time}" if month and 0 < first < 32 else None
    if last := int(parts.get("c") or 0):
        return f"%Y{mark}%m{mark}%d{time}" if 0 < second < 13 and last < 32 else None
    if not (0 < first < 32 and 0 < second < 32) or (first > 12 and second > 12):
        return None
    order = orders.setdefault(mark, _Order())
    order.n += n
    order.n_day_first += n * (first > 12)
    order.n_month_first += n * (second > 12)
    if first > 12 or second > 12:
        order.example = order.example or value
    return f"@{mark}@{mark}{long}{time}"


def _month_form(month: str) -> str | None:
    name = month.casefold()
    if name in _SHORT:
        return "%b"
    if name in _MONTHS:
        return "%B"
    return "%bt" if name == "sept" else None


def _time_form(parts: dict[str, str | None]) -> str:
    time = parts.get("time")
    if not time:
        return ""
    return (
        time[0]
        + ("%H:%M:%S" if time.count(":") == 2 else "%H:%M")
        + (".%f" if parts.get("fraction") else "")
        + ("%z" if parts.get("zone") else "")
    )


def _decided(form: str, orders: Mapping[str, _Order]) -> str:
    if "@" not in form:
        return form
    order = orders[form[1]]
    first, second = ("%m", "%d") if order.n_month_first and not order.n_day_first else ("%d", "%m")
    return form.replace("@", first, 1).replace("@", second, 1)
