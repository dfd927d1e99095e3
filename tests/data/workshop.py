"""A build in memory, from rows that a test puts into the feeds."""

from datetime import date
from typing import Any

import duckdb

from data import build, calendars, health, reconciling, steps
from data.cubes import build_cubes, create_catalogue
from data.exposed import create_empty
from data.feeds import FEEDS
from data.metrics import catalogue
from tests import drawn

DEFAULTS: dict[str, dict[str, Any]] = {
    "items": {"is_stocked": True, "item_family": "gaskets", "business_unit": "spares"},
    "sites": {"site_type": "dc", "timezone": "UTC", "region": "north", "in_contract": True},
    "order_lines": {"order_type": "stock", "item_id": "P1", "site_id": "DC1", "customer_id": "C1"},
    "order_promises": {"initiated_by": "provider"},
    "shipments": {},
    "stock": {"item_id": "P1", "site_id": "DC1"},
    "suppliers": {"supplier_name": "a supplier"},
    "purchase_order_lines": {"item_id": "P1", "site_id": "DC1", "supplier_id": "S1"},
    "supplier_promises": {"initiated_by": "supplier"},
    "builds": {"site_id": "DC1", "product": "engine"},
}


def open_empty() -> duckdb.DuckDBPyConnection:
    """Return a database with an empty lake."""
    con = duckdb.connect()
    build.prepare(con)
    for name in FEEDS:
        create_empty(con, name)
    return con


def deliver(con: duckdb.DuckDBPyConnection, feed: str, rows: str, load: int = 1) -> None:
    """Put a drawn table into a feed, as one load."""
    marks = {"_file": f"{feed}.csv", "_load_id": f"load{load}", "_seq": load}
    before = con.execute(f"SELECT coalesce(max(_line), 1) FROM lake.{feed}").fetchall()[0][0]
    drawn.fill(con, f"lake.{feed}", rows, **DEFAULTS.get(feed, {}), **marks)
    con.execute(
        f"UPDATE lake.{feed} SET _line = ? + rowid WHERE _line IS NULL",
        [before],
    )


def make(
    con: duckdb.DuckDBPyConnection, as_of: str | None = None, *, with_cubes: bool = True
) -> list[build.CheckOutcome]:
    """Run every step of a build in place; return what the checks found."""
    con.execute(f"CREATE OR REPLACE TABLE health.ledger ({health.LEDGER_COLUMNS})")
    con.execute(
        "CREATE OR REPLACE TABLE health.stored_rows (feed VARCHAR, load_id VARCHAR, n_rows BIGINT)"
    )
    for name in steps.STAGING:
        con.execute(steps.sql("staging", name))
    reconciling.record(con)
    calendars.derive(con)
    for name in steps.PARTNERS:
        con.execute(steps.sql("marts", name))
    latest = con.execute("SELECT latest_fact_date FROM steps.latest_fact").fetchall()[0][0]
    as_of_date = date.fromisoformat(as_of) if as_of else latest or date(2026, 1, 1)
    build.set_build(con, as_of_date, "test-1", [])
    for name in steps.MARTS:
        con.execute(steps.sql("marts", name))
    outcomes = [build.run_check(con, name) for name in steps.CHECKS]
    create_catalogue(con)
    definitions = catalogue()
    health.record_metrics(con, definitions)
    for definition in definitions.values():
        con.execute(definition.sql)
        if with_cubes:
            build_cubes(con, definition)
    return outcomes
