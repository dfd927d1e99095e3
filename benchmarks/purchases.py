"""Build time, and what the pages of suppliers and the engine line ask, at any number of PO lines.

    python -m benchmarks.purchases --lines 2000000 --out DIR

Three promises a line, builds with 20 parts each. The rows are drawn, not simulated: the sizes are
real, the figures mean nothing. Times are CPU seconds over all threads. A question marked "once per
build" is kept by the app until the next build.
"""

import argparse
import json
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from benchmarks.questions import BEFORE, QUARTER, Question, ask_all, cpu_ms, metric, rows
from benchmarks.warehouse import run
from data.warehouse import connect
from forecasting.promises import credibility, outlook

N_ITEMS, N_SITES, N_SUPPLIERS, N_DAYS = 20_000, 40, 400, 730
PARTS, LINES_PER_BUILD = 20, 40
TREND = {"since": date(2025, 6, 1), "until": date(2026, 5, 31), "every": "month"}
RATES = (
    "promise_adherence_first",
    "promise_adherence_last",
    "need_date_rate",
    "unit_on_time_rate",
    "promise_coverage_rate",
    "promise_slip_rate",
    "late_edit_rate",
    "acceptance_rate",
)
ENGINE = (
    "line_side_on_time_rate",
    "engines_shipped_on_time",
    "kit_readiness_rate",
    "single_part_blockers",
)
ANYWHERE = dict.fromkeys(("supplier_id", "site_id", "region", "item_family", "item_id"))
NO_PLACE = dict.fromkeys(("site_id", "region"))

LINES = f"""
    CREATE TABLE lines AS
    SELECT
        i, printf('PO%08d', i // 4) AS po_id, CAST(10 * (1 + i % 4) AS VARCHAR) AS line_no,
        printf('S%03d', CAST(floor(power(draw(i, 2), 2) * {N_SUPPLIERS}) AS INTEGER))
            AS supplier_id,
        printf('P%05d', CAST(floor(power(draw(i, 3), 2) * {N_ITEMS}) AS INTEGER)) AS item_id,
        printf('PL%02d', CAST(floor(draw(i // 4, 4) * {N_SITES}) AS INTEGER)) AS site_id,
        DATE '2024-06-01' + CAST(i * {N_DAYS} // n_lines AS INTEGER) AS order_date,
        CAST(20 + floor(draw(i, 5) * 60) AS INTEGER) AS promised_after,
        CAST(floor(draw(i, 6) * 12) AS INTEGER) AS moved_by,
        CAST(floor(draw(i, 7) * 30) - 12 AS INTEGER) AS came_after,
        CAST(ceil(power(draw(i, 8), 3) * 60) AS INTEGER) AS qty_ordered
    FROM (SELECT i, {{n_lines}} AS n_lines FROM range({{n_lines}}) AS numbers(i))"""
TABLES = {
    "items": f"""
        SELECT printf('P%05d', i) AS item_id, 'Part ' || i AS description,
            'F' || (i % 24) AS item_family, 'engines' AS business_unit, 'EA' AS uom,
            10 AS unit_cost, 20 + i % 70 AS lead_time_days, TRUE AS is_stocked
        FROM range({N_ITEMS}) AS numbers(i)""",
    "sites": f"""
        SELECT printf('PL%02d', i) AS site_id, 'Plant ' || i AS site_name, 'plant' AS site_type,
            'R' || (i % 5) AS region, 'Etc/UTC' AS timezone, TRUE AS in_contract
        FROM range({N_SITES}) AS numbers(i)""",
    "suppliers": f"""
        SELECT printf('S%03d', i) AS supplier_id, 'Supplier ' || i AS supplier_name
        FROM range({N_SUPPLIERS}) AS numbers(i)""",
    "purchase_order_lines": """
        SELECT po_id, line_no, supplier_id, item_id, site_id, order_date,
            order_date + promised_after + 3 AS need_date, qty_ordered, 25 AS unit_price,
            CASE WHEN i % 9 = 0 THEN 'air' ELSE 'truck' END AS transport_mode
        FROM lines""",
    "supplier_promises": """
        SELECT po_id, line_no, order_date + promised_after + version * moved_by AS promised_date,
            CAST(order_date + 1 + version * (promised_after // 3) AS TIMESTAMP) AS recorded_at,
            'supplier' AS initiated_by, 'capacity' AS reason
        FROM lines CROSS JOIN (SELECT version::INTEGER AS version FROM range(3) AS numbers(version))
        WHERE order_date + 1 + version * (promised_after // 3) <= last_day""",
    "receipts": """
        SELECT po_id, line_no, order_date + promised_after + came_after + part * 4
                AS received_date,
            CASE WHEN i % 10 = 0 THEN greatest(qty_ordered // 2, 1) ELSE qty_ordered END
                AS qty_received,
            CASE WHEN i % 50 = 0 THEN 1 ELSE 0 END AS qty_rejected
        FROM lines CROSS JOIN (SELECT part::INTEGER AS part FROM range(2) AS numbers(part))
        WHERE (part = 0 OR i % 10 = 0)
            AND order_date + promised_after + came_after + part * 4 <= last_day""",
    "stock": f"""
        SELECT last_day AS snapshot_date, printf('P%05d', i) AS item_id,
            printf('PL%02d', site) AS site_id, i % 5 AS qty_on_hand
        FROM range({N_ITEMS // 10}) AS numbers(i) CROSS JOIN range({N_SITES}) AS sites(site)""",
    "builds": f"""
        SELECT printf('E%07d', build) AS build_id,
            printf('PL%02d', build % {N_SITES}) AS site_id, 'engine' AS product,
            planned AS planned_start_date, planned + 14 AS requested_ship_date,
            CASE WHEN planned + took <= last_day THEN planned + took END AS shipped_date
        FROM assemblies""",
    "build_requirements": f"""
        SELECT printf('E%07d', build) AS build_id, printf('P%05d', (build * 7 + part * 97) % 2000)
                AS item_id,
            1 + part % 3 AS qty_required, planned AS need_date,
            CASE WHEN planned + CAST((build + part) % 8 - 5 AS INTEGER) <= last_day
                THEN planned + CAST((build + part) % 8 - 5 AS INTEGER) END AS available_date
        FROM assemblies CROSS JOIN range({PARTS}) AS parts(part)""",
}
ASSEMBLIES = f"""
    CREATE VIEW assemblies AS
    SELECT build, CAST(10 + build % 9 AS INTEGER) AS took,
        DATE '2024-08-01' + CAST(build * {N_DAYS} // n_builds AS INTEGER) AS planned
    FROM (SELECT build, {{n_builds}} AS n_builds FROM range({{n_builds}}) AS numbers(build))"""


def write_feeds(out: Path, n_lines: int, seed: int) -> None:
    """Write every feed as a CSV file named after it; the same rows for the same seed."""
    out.mkdir(parents=True)
    with duckdb.connect() as con:
        con.execute(
            "CREATE MACRO draw(i, salt) AS "
            f"(hash(i, salt, {seed}) % 1000003::UBIGINT)::DOUBLE / 1000003.0"
        )
        con.execute(LINES.format(n_lines=n_lines))
        con.execute(ASSEMBLIES.format(n_builds=max(n_lines // LINES_PER_BUILD, 1)))
        for name, table in TABLES.items():
            drawn = table.replace("last_day", "DATE '2026-05-31'")
            con.execute(f"COPY ({drawn}) TO '{out / name}.csv' (HEADER)")


def _one(con: duckdb.DuckDBPyConnection, query: str) -> Any:
    return con.execute(query).fetchall()[0][0]


def _pages(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, list[Question]]]:
    """Return what each page asks, under a name for each kind of question."""
    supplier = str(_one(con, "SELECT mode(supplier_id) FROM marts.purchase_order_lines"))
    build = str(_one(con, "SELECT min(build_id) FROM marts.builds WHERE n_missing > 0"))
    item, site = con.execute(
        "SELECT item_id, site_id FROM marts.build_requirements WHERE build_id = ?", [build]
    ).fetchall()[0]
    of_one = {"supplier_id": [supplier]}
    delivered = rows("supplier_deliveries", supplier=supplier, **QUARTER)
    moved = delivered(con)["po_line_id"].head(12).to_list()
    near = {"item": item, "site": site, "since": date(2025, 12, 1), "until": date(2026, 5, 31)}
    bought = rows("trace_purchases", **near)(con)["po_line_id"].to_list()
    split = ("supplier_id", "site_id", "item_family", "transport_mode")
    return {
        "promise dates": {
            "cards and trends": [metric(name, **TREND) for name in (*RATES[:3], *RATES[4:7:2])],
            "by supplier, site, family, mode": [
                metric(RATES[0], by=[name], **QUARTER) for name in split
            ],
            "early and late": [metric("delivery_timing", **QUARTER)],
            "open lines": [rows("open_purchases", **ANYWHERE)],
            "slip counts, once per build": [rows("promise_slips")],
        },
        "suppliers": {
            "cards": [metric(name, **TREND) for name in (*RATES[:2], RATES[3], RATES[7])],
            "ranking": [
                *(
                    metric(name, by=["supplier_id"], **QUARTER)
                    for name in (*RATES, "promise_slip_days", "supplier_impact")
                ),
                metric("supplier_score", by=["supplier_id"]),
                rows("supplier_responses", **QUARTER),
                rows("supplier_list"),
            ],
        },
        "supplier pack": {
            "cards": [metric(name, **TREND, where=of_one) for name in RATES[:5]],
            "since the last review": [
                metric(name, **period, where=of_one)
                for name in RATES[:7]
                for period in (QUARTER, BEFORE)
            ],
            "deliveries": [delivered],
            "lead times": [metric("lead_time_days", **QUARTER, where=of_one)],
            "promises moved": [rows("supplier_promises", po_line_ids=moved)],
            "open lines": [rows("open_purchases", **{**ANYWHERE, "supplier_id": [supplier]})],
            "score and blocked": [
                rows("supplier_parts", supplier=supplier),
                rows("supplier_blocks", supplier=supplier, **QUARTER),
            ],
        },
        "engine line": {
            "cards": [metric(name, **TREND) for name in ENGINE],
            "next builds": [rows("waiting_builds", **NO_PLACE)],
            "missing parts": [rows("missing_parts", **NO_PLACE)],
            "parts ranked": [rows("part_unblocks", **NO_PLACE)],
            "line of balance": [rows("line_of_balance", horizon=10, **NO_PLACE)],
        },
        "trace": {
            "build": [rows("trace_build", build=build)],
            "stock": [rows("trace_stock", **near)],
            "purchases": [rows("trace_purchases", **near)],
            "promises": [rows("supplier_promises", po_line_ids=bought)],
            "receipts": [rows("trace_receipts", **near)],
        },
    }


def _look(warehouse: Path) -> None:
    """Print what each page asks, and what the derived dates of the open lines cost."""
    with connect(warehouse) as con:
        for page, kinds in _pages(con).items():
            for kind, asked in kinds.items():
                took = cpu_ms(partial(ask_all, con, asked))
                print(f"{page:<14} {kind:<32} {len(asked):3} questions {took:8.1f} ms")
        slips, lines = (ask(con) for ask in (rows("promise_slips"), _open()))
        today = pd.Timestamp(_one(con, "SELECT as_of_date FROM marts.build"))
    fitted = credibility.fit(slips)
    print(f"fit of {slips['n'].sum():,} promises, once per build: ", end="")
    print(f"{cpu_ms(lambda: credibility.fit(slips), 1):.0f} ms")
    took = cpu_ms(lambda: outlook.open_lines(fitted, lines, today), 1)
    print(f"derived dates of {len(lines):,} open lines: {took:.0f} ms")


def _open() -> Question:
    return rows("open_purchases", **ANYWHERE)


def main() -> None:
    """Make the feeds, load and build them, time the pages, print all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    feeds, warehouse = given.out / "feeds", given.out / "warehouse"
    if not feeds.exists():
        write_feeds(feeds, given.lines, given.seed)
    home = ["--warehouse", str(warehouse)]
    ingest_cpu, _ = run(["data", "ingest", str(feeds), *home])
    build_cpu, peak = run(["data", "build", *home])
    size_mb = max(path.stat().st_size for path in (warehouse / "builds").glob("build-*")) / 1e6
    told = {
        "lines": given.lines,
        "ingest_cpu_s": round(ingest_cpu, 1),
        "build_cpu_s": round(build_cpu, 1),
        "peak_memory_gb": round(peak, 2),
        "build_file_mb": round(size_mb),
    }
    print(json.dumps(told, indent=1))
    _look(warehouse)


if __name__ == "__main__":
    main()
