"""What real purchasing data is like: each oddity has one decided meaning, and is listed."""

from datetime import date

import duckdb
import pytest

from tests.data.test_promises_of_suppliers import (
    ORDER,
    asides,
    finish,
    line,
    promise,
    receive,
    sides,
)
from tests.data.workshop import deliver, make, open_empty


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return open_empty()


def test_a_receipt_before_its_order_counts_but_not_in_the_lead_time(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    promise(con, "2026-06-10 2026-05-04")
    receive(con, "2026-05-01 10")
    finish(con)
    assert line(con, "qty_received, status") == (10, "early")
    assert asides(con) == [
        ("receipts", "PO1/1: received before it was ordered: counts, but not in the lead time")
    ]


def test_a_promise_recorded_after_the_whole_line_had_come_is_no_promise(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    receive(con, "2026-06-08 10")
    promise(con, "2026-06-10 2026-06-09")
    finish(con)
    assert line(con, "is_promised, n_promises") == (False, 0)
    assert asides(con) == [
        ("supplier_promises", "PO1/1: recorded after the whole line had come: no promise")
    ]


def test_a_promise_after_a_part_of_the_line_had_come_still_counts(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    receive(con, "2026-05-08 4", "2026-06-10 6")
    promise(con, "2026-06-10 2026-05-11")
    finish(con)
    assert line(con, "first_promised_date") == (date(2026, 6, 10),)


def test_promises_count_in_the_order_in_which_they_were_recorded(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    promise(con, "2026-06-20 2026-05-20", "2026-06-01 2026-05-04", "2026-06-10 2026-05-11")
    finish(con)
    assert line(con, "first_promised_date, last_promised_date, n_slips") == (
        date(2026, 6, 1),
        date(2026, 6, 20),
        2,
    )


def test_of_two_promises_at_the_same_instant_the_later_date_counts(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    promise(con, "2026-06-10 2026-05-04", "2026-06-05 2026-05-04")
    finish(con)
    assert line(con, "first_promised_date, n_promises, n_slips") == (date(2026, 6, 10), 1, 0)


def test_a_reversal_takes_back_what_came_last_before_it(con: duckdb.DuckDBPyConnection) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    receive(con, "2026-06-01 6", "2026-06-05 4", "2026-06-08 -4", "2026-06-12 4")
    finish(con)
    assert line(con, "qty_received, completed_date") == (10, date(2026, 6, 12))


def test_a_reversal_of_more_than_was_received_is_listed(con: duckdb.DuckDBPyConnection) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    receive(con, "2026-06-01 6", "2026-06-05 -8")
    finish(con)
    assert line(con, "qty_received") == (0,)
    assert asides(con) == [("receipts", "PO1/1: takes back more than was received")]


def test_receipts_and_promises_of_unknown_orders_stand_aside_until_the_order_comes(
    con: duckdb.DuckDBPyConnection,
) -> None:
    promise(con, "2026-06-10 2026-05-04")
    receive(con, "2026-06-10 10")
    finish(con)
    assert asides(con) == [
        ("receipts", "PO1/1: no such PO line"),
        ("supplier_promises", "PO1/1: no such PO line"),
    ]
    deliver(con, "purchase_order_lines", ORDER)
    make(con, "2026-06-30", with_cubes=False)
    assert asides(con) == []
    assert sides(con, "promise_adherence_first") == [1, 1]


def test_a_need_date_before_the_order_is_not_held_against_the_supplier(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "purchase_order_lines",
        """
        po_id | line_no | order_date | need_date  | qty_ordered
        PO1   | 1       | 2026-05-04 | 2026-05-01 | 10
        """,
    )
    promise(con, "2026-06-10 2026-05-04")
    receive(con, "2026-06-10 10")
    finish(con)
    assert sides(con, "need_date_rate") == [0, 0]
    assert sides(con, "promise_adherence_first") == [1, 1]
    assert asides(con) == [
        (
            "purchase_order_lines",
            "PO1/1: needed before it was ordered: not judged by its need date",
        )
    ]


def test_a_number_used_again_after_90_days_is_another_order(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "purchase_order_lines",
        """
        po_id | line_no | order_date | qty_ordered
        PO1   | 1       | 2025-05-05 | 8
        PO1   | 1       | 2026-05-04 | 10
        """,
    )
    promise(con, "2025-06-10 2025-05-05", "2026-06-10 2026-05-04")
    receive(con, "2025-06-10 8", "2026-06-10 10")
    finish(con)
    rows = con.execute(
        "SELECT order_id, qty_ordered, qty_received, first_promised_date, status "
        "FROM marts.purchase_order_lines ORDER BY 1"
    ).fetchall()
    assert rows == [
        ("PO1@2025-05-05", 8, 8, date(2025, 6, 10), "on time"),
        ("PO1@2026-05-04", 10, 10, date(2026, 6, 10), "on time"),
    ]


def test_a_day_of_ordering_corrected_within_90_days_is_the_same_order(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    deliver(con, "purchase_order_lines", ORDER.replace("2026-05-04", "2026-05-11"), load=2)
    receive(con, "2026-06-10 10")
    finish(con)
    assert line(con, "order_id, order_date, qty_received") == ("PO1", date(2026, 5, 11), 10)


def test_a_renamed_supplier_is_one_supplier(con: duckdb.DuckDBPyConnection) -> None:
    deliver(
        con,
        "suppliers",
        """
        supplier_id | supplier_name | superseded_by
        OLD         | Bolts         | NEW
        NEW         | Bolts and Co  |
        OLDEST      | Bolt          | OLD
        """,
    )
    deliver(
        con,
        "purchase_order_lines",
        """
        po_id | line_no | order_date | promised_date | qty_ordered | supplier_id
        PO1   | 1       | 2026-05-04 | 2026-06-10    | 10          | OLDEST
        PO2   | 1       | 2026-05-04 | 2026-06-10    | 10          | OLD
        PO3   | 1       | 2026-05-04 | 2026-06-10    | 10          | NEW
        """,
    )
    finish(con)
    rows = con.execute(
        "SELECT supplier_id, count(*) FROM marts.purchase_order_lines GROUP BY supplier_id"
    ).fetchall()
    assert rows == [("NEW", 3)]
    assert con.execute("SELECT supplier_id, n_former_ids FROM marts.suppliers").fetchall() == [
        ("NEW", 2)
    ]


def test_a_supplier_renamed_in_a_circle_keeps_its_id_and_is_listed(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "suppliers",
        """
        supplier_id | superseded_by
        A           | B
        B           | A
        """,
    )
    finish(con)
    assert con.execute("SELECT supplier_id FROM marts.suppliers ORDER BY 1").fetchall() == [
        ("A",),
        ("B",),
    ]
    assert [subject for _, subject in asides(con)] == [
        "A: renamed in a circle: keeps its id",
        "B: renamed in a circle: keeps its id",
    ]


def test_a_line_with_no_date_at_all_is_listed_and_never_judged(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "purchase_order_lines", "po_id | line_no | qty_ordered\nPO1 | 1 | 10")
    finish(con)
    assert line(con, "status, is_first_judged") == ("no date", False)
    assert asides(con) == [("purchase_order_lines", "PO1/1: no date to be judged by")]


def test_an_own_warehouse_is_no_outside_supplier_and_has_no_score(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "suppliers",
        """
        supplier_id | is_own_warehouse
        S1          | true
        """,
    )
    deliver(con, "purchase_order_lines", ORDER)
    finish(con)
    assert line(con, "supplier_type") == ("own warehouse",)
    assert con.execute("SELECT count(*) FROM marts.supplier_scores").fetchall() == [(0,)]
