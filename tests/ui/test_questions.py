"""The questions in `ui/sql`, asked of tables drawn by hand."""

from pathlib import Path

import duckdb
import pytest

QUESTIONS = Path(__file__).parents[2] / "ui" / "sql"
NO_FILTER = dict.fromkeys(("site_id", "region", "item_family", "item_id", "customer_id", "segment"))

LINES = """
    line | site | item | due        | open
    L1   | LYO  | A    | 2026-06-10 | 4
    L2   | LYO  | A    | 2026-06-15 | 5
    L3   | LYO  | A    | 2026-06-18 | 2
    L4   | DER  | A    | 2026-06-21 | 1
    L5   | LYO  | A    | 2026-06-22 | 9
    L6   | LYO  | A    | 2026-06-16 | 0
    L7   | LYO  | B    | 2026-06-16 | 3
"""
"""Seen on 14 June: L1 is overdue, L5 falls due after the seven days, L6 is not open."""

STOCK = """
    day        | site | item | on_hand | reserved
    2026-06-13 | LYO  | B    | 50      | 0
    2026-06-14 | LYO  | A    | 12      | 2
    2026-06-14 | DER  | A    | 1       | 0
"""


def drawn(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in row.split("|")] for row in table.strip().splitlines()[1:]]


def due_soon(stock: str, **filters: list[str]) -> tuple[object, ...]:
    with duckdb.connect() as con:
        con.execute(
            "CREATE SCHEMA marts;"
            "CREATE TABLE marts.build AS SELECT DATE '2026-06-14' AS as_of_date;"
            "CREATE TABLE marts.order_lines ("
            " order_line_id VARCHAR, site_id VARCHAR, item_id VARCHAR,"
            " due_date DATE, qty_open DECIMAL(18, 4), schedule_no INTEGER DEFAULT 1,"
            " is_in_scope BOOLEAN DEFAULT TRUE, unit_price DECIMAL(18, 4) DEFAULT 10,"
            " region VARCHAR, item_family VARCHAR, customer_id VARCHAR, segment VARCHAR);"
            "CREATE TABLE marts.stock (snapshot_date DATE, site_id VARCHAR, item_id VARCHAR,"
            " qty_on_hand DECIMAL(18, 4), qty_reserved DECIMAL(18, 4))"
        )
        lines = "order_line_id, site_id, item_id, due_date, qty_open"
        con.executemany(
            f"INSERT INTO marts.order_lines ({lines}) VALUES (?, ?, ?, ?, ?)", drawn(LINES)
        )
        if stock:
            con.executemany("INSERT INTO marts.stock VALUES (?, ?, ?, ?, ?)", drawn(stock))
        question = (QUESTIONS / "due_soon.sql").read_text(encoding="utf-8")
        (row,) = con.execute(question, {**NO_FILTER, **filters}).fetchall()
        return tuple(row[1:])


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        # Of 10 free in Lyon, 4 go to the overdue line and 5 to L2: L3 finds 1 of 2, L7 none.
        ({}, (4, 2, 110.0, 50.0)),
        ({"item_id": ["A"]}, (3, 1, 80.0, 20.0)),
        ({"site_id": ["DER"]}, (1, 0, 10.0, 0.0)),
        ({"site_id": ["MEM"]}, (0, 0, 0.0, 0.0)),
    ],
)
def test_lines_due_soon_find_what_earlier_lines_leave_of_the_latest_free_stock(
    filters: dict[str, list[str]], expected: tuple[object, ...]
) -> None:
    assert due_soon(STOCK, **filters) == expected


def test_without_stock_no_line_is_called_short() -> None:
    assert due_soon("")[:3] == (4, 0, 110.0)
