"""A mapping proposed for a client's file that nobody has described yet.

`suggest` looks at names and values; what it proposes is a start that a person corrects: each part
carries its confidence and evidence, and what it is unsure of is marked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from data import lake
from data.choose import candidates
from data.feeds import FEEDS
from data.reading.dialect import same
from data.reading.file import read
from data.reading.layout import UNTOLD, Layout, Periods
from data.reading.source import Source, literal, name
from data.suggesting import as_toml
from data.suggesting.amounts import with_proven_prices
from data.suggesting.find import Found, find_layout, is_period
from data.suggesting.match import MOST_IDS, FeedMatch, match_feed
from data.suggesting.profile import Profile, profiles
from data.suggesting.propose import Proposal, of_choice, propose

FEWEST_PERIODS = 3
IDENTIFIERS = ("item_id", "site_id", "customer_id", "supplier_id", "order_id", "po_id")
_SAMPLE_LENGTH = 5


@dataclass(frozen=True)
class FileColumn:
    """A column of the file, for showing.

    Parameters
    ----------
    name
        Its header.
    examples
        Its most frequent values.
    n_blank, n_distinct
        Blank cells and different values.
    used_for
        Columns of the feed that would be made of it.
    """

    name: str
    examples: tuple[str, ...]
    n_blank: int
    n_distinct: int
    used_for: tuple[str, ...]


@dataclass(frozen=True)
class Suggestion:
    """A mapping proposed for a file.

    Parameters
    ----------
    file
        Name of the file.
    feed, feed_confidence, feed_evidence
        What it seems to hold, how sure [0-1] and why.
    other_feeds
        Other feeds it may hold, the likeliest first, with their scores [0-1].
    layout, layout_confidence, layout_evidence
        How the file is laid out.
    dialect
        How it was read.
    proposals
        One per column of the feed that the file has or the feed needs.
    file_columns
        The file's columns.
    n_rows
        Rows of the file (long ones, where periods become rows).
    keep
        Which of several rows with the same key stays; None where the key does not repeat.
    key_evidence
        About keys and repeated rows, in words.
    questions
        What a person has to decide about the file as a whole.
    profiles
        What the values of each column look like.
    """

    file: str
    feed: str
    feed_confidence: float
    feed_evidence: tuple[str, ...]
    other_feeds: tuple[tuple[str, float], ...]
    layout: Layout
    layout_confidence: float
    layout_evidence: tuple[str, ...]
    dialect: Mapping[str, str]
    proposals: tuple[Proposal, ...]
    file_columns: tuple[FileColumn, ...]
    n_rows: int
    keep: str | None
    key_evidence: tuple[str, ...]
    questions: tuple[str, ...]
    profiles: tuple[Profile, ...] = field(default=(), repr=False)

    def of_choice(self, column: str, file_column: str) -> Proposal:
        """Return how a column would be made of the column of the file that somebody chose."""
        chosen = next(one for one in self.profiles if one.name == file_column)
        return of_choice(FEEDS[self.feed].column(column), chosen, self.profiles)

    @property
    def unsure(self) -> tuple[Proposal, ...]:
        """Proposals that somebody should look at."""
        return tuple(one for one in self.proposals if not one.is_sure)

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns of the file that nothing reads."""
        return tuple(one.name for one in self.file_columns if not one.used_for and one.name)

    def to_toml(self) -> str:
        """Return a mapping file that `ingest --mapping` takes, with what is unsure in comments."""
        return as_toml.mapping(self)

    def to_dict(self) -> dict[str, Any]:
        """Return everything for machines."""
        told = asdict(replace(self, profiles=()))
        del told["profiles"]
        return told | {"toml": self.to_toml()}


def suggest(
    path: Path | str, warehouse: Path, feed: str | None = None, told: Layout = UNTOLD
) -> Suggestion:
    """Propose a mapping for a file.

    Parameters
    ----------
    path
        The file: delimited text, workbook or Parquet.
    warehouse
        Folder of the lake, whose identifiers are compared with the file's values.
    feed
        Feed of the file; without it the likeliest is proposed.
    told
        How the file is laid out, as far as somebody said; the rest is found.

    Raises
    ------
    UserError
        Where the file cannot be read as a table, or there is no such feed.
    """
    path = Path(path)
    if feed is not None:
        candidates(path.name, feed, None)
    found = find_layout(path, told)
    with duckdb.connect() as con:
        layout, source = _read(con, path, found)
        file = profiles(source)
        tried = [FEEDS[feed]] if feed else list(FEEDS.values())
        known = _known_ids(warehouse)
        said = f"{path.name} {layout.sheet or ''}"
        ranked = sorted(
            (match_feed(one, file, known, said) for one in tried), key=lambda one: -one.score
        )
        best = with_proven_prices(source, ranked[0], file)
        initiator = "supplier" if best.feed.name == "supplier_promises" else "client"
        proposals = propose(best, file, initiator)
        keep, about_key = _keys(source, best, proposals)
    return Suggestion(
        file=path.name,
        feed=best.feed.name,
        feed_confidence=1.0 if feed else _certainty(ranked),
        feed_evidence=_feed_words(best, feed),
        other_feeds=tuple((one.feed.name, one.score) for one in ranked[1:5] if one.score > 0.3),
        layout=layout,
        layout_confidence=found.confidence,
        layout_evidence=found.evidence,
        dialect=source.dialect,
        proposals=proposals,
        file_columns=_shown(file, proposals),
        n_rows=source.rows_in,
        keep=keep,
        key_evidence=about_key,
        questions=found.questions,
        profiles=tuple(file),
    )


def _read(con: duckdb.DuckDBPyConnection, path: Path, found: Found) -> tuple[Layout, Source]:
    """Read the file with what was found, periods in columns as rows."""
    layout = found.layout
    wanted = [frozenset(same(one) for one in found.names if one)]
    periods = [one for one in found.names if is_period(one)]
    if len(periods) >= FEWEST_PERIODS and not layout.periods:
        layout = as_toml.with_periods(layout, Periods(as_toml.form_of(periods)))
    return layout, read(con, path, wanted, layout)


def _known_ids(warehouse: Path) -> dict[str, set[str]]:
    """Return the identifiers in the lake, by column."""
    known: dict[str, set[str]] = {}
    if not lake.ledger(warehouse):
        return known
    with duckdb.connect() as con:
        for feed, paths in lake.live_raw_paths(warehouse).items():
            listed = ", ".join(literal(str(path)) for path in paths)
            for column in IDENTIFIERS:
                if column in FEEDS[feed].names:
                    rows = con.execute(
                        f"SELECT DISTINCT {name(column)} FROM read_parquet([{listed}]) "
                        f"WHERE {name(column)} IS NOT NULL LIMIT {MOST_IDS}"
                    ).fetchall()
                    known.setdefault(column, set()).update(str(row[0]) for row in rows)
    return known


def _certainty(ranked: Sequence[FeedMatch]) -> float:
    """Return how sure the feed is: how well it fits, and how far the next is behind."""
    best, second = ranked[0].score, ranked[1].score
    return round(min(1.0, best * (0.6 + min(0.4, 2 * (best - second)))), 2)


def _feed_words(best: FeedMatch, feed: str | None) -> tuple[str, ...]:
    if feed:
        return ("the feed was told",)
    n_needed = len(best.feed.required)
    there = sum(column in best.matches for column in best.feed.required)
    return (
        f"{there} of the {n_needed} columns that {best.feed.name} needs are in the file",
        f"{len(best.matches)} columns of the file have a place in it",
    )


def _shown(file: Sequence[Profile], proposals: Sequence[Proposal]) -> tuple[FileColumn, ...]:
    used: dict[str, list[str]] = {}
    for one in proposals:
        if one.is_active and "column" in one.rule:
            used.setdefault(one.rule["column"], []).append(one.column)
    return tuple(
        FileColumn(
            one.name,
            tuple([*one.values, *one.placeholders][:_SAMPLE_LENGTH]),
            one.n_blank,
            one.n_distinct,
            tuple(used.get(one.name, ())),
        )
        for one in file
    )


def _keys(
    source: Source, best: FeedMatch, proposals: Sequence[Proposal]
) -> tuple[str | None, tuple[str, ...]]:
    """Return which of several rows of one key to keep, and what was found about keys."""
    key = best.feed.key
    if best.feed.alternate_key and key[0] not in best.matches:
        key = best.feed.alternate_key
    cells = [
        f"trim({source.column(best.matches[c].profile.name)})" for c in key if c in best.matches
    ]
    told = {one.column for one in proposals if one.is_active and "constant" in one.rule}
    if not cells or any(
        c not in best.matches and c not in told for c in key if _is_needed(best, c)
    ):
        return None, ("the key is not complete, so repeats were not counted",)
    mapped = [f"trim({source.column(one.profile.name)})" for one in best.matches.values()]
    n, n_keys, n_different = source.con.execute(
        f"SELECT count(*), count(DISTINCT ({', '.join(cells)},)), "
        f"count(DISTINCT ({', '.join(mapped)},)) FROM source"
    ).fetchall()[0]
    names = " + ".join(key)
    if n_keys == n:
        return None, (f"{names} is different on each of the {n:,} rows",)
    said = f"{n:,} rows have {n_keys:,} different {names}"
    if n_different == n_keys:
        return None, (f"{said}; rows of one key are the same: later ones are left out",)
    if best.feed.is_repeatable:
        return None, (f"{said}; this feed may repeat a key",)
    return "last", (f"{said}, some with other values: the last of each is kept",)


def _is_needed(best: FeedMatch, column: str) -> bool:
    return best.feed.column(column).required
