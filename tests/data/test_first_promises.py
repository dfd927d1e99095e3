"""First promises stand (G10), whoever writes another one afterwards; agreed splits part by part."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from data.metrics import measure
from tests.data.workshop import deliver, make, open_empty

ORDER = """
    order_id | line_no | order_date | requested_date | promised_date | qty_ordered
    A        | 1       | 2026-03-01 | 2026-03-10     | {}            | 10
"""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_empty() as opened:
        yield opened


def promise(con: duckdb.DuckDBPyConnection, *rows: str) -> None:
    """Record promises: promised day of the year, quantity, instant, party."""
    for row in rows:
        day, qty, recorded_at, party = (cell.strip() for cell in row.split("|"))
        deliver(
            con,
            "order_promises",
            f"""
            order_id | line_no | promised_date | qty | recorded_at | initiated_by
            A | 1 | 2026-{day} | {qty} | 2026-{recorded_at} | {party}
            """,
        )


def ship(con: duckdb.DuckDBPyConnection, *rows: str) -> None:
    for row in rows:
        day, qty = row.split()
        deliver(
            con,
            "shipments",
            f"""
            order_id | line_no | shipped_date | qty_shipped
            A        | 1       | 2026-{day}   | {qty}
            """,
        )


def lines(con: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[object, ...]]:
    return con.execute(f"SELECT {columns} FROM marts.order_lines ORDER BY schedule_no").fetchall()


@pytest.mark.parametrize(
    ("case", "stated", "first", "last", "status"),
    [
        ("moved later", ["2026-03-06", "2026-03-13"], "2026-03-06", "2026-03-13", "late"),
        ("left out later", ["2026-03-06", ""], "2026-03-06", "2026-03-06", "late"),
        ("stated late", ["", "2026-03-13"], "2026-03-13", "2026-03-13", "on time"),
    ],
)
def test_the_promise_that_was_stated_first_stays_the_first(  # noqa: PLR0917
    con: duckdb.DuckDBPyConnection, case: str, stated: list[str], first: str, last: str, status: str
) -> None:
    for load, day in enumerate(stated, start=1):
        deliver(con, "order_lines", ORDER.format(day), load=load)
    ship(con, "03-12 10")
    make(con, "2026-03-31", with_cubes=False)
    told = (date.fromisoformat(first), date.fromisoformat(last), status)
    assert lines(con, "first_promised_date, last_promised_date, status") == [told], case


@pytest.mark.parametrize(
    ("recorded", "due", "status"),
    [("03-10 12:00:00", "2026-04-01", "on time"), ("03-11 12:00:00", "2026-03-10", "late")],
)
def test_a_first_promise_recorded_after_the_requested_date_does_not_undo_the_miss(
    con: duckdb.DuckDBPyConnection, recorded: str, due: str, status: str
) -> None:
    deliver(con, "order_lines", ORDER.format(""))
    promise(con, f"04-01 | | {recorded} | provider")
    ship(con, "03-10 3", "03-30 7")
    make(con, "2026-04-30", with_cubes=False)
    assert lines(con, "due_date, status, has_promise_history") == [
        (date.fromisoformat(due), status, True)
    ]


SPLIT = ("03-09 | 6 | 03-02 08:00:00 | provider", "03-30 | 4 | 03-02 08:00:00 | provider")


@pytest.mark.parametrize(
    ("case", "moved", "expected"),
    [
        (
            "the rest, without a quantity",
            ["04-10 | | 03-20 09:00:00 | customer"],
            [("2026-03-09", 6, "short"), ("2026-04-10", 4, "not due yet")],
        ),
        (
            "the rest, with its quantity",
            ["04-10 | 4 | 03-20 09:00:00 | customer"],
            [("2026-03-09", 6, "short"), ("2026-04-10", 4, "not due yet")],
        ),
        (
            "the whole stated again",
            ["03-09 | 6 | 03-20 09:00:00 | customer", "04-10 | 4 | 03-20 09:00:00 | customer"],
            [("2026-03-09", 6, "short"), ("2026-04-10", 4, "not due yet")],
        ),
        (
            "the rest in two",
            ["04-10 | 3 | 03-20 09:00:00 | customer", "04-20 | 1 | 03-20 09:00:00 | customer"],
            [
                ("2026-03-09", 6, "short"),
                ("2026-04-10", 3, "not due yet"),
                ("2026-04-20", 1, "not due yet"),
            ],
        ),
        (
            "before anything is missed",
            ["04-10 | | 03-05 09:00:00 | customer"],
            [("2026-04-10", 10, "not due yet")],
        ),
        (
            "by the provider",
            ["04-10 | | 03-20 09:00:00 | provider"],
            [("2026-03-09", 6, "short"), ("2026-03-30", 4, "short")],
        ),
    ],
)
def test_a_part_that_was_missed_stays_missed_when_the_customer_moves_the_rest(
    con: duckdb.DuckDBPyConnection,
    case: str,
    moved: list[str],
    expected: list[tuple[str, int, str]],
) -> None:
    deliver(con, "order_lines", ORDER.format(""))
    promise(con, *SPLIT, *moved)
    make(con, "2026-04-05", with_cubes=False)
    told = [(date.fromisoformat(day), qty, status) for day, qty, status in expected]
    assert lines(con, "due_date, qty_due, status") == told, case


@pytest.mark.parametrize(
    ("case", "rows", "parts"),
    [
        ("seconds apart", ["03-09 | 6 | 03-02 08:00:00", "03-30 | 4 | 03-02 08:00:07"], [6, 4]),
        ("the whole again", ["03-09 | 10 | 03-02 08:00:00", "03-30 | 10 | 03-02 15:00:00"], [10]),
        ("without quantities", ["03-09 | | 03-02 08:00:00", "03-30 | | 03-02 08:00:07"], [10]),
        ("the day after", ["03-09 | 6 | 03-02 08:00:00", "03-30 | 4 | 03-03 08:00:00"], [10]),
    ],
)
def test_a_split_recorded_row_by_row_on_one_day_is_agreed(
    con: duckdb.DuckDBPyConnection, case: str, rows: list[str], parts: list[int]
) -> None:
    deliver(con, "order_lines", ORDER.format(""))
    promise(con, *(f"{row} | provider" for row in rows))
    make(con, "2026-04-30", with_cubes=False)
    assert lines(con, "qty_due") == [(qty,) for qty in parts], case


def test_before_any_promise_was_recorded_there_is_no_promise_figure(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "order_lines", ORDER.format("2026-03-20"))
    promise(con, "03-20 | | 03-08 09:00:00 | provider")
    make(con, "2026-03-07", with_cubes=False)
    for metric in ("otif_line_rate_first_promise", "otif_line_rate_last_promise"):
        told = measure(con, metric)[["n", "pending"]].to_numpy().tolist()
        assert told == [[0, 0]], metric
    columns = "first_promised_date, due_date"
    assert lines(con, columns) == [(None, date(2026, 3, 10))]
    make(con, "2026-03-08", with_cubes=False)
    assert lines(con, columns) == [(date(2026, 3, 20), date(2026, 3, 20))]
    pending = measure(con, "otif_line_rate_last_promise")["pending"].tolist()
    assert pending == [1]
