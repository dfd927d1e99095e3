"""What the values of a column look like, from the whole column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from data.reading.source import Source
from data.suggesting.dates import EXCEL, DateReading, read_dates

MOST_VALUES = 3_000
MOST_DATES = 60_000
MOST_WORDS = 6
PLACEHOLDERS = frozenset(
    (
        "n/a", "na", "#n/a", "n.a.", "null", "none", "nan", "-", "--", "?", "tbd", "tba", "k.a.",
        "unbekannt", "unknown", "not available", "00.00.0000", "00000000", "0000-00-00",
        "00/00/0000", "1900-01-00", "9999-12-31", "31.12.9999", "12/31/9999", "99991231",
        "1970-01-01", "-99", "-999", "-9999", "#wert!", "#value!", "#ref!", "date not captured",
    )
)  # fmt: skip
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?-?")
_SHAPES = {
    "point": re.compile(r"[+-]?\d*\.\d+-?"),
    "comma": re.compile(r"[+-]?\d*,\d+-?"),
    "point groups": re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?-?"),
    "comma groups": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?-?"),
    "blank groups": re.compile(r"[+-]?\d{1,3}([ \u00a0\u202f]\d{3})+([.,]\d+)?-?"),
    "apostrophe groups": re.compile(r"[+-]?\d{1,3}(['\u2019]\d{3})+([.,]\d+)?-?"),
}
_AFFIXED = re.compile(r"(?P<before>[^\d+\-.,]*)(?P<number>[+-]?[\d.,]*\d-?)(?P<after>\s?[^\d]*)")
_FLAGS = {
    "true": True, "t": True, "yes": True, "y": True, "1": True, "x": True, "ja": True, "j": True,
    "false": False, "f": False, "no": False, "n": False, "0": False, "nein": False,
    "wahr": True, "falsch": False,
}  # fmt: skip


@dataclass(frozen=True)
class Marks:
    """The marks inside the numbers of a column.

    Parameters
    ----------
    decimal, thousands
        The marks.
    is_open
        Whether two readings fit: '1.234' may be 1234 or 1 and a bit.
    evidence
        What decided, in words.
    """

    decimal: str = "."
    thousands: str = ""
    is_open: bool = False
    evidence: str = ""

    @property
    def is_proven(self) -> bool:
        """Whether the values themselves decide."""
        return bool(self.evidence) and not self.is_open


@dataclass
class Profile:
    """The values of one column of a file.

    Parameters
    ----------
    name
        Its header.
    values
        Different values with their counts, the most frequent first; blanks are not among them.
    n_rows, n_blank, n_distinct
        Rows, blank cells, different values.
    """

    name: str
    values: Mapping[str, int]
    n_rows: int
    n_blank: int
    n_distinct: int
    placeholders: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Tell placeholders from values."""
        shown = {v: n for v, n in self.values.items() if v.casefold() in PLACEHOLDERS}
        self.placeholders = shown if len(shown) < len(self.values) else {}
        self.values = {v: n for v, n in self.values.items() if v not in self.placeholders}

    @property
    def n_values(self) -> int:
        """Values looked at that are not blank."""
        return sum(self.values.values())

    @cached_property
    def dates(self) -> DateReading:
        """How the values can be read as dates."""
        return read_dates(self.values)

    @cached_property
    def date_share(self) -> float:
        """Share of the values that are dates, Excel's serial numbers counted if nothing else is."""
        return max(self.dates.share, 0.9 * self.serial_share, self._share_beside_words)

    @property
    def _share_beside_words(self) -> float:
        """Share of dates among values with digits, if the others are a few words ('not yet')."""
        words = {v: n for v, n in self.dates.others.items() if not any(map(str.isdigit, v))}
        if len(words) > MOST_WORDS or len(words) * 3 > self.n_distinct:
            return 0.0
        rest = self.dates.n_values - sum(words.values())
        return 0.95 * self.dates.n_dates / rest if rest else 0.0

    @cached_property
    def serial_share(self) -> float:
        """Share of the values that could be days since the end of 1899, 1954 to 2064."""
        serial = sum(n for v, n in self.values.items() if v.isdecimal() and 20000 <= int(v) < 60000)
        return serial / self.n_values if self.n_values and self.n_distinct > 1 else 0.0

    @property
    def date_formats(self) -> tuple[str, ...]:
        """Formats for a mapping."""
        return self.dates.formats if self.dates.share >= self.serial_share else (EXCEL,)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """How many values have each shape of a number."""
        found = dict.fromkeys(("plain", *_SHAPES, "affixed", "other"), 0)
        for value, n in self.values.items():
            bare = self._bare(value)
            shapes = [shape for shape, form in _SHAPES.items() if form.fullmatch(bare or value)]
            is_number = bool(shapes) or _PLAIN.fullmatch(bare or value) is not None
            found["affixed"] += n * (bare is not None)
            for shape in shapes or (["plain"] if is_number else ["other"]):
                found[shape] += n
        return found

    @cached_property
    def number_share(self) -> float:
        """Share of the values that are numbers, with or without a unit."""
        return 1 - self.numbers["other"] / self.n_values if self.n_values else 0.0

    @cached_property
    def affixes(self) -> dict[str, int]:
        """Units and currencies beside numbers, with their counts."""
        found: dict[str, int] = {}
        for value, n in self.values.items():
            if match := _AFFIXED.fullmatch(value):
                unit = (match["before"].strip() + match["after"].strip()).strip()
                found[unit] = found.get(unit, 0) + n
        return found

    @cached_property
    def marks(self) -> Marks:
        """The decimal and thousands marks, with what decided."""
        return _marks([self._bare(value) or value for value in self.values])

    @cached_property
    def has_trailing_minus(self) -> bool:
        """Whether negative numbers carry their sign behind, as SAP writes them."""
        return any(value.endswith("-") and value[:1].isdigit() for value in self.values)

    @cached_property
    def flag_share(self) -> float:
        """Share of the values that say yes or no."""
        known = sum(n for value, n in self.values.items() if value.casefold() in _FLAGS)
        return known / self.n_values if self.n_values else 0.0

    @property
    def flag_codes(self) -> dict[str, str]:
        """Codes for values that say yes or no in other words than ours."""
        ours = {"true", "t", "yes", "y", "1", "false", "f", "no", "n", "0"}
        return {
            value: "true" if _FLAGS[value.casefold()] else "false"
            for value in self.values
            if value.casefold() in _FLAGS and value.casefold() not in ours
        }

    def _bare(self, value: str) -> str | None:
        """Return the number in a value that has a unit or currency beside it."""
        found = _AFFIXED.fullmatch(value)
        if not found or not (found["before"].strip() or found["after"].strip()):
            return None
        return found["number"] if len(found["before"]) < 5 and len(found["after"]) < 7 else None


def _marks(numbers: list[str]) -> Marks:
    """Decide the marks from all values."""
    grouped = {shape: [v for v in numbers if _SHAPES[shape].fullmatch(v)] for shape in _SHAPES}
    for shape in ("blank groups", "apostrophe groups"):
        if grouped[shape]:
            example = grouped[shape][0]
            between = example.lstrip("+-0123456789")[0]
            decimal = "," if any("," in value for value in numbers) else "."
            return Marks(decimal, between, False, f"{example!r} has groups of three digits")
    proofs = {
        mark: next((v for v in numbers if _proves_decimal(v, mark, other)), None)
        for mark, other in ((".", ","), (",", "."))
    }
    if proofs["."] and proofs[","]:
        said = f"{proofs['.']!r} has a decimal point and {proofs[',']!r} a decimal comma"
        return Marks(".", "", True, said)
    for mark, other in ((".", ","), (",", ".")):
        if (proof := proofs[mark]) is not None:
            has_groups = any(other in value for value in numbers)
            said = f"{proof!r} proves {mark!r} for decimals"
            return Marks(mark, other if has_groups else "", False, said)
    for mark, other in ((",", "."), (".", ",")):
        if groups := next((value for value in numbers if value.count(mark) > 1), None):
            return Marks(other, mark, False, f"{groups!r} has groups of three digits")
        shown = next((value for value in numbers if mark in value), None)
        if shown is not None:
            return Marks(other, mark, True, f"{shown!r} could have decimals or thousands")
    return Marks()


def _proves_decimal(value: str, mark: str, other: str) -> bool:
    """Whether the mark can only stand before decimals: once, and not as a group of thousands."""
    if value.count(mark) != 1:
        return False
    whole, fraction = value.strip("+-").split(mark)
    if not fraction.isdigit():
        return False
    if other in whole:
        return True
    return len(fraction) != 3 or not 1 <= len(whole) <= 3 or whole.startswith("0")


def profiles(source: Source) -> list[Profile]:
    """Return a profile of every column."""
    return [_profile(source, f"c{i}", header) for i, header in enumerate(source.header)]


def _profile(source: Source, cell: str, header: str) -> Profile:
    cut = f"nullif(trim({cell}, ' \t\u00a0\r\n'), '')"
    n_blank, n_distinct = source.con.execute(
        f"SELECT count(*) - count({cut}), count(DISTINCT {cut}) FROM source"
    ).fetchall()[0]

    def different(most: int) -> dict[str, int]:
        return dict(
            source.con.execute(
                f"SELECT {cut} AS x, count(*) FROM source WHERE x IS NOT NULL GROUP BY x "
                f"ORDER BY count(*) DESC, x LIMIT {most}"
            ).fetchall()
        )

    made = Profile(header, different(MOST_VALUES), source.n_rows, n_blank, n_distinct)
    if n_distinct > MOST_VALUES and (made.date_share > 0.3 or made.number_share > 0.3):
        made = Profile(header, different(MOST_DATES), source.n_rows, n_blank, n_distinct)
    return made
