"""The golden cases of customer service: small enough to be checked on paper."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from data.metrics import measure
from tests.data.workshop import deliver, make, open_empty


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_empty() as opened:
        yield opened


def sides(con: duckdb.DuckDBPyConnection, metric: str) -> list[float]:
    """Numerator and denominator over all time."""
    row = measure(con, metric).iloc[0]
    return [row["numerator"], row["denominator"]]


def line(con: duckdb.DuckDBPyConnection, columns: str) -> tuple[object, ...]:
    """Columns of the only order line."""
    rows = con.execute(f"SELECT {columns} FROM marts.order_lines").fetchall()
    assert len(rows) == 1
    return tuple(rows[0])


def test_two_orders_of_six_lines_fill_85_percent_of_units_67_of_lines_and_no_order(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "order_lines",
        """
        order_id | line_no | order_date | requested_date | qty_ordered
        ---------+---------+------------+----------------+------------
        A        | 1       | 2026-03-02 | 2026-03-06     | 40
        A        | 2       | 2026-03-02 | 2026-03-06     | 30
        A        | 3       | 2026-03-02 | 2026-03-06     | 30
        B        | 1       | 2026-03-02 | 2026-03-06     | 40
        B        | 2       | 2026-03-02 | 2026-03-06     | 30
        B        | 3       | 2026-03-02 | 2026-03-06     | 30
        """,
    )
    deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped
        ---------+---------+--------------+------------
        A        | 1       | 2026-03-05   | 40
        A        | 2       | 2026-03-05   | 30
        A        | 3       | 2026-03-06   | 15
        B        | 1       | 2026-03-03   | 40
        B        | 2       | 2026-03-06   | 30
        B        | 3       | 2026-03-06   | 15
        """,
    )
    make(con, "2026-03-31")
    assert sides(con, "unit_fill_rate") == [170, 200]
    assert sides(con, "line_fill_rate") == [4, 6]
    assert sides(con, "order_fill_rate") == [0, 2]


def test_3100_lines_fill_80_percent_of_units_75_of_lines_and_70_of_orders(
    con: duckdb.DuckDBPyConnection,
) -> None:
    # 100 orders of 7 lines, 400 of 6: 3,100 lines of 5 units, and 500 units more on 500 of them.
    con.execute(
        """
        INSERT INTO lake.order_lines (order_id, line_no, customer_id, item_id, site_id, order_date,
            requested_date, qty_ordered, order_type, _file, _line, _load_id, _seq)
        SELECT 'O' || o, CAST(l AS VARCHAR), 'C1', 'P1', 'DC1', DATE '2026-03-02',
            DATE '2026-03-06', CASE WHEN l = 1 THEN 6 ELSE 5 END, 'stock', 'a.csv', o, 'a', 1
        FROM range(500) AS orders(o), range(1, 8) AS lines(l)
        WHERE l <= 6 OR o < 100
        """
    )
    # 350 orders go out whole; of the others all 6 lines of 125 orders and one line of 25 stay
    # short: 775 lines of 4,000 units, of which 775 + 25 went out.
    con.execute(
        """
        INSERT INTO lake.shipments (order_id, line_no, shipped_date, qty_shipped, _file, _line,
            _load_id, _seq)
        SELECT order_id, line_no, DATE '2026-03-06',
            CASE
                WHEN _line < 350 OR (_line >= 475 AND line_no <> '2') THEN qty_ordered
                WHEN _line >= 475 THEN 2
                ELSE 1
            END, 'b.csv', _line, 'b', 1
        FROM lake.order_lines
        """
    )
    make(con, "2026-03-31")
    assert sides(con, "unit_fill_rate") == [12_800, 16_000]
    assert sides(con, "line_fill_rate") == [2_325, 3_100]
    assert sides(con, "order_fill_rate") == [350, 500]


@pytest.mark.parametrize(
    ("case", "shipped", "unit", "whole", "within_a_day"),
    [
        ("shelf 7, order 10", [("03-06", 7)], 7, 0, 7),
        ("6 + 4 both before due", [("03-04", 6), ("03-05", 4)], 10, 1, 10),
        ("twice the order", [("03-05", 20)], 10, 1, 10),
        ("on the due day", [("03-06", 10)], 10, 1, 10),
        ("60 % on the day, 40 % the next", [("03-06", 6), ("03-07", 4)], 6, 0, 10),
        ("due weeks ago and nothing came", [], 0, 0, 0),
    ],
)
def test_a_line_of_ten_due_on_6_march(  # noqa: PLR0917
    con: duckdb.DuckDBPyConnection,
    case: str,
    shipped: list[tuple[str, int]],
    unit: int,
    whole: int,
    within_a_day: int,
) -> None:
    deliver(
        con,
        "order_lines",
        """
        order_id | line_no | order_date | requested_date | qty_ordered
        A        | 1       | 2026-03-02 | 2026-03-06     | 10
        """,
    )
    for day, qty in shipped:
        deliver(
            con,
            "shipments",
            f"""
            order_id | line_no | shipped_date | qty_shipped
            A        | 1       | 2026-{day}   | {qty}
            """,
        )
    make(con, "2026-04-05")
    assert sides(con, "unit_fill_rate") == [unit, 10], case
    assert sides(con, "line_fill_rate") == [whole, 1]
    assert sides(con, "otif_line_rate") == [whole, 1]
    curve = measure(con, "fill_by_delay").set_index("delay_days")["numerator"]
    assert curve[1] == within_a_day
    assert curve[0] == unit


def test_over_delivery_is_shown_apart_and_no_ratio_exceeds_one(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "order_lines",
        """
        order_id | line_no | order_date | requested_date | qty_ordered
        A        | 1       | 2026-03-02 | 2026-03-06     | 10
        """,
    )
    deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped
        A        | 1       | 2026-03-05   | 20
        """,
    )
    make(con, "2026-03-31")
    assert line(con, "qty_shipped, qty_over") == (10, 10)
    assert measure(con, "unit_fill_rate")["value"].tolist() == [1.0]


PROMISED = """
    order_id | line_no | order_date | requested_date | qty_ordered
    A        | 1       | 2026-05-11 | 2026-05-20     | 10
"""


def test_a_promise_moved_by_the_provider_is_late_by_the_first_and_kept_by_the_last(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "order_lines", PROMISED)
    deliver(
        con,
        "order_promises",
        """
        order_id | line_no | promised_date | recorded_at         | initiated_by
        A        | 1       | 2026-06-01    | 2026-05-11 09:00:00 | provider
        A        | 1       | 2026-06-10    | 2026-05-20 09:00:00 | provider
        """,
    )
    deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped
        A        | 1       | 2026-06-09   | 10
        """,
    )
    make(con, "2026-06-30")
    assert line(con, "due_date, last_promised_date, calendar_days_late, days_late") == (
        date(2026, 6, 1),
        date(2026, 6, 10),
        8,
        6,
    )
    assert sides(con, "otif_line_rate_first_promise") == [0, 1]
    assert sides(con, "otif_line_rate_last_promise") == [1, 1]


def test_a_date_that_the_customer_moves_is_a_new_first_promise(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "order_lines", PROMISED)
    deliver(
        con,
        "order_promises",
        """
        order_id | line_no | promised_date | recorded_at         | initiated_by
        A        | 1       | 2026-06-01    | 2026-05-11 09:00:00 | provider
        A        | 1       | 2026-06-10    | 2026-05-29 09:00:00 | customer
        """,
    )
    deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped
        A        | 1       | 2026-06-09   | 10
        """,
    )
    make(con, "2026-06-30")
    assert line(con, "first_promised_date, last_promised_date, n_late_edits, status") == (
        date(2026, 6, 10),
        date(2026, 6, 10),
        0,
        "on time",
    )


def test_a_date_moved_by_the_customer_after_it_was_missed_does_not_undo_the_miss(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "order_lines", PROMISED)
    deliver(
        con,
        "order_promises",
        """
        order_id | line_no | promised_date | recorded_at         | initiated_by
        A        | 1       | 2026-06-01    | 2026-05-11 09:00:00 | provider
        A        | 1       | 2026-06-10    | 2026-06-02 09:00:00 | customer
        """,
    )
    make(con, "2026-06-30")
    assert line(con, "first_promised_date, status") == (date(2026, 6, 1), "short")


def test_a_date_changed_the_day_before_it_falls_due_is_a_late_edit_and_ignored(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "order_lines", PROMISED)
    deliver(
        con,
        "order_promises",
        """
        order_id | line_no | promised_date | recorded_at         | initiated_by
        A        | 1       | 2026-06-02    | 2026-05-11 09:00:00 | provider
        A        | 1       | 2026-06-10    | 2026-06-01 09:00:00 | provider
        """,
    )
    make(con, "2026-06-30")
    assert line(con, "last_promised_date, n_late_edits") == (date(2026, 6, 2), 1)
    assert sides(con, "otif_line_rate_last_promise") == [0, 1]


@pytest.mark.parametrize(
    ("cancelled_at", "cancelled_by", "expected"),
    [
        ("2026-03-06 10:00:00", "customer", [0, 0]),
        ("2026-03-07 10:00:00", "customer", [0, 1]),
        ("2026-03-04 10:00:00", "supplier", [0, 1]),
        ("2026-03-04 10:00:00", "provider", [0, 1]),
        ("2026-03-04 10:00:00", "client", [0, 1]),
        ("", "customer", [0, 1]),
        ("2026-03-04 10:00:00", "", [0, 1]),
    ],
)
def test_only_a_customers_cancellation_on_or_before_due_takes_a_line_out(
    con: duckdb.DuckDBPyConnection, cancelled_at: str, cancelled_by: str, expected: list[int]
) -> None:
    deliver(
        con,
        "order_lines",
        f"""
        order_id|line_no|order_date|requested_date|qty_ordered|qty_cancelled|cancelled_at|cancelled_by
        A|1|2026-03-02|2026-03-06|10|10|{cancelled_at}|{cancelled_by}
        """,
    )
    make(con, "2026-03-31")
    assert sides(con, "line_fill_rate") == expected
    assert line(con, "qty_open") == (0,)


def test_a_period_without_lines_is_no_data(con: duckdb.DuckDBPyConnection) -> None:
    make(con, "2026-03-31")
    nothing = measure(con, "unit_fill_rate", since=date(2026, 3, 1), until=date(2026, 3, 31))
    assert nothing[["numerator", "denominator", "n", "pending"]].to_numpy().tolist() == [[0] * 4]
    assert nothing[["value", "lower", "upper"]].isna().to_numpy().all()
