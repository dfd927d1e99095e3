"""Which feed a file holds: by its name, confirmed by its header, or as the caller says."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from data.conform import SURPLUS
from data.contract import Feed
from data.errors import UserError
from data.feeds import FEEDS
from data.mapping import Mapping, Section, identity
from data.reading.dialect import same

REJECT_COLUMNS = ("reject_file", "reject_line", "reject_column", "reject_value", "reject_reason")
"""What a downloaded reject has besides its own columns; ignored when it is loaded again."""

_OURS = frozenset({*REJECT_COLUMNS, SURPLUS})


class UnknownFeedError(UserError):
    """A file of which neither the name nor the columns tell the feed."""


def safe_name(uploaded: str) -> str:
    """Return the last part of a name that somebody sent, harmless as the name of a file."""
    last = re.split(r"[\\/]", uploaded)[-1]
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in ':*?"<>|')
    return kept.strip(". ")[-150:] or "upload"


def feed_of_name(file_name: str) -> Feed | None:
    """Return the feed that a file is named after: order_lines_2026-05.csv is `order_lines`."""
    stem = re.sub(r"[\s.-]+", "_", Path(file_name).stem.casefold())
    named = [name for name in FEEDS if re.search(rf"(^|[^a-z]){name}([^a-z]|$)", stem)]
    return FEEDS[max(named, key=len)] if named else None


def candidates(file_name: str, feed: str | None, mapping: Mapping | None) -> Mapping:
    """Return what a file may hold: one mapping, whose sections are to be told by the header.

    Raises
    ------
    UserError
        Where the caller names a feed that does not exist or that the mapping does not make.
    """
    if feed is not None and feed not in FEEDS:
        near = difflib.get_close_matches(feed, FEEDS, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f" (known: {', '.join(FEEDS)})"
        raise UserError(f"there is no feed {feed!r}{hint}")
    if mapping is not None:
        sections = tuple(s for s in mapping.sections if feed in (None, s.feed.name))
        if not sections:
            raise UserError(f"{mapping.name} makes no rows of the feed {feed!r}")
        return replace(mapping, sections=sections)
    named = FEEDS[feed] if feed else feed_of_name(file_name)
    if named is not None:
        return identity(named)
    return Mapping(tuple(Section(one) for one in FEEDS.values()))


def confirm(mapping: Mapping, header: Sequence[str], file_name: str, line: str) -> Mapping:
    """Check a header against what the file may hold.

    Returns
    -------
    Mapping
        The mapping with the sections that the file holds.

    Raises
    ------
    UserError
        Where the feed is unknown, or a column is missing, unknown or there twice.
    """
    there = [same(name) for name in header if name]
    at = f"{file_name} line {line}" if line else file_name
    if twice := sorted({name for name in there if there.count(name) > 1}):
        raise UserError(f"{at}: the column {twice[0]!r} is there twice; each may stand once")
    if not mapping.is_settled:
        mapping = replace(mapping, sections=(_only_fit(mapping.sections, set(there), file_name),))
    for section in mapping.sections:
        missing = sorted(section.needed - set(there))
        if missing:
            raise UserError(_missing(section, missing, there, at))
    if not mapping.ignores_other_columns:
        _refuse_unknown(mapping, there, at)
    return mapping


def _only_fit(sections: tuple[Section, ...], there: set[str], file_name: str) -> Section:
    fits = [s for s in sections if s.needed <= there and there - _OURS <= set(s.feed.names)]
    if len(fits) != 1:
        raise UnknownFeedError(
            f"{file_name}: neither its name nor its columns tell which feed it is; name it after "
            "its feed (such as order_lines_2026-05.csv), or give --feed or --mapping"
        )
    return fits[0]


def _missing(section: Section, missing: list[str], there: list[str], at: str) -> str:
    if len(missing) == len(section.needed):
        found = ", ".join(repr(name) for name in there[:6]) or "nothing"
        return (
            f"{at} is not a header of {section.feed.name}: found {found}; "
            f"expected {', '.join(sorted(section.needed))}"
        )
    return (
        f"{at}: the column {missing[0]!r} is missing"
        + (f", and so are {', '.join(repr(name) for name in missing[1:])}" if missing[1:] else "")
        + f"; {section.feed.name} needs {', '.join(sorted(section.needed))}"
    )


def _refuse_unknown(mapping: Mapping, there: list[str], at: str) -> None:
    known = set(_OURS)
    for section in mapping.sections:
        known |= {same(name) for name in section.mentioned}
        known |= {name for name in section.feed.names if name not in section.rules}
    for name in there:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise UserError(
                f"{at}: nothing reads the column {name!r}; {hint}Rename or remove it, or let a "
                "mapping ignore it (other_columns = 'ignore')"
            )
