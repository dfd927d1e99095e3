"""A client's own column names, formats, units and code lists to our feeds: TOML, no code.

One mapping file describes one kind of client file and may feed several feeds: each `[[feed]]`
section makes rows of one feed out of the file's rows. `docs/mappings.md` explains every key.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal
from zoneinfo import available_timezones

from data import told as values
from data.contract import Feed
from data.errors import UserError
from data.feeds import FEEDS
from data.reading.dialect import same
from data.reading.layout import KEYS, UNTOLD, Layout, read_layout

How = Literal["column", "join", "first_of", "constant"]


@dataclass(frozen=True)
class ColumnRule:
    """How one column of a feed is made.

    Parameters
    ----------
    how, columns
        Take one column of the file, join several, or take the first of several that is not blank.
    constant
        The same text on every row, where `how` is "constant".
    separator
        What stands between joined texts.
    formats
        Date or time formats of the column (strptime), tried in this order; empty is ISO.
    timezone
        IANA time zone of instants without one; None is UTC.
    missing
        Texts that stand for nothing.
    codes, other
        Client's text -> ours, and what any other text becomes; without `other` it is a fault.
    blank
        Text for a blank.
    decimal, thousands, has_marks
        Marks inside numbers, and whether the mapping says them.
    trailing_minus
        Whether the minus of negative numbers may stand behind them.
    whole
        Whether fractions are faults.
    factor
        Number by which the values are multiplied.
    unit_column, unit_inside, units
        Column of the file with the row's unit, or whether it stands beside the number, and the
        factor of each unit.
    zeros
        Column of the file -> length up to which zeros are put before its text (70832 -> 070832).
    """

    how: How = "column"
    columns: tuple[str, ...] = ()
    constant: str | None = None
    separator: str = " "
    formats: tuple[str, ...] = ()
    timezone: str | None = None
    missing: tuple[str, ...] = ()
    codes: Dictionary[str, str] = field(default_factory=dict)
    other: str | None = None
    blank: str | None = None
    decimal: str = "."
    thousands: str = ""
    has_marks: bool = False
    trailing_minus: bool = False
    whole: bool = False
    factor: str | None = None
    unit_column: str | None = None
    unit_inside: bool = False
    units: Dictionary[str, str] = field(default_factory=dict)
    zeros: Dictionary[str, int] = field(default_factory=dict)

    @property
    def mentioned(self) -> tuple[str, ...]:
        """Columns of the file that the rule reads."""
        return self.columns + ((self.unit_column,) if self.unit_column else ())


@dataclass(frozen=True)
class LeaveOut:
    """Rows of the file that are no rows of the feed, and why.

    Parameters
    ----------
    reason
        Why they are left out, in words.
    when, unless
        Column of the file -> texts; a blank is "". A row is left out when every `when` holds and
        no `unless` does.
    """

    reason: str
    when: Dictionary[str, tuple[str, ...]] = field(default_factory=dict)
    unless: Dictionary[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """How the rows of a file become rows of one feed.

    Parameters
    ----------
    feed
        The feed.
    rules
        Rule of each column that the mapping names; any other is looked for under its own name.
    leave_out
        Rows that are not of this feed.
    keep
        Which of several rows with the same key and other values is kept; None makes the later
        ones faults.
    keep_copies
        Whether exact copies of a row stay, where the feed may repeat a key.
    plain
        What holds for every column that the mapping does not name.
    """

    feed: Feed
    rules: Dictionary[str, ColumnRule] = field(default_factory=dict)
    leave_out: tuple[LeaveOut, ...] = ()
    keep: Literal["first", "last"] | None = None
    keep_copies: bool = False
    plain: ColumnRule = ColumnRule()

    def rule(self, column: str) -> ColumnRule:
        """Return how a column is made; one that the mapping does not name has its own name."""
        return self.rules.get(column) or replace(self.plain, columns=(column,))

    @property
    def needed(self) -> frozenset[str]:
        """Names that the file must have, as `same` gives them."""
        own = {name for name in self.feed.required if name not in self.rules}
        return frozenset(same(name) for name in own.union(self.mentioned))

    @property
    def mentioned(self) -> set[str]:
        """Columns of the file that the mapping reads."""
        conditions = [*(rule.when for rule in self.leave_out), *(r.unless for r in self.leave_out)]
        return {name for rule in self.rules.values() for name in rule.mentioned}.union(*conditions)


@dataclass(frozen=True)
class Mapping:
    """One mapping file.

    Parameters
    ----------
    name, sha256
        File name and digest; both empty where there is no mapping and columns have our names.
    sections
        One per feed.
    layout
        How the file is read.
    ignores_other_columns
        Whether columns that nothing reads are ignored; else they refuse the file.
    """

    sections: tuple[Section, ...]
    name: str = ""
    sha256: str = ""
    layout: Layout = UNTOLD
    ignores_other_columns: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether the file holds every section; else its header tells which one."""
        return bool(self.name) or len(self.sections) == 1


def identity(feed: Feed) -> Mapping:
    """Return the mapping of a file that has our own column names."""
    return Mapping((Section(feed),))


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises
    ------
    UserError
        Where it is no TOML, names an unknown feed, column or key, or leaves a column unclear.
    """
    try:
        body = path.read_bytes()
        told = tomllib.loads(body.decode("utf-8"))
    except FileNotFoundError:
        raise UserError(f"there is no mapping file {path}") from None
    except OSError as failure:
        raise UserError(f"the mapping {path} cannot be read: {failure.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as failure:
        raise UserError(f"{path.name} is not a TOML file: {failure}") from None
    at = path.name
    values.only(told, {"description", "file", "feed"}, at)
    file = values.table(told.get("file", {}), f"{at} [file]")
    values.only(file, {*KEYS, "other_columns", "missing", "decimal", "thousands"}, at)
    defaults: dict[str, Any] = {
        key: values.text(file[key], at) for key in ("decimal", "thousands") if key in file
    }
    if "missing" in file:
        defaults["missing"] = values.texts(file["missing"], f"{at} missing")
    told_feeds = told.get("feed", [])
    if not isinstance(told_feeds, list) or not told_feeds:
        raise UserError(f"{at} has no [[feed]] section")
    other = file.get("other_columns", "refuse")
    if other not in ("refuse", "ignore"):
        raise UserError(f"{at}: other_columns is {other!r}; it is 'refuse' or 'ignore'")
    return Mapping(
        tuple(_section(values.table(feed, f"{at} [[feed]]"), defaults, at) for feed in told_feeds),
        name=path.name,
        sha256=hashlib.sha256(body).hexdigest(),
        layout=read_layout(file, at),
        ignores_other_columns=other == "ignore",
    )


def _section(told: dict[str, Any], defaults: dict[str, Any], at: str) -> Section:
    values.only(told, {"feed", "columns", "leave_out", "keep", "copies"}, f"{at} [[feed]]")
    feed = FEEDS.get(str(told.get("feed")))
    if feed is None:
        raise UserError(f"{at}: feed {told.get('feed')!r} is not one of {', '.join(FEEDS)}")
    at = f"{at} {feed.name}"
    columns = values.table(told.get("columns", {}), f"{at} columns")
    values.only(columns, set(feed.names), f"{at} columns")
    keep, copies = told.get("keep"), told.get("copies", "leave out")
    if keep not in (None, "first", "last"):
        raise UserError(f"{at}: keep is {keep!r}; it is 'first' or 'last'")
    if copies not in ("leave out", "keep"):
        raise UserError(f"{at}: copies is {copies!r}; it is 'leave out' or 'keep'")
    rules = {
        name: _rule(told_rule, defaults, f"{at}.{name}") for name, told_rule in columns.items()
    }
    if defaults:
        plain = {name: _rule(name, defaults, f"{at}.{name}") for name in feed.required}
        rules = plain | rules
    left_out = tuple(
        _leave_out(values.table(one, f"{at} leave_out"), f"{at} leave_out")
        for one in told.get("leave_out", [])
    )
    return Section(feed, rules, left_out, keep, copies == "keep", ColumnRule(**defaults))


_FACTOR = re.compile(r"\d{1,9}(\.\d{1,9})?")
_HOWS: tuple[How, ...] = ("column", "join", "first_of", "constant")
_TEXTS = (
    "unit_column",
    "factor",
    "separator",
    "timezone",
    "other",
    "blank",
    "decimal",
    "thousands",
)
_LISTS = ("formats", "missing")
_TABLES = ("codes", "units", "zeros")
_FLAGS = ("whole", "unit_inside", "trailing_minus")
_RULE_KEYS = {*_HOWS, *_TEXTS, *_LISTS, *_TABLES, *_FLAGS}


def _rule(told: object, defaults: dict[str, Any], at: str) -> ColumnRule:
    if isinstance(told, str):
        told = {"column": told}
    rule = values.table(told, at)
    values.only(rule, _RULE_KEYS, at)
    hows = [how for how in _HOWS if how in rule]
    if not hows:
        rule, hows = {"column": at.rsplit(".", 1)[1], **rule}, ["column"]
    if len(hows) > 1:
        raise UserError(f"{at} has {' and '.join(hows)}; it takes one of them")
    how, source = hows[0], rule[hows[0]]
    made: dict[str, Any] = {**defaults, "how": how}
    if how == "constant":
        made["constant"] = values.text(source, f"{at} constant")
    else:
        made["columns"] = values.texts(source, f"{at} {how}")
    made |= {key: values.text(rule[key], f"{at} {key}") for key in _TEXTS if key in rule}
    made |= {key: values.texts(rule[key], f"{at} {key}") for key in _LISTS if key in rule}
    made |= {
        key: {
            str(a): values.text(b, f"{at} {key}")
            for a, b in values.table(rule[key], f"{at} {key}").items()
        }
        for key in _TABLES
        if key in rule
    }
    made |= {key: rule[key] is True for key in _FLAGS if key in rule}
    made["has_marks"] = bool({"decimal", "thousands"} & made.keys())
    made["zeros"] = {column: _length(n, at) for column, n in made.get("zeros", {}).items()}
    made_rule = ColumnRule(**made)
    _check(made_rule, at)
    return made_rule


def _check(rule: ColumnRule, at: str) -> None:
    """Refuse a rule that contradicts itself or names what does not exist."""
    if bool(rule.unit_column or rule.unit_inside) != bool(rule.units):
        raise UserError(f"{at}: unit_column or unit_inside, and units, go together")
    if rule.unit_column and rule.unit_inside:
        raise UserError(f"{at} has unit_column and unit_inside; it takes one of them")
    for number in (rule.factor, *rule.units.values()):
        if number is not None and not _FACTOR.fullmatch(number):
            raise UserError(f"{at} factor {number!r} is not a factor (expected such as 0.001)")
    if rule.timezone is not None and rule.timezone not in available_timezones():
        raise UserError(f"{at}: there is no time zone {rule.timezone!r} (such as Europe/Helsinki)")
    if rule.decimal == rule.thousands:
        raise UserError(f"{at}: decimal and thousands are both {rule.decimal!r}")
    if unread := sorted(set(rule.zeros) - set(rule.columns)):
        raise UserError(f"{at}: zeros names the column {unread[0]!r}, which the rule does not read")


def _length(told: str, at: str) -> int:
    if not told.isdecimal() or not 0 < int(told) < 100:
        raise UserError(f"{at} zeros {told!r} is not a length")
    return int(told)


def _leave_out(told: dict[str, Any], at: str) -> LeaveOut:
    values.only(told, {"reason", "when", "unless"}, at)
    if "reason" not in told or not {"when", "unless"} & set(told):
        raise UserError(f"{at} needs a reason, and when or unless")
    conditions = {
        key: {
            column: values.texts(one, at)
            for column, one in values.table(told.get(key, {}), at).items()
        }
        for key in ("when", "unless")
    }
    return LeaveOut(values.text(told["reason"], at), conditions["when"], conditions["unless"])
