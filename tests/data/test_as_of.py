"""A build as of a day uses only what was recorded by that day."""

from datetime import date

import duckdb
import pytest

from data import steps
from data.metrics import measure
from tests.data.generated import Feeds, generate
from tests.data.workshop import deliver, make, open_empty

DAY = date(2026, 2, 20)
SERVICE = steps.METRICS[: steps.METRICS.index("backorder_age") + 1]


def _built(feeds: Feeds) -> duckdb.DuckDBPyConnection:
    con = open_empty()
    feeds.load(con)
    make(con, DAY.isoformat(), with_cubes=False)
    return con


@pytest.mark.parametrize("seed", [21, 22])
def test_all_the_data_as_of_a_day_is_the_data_of_that_day(seed: int) -> None:
    feeds = generate(seed)
    looked_back, of_the_day = _built(feeds), _built(feeds.known_by(DAY))
    for metric in SERVICE:
        columns = ["numerator", "denominator", "n", "pending"]
        found, wanted = (
            measure(con, metric, every="week", by=["site_id"]) for con in (looked_back, of_the_day)
        )
        assert found[columns].to_numpy().tolist() == wanted[columns].to_numpy().tolist(), metric


def test_the_generated_feeds_hold_every_case_that_bites() -> None:
    con = open_empty()
    generate(0).load(con)
    make(con, "2026-03-31", with_cubes=False)
    cases = {
        "agreed split": "marts.order_lines WHERE n_schedules > 1",
        "late edit": "marts.order_lines WHERE n_late_edits > 0",
        "new first promise": "marts.order_promises WHERE epoch_no > 1",
        "over-delivered": "marts.order_lines WHERE qty_over > 0",
        "part cancelled": "marts.order_lines WHERE qty_due > 0 AND qty_due < qty_ordered",
        "out of scope": "marts.order_lines WHERE NOT is_in_scope",
        "substitute credited": "marts.shipments WHERE is_substitute AND qty_credited > 0",
        "substitute refused": "marts.shipments WHERE is_substitute AND qty_credited = 0",
        "in transit": "marts.shipments WHERE arrived_date IS NULL AND NOT is_damaged",
        "stray shipment": "marts.asides WHERE reason = 'no such order line'",
        "by snapshot": "marts.demand_lines WHERE basis = 'stock'",
        "by shipping": "marts.demand_lines WHERE basis = 'shipped'",
        "wrong site": "marts.demand_lines WHERE is_on_any_shelf AND NOT is_on_shelf",
        "holiday": "marts.working_days WHERE NOT is_working AND event IS NULL",
        **{
            status: f"marts.order_lines WHERE status = '{status}'"
            for status in (
                "on time",
                "late",
                "short",
                "short, rest cancelled",
                "not due yet",
                "cancelled",
            )
        },
    }
    counts = {
        case: con.execute(f"SELECT count(*) FROM {rows}").fetchall()[0][0]
        for case, rows in cases.items()
    }
    assert [case for case, n in counts.items() if n == 0] == []


def test_what_is_dated_after_it_was_loaded_moves_nothing_and_is_listed() -> None:
    con = open_empty()
    rows = {
        "order_lines": """
            order_id | line_no | order_date | requested_date | qty_ordered | cancelled_at
            A        | 1       | 2026-03-01 | 2026-03-10     | 10          |
            B        | 1       | 2062-03-01 | 2062-03-10     | 10          |
            C        | 1       | 2026-03-01 | 2026-03-20     | 10          | 2062-03-01 10:00:00
        """,
        "shipments": """
            order_id | line_no | shipped_date | delivered_date | qty_shipped
            A        | 1       | 2026-03-10   |                | 6
            A        | 1       | 2062-03-11   |                | 4
            C        | 1       | 2026-03-13   | 2062-03-13     | 4
        """,
        "order_promises": """
            order_id | line_no | promised_date | recorded_at
            C        | 1       | 2026-03-20    | 2062-03-01 10:00:00
        """,
        "stock": """
            snapshot_date | qty_on_hand
            2062-03-01    | 10
        """,
    }
    for feed, drawn in rows.items():
        deliver(con, feed, drawn)
        con.execute(f"UPDATE lake.{feed} SET _loaded_at = TIMESTAMP '2026-03-12 08:00:00'")
    outcomes = make(con, with_cubes=False)
    assert [outcome.check for outcome in outcomes if outcome.n_rows] == []
    # The 13th is a day ahead of the load in UTC, and no slip.
    told = con.execute("SELECT as_of_date FROM marts.build").fetchall()
    assert told == [(date(2026, 3, 13),)]
    row = measure(con, "unit_fill_rate").iloc[0]
    assert [row["numerator"], row["denominator"], row["pending"]] == [6, 10, 1]
    asides = con.execute(
        "SELECT feed, subject FROM marts.asides WHERE reason = 'dated after it was loaded'"
        " ORDER BY feed, subject"
    ).fetchall()
    assert asides == [
        ("order_lines", "B/1"),
        ("order_lines", "C/1 cancelled"),
        ("order_promises", "C/1"),
        ("shipments", "A/1"),
        ("shipments", "C/1 delivered"),
        ("stock", "P1 at DC1"),
    ]
