"""What became of a file, for people: one line, the reasons of the rejects, and some rows."""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pandas as pd

from data.lake import Entry
from data.reading.source import literal

N_SHOWN = 200


@dataclass(frozen=True)
class Reason:
    """Rows that were rejected for the same reason.

    Parameters
    ----------
    kind
        "fault", "duplicate" or "filtered".
    column, reason
        The column at fault, if one is, and what is wrong.
    n_rows
        How many rows.
    example
        The first of them: file, line, column, value, reason.
    """

    kind: str
    column: str | None
    reason: str
    n_rows: int
    example: str


@dataclass(frozen=True)
class LoadReport:
    """What became of one file for one feed.

    Parameters
    ----------
    status
        "loaded" (in a preview: would be loaded), "already loaded", "refused" or "skipped" (a file
        of a folder that is no feed).
    entry
        Figures, as in the ledger.
    message
        One line for people: what happened, or why not.
    reasons
        Why rows were rejected, faults first, most frequent first.
    accepted, rejected
        First rows of both, in a preview.
    """

    status: str
    entry: Entry
    message: str
    reasons: tuple[Reason, ...] = ()
    accepted: pd.DataFrame = field(default_factory=pd.DataFrame)
    rejected: pd.DataFrame = field(default_factory=pd.DataFrame)


def summary(entry: Entry) -> str:
    """Say in one line what was loaded."""
    parts = (
        (entry.n_faults, "faulty"),
        (entry.n_duplicates, "repeated"),
        (entry.n_filtered, "left out"),
    )
    aside = ", ".join(f"{n:,} {word}" for n, word in parts if n)
    dates = f", {entry.date_min} to {entry.date_max}" if entry.date_min else ""
    return (
        f"{entry.file}: {entry.feed}, {entry.rows_in:,} rows in, {entry.rows_accepted:,} accepted, "
        f"{entry.rows_rejected:,} rejected" + (f" ({aside})" if aside else "") + dates
    )


def reasons(con: duckdb.DuckDBPyConnection, rejected: Path) -> tuple[Reason, ...]:
    """Return why rows of a rejects file were rejected."""
    found = con.execute(
        f"""
        SELECT
            kind, column_name, why, count(*),
            arg_min(
                _file || ' line ' || _line || ': ' || coalesce(column_name || ' ', '')
                || coalesce('''' || value || ''' ', '') || reason, _line
            )
        FROM (
            SELECT *, CASE WHEN kind = 'filtered' THEN reason
                ELSE regexp_replace(reason, 'line [0-9]+', 'another line', 'g') END AS why
            FROM read_parquet({literal(str(rejected))})
        )
        GROUP BY kind, column_name, why
        ORDER BY kind = 'fault' DESC, count(*) DESC, why
        """
    ).fetchall()
    return tuple(Reason(*row) for row in found)


def first_rows(parquet: Path) -> pd.DataFrame:
    """Return the first rows of a file for showing."""
    with duckdb.connect() as con:
        return con.execute(f"FROM read_parquet({literal(str(parquet))}) LIMIT {N_SHOWN}").df()
