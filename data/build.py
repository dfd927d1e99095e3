"""The build: live loads -> staging -> marts -> checks -> metrics -> cubes -> a published file.

Only when every check is empty does anything get published; else the build in use stays.
"""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from data import calendars, forecasts, health, lake, reconciling, steps
from data.cubes import build_cubes, create_catalogue
from data.errors import UserError
from data.exposed import expose_lake
from data.lake import Entry
from data.metrics import catalogue
from data.reading.source import literal
from data.warehouse import (
    Build,
    FailedCheck,
    building,
    making_folder,
    next_build,
    publish,
    record_failure,
)

Progress = Callable[[str, int, int], None]
"""Called before each step with its name, its number from 1 and the number of steps."""

EXAMPLES = 5
"""Rows shown of a failed check."""
HISTORY = timedelta(days=30 * 366)
HORIZON = timedelta(days=2 * 366)
"""Working days are numbered from so long before the as-of date to so long after it."""


@dataclass(frozen=True)
class CheckOutcome:
    """One check: the rule it holds, how many rows break it, and some of them."""

    check: str
    rule: str
    n_rows: int
    examples: tuple[str, ...]

    @property
    def is_passed(self) -> bool:
        """Whether no row breaks the rule."""
        return self.n_rows == 0

    def told(self) -> FailedCheck:
        """Return what is kept of it when it fails."""
        return FailedCheck(self.check, self.rule, self.n_rows, self.examples)


@dataclass(frozen=True)
class BuildReport:
    """What a build made. `build` is None where nothing was published.

    `forecasts_said` tells which forecasts it holds, and their age.
    """

    as_of_date: date
    seconds: float
    rows: dict[str, int]
    checks: tuple[CheckOutcome, ...]
    build: Build | None = None
    forecasts_said: str = ""
    failed: tuple[CheckOutcome, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Pick the failed checks out."""
        object.__setattr__(
            self, "failed", tuple(check for check in self.checks if not check.is_passed)
        )


def build(
    warehouse: Path, as_of: date | None = None, progress: Progress | None = None
) -> BuildReport:
    """Build from the live loads and publish, unless a check fails.

    Parameters
    ----------
    warehouse
        Folder of the lake and the builds.
    as_of
        Only facts recorded by this day count; None is the day of the latest fact in the lake.
    progress
        Told of every step.

    Raises
    ------
    UserError
        Where nothing has been loaded, or another build keeps running.
    """
    return _run(Path(warehouse), as_of, progress or _silent, is_published=True)


def check(
    warehouse: Path, as_of: date | None = None, progress: Progress | None = None
) -> BuildReport:
    """Run the build as far as the checks and publish nothing: every fault of the live loads."""
    return _run(Path(warehouse), as_of, progress or _silent, is_published=False)


def _silent(_step: str, _number: int, _of: int) -> None:
    return None


def _run(
    warehouse: Path, as_of: date | None, progress: Progress, *, is_published: bool
) -> BuildReport:
    # Once: a load that comes while the build runs must not be in one half of it.
    entries = lake.ledger(warehouse)
    if not lake.live(entries):
        raise UserError(
            f"{warehouse} holds no loaded files; run `python -m data ingest PATH` first"
        )
    started = time.monotonic()
    with building(warehouse):
        folder = making_folder(warehouse)
        try:
            made = folder / "build.duckdb"
            with _open(made, folder) as con:
                maker = _Maker(con, progress, is_published)
                outcomes, as_of_date, build_id = maker.make(warehouse, entries, as_of)
                rows = maker.count_rows()
            passed = all(outcome.is_passed for outcome in outcomes)
            published = publish(warehouse, build_id, made) if passed and is_published else None
            if is_published and not passed:
                failed = [outcome.told() for outcome in outcomes if not outcome.is_passed]
                record_failure(warehouse, as_of_date, len(outcomes), failed)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return BuildReport(
        as_of_date,
        time.monotonic() - started,
        rows,
        tuple(outcomes),
        build=published,
        forecasts_said=forecasts.said(maker.run, as_of_date),
    )


def _open(made: Path, folder: Path) -> duckdb.DuckDBPyConnection:
    """Open the file in the making, with scratch databases for what is not published."""
    con = duckdb.connect(str(made))
    con.execute("SET temp_directory = ?", [str(folder / "spill")])
    con.execute("SET preserve_insertion_order = FALSE")
    con.execute("SET memory_limit = ?", [os.environ.get("BUILD_MEMORY", "50%")])
    prepare(con, folder)
    return con


def prepare(con: duckdb.DuckDBPyConnection, folder: Path | None = None) -> None:
    """Make the schemas of a build; `lake`, `staging` and `steps` are scratch and stay out of it.

    Parameters
    ----------
    folder
        Where the scratch databases lie; None keeps them in memory.
    """
    for name in ("lake", "staging", "steps"):
        place = ":memory:" if folder is None or name == "lake" else str(folder / f"{name}.duckdb")
        con.execute(f"ATTACH {literal(place)} AS {name}")
    forecasts.create_empty(con)
    for schema in ("marts", "metrics", "cubes", "health"):
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    con.execute(
        "CREATE TABLE staging.timezones AS"
        " SELECT DISTINCT name AS timezone FROM pg_timezone_names()"
    )
    con.execute(calendars.EMPTY)


class _Maker:
    """Runs the steps in order and tells of each."""

    def __init__(self, con: duckdb.DuckDBPyConnection, progress: Progress, is_whole: bool) -> None:
        self.con = con
        self.progress = progress
        self.is_whole = is_whole
        self.number = 0
        self.run: forecasts.Run | None = None
        self.of = len(steps.STAGING) + len(steps.PARTNERS) + len(steps.MARTS) + len(steps.CHECKS)
        if is_whole:
            self.of += 2 * len(steps.METRICS)

    def make(
        self, warehouse: Path, entries: list[Entry], as_of: date | None
    ) -> tuple[list[CheckOutcome], date, str]:
        """Make everything; metrics and cubes only where all checks pass."""
        load_ids = expose_lake(self.con, warehouse, entries)
        health.record_loads(self.con, warehouse, entries)
        self._run_files("staging", steps.STAGING)
        reconciling.record(self.con)
        calendars.derive(self.con)
        self._run_files("marts", steps.PARTNERS)
        as_of_date = _as_of_date(self.con, as_of)
        build_id = next_build(warehouse, as_of_date)
        set_build(self.con, as_of_date, build_id, load_ids)
        self.run = forecasts.expose(self.con, warehouse, as_of_date)
        self._run_files("marts", steps.MARTS)
        health.record_coverage(self.con)
        outcomes = [self._check(name) for name in steps.CHECKS]
        health.record_checks(self.con, outcomes)
        if self.is_whole and all(outcome.is_passed for outcome in outcomes):
            self._measure()
        for name in ("lake", "staging", "steps"):
            self.con.execute(f"DETACH {name}")
        return outcomes, as_of_date, build_id

    def count_rows(self) -> dict[str, int]:
        """Return the rows of each mart."""
        tables = self.con.execute(
            "SELECT table_name, estimated_size FROM duckdb_tables() "
            "WHERE schema_name = 'marts' ORDER BY table_name"
        ).fetchall()
        return dict(tables)

    def _tell(self, step: str) -> None:
        self.number += 1
        self.progress(step, self.number, self.of)

    def _run_files(self, folder: str, names: tuple[str, ...]) -> None:
        for name in names:
            self._tell(f"{folder}/{name}")
            self.con.execute(steps.sql(folder, name))

    def _check(self, name: str) -> CheckOutcome:
        self._tell(f"checks/{name}")
        return run_check(self.con, name)

    def _measure(self) -> None:
        create_catalogue(self.con)
        definitions = catalogue()
        health.record_metrics(self.con, definitions)
        for name, definition in definitions.items():
            self._tell(f"metrics/{name}")
            self.con.execute(definition.sql)
            self._tell(f"cubes/{name}")
            build_cubes(self.con, definition)


def _as_of_date(con: duckdb.DuckDBPyConnection, as_of: date | None) -> date:
    """Return the as-of date: the one asked for, else the day of the latest fact.

    Raises
    ------
    UserError
        Where the one asked for is outside the days on which anything was recorded.
    """
    first, latest = con.execute(
        "SELECT first_fact_date, latest_fact_date FROM steps.latest_fact"
    ).fetchall()[0]
    if latest is None:
        (loaded,) = con.execute("SELECT max(loaded_at) FROM health.ledger").fetchall()[0]
        return as_of or loaded.date()
    if as_of is not None and not (first or latest) <= as_of <= latest:
        raise UserError(
            f"--as-of {as_of} is outside the facts that are loaded (expected {first or latest} to"
            f" {latest})"
        )
    return as_of or latest


def set_build(
    con: duckdb.DuckDBPyConnection, as_of_date: date, build_id: str, load_ids: list[str]
) -> None:
    """Make marts.build: one row that says as of when and from what everything else is made."""
    con.execute(
        "CREATE OR REPLACE TABLE marts.build AS SELECT CAST(? AS VARCHAR) AS build_id,"
        " CAST(? AS DATE) AS as_of_date, CAST(? AS TIMESTAMP) AS built_at,"
        " CAST(? AS DATE) AS first_day, CAST(? AS DATE) AS last_day,"
        " CAST(? AS VARCHAR[]) AS load_ids,"
        " first_fact_date, latest_fact_date,"
        " coalesce(first_promise_date <= CAST(? AS DATE), FALSE) AS has_promises"
        " FROM steps.latest_fact",
        [
            build_id,
            as_of_date,
            datetime.now(UTC).replace(tzinfo=None),
            as_of_date - HISTORY,
            as_of_date + HORIZON,
            load_ids,
            as_of_date,
        ],
    )


def run_check(con: duckdb.DuckDBPyConnection, name: str) -> CheckOutcome:
    """Run one check; it passes where its query returns no rows."""
    text = steps.sql("checks", name)
    rule = text.split("\n", 1)[0].removeprefix("-- check:").strip()
    found = con.execute(text).fetchall()
    columns = [column[0] for column in con.description or []]
    examples = tuple(
        ", ".join(f"{column} {value}" for column, value in zip(columns, row, strict=True))
        for row in found[:EXAMPLES]
    )
    return CheckOutcome(name, rule, len(found), examples)
