"""Forecasts in the lake: what `python -m forecasting run` hands over, and which run a build uses.

    forecasts/<table>/<content>.parquet    one table of one run, never changed
    forecasts/runs/<seq>-<run_id>.json     the commit point: a run exists only with its record

The tables are a contract: whoever forecasts writes these columns, and the build reads no others.
A build takes the newest run whose as-of date is not after its own, so that a rebuilt past never
knows forecasts made later (rule G1).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pandas as pd

from data import lake, planned
from data.errors import UserError
from data.reading.source import literal

KEY = {"item_id": "VARCHAR", "site_id": "VARCHAR"}
SEASON_KEY = {"season_id": "VARCHAR", **KEY}
UPPER = {f"qty_p{level}": "DOUBLE" for level in (50, 80, 90, 95, 99)}
REPLAYED: dict[str, dict[str, str]] = {
    "replays": {
        "window_name": "VARCHAR",
        "rule": "VARCHAR",
        "knob": "DOUBLE",
        "is_at_equal_money": "BOOLEAN",
        "money": "DOUBLE",
        "unit_fill_rate": "DOUBLE",
        "line_fill_rate": "DOUBLE",
        "value_fill_rate": "DOUBLE",
        "expected_unit_fill_rate": "DOUBLE",
        "n_items": "INTEGER",
        "since_date": "DATE",
        "until_date": "DATE",
        "n_periods": "INTEGER",
        "n_known": "INTEGER",
    },
    "replay_gains": {
        "window_name": "VARCHAR",
        "measure": "VARCHAR",
        "before_rate": "DOUBLE",
        "after_rate": "DOUBLE",
        "difference": "DOUBLE",
        "low": "DOUBLE",
        "high": "DOUBLE",
        "n_items": "INTEGER",
        "n_lines": "DOUBLE",
    },
}
"""What the client's old rule and this plan came to on the same past, in two windows of it: the last
half year of weeks (`later`), and the one before (`earlier`)."""

TABLES: dict[str, dict[str, str]] = {
    "forecasts": {
        **KEY,
        "period_date": "DATE",
        "period_no": "INTEGER",
        "qty_expected": "DOUBLE",
        "qty_p10": "DOUBLE",
        **UPPER,
    },
    "forecast_choices": {
        **KEY,
        "demand_class": "VARCHAR",
        "class_reason": "VARCHAR",
        "model": "VARCHAR",
        "model_reason": "VARCHAR",
        "note": "VARCHAR",
        "n_periods": "INTEGER",
        "lead_time_days": "INTEGER",
        "is_lead_time_stated": "BOOLEAN",
        "lead_periods": "INTEGER",
        "lead_qty_expected": "DOUBLE",
        **{f"lead_{name}": kind for name, kind in UPPER.items()},
    },
    "forecast_demand": {
        **KEY,
        "periods": "INTEGER",
        "qty_mean": "DOUBLE",
        "qty_variance": "DOUBLE",
        "qty_step": "DOUBLE",
    },
    "forecast_errors": {
        **KEY,
        "cutoff_date": "DATE",
        "period_date": "DATE",
        "period_no": "INTEGER",
        "model": "VARCHAR",
        "demand_class": "VARCHAR",
        "qty_actual": "DOUBLE",
        "qty_forecast": "DOUBLE",
    },
    "forecast_accuracy": {
        "demand_class": "VARCHAR",
        "model": "VARCHAR",
        "n": "INTEGER",
        "rmsse": "DOUBLE",
        "spl": "DOUBLE",
        "spl_low": "DOUBLE",
        "spl_high": "DOUBLE",
        "wape": "DOUBLE",
        "bias": "DOUBLE",
        "cover_p95_rate": "DOUBLE",
        "cover_p99_rate": "DOUBLE",
        "value_added": "DOUBLE",
        "is_tie": "BOOLEAN",
        "cost_over_p95": "DOUBLE",
        "cost_short_p95": "DOUBLE",
    },
    **REPLAYED,
    "season_plans": {
        **SEASON_KEY,
        "qty_expected": "DOUBLE",
        "qty_p10": "DOUBLE",
        "qty_p90": "DOUBLE",
        "share": "DOUBLE",
        "qty_planned": "DOUBLE",
    },
    "season_forecasts": {**SEASON_KEY, "period_date": "DATE", "qty_expected": "DOUBLE"},
    "season_results": {
        **SEASON_KEY,
        "qty_demand": "DOUBLE",
        "qty_hindsight": "DOUBLE",
        "qty_luck": "DOUBLE",
    },
    "season_luck": {
        "season_id": "VARCHAR",
        "item_id": "VARCHAR",
        "draw_no": "INTEGER",
        "qty_misplaced": "DOUBLE",
        "qty_misallocated": "DOUBLE",
        "qty_hindsight_sales": "DOUBLE",
    },
    **planned.TABLES,
}
"""Table -> column -> type. Quantities are in the item's unit; period_no 1 is the next period.

`forecast_demand` holds the demand summed over the next `periods`: what stock decisions are made
from. Its amounts are multiples of `qty_step`."""


@dataclass(frozen=True)
class Run:
    """One forecasting run.

    Parameters
    ----------
    run_id
        Content address of its tables and settings.
    seq
        Order of the runs, from 1.
    made_at
        UTC, ISO.
    build_id
        The build whose demand was forecast.
    as_of_date
        Its as-of date, ISO.
    freq
        W (weeks from Monday) or MS (months).
    horizon
        Periods ahead.
    freq_reason
        Why weeks or months.
    files
        Table -> path inside the warehouse.
    """

    run_id: str
    seq: int
    made_at: str
    build_id: str
    as_of_date: str
    freq: str
    horizon: int
    freq_reason: str
    n_series: int
    files: dict[str, str]


def runs(warehouse: Path) -> list[Run]:
    """Return every run, oldest first."""
    records = sorted((warehouse / "forecasts" / "runs").glob("*.json"))
    return [Run(**json.loads(path.read_text(encoding="utf-8"))) for path in records]


def latest(warehouse: Path, as_of: date) -> Run | None:
    """Return the newest run that knew nothing after `as_of`, or None."""
    known = [run for run in runs(warehouse) if date.fromisoformat(run.as_of_date) <= as_of]
    return known[-1] if known else None


def keep(
    warehouse: Path,
    tables: Mapping[str, pd.DataFrame],
    *,
    build_id: str,
    as_of: date,
    freq: str,
    horizon: int,
    freq_reason: str,
) -> Run:
    """Put the tables of a run into the lake, its record last; the same run again adds nothing.

    Raises
    ------
    ValueError
        A table or a column of the contract is missing, or there is one too many.
    """
    _check(tables)
    with lake.locked(warehouse), lake.workdir(warehouse) as work:
        files = {name: _put(warehouse, work, name, tables[name]) for name in TABLES}
        told = {"as_of_date": as_of.isoformat(), "freq": freq, "horizon": horizon, "files": files}
        run_id = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
        known = runs(warehouse)
        if known and known[-1].run_id == run_id:
            return known[-1]
        run = Run(
            run_id=run_id,
            seq=known[-1].seq + 1 if known else 1,
            made_at=datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
            build_id=build_id,
            as_of_date=as_of.isoformat(),
            freq=freq,
            horizon=horizon,
            freq_reason=freq_reason,
            n_series=len(tables["forecast_choices"]),
            files=files,
        )
        record = work / f"{run_id}.json"
        record.write_text(json.dumps(asdict(run), indent=1, ensure_ascii=False), encoding="utf-8")
        lake.put(record, warehouse / "forecasts" / "runs" / f"{run.seq:08d}-{run_id}.json")
    return run


def _check(tables: Mapping[str, pd.DataFrame]) -> None:
    if set(tables) != set(TABLES):
        raise ValueError(f"tables {sorted(tables)} are not {sorted(TABLES)}")
    for name, columns in TABLES.items():
        if list(tables[name].columns) != list(columns):
            raise ValueError(
                f"{name}: columns {list(tables[name].columns)} are not {list(columns)}"
            )


def _put(warehouse: Path, work: Path, name: str, table: pd.DataFrame) -> str:
    made = work / f"{name}.parquet"
    table.to_parquet(made, index=False)
    content = hashlib.sha256(made.read_bytes()).hexdigest()[:16]
    place = warehouse / "forecasts" / name / f"{content}.parquet"
    if not place.exists():
        lake.put(made, place)
    return place.relative_to(warehouse).as_posix()


def create_empty(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of the contract in the scratch lake, without rows."""
    for name, columns in TABLES.items():
        typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        con.execute(f"CREATE OR REPLACE TABLE lake.{name} ({typed})")
    con.execute(
        "CREATE OR REPLACE TABLE lake.forecast_runs (run_id VARCHAR, made_at TIMESTAMP,"
        " build_id VARCHAR, as_of_date DATE, freq VARCHAR, horizon INTEGER, freq_reason VARCHAR,"
        " n_series INTEGER)"
    )


def _unreadable(run: Run, table: str, fault: duckdb.Error) -> UserError:
    return UserError(
        f"{run.files[table]} of forecasting run {run.run_id} cannot be read "
        f"({str(fault).splitlines()[0]}); put it back or remove the run's record in "
        "forecasts/runs, then run `python -m forecasting run`"
    )


def expose(con: duckdb.DuckDBPyConnection, warehouse: Path, as_of: date) -> Run | None:
    """Fill the tables of the contract in the scratch lake from the run that a build may use.

    Raises
    ------
    UserError
        A file of the run is gone or cannot be read: names it and the way out.
    """
    run = latest(warehouse, as_of)
    if run is None:
        return None
    for name, columns in TABLES.items():
        # A run made before the contract had a table or a column leaves it empty.
        if name in run.files:
            path = warehouse / run.files[name]
            try:
                known = con.execute(f"DESCRIBE FROM read_parquet({literal(str(path))})").fetchall()
                there = {column for column, *_ in known}
                picked = ", ".join(
                    f"CAST({column if column in there else 'NULL'} AS {kind})"
                    for column, kind in columns.items()
                )
                con.execute(
                    f"INSERT INTO lake.{name}"
                    f" SELECT {picked} FROM read_parquet({literal(str(path))})"
                )
            except duckdb.Error as fault:
                raise _unreadable(run, name, fault) from fault
    con.execute(
        "INSERT INTO lake.forecast_runs VALUES (?, CAST(? AS TIMESTAMP), ?, CAST(? AS DATE),"
        " ?, ?, ?, ?)",
        [run.run_id, run.made_at, run.build_id, run.as_of_date, run.freq, run.horizon,
         run.freq_reason, run.n_series],
    )  # fmt: skip
    return run


def said(run: Run | None, as_of: date) -> str:
    """Say which forecasts a build holds and how old they are."""
    if run is None:
        return "forecasts: none; run `python -m forecasting run`"
    days = (as_of - date.fromisoformat(run.as_of_date)).days
    age = "of this day" if days == 0 else f"{days} day{'' if days == 1 else 's'} old"
    return f"forecasts: {run.n_series:,} series as of {run.as_of_date}, {age}"
