"""What became of every row of every file: accepted or rejected, in use or superseded, to the row.

    rows in  = accepted + faulty + copies + filtered
    accepted = in use + superseded + dated after it was loaded

A load that was replaced whole (the same file under another mapping) has all its rows superseded.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from data import health, lake, steps
from data.contract import Feed
from data.exposed import expose_lake
from data.feeds import FEEDS
from data.reading.source import literal, name

SUPERSEDED_KEPT = 1000
"""Superseded rows of one feed that a build carries; `reconcile` lists all."""
MISDATED = (
    "order_lines", "order_promises", "shipments", "stock", "purchase_order_lines",
    "supplier_promises", "receipts", "demand",
)  # fmt: skip
"""Feeds whose rows are left out where they are dated after their load (staging.misdated)."""
_MOVES = {
    "shipments": ("order_id", "line_no", "shipped_date"),
    "receipts": ("po_id", "line_no", "received_date"),
}
"""What tells goods apart that have no identifier of their own."""


@dataclass(frozen=True)
class Reconciled:
    """What became of the rows.

    Parameters
    ----------
    loads
        One row per file and feed, refused and replaced ones included.
    superseded
        Each accepted row that a later file stands for, with that file and line.
    """

    loads: pd.DataFrame
    superseded: pd.DataFrame


def reconcile(warehouse: Path) -> Reconciled:
    """Reconcile all that was loaded, from the lake alone; every superseded row is listed."""
    entries = lake.ledger(warehouse)
    with duckdb.connect() as con:
        for schema in ("lake", "staging", "health"):
            con.execute(f"CREATE SCHEMA {schema}")
        expose_lake(con, warehouse, entries)
        health.record_loads(con, warehouse, entries)
        for step in steps.STAGING:
            con.execute(steps.sql("staging", step))
        record(con, most=None)
        return Reconciled(
            con.execute("FROM health.reconciliation ORDER BY seq").df(),
            con.execute("FROM health.superseded ORDER BY feed, file, line").df(),
        )


def record(con: duckdb.DuckDBPyConnection, most: int | None = SUPERSEDED_KEPT) -> None:
    """Make health.reconciliation and health.superseded out of lake, staging and the ledger.

    Parameters
    ----------
    most
        Superseded rows that are listed per feed; None is all. They are always counted.
    """
    con.execute(
        "CREATE OR REPLACE TABLE health.row_fates (feed VARCHAR, load_id VARCHAR,"
        " n_in_use BIGINT, n_misdated BIGINT, n_mended BIGINT)"
    )
    for feed in FEEDS.values():
        con.execute(f"INSERT INTO health.row_fates {_fates_sql(feed)}")
    con.execute(f"CREATE OR REPLACE TABLE health.reconciliation AS {_LOADS}")
    con.execute("DROP TABLE health.row_fates")
    con.execute(
        "CREATE OR REPLACE TABLE health.superseded (feed VARCHAR, key VARCHAR, file VARCHAR,"
        " line BIGINT, by_file VARCHAR, by_line BIGINT)"
    )
    counted = con.execute(
        "SELECT DISTINCT feed FROM health.reconciliation WHERE n_superseded > 0 AND is_live"
    ).fetchall()
    for (feed_name,) in counted:
        limit = "" if most is None else f" LIMIT {most}"
        con.execute(f"INSERT INTO health.superseded {_superseded_sql(FEEDS[feed_name])}{limit}")


def _fates_sql(feed: Feed) -> str:
    """Return SQL of each load: rows in use, dated after the load, and faulty but mended since."""
    used = f"staging.{feed.name}" if feed.name in steps.STAGING else f"lake.{feed.name}"
    misdated = "FALSE"
    if feed.name in MISDATED:
        misdated = (
            f"coalesce(CAST({name(feed.dated_by or '')} AS DATE) "
            "> CAST(_loaded_at + INTERVAL 1 DAY AS DATE), FALSE)"
        )
    return f"""
        WITH mended AS (
            SELECT load.load_id, count(DISTINCT (origin._origin_file, origin._origin_line)) AS n
            FROM lake.{feed.name} AS origin
            JOIN health.ledger AS load
                ON load.file = origin._origin_file AND load.feed = {literal(feed.name)}
                AND load.is_live
            WHERE origin._origin_file IS NOT NULL
            GROUP BY load.load_id
        ), used AS (
            SELECT _load_id AS load_id, count(*) AS n FROM {used} GROUP BY _load_id
        ), stored AS (
            SELECT _load_id AS load_id, count_if({misdated}) AS n FROM lake.{feed.name}
            GROUP BY _load_id
        )
        SELECT {literal(feed.name)}, load.load_id, coalesce(used.n, 0), coalesce(stored.n, 0),
            coalesce(mended.n, 0)
        FROM health.ledger AS load
        LEFT JOIN used ON used.load_id = load.load_id
        LEFT JOIN stored ON stored.load_id = load.load_id
        LEFT JOIN mended ON mended.load_id = load.load_id
        WHERE load.is_live AND load.feed = {literal(feed.name)}
    """


_LOADS = """
    SELECT
        load.seq, load.loaded_at, load.file, load.feed, load.mapping, load.load_id, load.is_live,
        CASE WHEN load.is_live THEN 'in use' WHEN load.status = 'refused' THEN 'refused'
            ELSE 'replaced whole' END AS fate,
        load.rows_in, load.rows_accepted AS n_accepted, load.n_faults,
        coalesce(fate.n_mended, 0) AS n_mended, load.n_duplicates, load.n_filtered,
        coalesce(fate.n_in_use, 0) AS n_in_use,
        load.rows_accepted - coalesce(fate.n_in_use, 0) - coalesce(fate.n_misdated, 0)
            AS n_superseded,
        coalesce(fate.n_misdated, 0) AS n_misdated,
        load.rows_in - load.rows_accepted - load.n_faults - load.n_duplicates - load.n_filtered
            AS n_unaccounted
    FROM health.ledger AS load
    LEFT JOIN health.row_fates AS fate
        ON load.is_live AND fate.load_id = load.load_id AND fate.feed = load.feed
    ORDER BY load.seq
"""


def _superseded_sql(feed: Feed) -> str:
    """Return SQL of the accepted rows that are not in use, each with the row that stands for it."""
    key = _MOVES.get(feed.name, feed.key)
    parts = ", ".join(name(column) for column in key)
    same_key = " AND ".join(
        f"kept.{name(column)} IS NOT DISTINCT FROM lost.{name(column)}" for column in key
    )
    misdated = "FALSE"
    if feed.name in MISDATED:
        misdated = (
            f"coalesce(CAST(lost.{name(feed.dated_by or '')} AS DATE) "
            "> CAST(lost._loaded_at + INTERVAL 1 DAY AS DATE), FALSE)"
        )
    return f"""
        SELECT {literal(feed.name)}, lost.key, lost._file, lost._line,
            any_value(kept._file ORDER BY kept._line), any_value(kept._line ORDER BY kept._line)
        FROM (
            SELECT *, concat_ws(', ', {parts}) AS key FROM lake.{feed.name}
        ) AS lost
        ANTI JOIN staging.{feed.name} AS used
            ON used._load_id = lost._load_id AND used._line = lost._line
            AND {same_key.replace("kept.", "used.")}
        LEFT JOIN staging.{feed.name} AS kept ON {same_key}
        WHERE NOT {misdated}
        GROUP BY lost.key, lost._file, lost._line
        ORDER BY lost._file, lost._line
    """
