"""Missed units: each posted once, to causes asked in order, each within its quantity limit."""

from collections.abc import Iterator

import duckdb
import pytest

from data.metrics import measure
from tests import drawn
from tests.data.workshop import deliver, make, open_empty


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_empty() as opened:
        yield opened


def postings(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, float]]:
    """Line, cause, supplier and units of every posting; a build must pass its checks."""
    failed = [check.check for check in make(con, "2026-03-31") if not check.is_passed]
    assert failed == []
    return con.execute(
        "SELECT order_line_id, cause, supplier_id, CAST(qty_missed AS DOUBLE)"
        " FROM marts.missed_units ORDER BY due_date, order_line_id, cause, supplier_id"
    ).fetchall()


def order(con: duckdb.DuckDBPyConnection, rows: str) -> None:
    """Order lines, drawn with three columns: order, day of the request and quantity."""
    for row in drawn.read(rows):
        con.execute(
            "INSERT INTO lake.order_lines (order_id, line_no, customer_id, item_id, site_id,"
            " order_date, requested_date, qty_ordered, order_type, cancelled_by, qty_cancelled,"
            " cancelled_at, _file, _line, _load_id, _seq)"
            " SELECT $order_id, '1', 'C1', 'P1', 'DC1', DATE '2026-03-02', $requested_date,"
            " $qty, 'stock', $cancelled_by, $qty_cancelled, $cancelled_at, 'o.csv', 2, 'o', 1",
            {"cancelled_by": None, "qty_cancelled": None, "cancelled_at": None, **row},
        )


def test_a_backlog_of_100_explains_100_of_two_missed_orders_of_50_and_70(
    con: duckdb.DuckDBPyConnection,
) -> None:
    order(
        con,
        """
        order_id | requested_date | qty
        ---------+----------------+----
        A        | 2026-03-10     | 50
        B        | 2026-03-12     | 70
        """,
    )
    deliver(
        con,
        "purchase_order_lines",
        """
        po_id | line_no | order_date | promised_date | qty_ordered
        ------+---------+------------+---------------+------------
        PO1   | 1       | 2026-01-05 | 2026-03-05    | 100
        """,
    )
    deliver(
        con,
        "stock",
        """
        snapshot_date | qty_on_hand
        --------------+------------
        2026-03-02    | 0
        """,
    )
    assert postings(con) == [
        ("A/1", "supplier", "S1", 50),
        ("B/1", "planning", "none", 20),
        ("B/1", "supplier", "S1", 50),
    ]
    by_cause = measure(con, "missed_units_by_cause", by=["cause"])
    assert dict(zip(by_cause["cause"], by_cause["numerator"], strict=True)) == {
        "planning": 20,
        "supplier": 100,
    }


def test_goods_that_have_come_explain_nothing_more_and_those_not_yet_due_nothing_yet(
    con: duckdb.DuckDBPyConnection,
) -> None:
    order(
        con,
        """
        order_id | requested_date | qty
        ---------+----------------+----
        early    | 2026-03-04     | 10
        during   | 2026-03-10     | 10
        after    | 2026-03-20     | 10
        """,
    )
    deliver(
        con,
        "purchase_order_lines",
        """
        po_id | line_no | order_date | promised_date | qty_ordered
        ------+---------+------------+---------------+------------
        PO1   | 1       | 2026-01-05 | 2026-03-05    | 30
        """,
    )
    deliver(
        con,
        "receipts",
        """
        po_id | line_no | received_date | qty_received
        ------+---------+---------------+-------------
        PO1   | 1       | 2026-03-16    | 30
        """,
    )
    assert postings(con) == [
        ("early/1", "unproven", "none", 10),
        ("during/1", "supplier", "S1", 10),
        ("after/1", "unproven", "none", 10),
    ]


def test_what_a_miss_has_taken_of_a_backlog_is_gone_for_the_next(
    con: duckdb.DuckDBPyConnection,
) -> None:
    order(
        con,
        """
        order_id | requested_date | qty
        ---------+----------------+----
        A        | 2026-03-10     | 8
        B        | 2026-03-12     | 8
        C        | 2026-03-18     | 8
        """,
    )
    # Ten are overdue from the 5th and come on the 16th; four more are overdue from the 17th.
    deliver(
        con,
        "purchase_order_lines",
        """
        po_id | line_no | order_date | promised_date | qty_ordered
        ------+---------+------------+---------------+------------
        PO1   | 1       | 2026-01-05 | 2026-03-05    | 10
        PO2   | 1       | 2026-01-05 | 2026-03-17    | 4
        """,
    )
    deliver(
        con,
        "receipts",
        """
        po_id | line_no | received_date | qty_received
        ------+---------+---------------+-------------
        PO1   | 1       | 2026-03-16    | 10
        """,
    )
    assert postings(con) == [
        ("A/1", "supplier", "S1", 8),
        ("B/1", "supplier", "S1", 2),
        ("B/1", "unproven", "none", 6),
        ("C/1", "supplier", "S1", 4),
        ("C/1", "unproven", "none", 4),
    ]


def test_two_late_suppliers_share_a_miss_by_what_each_had_overdue(
    con: duckdb.DuckDBPyConnection,
) -> None:
    order(
        con,
        """
        order_id | requested_date | qty
        ---------+----------------+----
        A        | 2026-03-10     | 10
        """,
    )
    deliver(
        con,
        "purchase_order_lines",
        """
        po_id | line_no | supplier_id | order_date | promised_date | qty_ordered
        ------+---------+-------------+------------+---------------+------------
        PO1   | 1       | S1          | 2026-01-05 | 2026-03-05    | 30
        PO2   | 1       | S2          | 2026-01-05 | 2026-03-06    | 10
        """,
    )
    assert postings(con) == [("A/1", "supplier", "S1", 8), ("A/1", "supplier", "S2", 2)]


def test_causes_are_asked_in_order_and_the_rest_is_unproven(
    con: duckdb.DuckDBPyConnection,
) -> None:
    order(
        con,
        """
        order_id | requested_date | qty | cancelled_by | qty_cancelled | cancelled_at
        ---------+----------------+-----+--------------+---------------+--------------------
        refused  | 2026-03-10     | 10  | provider     | 4             | 2026-03-09 09:00:00
        too-late | 2026-03-11     | 10  | provider     | 4             | 2026-03-19 09:00:00
        """,
    )
    assert postings(con) == [
        ("refused/1", "refused", "none", 4),
        ("refused/1", "unproven", "none", 6),
        ("too-late/1", "unproven", "none", 10),
    ]


def test_the_shelf_explains_what_it_had_and_what_it_lacked(
    con: duckdb.DuckDBPyConnection,
) -> None:
    order(
        con,
        """
        order_id | requested_date | qty
        ---------+----------------+----
        A        | 2026-03-10     | 5
        B        | 2026-03-10     | 6
        C        | 2026-03-10     | 9
        """,
    )
    # Seven here: A finds its five, and they are not shipped; B finds two, but the other site has
    # six; C finds nothing whole anywhere, and those before it have taken the shelf.
    deliver(
        con,
        "stock",
        """
        snapshot_date | site_id | qty_on_hand
        --------------+---------+------------
        2026-03-02    | DC1     | 7
        2026-03-02    | DC2     | 6
        """,
    )
    assert postings(con) == [
        ("A/1", "shelf", "none", 5),
        ("B/1", "transfer", "none", 6),
        ("C/1", "planning", "none", 9),
    ]


def test_a_line_that_was_filled_or_is_not_due_has_no_missed_units(
    con: duckdb.DuckDBPyConnection,
) -> None:
    order(
        con,
        """
        order_id | requested_date | qty
        ---------+----------------+----
        filled   | 2026-03-10     | 5
        pending  | 2026-04-10     | 6
        """,
    )
    deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped
        ---------+---------+--------------+------------
        filled   | 1       | 2026-03-09   | 5
        """,
    )
    assert postings(con) == []


def test_a_miss_is_repeated_when_the_customer_missed_the_same_part_within_90_days(
    con: duckdb.DuckDBPyConnection,
) -> None:
    order(
        con,
        """
        order_id | requested_date | qty
        ---------+----------------+----
        first    | 2026-03-10     | 5
        same-day | 2026-03-10     | 5
        again    | 2026-03-24     | 5
        """,
    )
    deliver(
        con,
        "order_lines",
        """
        order_id | line_no | customer_id | order_date | requested_date | qty_ordered
        ---------+---------+-------------+------------+----------------+------------
        other    | 1       | C2          | 2026-03-02 | 2026-03-25     | 5
        long-ago | 1       | C2          | 2025-11-03 | 2025-12-24     | 5
        """,
    )
    make(con, "2026-03-31")
    rows = con.execute("SELECT order_line_id, n_before FROM marts.repeat_misses").fetchall()
    assert rows == [("again/1", 2)]
    row = measure(con, "repeat_miss_rate").iloc[0]
    assert (row["numerator"], row["denominator"]) == (1, 5)
