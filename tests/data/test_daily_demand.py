"""Demand by day: what was wanted, whatever was shipped; heirs, kinds, the feed, and stock-outs."""

import duckdb
import pytest

from tests.data import workshop
from tests.drawn import drawn


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return workshop.open_empty()


def demand(con: duckdb.DuckDBPyConnection, columns: str) -> list[dict[str, object]]:
    """Rows of the mart by item, site, day and kind, quantities as floats."""
    names = [name.strip() for name in columns.split(",")]
    picked = ", ".join("CAST(qty AS DOUBLE)" if name == "qty" else name for name in names)
    rows = con.execute(
        f"SELECT {picked} FROM marts.daily_demand"
        " ORDER BY item_id, site_id, demand_date, ordered_item_id, demand_kind"
    ).fetchall()
    return drawn(
        [
            tuple(
                cell if cell is None or isinstance(cell, bool | float | int) else str(cell)
                for cell in row
            )
            for row in rows
        ],
        names,
    )


def test_demand_is_what_was_wanted_by_the_requested_date_less_what_the_customer_cancelled_by_then(
    con: duckdb.DuckDBPyConnection,
) -> None:
    workshop.deliver(con, "order_lines", """
        order_id | line_no | order_date | requested_date | qty_ordered | cancelled_at | cancelled_by
        ---------+---------+------------+----------------+-------------+--------------+-------------
        A        | 1       | 2026-03-01 | 2026-03-05     | 10          |              |
        B        | 1       | 2026-03-02 | 2026-03-05     |  4          | 2026-03-04   | customer
        C        | 1       | 2026-03-02 | 2026-03-05     |  3          | 2026-03-09   | customer
        D        | 1       | 2026-03-02 | 2026-03-06     |  5          | 2026-03-03   | provider
    """)  # fmt: skip
    workshop.deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped
        ---------+---------+--------------+------------
        A        | 1       | 2026-03-20   | 2
    """,
    )
    outcomes = workshop.make(con, with_cubes=False)
    assert all(outcome.is_passed for outcome in outcomes)
    assert demand(con, "demand_date, qty, n_lines") == [
        {"demand_date": "2026-03-05", "qty": 13.0, "n_lines": 3},
        {"demand_date": "2026-03-06", "qty": 5.0, "n_lines": 1},
    ]


def test_returns_and_special_orders_are_kept_apart_and_not_counted(
    con: duckdb.DuckDBPyConnection,
) -> None:
    workshop.deliver(
        con,
        "order_lines",
        """
        order_id | line_no | order_date | requested_date | qty_ordered | order_type
        ---------+---------+------------+----------------+-------------+--------------
        A        | 1       | 2026-03-01 | 2026-03-05     | 10          | stock
        B        | 1       | 2026-03-01 | 2026-03-05     | -2          | return
        C        | 1       | 2026-03-01 | 2026-03-05     | 90          | special_order
    """,
    )
    workshop.make(con, with_cubes=False)
    assert demand(con, "demand_kind, qty, is_counted") == [
        {"demand_kind": "regular", "qty": 10.0, "is_counted": True},
        {"demand_kind": "return", "qty": -2.0, "is_counted": False},
        {"demand_kind": "special_order", "qty": 90.0, "is_counted": False},
    ]


def test_a_superseded_item_hands_its_demand_on_along_the_chain_and_a_circle_keeps_it(
    con: duckdb.DuckDBPyConnection,
) -> None:
    workshop.deliver(
        con,
        "items",
        """
        item_id | description | superseded_by
        --------+-------------+--------------
        OLD     | first       | MID
        MID     | second      | NEW
        NEW     | third       |
        RING    | a           | RONG
        RONG    | b           | RING
    """,
    )
    workshop.deliver(
        con,
        "order_lines",
        """
        order_id | line_no | item_id | order_date | requested_date | qty_ordered
        ---------+---------+---------+------------+----------------+------------
        A        | 1       | OLD     | 2026-03-01 | 2026-03-05     | 1
        B        | 1       | NEW     | 2026-03-01 | 2026-03-05     | 2
        C        | 1       | RING    | 2026-03-01 | 2026-03-05     | 4
    """,
    )
    workshop.make(con, with_cubes=False)
    assert demand(con, "item_id, ordered_item_id, qty") == [
        {"item_id": "NEW", "ordered_item_id": "NEW", "qty": 2.0},
        {"item_id": "NEW", "ordered_item_id": "OLD", "qty": 1.0},
        {"item_id": "RING", "ordered_item_id": "RING", "qty": 4.0},
    ]


def test_the_feed_counts_where_there_are_no_order_lines_and_sales_without_stock_are_censored(
    con: duckdb.DuckDBPyConnection,
) -> None:
    workshop.deliver(
        con,
        "order_lines",
        """
        order_id | line_no | order_date | requested_date | qty_ordered
        ---------+---------+------------+----------------+------------
        A        | 1       | 2026-03-01 | 2026-03-02     | 10
    """,
    )
    workshop.deliver(
        con,
        "demand",
        """
        demand_date | item_id | site_id | qty | in_stock
        ------------+---------+---------+-----+---------
        2026-03-02  | P1      | DC1     | 9   | true
        2026-03-02  | P1      | DC2     | 7   | true
        2026-03-09  | P1      | DC2     | 0   | false
    """,
    )
    workshop.make(con, "2026-03-10", with_cubes=False)
    rows = demand(con, "site_id, source, demand_kind, qty, is_censored")
    assert [tuple(row.values()) for row in rows] == [
        ("DC1", "feed", "overlap", 9.0, False),
        ("DC1", "orders", "regular", 10.0, False),
        ("DC2", "feed", "regular", 7.0, False),
        ("DC2", "feed", "regular", 0.0, True),
    ]


def test_an_order_on_a_day_without_stock_is_demand_and_says_so(
    con: duckdb.DuckDBPyConnection,
) -> None:
    workshop.deliver(
        con,
        "order_lines",
        """
        order_id | line_no | order_date | requested_date | qty_ordered
        ---------+---------+------------+----------------+------------
        A        | 1       | 2026-03-01 | 2026-03-02     | 10
        B        | 1       | 2026-03-01 | 2026-03-03     | 20
    """,
    )
    workshop.deliver(
        con,
        "stock",
        """
        snapshot_date | qty_on_hand
        --------------+------------
        2026-03-02    | 0
    """,
    )
    workshop.make(con, "2026-03-10", with_cubes=False)
    assert demand(con, "qty, in_stock, is_censored") == [
        {"qty": 10.0, "in_stock": False, "is_censored": False},
        {"qty": 20.0, "in_stock": None, "is_censored": False},
    ]
