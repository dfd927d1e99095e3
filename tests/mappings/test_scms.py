"""The real deliveries of a public health programme, reconciled to the last row."""

from pathlib import Path

import duckdb
import pytest

from data.build import build
from data.ingest import ingest
from data.metrics import measure

FILE = Path(__file__).parents[3] / "shared" / "data" / "supplier_deliveries_scms.csv"
MAPPING = Path(__file__).parent / "scms.toml"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FILE.exists(), reason="the real file is not beside the project"),
]


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Return a build of the file."""
    warehouse = tmp_path_factory.mktemp("scms")
    assert {report.status for report in ingest([FILE], warehouse, mapping=MAPPING)} == {"loaded"}
    made = build(warehouse)
    assert made.build is not None, made.failed
    return duckdb.connect(str(made.build.path), read_only=True)


def test_every_row_is_a_line_and_a_receipt(con: duckdb.DuckDBPyConnection) -> None:
    for mart in ("purchase_order_lines", "receipts"):
        assert con.execute(f"SELECT count(*) FROM marts.{mart}").fetchall() == [(10_324,)]


def test_late_on_the_day_and_early_are_the_shares_of_the_rows_as_they_stand(
    con: duckdb.DuckDBPyConnection,
) -> None:
    (counts,) = con.execute(
        """
        SELECT count_if(days_from_promise > 0), count_if(days_from_promise = 0),
            count_if(days_from_promise < 0)
        FROM marts.purchase_order_lines
        """
    ).fetchall()
    assert counts == (1_186, 6_324, 2_814)
    assert [round(100 * count / 10_324, 1) for count in counts] == [11.5, 61.3, 27.3]


def test_five_lines_are_not_due_by_the_last_recorded_day_and_pending(
    con: duckdb.DuckDBPyConnection,
) -> None:
    timing = measure(con, "delivery_timing").set_index("timing")
    assert timing["n"].sum() == 10_319
    assert timing["pending"].sum() == 5
    assert timing.loc[timing.index > "5", "n"].sum() == 1_186
    assert timing.loc["4 on the day", "n"] == 6_324


def test_the_programmes_own_warehouse_is_no_outside_supplier(
    con: duckdb.DuckDBPyConnection,
) -> None:
    kept = measure(con, "promise_adherence_first", by=["supplier_type"])
    assert kept.set_index("supplier_type")["n"].to_dict() == {
        "own warehouse": 5_399,
        "outside": 4_920,
    }
    ranked = con.execute("SELECT DISTINCT supplier_id FROM marts.supplier_scores").df()
    assert len(ranked) == 72
    assert "SCMS from RDC" not in set(ranked["supplier_id"])


def test_nothing_is_said_of_in_full_because_nobody_counted(con: duckdb.DuckDBPyConnection) -> None:
    for metric in ("unit_on_time_rate", "acceptance_rate"):
        assert measure(con, metric)["denominator"].tolist() == [0]


def test_what_needs_a_history_of_promises_has_no_data(con: duckdb.DuckDBPyConnection) -> None:
    for metric in ("promise_slip_days", "late_edit_rate"):
        assert measure(con, metric)["denominator"].tolist() == [0]


def test_four_letter_septembers_and_both_lengths_of_years_are_read(
    con: duckdb.DuckDBPyConnection,
) -> None:
    septembers, ordered = con.execute(
        "SELECT count_if(month(first_promised_date) = 9), count(order_date) "
        "FROM marts.purchase_order_lines"
    ).fetchall()[0]
    assert (septembers, ordered) == (884, 10_324 - 5_404 - 328)


def test_lead_time_rests_on_the_lines_with_a_day_of_ordering(
    con: duckdb.DuckDBPyConnection,
) -> None:
    lead = measure(con, "lead_time_days")
    # Of the 4,592 orders with a day, 5 came before it; nobody states a lead time.
    assert lead[["lead_time_basis", "n"]].to_numpy().tolist() == [["measured", 4_587]]
    aside = "received before it was ordered: counts, but not in the lead time"
    found = con.execute("SELECT count(*) FROM marts.asides WHERE reason = ?", [aside]).fetchall()
    assert found == [(5,)]
