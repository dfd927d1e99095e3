"""What stock decisions read of a build: where stock stands, and how long purchase lines took."""

from tests.data import workshop


def test_the_newest_snapshot_counts_and_what_is_superseded_goes_to_its_heir() -> None:
    con = workshop.open_empty()
    workshop.deliver(
        con,
        "items",
        """
        item_id | superseded_by
        --------+--------------
        P1      | P2
        P2      |
        P3      |
    """,
    )
    workshop.deliver(
        con,
        "stock",
        """
        snapshot_date | item_id | qty_on_hand | qty_reserved | qty_backordered
        --------------+---------+-------------+--------------+----------------
        2026-05-01    | P1      | 90          | 9            | 9
        2026-06-01    | P1      | 3           |              |
        2026-06-01    | P2      | 10          | 4            | 1
        2026-04-01    | P3      | 5           |              |
    """,
    )
    workshop.deliver(
        con,
        "purchase_order_lines",
        """
        po_id | line_no | item_id | supplier_id | order_date | qty_ordered
        ------+---------+---------+-------------+------------+------------
        A     | 1       | P2      | OLD         | 2026-01-05 | 5
        B     | 1       | P1      | NEW         | 2026-03-02 | 5
    """,
    )
    workshop.make(con, "2026-06-02")
    rows = con.execute(
        "SELECT item_id, qty_on_hand, qty_reserved, qty_backordered, supplier_id, is_old"
        " FROM marts.stock_positions ORDER BY item_id"
    ).fetchall()
    assert rows == [("P2", 13, 4, 1, "NEW", False), ("P3", 5, 0, 0, None, True)]


def test_lead_times_are_counted_against_what_the_item_states() -> None:
    con = workshop.open_empty()
    workshop.deliver(
        con,
        "items",
        """
        item_id | lead_time_days
        --------+---------------
        P1      | 20
        P2      |
    """,
    )
    workshop.deliver(
        con,
        "purchase_order_lines",
        """
        po_id | line_no | item_id | order_date | qty_ordered
        ------+---------+---------+------------+------------
        late  | 1       | P1      | 2026-01-01 | 100
        early | 1       | P1      | 2026-01-01 | 100
        open  | 1       | P1      | 2026-05-01 | 100
        free  | 1       | P2      | 2026-01-01 | 100
    """,
    )
    workshop.deliver(
        con,
        "receipts",
        """
        po_id | line_no | received_date | qty_received
        ------+---------+---------------+-------------
        late  | 1       | 2026-01-31    | 95
        early | 1       | 2026-01-16    | 100
        free  | 1       | 2026-01-11    | 100
    """,
    )
    workshop.make(con, "2026-06-01")
    rows = con.execute(
        "SELECT horizon, slip_days, is_open, n FROM marts.lead_time_slips"
        " ORDER BY horizon, slip_days, is_open"
    ).fetchall()
    assert rows == [
        ("8-30", -5, False, 1), ("8-30", 10, False, 1), ("8-30", 11, True, 1),
        ("unknown", 10, False, 1),
    ]  # fmt: skip
