"""The live loads as lake.<feed>, for the SQL of a build."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from data import lake
from data.contract import ORIGIN
from data.errors import UserError
from data.feeds import FEEDS
from data.lake import Entry
from data.reading.source import literal


def expose_lake(
    con: duckdb.DuckDBPyConnection, warehouse: Path, entries: Sequence[Entry]
) -> list[str]:
    """Make a view lake.<feed> over the accepted rows of the live loads; return the loads.

    `_seq` says which load came later. A feed without loads is an empty table of its contract.

    Parameters
    ----------
    entries
        The ledger, read once: what is loaded while a build runs counts in the next one.

    Raises
    ------
    UserError
        Where the accepted rows of a load are not there.
    """
    standing = lake.live(entries)
    con.execute("CREATE TABLE lake.loads (load_id VARCHAR, seq BIGINT)")
    if standing:
        con.executemany(
            "INSERT INTO lake.loads VALUES (?, ?)", [(one.load_id, one.seq) for one in standing]
        )
    for feed in FEEDS:
        loads = [entry for entry in standing if entry.feed == feed]
        if loads:
            _expose(con, feed, [_stored(warehouse, entry) for entry in loads])
        else:
            create_empty(con, feed)
    return [entry.load_id for entry in standing]


def create_empty(con: duckdb.DuckDBPyConnection, feed: str) -> None:
    """Make lake.<feed> without rows."""
    columns = [f"{column.name} {column.sql_type}" for column in FEEDS[feed].columns]
    columns += ["_file VARCHAR", "_line BIGINT", "_load_id VARCHAR", "_loaded_at TIMESTAMP"]
    columns += [f"{name} {sql_type}" for name, sql_type in ORIGIN.items()]
    con.execute(f"CREATE OR REPLACE TABLE lake.{feed} ({', '.join(columns)}, _seq BIGINT)")


def _stored(warehouse: Path, entry: Entry) -> Path:
    path = lake.raw_path(warehouse, entry.feed, entry.load_id)
    if not path.exists():
        raise UserError(
            f"{path} is missing: the {entry.rows_accepted:,} rows accepted from {entry.file}; put "
            f"it back from a copy, or remove {entry.load_id} from {warehouse / 'ledger'} and load "
            "the file again"
        )
    return path


def _expose(con: duckdb.DuckDBPyConnection, feed: str, paths: list[Path]) -> None:
    rows = (
        f"read_parquet([{', '.join(literal(str(path)) for path in paths)}], union_by_name = TRUE)"
    )
    # Only a load of mended rows has the columns that say where they had been rejected; a load from
    # before an optional column was agreed has not that one.
    agreed = {column.name: column.sql_type for column in FEEDS[feed].columns} | ORIGIN
    there = {row[0] for row in con.execute(f"DESCRIBE FROM {rows}").fetchall()}
    origin = "".join(
        f", CAST(NULL AS {sql_type}) AS {name}"
        for name, sql_type in agreed.items()
        if name not in there
    )
    con.execute(
        f"CREATE VIEW lake.{feed} AS SELECT stored.*{origin}, loaded.seq AS _seq FROM {rows}"
        " AS stored JOIN lake.loads AS loaded ON loaded.load_id = stored._load_id"
    )
