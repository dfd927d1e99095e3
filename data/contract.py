"""What a column and a feed are: the words in which `data.feeds` writes the contract."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["code", "text", "date", "instant", "quantity", "money", "days", "flag"]

SQL_TYPES: dict[Kind, str] = {
    "code": "VARCHAR",
    "text": "VARCHAR",
    "date": "DATE",
    "instant": "TIMESTAMP",
    "quantity": "DECIMAL(18,4)",
    "money": "DECIMAL(18,4)",
    "days": "INTEGER",
    "flag": "BOOLEAN",
}
"""The type each kind has in the lake. Quantities and money are exact; an instant is UTC."""

PROVENANCE = ("_file", "_line", "_load_id", "_loaded_at")
"""What every accepted row carries besides its feed's columns."""

ORIGIN = {"_origin_file": "VARCHAR", "_origin_line": "BIGINT"}
"""What a row that was mended and loaded again also carries: where it had been rejected."""

CONTRACT_VERSION = 2
"""Part of every load's identity: raise it when a change here would type the same bytes anew."""


@dataclass(frozen=True)
class Column:
    """One agreed column of a feed.

    Parameters
    ----------
    name
        Canonical name; the suffix carries the unit (`_id`, `_date`, `_at`, `qty_*`, `*_days`).
    kind
        What its values are; `SQL_TYPES` says how they are stored.
    meaning
        One sentence for people.
    unit
        Unit of the values, where they have one.
    required
        Whether the column must be there and never blank.
    allowed
        The only values a code may have; empty allows any.
    default
        Text that stands for a blank.
    minimum
        Least value of a number; None allows any.
    below
        What the reject of a lower number says; blank names the least.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = True
    allowed: tuple[str, ...] = ()
    default: str | None = None
    minimum: int | None = 0
    below: str = ""

    @property
    def sql_type(self) -> str:
        """Type of the column in the lake."""
        return SQL_TYPES[self.kind]

    @property
    def is_number(self) -> bool:
        """Whether the values are numbers."""
        return self.kind in ("quantity", "money", "days")


@dataclass(frozen=True)
class RowRule:
    """A condition that ties columns of one row together.

    Parameters
    ----------
    column
        The column that is named in the reject.
    broken_when
        SQL over the typed columns, true for a row that breaks the rule; it may not be NULL.
    reason
        What the reject says.
    """

    column: str
    broken_when: str
    reason: str


@dataclass(frozen=True)
class Feed:
    """The contract of one incoming feed.

    Parameters
    ----------
    name, grain
        Name of the feed and what one row stands for.
    key
        Business key: a later delivery of the same key supersedes the earlier one.
    columns
        Agreed columns, in the order in which they are stored.
    dated_by
        The column whose range a load reports.
    alternate_key
        Key of rows whose key columns are blank.
    is_repeatable
        Whether one file may hold several rows of the same key: they are told apart by their
        order in the file (occurrence).
    row_rules
        Conditions over several columns of a row.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    dated_by: str | None = None
    alternate_key: tuple[str, ...] = ()
    is_repeatable: bool = False
    row_rules: tuple[RowRule, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns a file must have."""
        return tuple(column.name for column in self.columns if column.required)

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)


def code(name: str, meaning: str, *allowed: str, default: str | None = None) -> Column:
    """Return a required identifier or code: text, kept letter by letter (00123 stays 00123)."""
    return Column(name, "code", meaning, allowed=allowed, default=default)


def text(name: str, meaning: str) -> Column:
    """Return a required free text."""
    return Column(name, "text", meaning)


def date(name: str, meaning: str) -> Column:
    """Return a required site-local date."""
    return Column(name, "date", meaning, "local date")


def instant(name: str, meaning: str) -> Column:
    """Return a required point in time, in UTC."""
    return Column(name, "instant", meaning, "UTC")


def quantity(name: str, meaning: str, minimum: int | None = 0) -> Column:
    """Return a required quantity."""
    return Column(name, "quantity", meaning, "item's unit", minimum=minimum)


def money(name: str, meaning: str) -> Column:
    """Return a required amount per unit."""
    return Column(name, "money", meaning, "money per item's unit")


def days(name: str, meaning: str) -> Column:
    """Return a required whole number of days."""
    return Column(name, "days", meaning, "days")


def flag(name: str, meaning: str) -> Column:
    """Return a required yes or no."""
    return Column(name, "flag", meaning, "true / false")
