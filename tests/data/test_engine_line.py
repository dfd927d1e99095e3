"""The engine line: parts at builds in time, pegging in priority order, the one missing bolt."""

from datetime import date

import duckdb
import pytest

from data.metrics import measure
from tests.data.workshop import deliver, make, open_empty

AS_OF = "2026-06-10"

TWO_BUILDS = """
    build_id | site_id | planned_start_date | requested_ship_date | shipped_date
    E1       | DC1     | 2026-06-15         | 2026-06-30          |
    E2       | DC1     | 2026-06-16         | 2026-06-30          |
"""
ONE_PART_EACH = """
    build_id | item_id | qty_required | need_date
    E1       | bolt    | 6            | 2026-06-15
    E2       | bolt    | 6            | 2026-06-16
"""


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return open_empty()


def finish(con: duckdb.DuckDBPyConnection, as_of: str = AS_OF) -> None:
    """Build, and hold every check."""
    assert [outcome.check for outcome in make(con, as_of, with_cubes=False) if outcome.n_rows] == []


def sides(con: duckdb.DuckDBPyConnection, metric: str) -> list[float]:
    """Numerator and denominator over all time."""
    row = measure(con, metric).iloc[0]
    return [row["numerator"], row["denominator"]]


def parts(con: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[object, ...]]:
    """Columns of every required part, by build and part."""
    return con.execute(
        f"SELECT {columns} FROM marts.build_requirements ORDER BY build_id, item_id"
    ).fetchall()


def stock(con: duckdb.DuckDBPyConnection, **on_hand: float) -> None:
    """Usable stock at the opening of the as-of date."""
    rows = [f"{AS_OF} | {item_id} | {qty}" for item_id, qty in on_hand.items()]
    deliver(con, "stock", "\n".join(["snapshot_date | item_id | qty_on_hand", *rows]))


def order(con: duckdb.DuckDBPyConnection, *lines: str) -> None:
    """PO lines as 'po item quantity promised'."""
    rows = [" | ".join([*text.split(), "1", "2026-05-01"]) for text in lines]
    header = "po_id | item_id | qty_ordered | promised_date | line_no | order_date"
    deliver(con, "purchase_order_lines", "\n".join([header, *rows]))


def test_stock_is_pegged_in_priority_order(con: duckdb.DuckDBPyConnection) -> None:
    deliver(con, "builds", TWO_BUILDS)
    deliver(con, "build_requirements", ONE_PART_EACH)
    stock(con, bolt=8)
    order(con, "PO1 bolt 10 2026-06-19")
    finish(con)
    assert parts(con, "build_id, is_missing, source, covered_date, po_line_id") == [
        ("E1", False, "stock", date(2026, 6, 10), None),
        ("E2", True, "on order", date(2026, 6, 19), "PO1/1"),
    ]
    assert sides(con, "clear_to_build") == [1, 2]
    assert sides(con, "single_part_blockers") == [1, 2]
    blocked = con.execute(
        "SELECT build_id, blocking_item_id, clear_date FROM marts.builds WHERE n_missing = 1"
    ).fetchall()
    assert blocked == [("E2", "bolt", date(2026, 6, 19))]


def test_an_earlier_start_goes_first_whatever_the_order_of_rows(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "builds", TWO_BUILDS.replace("2026-06-16", "2026-06-12"))
    deliver(con, "build_requirements", ONE_PART_EACH)
    stock(con, bolt=6)
    finish(con)
    assert parts(con, "build_id, is_missing, source") == [
        ("E1", True, None),
        ("E2", False, "stock"),
    ]


def test_a_rejected_receipt_is_not_usable(con: duckdb.DuckDBPyConnection) -> None:
    deliver(con, "builds", TWO_BUILDS)
    deliver(con, "build_requirements", ONE_PART_EACH)
    order(con, "PO1 bolt 12 2026-06-09")
    deliver(
        con,
        "receipts",
        """
        po_id | line_no | received_date | qty_received | qty_rejected
        PO1   | 1       | 2026-06-09    | 12           | 4
        """,
    )
    finish(con)
    assert parts(con, "build_id, is_missing, source") == [
        ("E1", False, "receipt"),
        ("E2", True, "on order"),
    ]


def test_parts_at_another_site_do_not_cover_a_build(con: duckdb.DuckDBPyConnection) -> None:
    deliver(con, "builds", TWO_BUILDS)
    deliver(con, "build_requirements", ONE_PART_EACH)
    deliver(
        con,
        "stock",
        """
        snapshot_date | item_id | site_id | qty_on_hand
        2026-06-10    | bolt    | DC2     | 100
        """,
    )
    finish(con)
    assert sides(con, "clear_to_build") == [0, 2]


def test_what_has_reached_its_build_is_not_pegged_again(con: duckdb.DuckDBPyConnection) -> None:
    # The snapshot is of the opening of the 10th: E1 took its 6 bolts out of it on that day.
    deliver(con, "builds", TWO_BUILDS)
    deliver(
        con,
        "build_requirements",
        """
        build_id | item_id | qty_required | need_date  | qty_available | available_date
        E1       | bolt    | 6            | 2026-06-15 | 6             | 2026-06-10
        E2       | bolt    | 6            | 2026-06-16 |               |
        """,
    )
    stock(con, bolt=8)
    finish(con)
    assert parts(con, "build_id, is_missing, met_date") == [
        ("E1", False, date(2026, 6, 10)),
        ("E2", True, None),
    ]


def test_a_part_is_on_time_if_it_was_at_the_build_by_the_day_it_was_needed(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "builds",
        """
        build_id | planned_start_date | requested_ship_date | shipped_date
        E1       | 2026-06-01         | 2026-06-08          | 2026-06-08
        E2       | 2026-06-01         | 2026-06-08          | 2026-06-09
        E3       | 2026-06-01         | 2026-06-08          |
        E4       | 2026-06-29         | 2026-07-08          |
        """,
    )
    deliver(
        con,
        "build_requirements",
        """
        build_id | item_id | qty_required | need_date  | available_date
        E1       | bolt    | 1            | 2026-06-01 | 2026-05-28
        E1       | pump    | 1            | 2026-06-03 | 2026-06-03
        E2       | bolt    | 1            | 2026-06-01 | 2026-05-29
        E2       | pump    | 1            | 2026-06-03 | 2026-06-04
        E3       | bolt    | 1            | 2026-06-01 |
        E3       | pump    | 1            | 2026-06-03 | 2026-06-01
        E4       | bolt    | 1            | 2026-06-29 |
        """,
    )
    finish(con)
    line_side = measure(con, "line_side_on_time_rate").iloc[0]
    assert line_side[["numerator", "denominator", "pending"]].tolist() == [4, 6, 1]
    # Only E1 had its bolt two working days before the start, and its pump when it was needed.
    assert sides(con, "kit_readiness_rate") == [1, 3]
    assert sides(con, "engines_shipped_on_time") == [1, 3]
    missed = con.execute("SELECT n_missed FROM marts.builds ORDER BY build_id").fetchall()
    assert missed == [(0,), (1,), (1,), (0,)]


def test_a_plant_that_keeps_no_records_is_judged_by_stock_and_receipts(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "builds",
        TWO_BUILDS.replace("2026-06-15", "2026-06-08").replace("2026-06-16", "2026-06-09"),
    )
    deliver(
        con,
        "build_requirements",
        ONE_PART_EACH.replace("2026-06-15", "2026-06-08").replace("2026-06-16", "2026-06-09"),
    )
    deliver(
        con,
        "stock",
        """
        snapshot_date | item_id | qty_on_hand
        2026-06-01    | bolt    | 7
        2026-06-08    | bolt    | 7
        """,
    )
    order(con, "PO1 bolt 5 2026-06-10")
    deliver(con, "receipts", "po_id|line_no|received_date|qty_received\nPO1|1|2026-06-10|5")
    finish(con)
    assert parts(con, "build_id, met_date") == [
        ("E1", date(2026, 6, 1)),
        ("E2", date(2026, 6, 10)),
    ]
    assert sides(con, "line_side_on_time_rate") == [1, 2]


def test_parts_are_ranked_by_engines_unblocked_per_day_pulled_in(
    con: duckdb.DuckDBPyConnection,
) -> None:
    # The bolt alone holds E1 and E2 for 4 and 5 days; E3 waits for a pump and for a valve that
    # comes later still: neither alone unblocks it.
    deliver(
        con,
        "builds",
        """
        build_id | planned_start_date | requested_ship_date
        E1       | 2026-06-15         | 2026-06-30
        E2       | 2026-06-14         | 2026-06-30
        E3       | 2026-06-15         | 2026-06-30
        """,
    )
    deliver(
        con,
        "build_requirements",
        """
        build_id | item_id | qty_required | need_date
        E1       | bolt    | 1            | 2026-06-15
        E2       | bolt    | 1            | 2026-06-15
        E3       | pump    | 1            | 2026-06-15
        E3       | valve   | 1            | 2026-06-15
        """,
    )
    order(con, "PO1 bolt 2 2026-06-19", "PO2 pump 1 2026-06-20", "PO3 valve 1 2026-06-25")
    finish(con)
    ranked = con.execute(
        "SELECT item_id, n_engines_unblocked, engines_per_day, n_builds_blocked_alone "
        "FROM marts.part_unblocks ORDER BY engines_per_day DESC, item_id"
    ).fetchall()
    assert ranked == [("bolt", 2, 0.4, 2), ("pump", 0, 0.0, 0), ("valve", 0, 0.0, 0)]


def test_the_line_of_balance_counts_builds_that_need_and_that_have_a_part(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "builds", TWO_BUILDS)
    deliver(con, "build_requirements", ONE_PART_EACH)
    stock(con, bolt=6)
    order(con, "PO1 bolt 6 2026-06-22")
    finish(con)
    balance = con.execute(
        "SELECT horizon_days, n_needed, n_needed_and_covered, n_covered FROM marts.line_of_balance "
        "ORDER BY 1"
    ).fetchall()
    assert balance == [(0, 0, 0, 1), (5, 2, 1, 1), (10, 2, 2, 2), (20, 2, 2, 2)]


def test_a_late_line_blocks_the_builds_that_miss_its_part(con: duckdb.DuckDBPyConnection) -> None:
    deliver(
        con,
        "builds",
        """
        build_id | planned_start_date | requested_ship_date
        E1       | 2026-06-01         | 2026-06-30
        E2       | 2026-06-01         | 2026-06-30
        """,
    )
    deliver(
        con,
        "build_requirements",
        """
        build_id | item_id | qty_required | need_date  | available_date
        E1       | bolt    | 1            | 2026-06-03 | 2026-06-09
        E2       | pump    | 1            | 2026-06-03 | 2026-06-02
        """,
    )
    order(con, "PO1 bolt 2 2026-06-02", "PO2 bolt 2 2026-06-05", "PO3 pump 2 2026-06-01")
    deliver(con, "receipts", "po_id|line_no|received_date|qty_received\nPO1|1|2026-06-09|2")
    finish(con)
    blocked = con.execute(
        "SELECT blocked, blocked_id, supplier_id, po_line_id, n_lines FROM marts.supplier_blocks"
    ).fetchall()
    assert blocked == [("build", "E1", "S1", "PO1/1", 1)]
    assert sides(con, "supplier_impact") == [1, 1]


def test_a_requirement_of_an_unknown_build_stands_aside(con: duckdb.DuckDBPyConnection) -> None:
    deliver(con, "build_requirements", ONE_PART_EACH)
    finish(con)
    reasons = con.execute("SELECT subject, reason FROM marts.asides ORDER BY 1").fetchall()
    assert reasons == [("E1/bolt", "no such build"), ("E2/bolt", "no such build")]


def test_a_score_is_the_weighted_mean_of_its_parts_and_no_data_is_no_points(
    con: duckdb.DuckDBPyConnection,
) -> None:
    # Ten lines promised for today, 8 kept: (0.8 - 0.5) / (0.95 - 0.5) = 66.7 points. Nine units in
    # ten of what came were accepted, under the floor: 0. Units on time: (0.72 - 0.5) / 0.48.
    order(con, *(f"PO{k} bolt 10 2026-06-10" for k in range(10)))
    rows = "\n".join(f"PO{k} | 1 | 2026-06-10 | 10 | {0 if k < 8 else 5}" for k in range(10))
    deliver(con, "receipts", f"po_id|line_no|received_date|qty_received|qty_rejected\n{rows}")
    finish(con)
    points = dict(
        con.execute(
            "SELECT part, points FROM marts.supplier_scores WHERE points IS NOT NULL"
        ).fetchall()
    )
    assert points["first promises kept"] == pytest.approx(100 * (0.8 - 0.5) / 0.45)
    assert points["units on time"] == pytest.approx(100 * (0.9 - 0.5) / 0.48)
    assert points["quality accepted"] == pytest.approx(0.0)
    # One date a line and no history: when it was promised, and whether moved, is not known.
    assert not {"promise given", "no late edits"} & set(points)
    whole = measure(con, "supplier_score", by=["supplier_id"]).iloc[0]
    weights = {"first promises kept": 35, "units on time": 20, "quality accepted": 20}
    expected = sum(points[part] * weight for part, weight in weights.items()) / sum(
        weights.values()
    )
    assert whole["value"] == pytest.approx(expected, abs=1e-3)


def test_nine_lines_are_too_few_for_a_score(con: duckdb.DuckDBPyConnection) -> None:
    order(con, *(f"PO{k} bolt 10 2026-06-10" for k in range(9)))
    finish(con)
    assert measure(con, "supplier_score")["value"].isna().all()
