"""The same goods in more than one file: what counts once, what is corrected, and what adds."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from data.build import build
from data.ingest import ingest
from data.metrics import measure
from data.rejects import read_rejects, to_mend
from data.warehouse import connect
from tests.data.workshop import deliver, make, open_empty

ORDERS = """
    order_id | line_no | order_date | requested_date | qty_ordered
    A        | 1       | 2026-03-01 | 2026-03-10     | 10
    B        | 1       | 2026-03-01 | 2026-03-10     | 10
    C        | 1       | 2026-03-01 | 2026-03-10     | 10
"""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_empty() as opened:
        deliver(opened, "order_lines", ORDERS)
        yield opened


def ship(con: duckdb.DuckDBPyConnection, load: int, *rows: str) -> None:
    """Deliver rows of line 1 on 5 March: order, quantity, and where given id and site."""
    for row in rows:
        order_id, qty, shipment_id, site_id = (*row.split(), "", "")[:4]
        deliver(
            con,
            "shipments",
            f"""
            order_id   | line_no | shipped_date | qty_shipped | shipment_id | site_id
            {order_id} | 1 | 2026-03-05 | {qty} | {shipment_id.strip("-")} | {site_id}
            """,
            load=load,
        )


@pytest.mark.parametrize(
    ("case", "first", "second", "shipped"),
    [
        ("another shipment of the day", ["A 6"], ["A 4"], 10),
        ("the same row again", ["A 6"], ["A 6"], 6),
        ("the same file with one row more", ["A 6"], ["A 6", "A 4"], 10),
        ("only part of it again", ["A 6", "A 4"], ["A 4"], 10),
        ("both would be over the order", ["A 8"], ["A 4"], 4),
        ("a correction among rows that come again", ["A 3", "B 5", "C 5"], ["A 4", "B 5"], 4),
        ("rows of other lines alone", ["A 3", "B 5", "C 5"], ["A 4"], 7),
        ("two alike, both corrected", ["A 4", "A 4"], ["A 5", "A 5"], 10),
        ("two alike, and again", ["A 4", "A 4"], ["A 4", "A 4"], 8),
        ("the id filled in", ["A 6"], ["A 6 X"], 6),
        ("the id filled in of one of two", ["A 3", "A 3"], ["A 3 X"], 6),
        ("the id left out", ["A 6 X"], ["A 6"], 6),
        ("two ids are two shipments", ["A 3 X"], ["A 3 Y"], 6),
        ("an id corrected", ["A 3 X"], ["A 4 X"], 4),
        ("the site filled in", ["A 6"], ["A 6 - DC1"], 6),
        ("another site", ["A 4"], ["A 4 - DC2"], 8),
    ],
)
def test_a_second_file_of_the_same_line_and_day(
    con: duckdb.DuckDBPyConnection,
    case: str,
    first: list[str],
    second: list[str],
    shipped: int,
) -> None:
    ship(con, 1, *first)
    ship(con, 2, *second)
    make(con, "2026-03-31", with_cubes=False)
    of_a = "SELECT sum(qty_shipped) FROM marts.shipments WHERE order_id = 'A'"
    assert con.execute(of_a).fetchall() == [(shipped,)], case


SHIPPED = "order_id,line_no,shipped_date,qty_shipped\n"
ORDERED = (
    "order_id,line_no,customer_id,item_id,site_id,order_date,requested_date,qty_ordered\n"
    "A,1,C1,P1,DC1,2026-03-01,2026-03-10,10\n"
    "Z,1,C1,P1,DC1,2026-03-20,2026-03-30,10\n"
)


def test_a_mended_reject_adds_to_the_file_it_came_in(tmp_path: Path) -> None:
    def load(name: str, text: str) -> list[float]:
        (tmp_path / name).write_text(text)
        ingest([tmp_path / name], tmp_path / "home", feed=name.partition("-")[0])
        build(tmp_path / "home")
        with connect(tmp_path / "home") as con:
            return measure(con, "unit_fill_rate")["value"].to_list()

    load("order_lines-1.csv", ORDERED)
    assert load("shipments-1.csv", SHIPPED + "A,1,2026-03-05,6\nA,1,2026-03-05,x4\n") == [0.6]
    rejects = to_mend(read_rejects(tmp_path / "home")).assign(qty_shipped="3")
    assert load("shipments-mended.csv", rejects.to_csv(index=False)) == [0.9]
    again = rejects.assign(qty_shipped="4").to_csv(index=False)
    assert load("shipments-mended-again.csv", again) == [1.0]
    assert load("shipments-2.csv", SHIPPED + "A,1,2026-03-05,6\nA,1,2026-03-05,4\n") == [1.0]
    assert load("shipments-3.csv", SHIPPED + "A,1,2026-03-05,5\nA,1,2026-03-05,4\n") == [0.9]


@pytest.mark.parametrize(
    ("first", "second", "accepted"), [("6", "4", 10), ("6", "6", 6), ("8", "4", 4)]
)
def test_receipts_follow_the_same_rules(
    con: duckdb.DuckDBPyConnection, first: str, second: str, accepted: int
) -> None:
    deliver(
        con,
        "purchase_order_lines",
        """
        po_id | line_no | order_date | need_date  | qty_ordered
        P     | 1       | 2026-03-01 | 2026-03-10 | 10
        """,
    )
    for load, qty in enumerate((first, second), start=1):
        rows = f"""
        po_id | line_no | received_date | qty_received
        P     | 1       | 2026-03-05    | {qty}
        """
        deliver(con, "receipts", rows, load=load)
    make(con, "2026-03-31", with_cubes=False)
    told = con.execute("SELECT sum(qty_accepted) FROM marts.receipts").fetchall()
    assert told == [(accepted,)]


def test_what_another_file_superseded_and_what_it_may_have_doubled_is_listed(
    con: duckdb.DuckDBPyConnection,
) -> None:
    ship(con, 1, "A 3", "B 5", "C 5")
    ship(con, 2, "A 4", "B 5", "C 5 X")
    ship(con, 3, "C 7")
    deliver(
        con,
        "shipments",
        """
        order_id | line_no | shipped_date | qty_shipped
        B        | 1       | 2026-03-06   | 9
        """,
        load=4,
    )
    make(con, "2026-03-31", with_cubes=False)
    told = con.execute(
        "SELECT reason, subject, n_rows, qty FROM marts.asides WHERE feed = 'shipments'"
        " ORDER BY reason, subject"
    ).fetchall()
    assert told == [
        ("corrected by another file: its quantity counts", "shipments.csv", 1, 3),
        ("possible double delivery: over the order, from several files", "B/1", 2, 14),
        ("possible double delivery: over the order, from several files", "C/1", 2, 12),
        ("the same again in another file: counted once", "shipments.csv", 2, 10),
    ]


def test_another_quantity_of_the_same_line_and_day_is_listed(
    con: duckdb.DuckDBPyConnection,
) -> None:
    ship(con, 1, "A 3")
    ship(con, 2, "A 4")
    make(con, "2026-03-31", with_cubes=False)
    told = con.execute("SELECT reason, subject, qty FROM marts.asides WHERE feed = 'shipments'")
    assert told.fetchall() == [
        ("another quantity of the line and day in another file: both count", "A/1", 3)
    ]
