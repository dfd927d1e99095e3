"""Golden cases of suppliers' promises: small enough to be checked on paper.

June 2026: the 1st, 8th and 15th are Mondays; no calendar is loaded, so Monday to Friday are worked.
"""

from datetime import date

import duckdb
import pandas as pd
import pytest

from data.metrics import measure
from forecasting.promises.slips import count_slips
from tests.data.test_purchases_against_plain_python import generate
from tests.data.workshop import deliver, make, open_empty

ORDER = """
    po_id | line_no | order_date | need_date  | qty_ordered
    PO1   | 1       | 2026-05-04 | 2026-06-12 | 10
"""


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return open_empty()


def promise(con: duckdb.DuckDBPyConnection, *promises: str) -> None:
    """Promises of PO1 line 1, as 'promised recorded [who]'."""
    rows = [f"PO1 | 1 | {' | '.join((text + ' supplier').split()[:3])}" for text in promises]
    header = "po_id | line_no | promised_date | recorded_at | initiated_by"
    deliver(con, "supplier_promises", "\n".join([header, *rows]))


def receive(con: duckdb.DuckDBPyConnection, *receipts: str) -> None:
    """Receipts of PO1 line 1, as 'day quantity [rejected]'."""
    rows = [f"PO1 | 1 | {' | '.join((text + ' 0').split()[:3])}" for text in receipts]
    header = "po_id | line_no | received_date | qty_received | qty_rejected"
    deliver(con, "receipts", "\n".join([header, *rows]))


def finish(con: duckdb.DuckDBPyConnection, as_of: str = "2026-06-30") -> None:
    """Build, and hold every check."""
    assert [outcome.check for outcome in make(con, as_of, with_cubes=False) if outcome.n_rows] == []


def sides(con: duckdb.DuckDBPyConnection, metric: str) -> list[float]:
    """Numerator and denominator over all time."""
    row = measure(con, metric).iloc[0]
    return [row["numerator"], row["denominator"]]


def line(con: duckdb.DuckDBPyConnection, columns: str) -> tuple[object, ...]:
    """Columns of the only PO line."""
    rows = con.execute(f"SELECT {columns} FROM marts.purchase_order_lines").fetchall()
    assert len(rows) == 1
    return tuple(rows[0])


def asides(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """What stands aside of the purchase feeds, without items and sites that nobody described."""
    return con.execute(
        "SELECT feed, subject || ': ' || reason FROM marts.asides "
        "WHERE reason NOT LIKE '%not described%' ORDER BY ALL"
    ).fetchall()


@pytest.mark.parametrize(
    ("case", "receipts", "on_time", "units", "status"),
    [
        ("6 + 4 both before due", ["2026-06-08 6", "2026-06-09 4"], 1, 10, "on time"),
        ("twice the order", ["2026-06-09 20"], 1, 10, "on time"),
        ("on the due day", ["2026-06-10 10"], 1, 10, "on time"),
        ("60 % on the day, 40 % the next", ["2026-06-10 6", "2026-06-11 4"], 0, 6, "late"),
        ("nothing received", [], 0, 0, "short"),
        ("five working days early", ["2026-06-03 10"], 1, 10, "on time"),
        ("six working days early", ["2026-06-02 10"], 0, 0, "early"),
        ("4 of 10 six days early", ["2026-06-02 4", "2026-06-10 6"], 0, 6, "early"),
        ("3 of 10 rejected", ["2026-06-10 10 3"], 0, 7, "short"),
        ("rejected and replaced late", ["2026-06-10 10 3", "2026-06-15 3"], 0, 7, "late"),
        ("taken back", ["2026-06-10 10", "2026-06-12 -10"], 0, 0, "short"),
        (
            "taken back and come again",
            ["2026-06-10 10", "2026-06-12 -4", "2026-06-15 4"],
            0,
            6,
            "late",
        ),
    ],
)
def test_a_line_of_ten_promised_for_10_june(  # noqa: PLR0917
    con: duckdb.DuckDBPyConnection,
    case: str,
    receipts: list[str],
    on_time: int,
    units: int,
    status: str,
) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    promise(con, "2026-06-10 2026-05-04")
    if receipts:
        receive(con, *receipts)
    finish(con)
    assert sides(con, "promise_adherence_first") == [on_time, 1], case
    assert sides(con, "unit_on_time_rate") == [units, 10]
    assert line(con, "status") == (status,)


def test_over_delivery_is_shown_apart(con: duckdb.DuckDBPyConnection) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    promise(con, "2026-06-10 2026-05-04")
    receive(con, "2026-06-10 20")
    finish(con)
    assert line(con, "qty_received, qty_over, qty_open") == (10, 10, 0)


def test_a_promise_moved_from_1_to_10_june_and_kept_on_the_9th(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    promise(con, "2026-06-01 2026-05-04", "2026-06-10 2026-05-20")
    receive(con, "2026-06-09 10")
    finish(con)
    assert sides(con, "promise_adherence_first") == [0, 1]
    assert sides(con, "promise_adherence_last") == [1, 1]
    late = "calendar_days_late, days_late, calendar_slip_days, slip_days"
    assert line(con, late) == (8, 6, 9, 7)
    assert sides(con, "promise_slip_days") == [7, 1]
    assert sides(con, "promise_slip_rate") == [1, 1]
    assert sides(con, "days_late") == [6, 1]


@pytest.mark.parametrize(
    ("promises", "pulled_in", "moved_back"),
    [
        (["2026-06-10 2026-05-04"], 0, 0),
        (["2026-06-10 2026-05-04", "2026-06-03 2026-05-11"], 1, 0),
        # Forward, then back to where it was: no move in the end.
        (["2026-06-10 2026-05-04", "2026-06-03 2026-05-11", "2026-06-10 2026-05-18"], 0, 0),
        # The last word counts, though it is a late edit.
        (["2026-06-10 2026-05-04", "2026-06-17 2026-05-11", "2026-06-09 2026-06-16"], 1, 0),
        # The buyer asks for a later day: that is the new first promise.
        (["2026-06-03 2026-05-04", "2026-06-12 2026-05-11 client"], 0, 0),
        (["2026-06-03 2026-05-04", "2026-06-12 2026-05-11 client", "2026-06-10 2026-05-18"], 1, 0),
    ],
)
def test_a_promise_is_pulled_in_where_the_last_word_is_earlier_than_the_first(
    con: duckdb.DuckDBPyConnection, promises: list[str], pulled_in: int, moved_back: int
) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    promise(con, *promises)
    receive(con, "2026-06-16 10")
    finish(con)
    assert sides(con, "promise_pull_in_rate") == [pulled_in, 1]
    assert sides(con, "promise_slip_rate") == [moved_back, 1]


@pytest.mark.parametrize("buyer", ["client", "customer"])
def test_a_date_that_the_buyer_moves_is_a_new_first_promise(
    con: duckdb.DuckDBPyConnection, buyer: str
) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    promise(con, "2026-06-01 2026-05-04", f"2026-06-10 2026-05-28 {buyer}")
    receive(con, "2026-06-09 10")
    finish(con)
    assert line(con, "first_promised_date, n_late_edits") == (date(2026, 6, 10), 0)
    assert sides(con, "promise_adherence_first") == [1, 1]


@pytest.mark.parametrize("mover", ["supplier", "provider"])
def test_a_date_moved_by_the_supplier_or_the_provider_is_no_new_first_promise(
    con: duckdb.DuckDBPyConnection, mover: str
) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    promise(con, "2026-06-01 2026-05-04", f"2026-06-10 2026-05-11 {mover}")
    receive(con, "2026-06-09 10")
    finish(con)
    assert line(con, "first_promised_date") == (date(2026, 6, 1),)
    assert sides(con, "promise_adherence_first") == [0, 1]


def test_a_date_changed_the_day_before_it_falls_due_is_a_late_edit_and_ignored(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    promise(con, "2026-06-02 2026-05-04", "2026-06-10 2026-06-01")
    receive(con, "2026-06-10 10")
    finish(con)
    assert line(con, "last_promised_date, n_late_edits") == (date(2026, 6, 2), 1)
    assert sides(con, "promise_adherence_last") == [0, 1]
    assert sides(con, "late_edit_rate") == [1, 1]


def test_an_agreed_split_is_judged_date_by_date(con: duckdb.DuckDBPyConnection) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    deliver(
        con,
        "supplier_promises",
        """
        po_id | line_no | promised_date | qty | recorded_at
        PO1   | 1       | 2026-06-01    | 6   | 2026-05-04
        PO1   | 1       | 2026-06-10    | 4   | 2026-05-04
        """,
    )
    receive(con, "2026-06-01 6", "2026-06-12 4")
    finish(con)
    rows = con.execute(
        "SELECT schedule_no, qty_ordered, status FROM marts.purchase_order_lines ORDER BY 1"
    ).fetchall()
    assert rows == [(1, 6, "on time"), (2, 4, "late")]
    assert sides(con, "promise_adherence_first") == [1, 2]


@pytest.mark.parametrize(("as_of", "n", "pending"), [("2026-06-09", 0, 1), ("2026-06-10", 1, 0)])
def test_a_line_is_pending_until_its_window_has_closed_complete_or_not(
    con: duckdb.DuckDBPyConnection, as_of: str, n: int, pending: int
) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    promise(con, "2026-06-10 2026-05-04")
    receive(con, "2026-06-08 10")
    finish(con, as_of)
    row = measure(con, "promise_adherence_first").iloc[0]
    assert [row["n"], row["pending"]] == [n, pending]


def test_a_suppliers_own_window_goes_before_the_default(con: duckdb.DuckDBPyConnection) -> None:
    deliver(
        con,
        "suppliers",
        """
        supplier_id | early_window_days | late_window_days
        S1          | 0                 | 2
        """,
    )
    deliver(con, "purchase_order_lines", ORDER)
    promise(con, "2026-06-10 2026-05-04")
    receive(con, "2026-06-12 10")
    finish(con)
    assert sides(con, "promise_adherence_first") == [1, 1]


def test_a_promise_for_a_holiday_rolls_forward_and_a_need_date_backward(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "calendar",
        """
        calendar_id | day        | is_working
        DC1         | 2026-06-12 | false
        """,
    )
    deliver(con, "purchase_order_lines", ORDER)
    promise(con, "2026-06-12 2026-05-04")
    receive(con, "2026-06-15 10")
    finish(con)
    assert line(con, "due_date, need_by_date") == (date(2026, 6, 15), date(2026, 6, 11))
    assert sides(con, "promise_adherence_first") == [1, 1]
    assert sides(con, "need_date_rate") == [0, 1]


def test_a_line_without_a_promise_is_not_adherent_once_promises_are_collected(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "purchase_order_lines",
        """
        po_id  | line_no | order_date | need_date  | qty_ordered
        before | 1       | 2026-04-01 | 2026-05-15 | 10
        PO1    | 1       | 2026-05-04 | 2026-06-12 | 10
        silent | 1       | 2026-05-05 | 2026-06-12 | 10
        """,
    )
    promise(con, "2026-06-10 2026-05-04")
    receive(con, "2026-06-10 10")
    finish(con)
    assert sides(con, "promise_adherence_first") == [1, 2]
    assert sides(con, "promise_coverage_rate") == [1, 2]


@pytest.mark.parametrize(
    ("recorded", "as_of", "expected"),
    [
        ("2026-05-11", "2026-05-29", [1, 1]),
        ("2026-05-12", "2026-05-29", [0, 1]),
        ("2026-05-05", "2026-05-08", [0, 0]),
    ],
)
def test_a_line_is_covered_by_a_promise_within_five_working_days(
    con: duckdb.DuckDBPyConnection, recorded: str, as_of: str, expected: list[int]
) -> None:
    # Another line answers at once, so that promises are collected from 4 May.
    deliver(
        con,
        "purchase_order_lines",
        """
        po_id | line_no | order_date | qty_ordered | supplier_id
        PO0   | 1       | 2026-05-01 | 10          | S0
        PO1   | 1       | 2026-05-04 | 10          | S1
        """,
    )
    deliver(
        con,
        "supplier_promises",
        """
        po_id | line_no | promised_date | recorded_at
        PO0   | 1       | 2026-06-10    | 2026-05-02
        """,
    )
    promise(con, f"2026-06-10 {recorded}")
    finish(con, as_of)
    covered = measure(con, "promise_coverage_rate", where={"supplier_id": "S1"}).iloc[0]
    assert [covered["numerator"], covered["denominator"]] == expected


def test_a_client_with_one_date_a_line_has_a_first_promise_and_no_history(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "purchase_order_lines",
        """
        po_id | line_no | order_date | promised_date | qty_ordered
        PO1   | 1       | 2026-05-04 | 2026-06-10    | 10
        """,
    )
    receive(con, "2026-06-10 10")
    finish(con)
    assert sides(con, "promise_adherence_first") == [1, 1]
    assert line(con, "has_promise_history, slip_days") == (False, 0)
    assert sides(con, "promise_slip_days") == [0, 0]


def test_a_receipt_that_nobody_counted_keeps_the_date_and_claims_no_quantity(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    promise(con, "2026-06-10 2026-05-04")
    deliver(
        con,
        "receipts",
        """
        po_id | line_no | received_date | qty_received
        PO1   | 1       | 2026-06-10    |
        """,
    )
    finish(con)
    assert sides(con, "promise_adherence_first") == [1, 1]
    assert sides(con, "unit_on_time_rate") == [0, 0]
    assert sides(con, "acceptance_rate") == [0, 0]


def test_no_receipts_in_the_period_is_no_data(con: duckdb.DuckDBPyConnection) -> None:
    finish(con)
    nothing = measure(con, "acceptance_rate").iloc[0]
    assert [nothing["n"], nothing["denominator"]] == [0, 0]
    assert nothing[["value", "lower", "upper"]].isna().all()


def test_acceptance_is_what_was_not_rejected_of_what_was_received(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "purchase_order_lines", ORDER)
    receive(con, "2026-06-10 10 3", "2026-06-12 3", "2026-06-15 -2")
    finish(con)
    assert sides(con, "acceptance_rate") == [8, 11]


def test_lead_time_runs_from_the_order_to_95_percent_received_beside_the_stated(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con, "items", "item_id | description | uom | unit_cost | lead_time_days\nP1|bolt|EA|1|30"
    )
    deliver(
        con,
        "purchase_order_lines",
        """
        po_id | line_no | order_date | need_date  | qty_ordered
        PO1   | 1       | 2026-05-04 | 2026-06-12 | 100
        """,
    )
    receive(con, "2026-06-03 90", "2026-06-08 5", "2026-06-29 5")
    finish(con)
    lead = measure(con, "lead_time_days").set_index("lead_time_basis")
    assert lead["value"].to_dict() == {"measured": 35.0, "stated": 30.0}


def test_the_counts_that_credibility_is_learned_from_are_those_of_the_forecasting_module() -> None:
    feeds = generate(3)
    con = open_empty()
    feeds.load(con)
    make(con, "2026-04-30", with_cubes=False)
    history = con.execute(
        """
        SELECT
            line.supplier_id, line.site_id, promise.recorded_date, promise.promised_date,
            line.completed_date
        FROM marts.supplier_promises AS promise
        JOIN marts.purchase_order_lines AS line
            ON line.order_id = promise.order_id AND line.line_no = promise.line_no
        """
    ).df()
    keys = ["supplier_id", "site_id", "horizon", "slip_days", "is_open"]
    expected = count_slips(history, pd.Timestamp("2026-04-30")).set_index(keys).sort_index()
    found = con.execute(
        "SELECT * EXCLUDE (basis) FROM marts.promise_slips WHERE basis = 'promised'"
    ).df()
    found = found.set_index(keys).sort_index()
    assert len(found) > 50
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, check_index_type=False)


def test_a_promise_is_held_against_the_need_date_before_anything_is_late(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(
        con,
        "purchase_order_lines",
        """
        po_id | line_no | order_date | need_date  | promised_date | qty_ordered
        PO1   | 1       | 2026-06-01 | 2026-07-10 | 2026-07-10    | 10
        PO2   | 1       | 2026-06-01 | 2026-07-10 | 2026-07-11    | 10
        PO3   | 1       | 2026-06-01 | 2026-07-10 |               | 10
        PO4   | 1       | 2026-06-01 |            | 2026-07-10    | 10
        PO5   | 1       | 2026-06-01 | 2026-05-20 | 2026-05-20    | 10
        """,
    )
    finish(con)
    assert sides(con, "promise_to_need_rate") == [1, 2]


def test_every_open_line_of_an_outside_supplier_has_a_day_to_be_judged_by(
    con: duckdb.DuckDBPyConnection,
) -> None:
    deliver(con, "suppliers", "supplier_id | is_own_warehouse\nOWN | true")
    deliver(
        con,
        "purchase_order_lines",
        """
        po_id | line_no | supplier_id | order_date | need_date  | qty_ordered
        PO1   | 1       | S1          | 2026-05-04 | 2026-06-12 | 10
        PO2   | 1       | S1          | 2026-05-05 | 2026-07-01 | 10
        PO3   | 1       | OWN         | 2026-05-05 | 2026-07-01 | 10
        PO4   | 1       | S1          | 2026-05-05 | 2026-07-01 | 10
        """,
    )
    promise(con, "2026-07-02 2026-05-06", "2026-07-06 2026-06-22")
    deliver(con, "receipts", "po_id|line_no|received_date|qty_received\nPO4 | 1 | 2026-06-10 | 10")
    finish(con)
    found = con.execute(
        "SELECT po_line_id, basis, judged_date, recorded_date, after_need_days "
        "FROM marts.open_purchase_lines ORDER BY po_line_id"
    ).fetchall()
    assert found == [
        ("PO1/1", "promised", date(2026, 7, 6), date(2026, 6, 22), 24),
        ("PO2/1", "expected", date(2026, 7, 1), date(2026, 5, 5), None),
    ]
