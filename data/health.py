"""health.*: what was loaded, rejected, covered and checked, kept in every build.

The app reads the build file alone; these tables are all it knows of the lake.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

import duckdb

from data import lake, steps
from data.feeds import FEEDS

REJECTS_KEPT = 1000
"""Rejected rows of one load that a build carries; the rest stay in the lake and are counted."""


class Outcome(Protocol):
    """What a check found."""

    @property
    def check(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def n_rows(self) -> int: ...
    @property
    def examples(self) -> tuple[str, ...]: ...


class Definition(Protocol):
    """What the catalogue says of a metric."""

    @property
    def metric(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def better(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def dimensions(self) -> tuple[str, ...]: ...
    @property
    def description(self) -> str: ...
    @property
    def sql(self) -> str: ...


LEDGER_COLUMNS = (
    "seq BIGINT, load_id VARCHAR, status VARCHAR, file VARCHAR, feed VARCHAR, mapping VARCHAR,"
    " loaded_at TIMESTAMP, rows_in BIGINT, rows_accepted BIGINT, rows_rejected BIGINT,"
    " n_faults BIGINT, n_duplicates BIGINT, n_filtered BIGINT, date_min DATE, date_max DATE,"
    " reason VARCHAR, file_sha256 VARCHAR, mapping_sha256 VARCHAR, is_live BOOLEAN"
)


def record_loads(
    con: duckdb.DuckDBPyConnection, warehouse: Path, entries: Sequence[lake.Entry]
) -> None:
    """Make health.ledger, health.stored_rows, health.rejects and health.reject_summary.

    `is_live` marks the loads that count: neither refused nor replaced by a later one.
    """
    standing = lake.live(entries)
    live = {(entry.load_id, entry.seq) for entry in standing}
    con.execute(f"CREATE OR REPLACE TABLE health.ledger ({LEDGER_COLUMNS})")
    names = [column.split()[0] for column in LEDGER_COLUMNS.split(",")]
    for entry in entries:
        told = asdict(entry)
        told["is_live"] = (entry.load_id, entry.seq) in live
        marks = ", ".join("?" for _ in names)
        con.execute(f"INSERT INTO health.ledger VALUES ({marks})", [told[name] for name in names])
    _count_stored_rows(con)
    rejects = [lake.rejects_path(warehouse, entry.load_id) for entry in standing]
    _copy_rejects(con, [path for path in rejects if path.exists()])


def record_coverage(con: duckdb.DuckDBPyConnection) -> None:
    """Make health.coverage: rows of each feed per month of the date it is known by."""
    con.execute(
        "CREATE OR REPLACE TABLE health.coverage (feed VARCHAR, month_date DATE, n_rows BIGINT)"
    )
    for name in filter(FEEDS.__contains__, steps.STAGING):
        dated_by = FEEDS[name].dated_by
        month = f"CAST(date_trunc('month', {dated_by}) AS DATE)" if dated_by else "NULL"
        con.execute(
            f"INSERT INTO health.coverage SELECT '{name}', {month}, count(*) FROM staging.{name}"
            + (f" GROUP BY {month} ORDER BY {month}" if dated_by else "")
        )


def record_checks(con: duckdb.DuckDBPyConnection, outcomes: Iterable[Outcome]) -> None:
    """Make health.checks: every rule with the number of rows that break it."""
    con.execute(
        "CREATE OR REPLACE TABLE health.checks (check_name VARCHAR, rule VARCHAR, n_rows BIGINT,"
        " is_passed BOOLEAN, examples VARCHAR[])"
    )
    for outcome in outcomes:
        con.execute(
            "INSERT INTO health.checks VALUES (?, ?, ?, ?, ?)",
            [
                outcome.check,
                outcome.rule,
                outcome.n_rows,
                outcome.n_rows == 0,
                list(outcome.examples),
            ],
        )


def record_metrics(con: duckdb.DuckDBPyConnection, definitions: Mapping[str, Definition]) -> None:
    """Make health.metrics: the definitions with which this build was made."""
    con.execute(
        "CREATE OR REPLACE TABLE health.metrics (position INTEGER, metric VARCHAR, label VARCHAR,"
        " unit VARCHAR, better VARCHAR, version INTEGER, kind VARCHAR, dimensions VARCHAR[],"
        " description VARCHAR, sql VARCHAR)"
    )
    for position, metric in enumerate(definitions.values()):
        con.execute(
            "INSERT INTO health.metrics VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                position,
                metric.metric,
                metric.label,
                metric.unit,
                metric.better,
                metric.version,
                metric.kind,
                list(metric.dimensions),
                metric.description,
                metric.sql,
            ],
        )


def _count_stored_rows(con: duckdb.DuckDBPyConnection) -> None:
    """Count what the lake really holds, feed by feed, to be held against the ledger."""
    counts = " UNION ALL ".join(
        f"SELECT '{name}' AS feed, _load_id AS load_id, count(*) AS n_rows FROM lake.{name}"
        " GROUP BY _load_id"
        for name in FEEDS
    )
    con.execute(f"CREATE OR REPLACE TABLE health.stored_rows AS {counts}")


def _copy_rejects(con: duckdb.DuckDBPyConnection, paths: list[Path]) -> None:
    con.execute(
        "CREATE OR REPLACE TABLE health.rejects (load_id VARCHAR, _file VARCHAR, _line BIGINT,"
        " feed VARCHAR, kind VARCHAR, column_name VARCHAR, value VARCHAR, reason VARCHAR,"
        " raw VARCHAR)"
    )
    con.execute(
        "CREATE OR REPLACE TABLE health.reject_summary (load_id VARCHAR, file VARCHAR,"
        " feed VARCHAR, kind VARCHAR, column_name VARCHAR, n_rows BIGINT)"
    )
    for path in paths:
        con.execute(
            "INSERT INTO health.rejects SELECT ?, _file, _line, feed, kind, column_name, value,"
            " reason, raw FROM read_parquet(?) ORDER BY kind = 'fault' DESC, _line LIMIT ?",
            [path.stem, str(path), REJECTS_KEPT],
        )
        con.execute(
            "INSERT INTO health.reject_summary SELECT ?, _file, feed, kind, column_name, count(*)"
            " FROM read_parquet(?) GROUP BY _file, feed, kind, column_name",
            [path.stem, str(path)],
        )
