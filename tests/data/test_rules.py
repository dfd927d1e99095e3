"""The rules behind the figures, one drawn case each."""

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


def lines(con: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[object, ...]]:
    return con.execute(f"SELECT {columns} FROM marts.order_lines ORDER BY order_line_id").fetchall()


TEN = """
    order_id | line_no | order_date | requested_date | qty_ordered
    A        | 1       | 2026-03-02 | 2026-03-06     | 10
"""


def test_an_agreed_split_is_two_lines_filled_first_in_first_out(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "order_lines", TEN)
    deliver(
        con,
        "order_promises",
        """
        order_id | line_no | promised_date | qty | recorded_at
        A        | 1       | 2026-03-06    | 6   | 2026-03-02 08:00:00
        A        | 1       | 2026-03-20    | 4   | 2026-03-02 08:00:00
        """,
    )
    deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped
        A        | 1       | 2026-03-06   | 5
        A        | 1       | 2026-03-12   | 3
        A        | 1       | 2026-03-20   | 2
        """,
    )
    make(con, "2026-03-31")
    assert lines(con, "order_line_id, qty_due, qty_shipped_by_due, completed_date, status") == [
        ("A/1/1", 6, 5, date(2026, 3, 12), "late"),
        ("A/1/2", 4, 4, date(2026, 3, 20), "on time"),
    ]


def test_a_split_that_only_a_later_version_brings_is_one_line(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "order_lines", TEN)
    deliver(
        con,
        "order_promises",
        """
        order_id | line_no | promised_date | qty | recorded_at
        A        | 1       | 2026-03-20    |     | 2026-03-02 08:00:00
        A        | 1       | 2026-03-20    | 6   | 2026-03-04 08:00:00
        A        | 1       | 2026-03-27    | 4   | 2026-03-04 08:00:00
        """,
    )
    make(con, "2026-03-31")
    assert lines(con, "order_line_id, first_promised_date, last_promised_date") == [
        ("A/1", date(2026, 3, 20), date(2026, 3, 27))
    ]


@pytest.mark.parametrize(
    ("recorded", "last", "late_edits"),
    [
        ("2026-03-13 12:00:00", "2026-04-10", 0),  # five working days before Friday 20 March
        ("2026-03-14 12:00:00", "2026-04-10", 0),  # the Saturday after: still five
        ("2026-03-16 12:00:00", "2026-03-20", 1),
    ],
)
def test_the_last_promise_freezes_five_working_days_before_it_falls_due(
    con: duckdb.DuckDBPyConnection, recorded: str, last: str, late_edits: int
) -> None:
    deliver(con, "order_lines", TEN)
    deliver(
        con,
        "order_promises",
        f"""
        order_id | line_no | promised_date | recorded_at
        A        | 1       | 2026-03-20    | 2026-03-02 08:00:00
        A        | 1       | 2026-04-10    | {recorded}
        """,
    )
    make(con, "2026-04-30")
    assert lines(con, "last_promised_date, n_late_edits") == [
        (date.fromisoformat(last), late_edits)
    ]


def test_a_part_cancelled_by_the_customer_in_time_is_no_longer_due(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "order_lines",
        """
        order_id|line_no|order_date|requested_date|qty_ordered|qty_cancelled|cancelled_at|cancelled_by
        A | 1 | 2026-03-02 | 2026-03-06 | 10 | 4 | 2026-03-05 10:00:00 | customer
        B | 1 | 2026-03-02 | 2026-03-06 | 10 | 4 | 2026-03-09 10:00:00 | customer
        """,
    )
    deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped
        A        | 1       | 2026-03-06   | 6
        B        | 1       | 2026-03-06   | 6
        """,
    )
    make(con, "2026-03-31")
    assert lines(con, "qty_due, qty_shipped_by_due, qty_open, status") == [
        (6, 6, 0, "on time"),
        (10, 6, 0, "short, rest cancelled"),
    ]


def test_the_day_of_a_cancellation_is_the_sites_day(con: duckdb.DuckDBPyConnection) -> None:
    deliver(
        con,
        "sites",
        """
        site_id | timezone
        TYO     | Asia/Tokyo
        PHX     | America/Phoenix
        """,
    )
    deliver(
        con,
        "order_lines",
        """
        order_id|line_no|site_id|order_date|requested_date|qty_ordered|cancelled_at|cancelled_by
        A | 1 | TYO | 2026-03-02 | 2026-03-06 | 10 | 2026-03-06 20:00:00 | customer
        B | 1 | PHX | 2026-03-02 | 2026-03-06 | 10 | 2026-03-07 05:00:00 | customer
        """,
    )
    make(con, "2026-03-31")
    assert lines(con, "site_id, cancelled_date, is_cancelled") == [
        ("TYO", date(2026, 3, 7), False),
        ("PHX", date(2026, 3, 6), True),
    ]


def test_a_substitute_fills_a_line_only_while_its_interchange_is_approved(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "order_lines",
        """
        order_id | line_no | order_date | requested_date | qty_ordered
        A        | 1       | 2026-03-02 | 2026-03-06     | 10
        B        | 1       | 2026-03-02 | 2026-03-06     | 10
        C        | 1       | 2026-03-02 | 2026-03-06     | 10
        """,
    )
    deliver(
        con,
        "interchanges",
        """
        item_id | substitute_item_id | valid_from | valid_to
        P1      | P2                 | 2026-03-05 |
        """,
    )
    deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped | item_id
        A        | 1       | 2026-03-05   | 10          | P2
        B        | 1       | 2026-03-04   | 10          | P2
        C        | 1       | 2026-03-05   | 10          | P3
        """,
    )
    make(con, "2026-03-31")
    assert lines(con, "order_id, qty_shipped_by_due, qty_own_shipped_by_due") == [
        ("A", 10, 0),
        ("B", 0, 0),
        ("C", 0, 0),
    ]
    assert measure(con, "unit_fill_rate")["numerator"].tolist() == [10]
    assert measure(con, "unit_fill_rate_own_item")["numerator"].tolist() == [0]
    asides = "SELECT subject FROM marts.asides WHERE reason LIKE 'substitute%' ORDER BY subject"
    assert con.execute(asides).fetchall() == [("B/1 shipped P2",), ("C/1 shipped P3",)]


def test_fill_is_on_stock_orders_of_stocked_items(con: duckdb.DuckDBPyConnection) -> None:
    deliver(
        con,
        "items",
        """
        item_id | is_stocked
        P1      | true
        P2      | false
        """,
    )
    deliver(
        con,
        "order_lines",
        """
        order_id | line_no | item_id | order_type    | order_date | requested_date | qty_ordered
        A        | 1       | P1      | stock         | 2026-03-02 | 2026-03-06     | 10
        B        | 1       | P1      | drop_ship     | 2026-03-02 | 2026-03-06     | 10
        C        | 1       | P1      | special_order | 2026-03-02 | 2026-03-06     | 10
        D        | 1       | P1      | return        | 2026-03-02 | 2026-03-06     | -10
        E        | 1       | P1      | transfer      | 2026-03-02 | 2026-03-06     | 10
        F        | 1       | P2      | stock         | 2026-03-02 | 2026-03-06     | 10
        G        | 1       | P9      | stock         | 2026-03-02 | 2026-03-06     | 10
        """,
    )
    make(con, "2026-03-31")
    counted = "SELECT order_id FROM marts.order_lines WHERE is_in_scope ORDER BY order_id"
    assert con.execute(counted).fetchall() == [("A",), ("G",)]
    assert measure(con, "line_fill_rate", by=["item_family"])["item_family"].tolist() == [
        "gaskets",
        "unknown",
    ]


def test_availability_looks_at_free_stock_where_there_is_a_snapshot_else_at_the_pick_window(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "order_lines",
        """
        order_id  | line_no | item_id | order_date | requested_date | qty_ordered
        reserved  | 1       | P1      | 2026-03-02 | 2026-03-06     | 8
        free      | 1       | P1      | 2026-03-02 | 2026-03-06     | 7
        friday    | 1       | P2      | 2026-03-06 | 2026-03-12     | 5
        too-late  | 1       | P2      | 2026-03-06 | 2026-03-12     | 5
        elsewhere | 1       | P3      | 2026-03-06 | 2026-03-12     | 5
        today     | 1       | P4      | 2026-03-13 | 2026-03-16     | 5
        """,
    )
    deliver(
        con,
        "stock",
        """
        snapshot_date | item_id | site_id | qty_on_hand | qty_reserved
        2026-03-02    | P1      | DC1     | 10          | 3
        2026-03-06    | P3      | DC1     | 0           |
        2026-03-06    | P3      | DC2     | 9           |
        """,
    )
    deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped
        reserved | 1       | 2026-03-02   | 8
        friday   | 1       | 2026-03-09   | 5
        too-late | 1       | 2026-03-10   | 5
        """,
    )
    make(con, "2026-03-13")
    told = con.execute(
        "SELECT order_id, basis, is_on_shelf, is_on_any_shelf, is_pending FROM marts.demand_lines"
        " ORDER BY order_id"
    ).fetchall()
    assert told == [
        ("elsewhere", "stock", False, True, False),
        ("free", "stock", True, True, False),
        ("friday", "shipped", True, True, False),
        ("reserved", "stock", False, False, False),
        ("today", "shipped", False, False, True),
        ("too-late", "shipped", False, False, False),
    ]
    assert measure(con, "availability_rate")[["numerator", "n", "pending"]].to_numpy().tolist() == [
        [2, 5, 1]
    ]
    assert measure(con, "network_availability_rate")["numerator"].tolist() == [3]


def test_what_is_not_delivered_or_damaged_has_not_arrived(con: duckdb.DuckDBPyConnection) -> None:
    deliver(
        con,
        "order_lines",
        """
        order_id  | line_no | order_date | requested_date | qty_ordered
        delivered | 1       | 2026-03-02 | 2026-03-06     | 10
        transit   | 1       | 2026-03-02 | 2026-03-06     | 10
        damaged   | 1       | 2026-03-02 | 2026-03-06     | 10
        before    | 1       | 2026-02-02 | 2026-02-06     | 10
        """,
    )
    deliver(
        con,
        "shipments",
        """
        order_id  | line_no | shipped_date | delivered_date | qty_shipped | is_damaged
        delivered | 1       | 2026-03-04   | 2026-03-06     | 10          | false
        transit   | 1       | 2026-03-05   |                | 10          | false
        damaged   | 1       | 2026-03-04   | 2026-03-05     | 10          | true
        before    | 1       | 2026-02-05   |                | 10          | false
        """,
    )
    make(con, "2026-03-31")
    assert lines(con, "order_id, status, qty_arrived_by_due") == [
        ("before", "on time", 10),
        ("damaged", "on time", 0),
        ("delivered", "on time", 10),
        ("transit", "on time", 0),
    ]


def test_a_holiday_is_no_working_day_of_its_site_alone(con: duckdb.DuckDBPyConnection) -> None:
    deliver(
        con,
        "sites",
        """
        site_id | region
        DC1     | north
        DC2     | south
        DC3     | east
        """,
    )
    deliver(
        con,
        "calendar",
        """
        calendar_id | day        | is_working
        DC1         | 2026-03-09 | false
        south       | 2026-03-07 | true
        """,
    )
    deliver(
        con,
        "order_lines",
        """
        order_id | line_no | site_id | order_date | requested_date | qty_ordered
        A        | 1       | DC1     | 2026-03-02 | 2026-03-06     | 10
        B        | 1       | DC2     | 2026-03-02 | 2026-03-06     | 10
        C        | 1       | DC3     | 2026-03-02 | 2026-03-06     | 10
        """,
    )
    deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped
        A        | 1       | 2026-03-10   | 10
        B        | 1       | 2026-03-10   | 10
        C        | 1       | 2026-03-10   | 10
        """,
    )
    make(con, "2026-03-31")
    assert lines(con, "site_id, days_late, calendar_days_late") == [
        ("DC1", 1, 4),
        ("DC2", 3, 4),
        ("DC3", 2, 4),
    ]


def test_what_ships_on_a_saturday_is_a_working_day_late_when_due_on_friday(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "order_lines", TEN)
    deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped
        A        | 1       | 2026-03-07   | 10
        """,
    )
    make(con, "2026-03-31")
    assert lines(con, "status, days_late, calendar_days_late") == [("late", 1, 1)]


def test_a_line_due_after_the_as_of_date_is_pending_though_it_has_shipped(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "order_lines", TEN)
    deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped
        A        | 1       | 2026-03-03   | 10
        """,
    )
    make(con, "2026-03-05")
    row = measure(con, "unit_fill_rate").iloc[0]
    assert (row["denominator"], row["n"], row["pending"]) == (0, 0, 1)
    make(con, "2026-03-06")
    row = measure(con, "unit_fill_rate").iloc[0]
    assert (row["numerator"], row["n"], row["pending"]) == (10, 1, 0)


def test_a_later_delivery_of_the_same_key_supersedes_the_earlier(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "order_lines", TEN, load=1)
    deliver(con, "order_lines", TEN.replace("| 10", "| 12"), load=2)
    two_alike = """
        order_id | line_no | shipped_date | qty_shipped
        A        | 1       | 2026-03-03   | 4
        A        | 1       | 2026-03-03   | 4
    """
    deliver(con, "shipments", two_alike, load=3)
    deliver(con, "shipments", two_alike.replace("| 4", "| 5"), load=4)
    make(con, "2026-03-31")
    assert lines(con, "qty_ordered, qty_shipped") == [(12, 10)]


def test_an_order_is_perfect_only_when_every_component_is_known(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "order_lines",
        """
        order_id | line_no | order_date | requested_date | qty_ordered
        perfect  | 1       | 2026-03-02 | 2026-03-06     | 10
        papers   | 1       | 2026-03-02 | 2026-03-06     | 10
        unknown  | 1       | 2026-03-02 | 2026-03-06     | 10
        never    | 1       | 2026-03-02 | 2026-03-06     | 10
        """,
    )
    deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped | is_damaged | has_correct_documents
        perfect  | 1       | 2026-03-05   | 10          | false      | true
        papers   | 1       | 2026-03-05   | 10          | false      | false
        unknown  | 1       | 2026-03-05   | 10          |            | true
        """,
    )
    make(con, "2026-03-31")
    assert measure(con, "perfect_order_rate")[["numerator", "n"]].to_numpy().tolist() == [[1, 3]]
    unassessed = "SELECT order_id FROM metrics.perfect_order_rate WHERE NOT is_assessed"
    assert con.execute(unassessed).fetchall() == [("unknown",)]


def test_backorders_age_in_working_days_past_the_requested_date(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "order_lines",
        """
        order_id | line_no | order_date | requested_date | qty_ordered
        A        | 1       | 2026-03-02 | 2026-03-13     | 10
        B        | 1       | 2026-02-02 | 2026-02-06     | 4
        C        | 1       | 2026-03-02 | 2026-03-20     | 9
        """,
    )
    deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped
        A        | 1       | 2026-03-13   | 7
        """,
    )
    make(con, "2026-03-16")
    aged = measure(con, "backorder_age", by=["age_bucket"])
    columns = ["age_bucket", "numerator", "denominator", "maximum"]
    assert aged[columns].to_numpy().tolist() == [["00-03", 3, 3, 1], ["22-30", 104, 4, 26]]


def test_a_client_without_promises_has_no_promise_figures(con: duckdb.DuckDBPyConnection) -> None:
    deliver(con, "order_lines", TEN)
    make(con, "2026-03-31")
    assert measure(con, "otif_line_rate_first_promise")["n"].tolist() == [0]
    assert measure(con, "otif_line_rate_requested")["n"].tolist() == [1]


def test_a_line_without_a_promise_is_never_silently_on_time(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "order_lines",
        """
        order_id | line_no | order_date | requested_date | promised_date | qty_ordered
        A        | 1       | 2026-03-02 | 2026-03-06     | 2026-03-06    | 10
        B        | 1       | 2026-03-02 | 2026-03-06     |               | 10
        """,
    )
    deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped
        A        | 1       | 2026-03-06   | 10
        B        | 1       | 2026-03-06   | 10
        """,
    )
    make(con, "2026-03-31")
    for metric in ("otif_line_rate_first_promise", "otif_line_rate_last_promise"):
        assert measure(con, metric)[["numerator", "n"]].to_numpy().tolist() == [[1, 2]]
    assert measure(con, "otif_line_rate")[["numerator", "n"]].to_numpy().tolist() == [[2, 2]]


@pytest.mark.parametrize(
    ("case", "cancelled", "shipped", "days_late", "status"),
    [
        ("rest cancelled", "4 | 2026-03-12 10:00:00 | customer", ["03-06 6"], 4, "rest"),
        ("all cancelled", "  | 2026-03-12 10:00:00 | customer", [], 4, "rest"),
        (
            "more came after",
            "4 | 2026-03-12 10:00:00 | customer",
            ["03-06 2", "03-13 4"],
            5,
            "rest",
        ),
        ("some is open", "4 | 2026-03-12 10:00:00 | customer", ["03-06 2"], 17, "short"),
        ("by the supplier", "4 | 2026-03-12 10:00:00 | supplier", ["03-06 6"], 17, "short"),
    ],
)
def test_a_line_is_late_no_longer_once_the_customer_has_cancelled_the_rest(  # noqa: PLR0917
    con: duckdb.DuckDBPyConnection,
    case: str,
    cancelled: str,
    shipped: list[str],
    days_late: int,
    status: str,
) -> None:
    deliver(
        con,
        "order_lines",
        f"""
        order_id|line_no|order_date|requested_date|qty_ordered|qty_cancelled|cancelled_at|cancelled_by
        A | 1 | 2026-03-02 | 2026-03-06 | 10 | {cancelled}
        """,
    )
    for row in shipped:
        day, qty = row.split()
        deliver(
            con,
            "shipments",
            f"""
            order_id | line_no | shipped_date | qty_shipped
            A        | 1       | 2026-{day}   | {qty}
            """,
        )
    make(con, "2026-03-31", with_cubes=False)
    said = "short, rest cancelled" if status == "rest" else status
    assert lines(con, "days_late, status") == [(days_late, said)], case
    assert measure(con, "line_fill_rate")[["numerator", "n"]].to_numpy().tolist() == [[0, 1]]


def test_lines_of_a_day_draw_on_the_same_shelf_one_after_the_other(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "order_lines",
        """
        order_id | line_no | item_id | order_date | requested_date | qty_ordered
        A        | 2       | P1      | 2026-03-02 | 2026-03-06     | 5
        A        | 10      | P1      | 2026-03-02 | 2026-03-06     | 5
        B        | 1       | P1      | 2026-03-02 | 2026-03-06     | 5
        C        | 1       | P2      | 2026-03-02 | 2026-03-06     | 9
        D        | 1       | P2      | 2026-03-02 | 2026-03-06     | 3
        E        | 1       | P1      | 2026-03-03 | 2026-03-06     | 5
        """,
    )
    deliver(
        con,
        "stock",
        """
        snapshot_date | item_id | site_id | qty_on_hand
        2026-03-02    | P1      | DC1     | 5
        2026-03-02    | P1      | DC2     | 7
        2026-03-02    | P2      | DC1     | 5
        2026-03-03    | P1      | DC1     | 5
        """,
    )
    make(con, "2026-03-31", with_cubes=False)
    told = con.execute(
        "SELECT order_line_id, is_on_shelf, is_on_any_shelf FROM marts.demand_lines"
        " ORDER BY order_line_id"
    ).fetchall()
    assert told == [
        ("A/10", False, True),  # the seven of the other site
        ("A/2", True, True),
        ("B/1", False, False),
        ("C/1", False, False),  # larger than the shelf: leaves it to the next
        ("D/1", True, True),
        ("E/1", True, True),
    ]


def test_an_order_stands_at_the_site_of_its_first_line_by_number(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "order_lines",
        """
        order_id | line_no | site_id | order_date | requested_date | qty_ordered
        A        | 10      | DC2     | 2026-03-02 | 2026-03-06     | 5
        A        | 2       | DC1     | 2026-03-02 | 2026-03-06     | 5
        B        | 0010    | DC1     | 2026-03-02 | 2026-03-06     | 5
        B        | 20      | DC2     | 2026-03-02 | 2026-03-06     | 5
        C        | b       | DC2     | 2026-03-02 | 2026-03-06     | 5
        C        | a       | DC1     | 2026-03-02 | 2026-03-06     | 5
        """,
    )
    make(con, "2026-03-31", with_cubes=False)
    told = con.execute("SELECT site_id FROM marts.orders ORDER BY order_id").fetchall()
    assert told == [("DC1",), ("DC1",), ("DC1",)]
