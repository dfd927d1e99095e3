"""Seasons and allocations in the build: drawn cases, and every figure once more by the engine."""

from collections.abc import Iterator
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from data.metrics import measure
from forecasting.season.misallocation import judge
from tests import drawn
from tests.data.workshop import deliver, make, open_empty

SEASON = """
    season_id|item_id|start_date|end_date|qty_total|pack_size|unit_markdown|recorded_at
    xmas|P1|2025-11-03|2025-11-16|100||3|2025-08-01 09:00:00
"""
ITEM = """
    item_id | unit_cost | unit_price
    P1      | 6         | 10
"""
ALLOCATED = """
    season_id|item_id|site_id|qty_allocated|allocated_at|rule|qty_on_hand|qty_delivered
    xmas|P1|A|60|2025-10-20 10:00:00|last_year_share||
    xmas|P1|B|40|2025-10-20 10:00:00|last_year_share|4|36
"""
SALES = """
    demand_date | item_id | site_id | qty | in_stock
    2025-11-03  | P1      | A       | 20  | true
    2025-11-03  | P1      | B       | 30  | true
    2025-11-10  | P1      | A       | 15  | true
    2025-11-10  | P1      | B       | 10  | false
"""
# Demand is 35 and 45: ten customers of B found nothing.
RESULTS = """
    season_id | item_id | site_id | qty_demand | qty_hindsight | qty_luck
    xmas      | P1      | A       | 35         | 45.5          | 2
    xmas      | P1      | B       | 45         | 54.5          | 2
"""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_empty() as opened:
        deliver(opened, "items", ITEM)
        deliver(opened, "seasons", SEASON)
        deliver(opened, "allocations", ALLOCATED)
        deliver(opened, "demand", SALES)
        yield opened


def rows(con: duckdb.DuckDBPyConnection, columns: str, mart: str = "season_lines") -> list[tuple]:  # type: ignore[type-arg]
    return con.execute(f"SELECT {columns} FROM marts.{mart} ORDER BY ALL").fetchall()


def value(con: duckdb.DuckDBPyConnection, metric: str) -> float:
    return float(measure(con, metric)["value"].iloc[0])


def test_a_line_says_what_it_got_and_sold_and_when_it_ran_out(
    con: duckdb.DuckDBPyConnection,
) -> None:
    make(con, "2025-11-16", with_cubes=False)
    columns = "site_id, status, qty_on_hand, qty_allocated, qty_delivered, qty_sold, n_periods, "
    assert rows(con, columns + "n_periods_out, ran_out_date, is_judged") == [
        ("A", "ended", 0, 60, 60, 35, 2, 0, None, False),
        ("B", "ended", 4, 40, 36, 40, 2, 1, date(2025, 11, 10), False),
    ]


@pytest.mark.parametrize(
    ("as_of", "seasons", "lines"),
    [
        ("2025-07-31", [], []),
        ("2025-08-01", [("coming",)], []),
        ("2025-10-20", [("coming",)], [("A", None, 0), ("B", None, 0)]),
        ("2025-11-09", [("running",)], [("A", 60, 20), ("B", 36, 30)]),
        ("2025-11-16", [("ended",)], [("A", 60, 35), ("B", 36, 40)]),
    ],
)
def test_a_season_is_known_as_it_was_on_the_day(
    con: duckdb.DuckDBPyConnection,
    as_of: str,
    seasons: list[tuple[str]],
    lines: list[tuple[str, float | None, float]],
) -> None:
    make(con, as_of, with_cubes=False)
    assert rows(con, "status", "seasons") == seasons
    assert rows(con, "site_id, qty_delivered, qty_sold") == lines


def test_money_and_errors_of_one_season_worked_by_hand(con: duckdb.DuckDBPyConnection) -> None:
    drawn.fill(con, "lake.season_results", RESULTS)
    make(con, "2025-11-16", with_cubes=False)
    # A has 60 for 35: 25 left over. B has 44 for 45: 1 short, which would have sold.
    columns = "site_id, qty_misplaced, qty_short, qty_left_over, is_line_wrong, "
    assert rows(con, columns + "cost_margin_lost, cost_markdown") == [
        ("A", 7.25, 0, 25, True, 0, 75),
        ("B", 7.25, 1, 0, True, 4, 0),
    ]
    assert rows(
        con, "qty_misallocated, qty_hindsight_sales, cost_misallocated", "season_items"
    ) == [(1, 80, 7)]
    assert value(con, "allocation_error_rate") == pytest.approx(0.145)
    assert value(con, "avoidable_allocation_error_rate") == pytest.approx(0.105)
    assert value(con, "misallocated_units") == pytest.approx(1 / 80)
    assert value(con, "allocation_line_error_rate") == 1
    assert value(con, "allocation_margin_lost") == pytest.approx(4 / 320)
    assert value(con, "allocation_markdown") == pytest.approx(75 / 600)


def test_before_a_forecasting_run_no_error_is_claimed(
    con: duckdb.DuckDBPyConnection,
) -> None:
    make(con, "2025-11-16", with_cubes=False)
    assert rows(con, "*", "season_items") == []
    assert measure(con, "allocation_error_rate")["n"].tolist() == [0]


def test_errors_of_execution_are_apart_and_a_closed_site_is_not_judged(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "allocations",
        """
        season_id | item_id | site_id | qty_allocated | allocated_at        | qty_delivered
        xmas      | P1      | SHUT    | 20            | 2025-10-20 10:00:00 | 20
        """,
        load=2,
    )
    deliver(con, "seasons", SEASON.replace("|100||", "|100|10|"), load=2)
    drawn.fill(con, "lake.season_results", RESULTS + "    xmas | P1 | SHUT | 0 | 0 | 0\n")
    make(con, "2025-11-16", with_cubes=False)
    assert rows(con, "kind, site_id, qty_wrong", "execution_errors") == [
        ("closed_site", "SHUT", 20),
        ("not_as_allocated", "B", 4),
        ("wrong_multiple", "B", 6),
    ]
    assert value(con, "execution_error_rate") == pytest.approx(2 / 3)
    assert rows(con, "site_id, is_judged, is_closed") == [
        ("A", True, False),
        ("B", True, False),
        ("SHUT", False, True),
    ]


def test_what_cannot_be_used_is_listed_aside(con: duckdb.DuckDBPyConnection) -> None:
    deliver(con, "seasons", SEASON.replace("xmas", "late").replace("2025-11-03", "2025-11-10"), 2)
    deliver(con, "allocations", ALLOCATED.replace("xmas", "nobody"), load=2)
    make(con, "2025-11-16", with_cubes=False)
    found = con.execute(
        "SELECT feed, subject, n_rows FROM marts.asides WHERE feed IN ('seasons', 'allocations')"
        " ORDER BY feed"
    ).fetchall()
    assert found == [
        ("allocations", "nobody, item P1", 2),
        ("seasons", "late and xmas, item P1", 1),
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_marts_say_what_the_engine_says_of_any_season(
    con: duckdb.DuckDBPyConnection, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    given, demand, stock, shadow = (np.floor(rng.gamma(1.2, 20, (3, 5))) for _ in range(4))
    items = [f"P{n}" for n in range(3)]
    lines = [(item, f"S{s}") for item in items for s in range(5)]
    best = judge(given, demand, stock)
    other = judge(shadow, demand, stock)
    con.execute("DELETE FROM lake.seasons; DELETE FROM lake.allocations")
    for item in items:
        deliver(con, "seasons", SEASON.replace("P1", item))
    for (item, site), qty, had in zip(lines, given.ravel(), stock.ravel(), strict=True):
        deliver(
            con,
            "allocations",
            f"""
            season_id | item_id | site_id | qty_allocated | qty_on_hand | allocated_at
            xmas      | {item}  | {site}  | {qty}         | {had}       | 2025-10-20 10:00:00
            """,
        )
        deliver(con, "demand", f"demand_date|item_id|site_id|qty\n2025-11-03|{item}|{site}|1")
    keys = pd.DataFrame(lines, columns=["item_id", "site_id"]).assign(season_id="xmas")
    results = keys.assign(qty_demand=demand.ravel(), qty_hindsight=best.best.ravel(), qty_luck=0.0)
    plans = keys.assign(qty_planned=shadow.ravel())
    for name, frame in (("season_results", results), ("season_plans", plans)):
        assert len(frame)
        con.execute(f"INSERT INTO lake.{name} BY NAME SELECT * FROM frame")
    make(con, "2025-11-16", with_cubes=False)
    found = con.execute(
        "SELECT qty_misplaced, qty_misallocated, qty_hindsight_sales, qty_shadow_misallocated,"
        " qty_short, qty_left_over FROM marts.season_items ORDER BY item_id"
    ).fetchnumpy()
    np.testing.assert_allclose(found["qty_misplaced"], best.misplaced)
    np.testing.assert_allclose(found["qty_misallocated"], best.misallocated)
    np.testing.assert_allclose(found["qty_hindsight_sales"], best.hindsight_sales)
    np.testing.assert_allclose(found["qty_short"], best.short.sum(axis=1))
    np.testing.assert_allclose(found["qty_left_over"], best.left_over.sum(axis=1))
    np.testing.assert_allclose(found["qty_shadow_misallocated"], other.misallocated)
    assert value(con, "allocation_error_rate") == pytest.approx(best.allocation_error_rate)
    assert value(con, "misallocated_units") == pytest.approx(best.lost_sales_rate)
