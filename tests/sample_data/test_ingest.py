"""The planted faults, found again by loading and building the files."""

from pathlib import Path

import duckdb
import pytest

from data.build import build
from data.ingest import ingest
from data.warehouse import current_build
from sample_data.feeds import Written


@pytest.fixture(scope="module")
def warehouse(small_feeds: tuple[Path, Written], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("warehouse")
    ingest([small_feeds[0]], folder)
    return folder


@pytest.fixture(scope="module")
def built(warehouse: Path) -> Path:
    build(warehouse)
    return warehouse


def test_every_bad_row_is_rejected_for_its_own_fault_and_no_other_row_is(
    warehouse: Path, small_feeds: tuple[Path, Written]
) -> None:
    with duckdb.connect() as con:
        rows = con.execute(
            "SELECT feed, kind, column_name, count(*) FROM read_parquet(?) GROUP BY ALL",
            [str(warehouse / "rejects" / "*.parquet")],
        ).fetchall()
    listed = {fault.name: fault.n for fault in small_feeds[1].faults}
    assert {(feed, kind, column): n for feed, kind, column, n in rows} == {
        ("order_lines", "duplicate", "order_id + line_no"): listed[
            "exact copy of a row of order_lines"
        ],
        ("shipments", "duplicate", "shipment_id"): listed["exact copy of a row of shipments"],
        ("receipts", "duplicate", "po_id + line_no + received_date"): listed[
            "exact copy of a row of receipts"
        ],
        ("order_lines", "fault", "line_no"): listed["missing key"],
        ("order_lines", "fault", "order_id"): listed["total row at the end of a file"],
        ("order_lines", "fault", "order_id + line_no"): listed[
            "same key, other quantity, in one file"
        ],
        ("order_lines", "fault", "order_type"): listed["order type that is not on the list"],
        ("order_lines", "fault", "qty_ordered"): listed["text in a quantity"]
        + listed["negative quantity without a return"],
        ("order_lines", "fault", "requested_date"): listed["date that does not exist"],
    }


@pytest.mark.parametrize(
    ("fault", "sql"),
    [
        (
            "shipment without its order",
            "SELECT count(*) FROM marts.asides "
            "WHERE feed = 'shipments' AND reason = 'no such order line'",
        ),
        (
            "substitute that is not approved",
            "SELECT count(*) FROM marts.asides WHERE reason LIKE 'substitute without%'",
        ),
        (
            "unknown item_id 999-999",
            "SELECT sum(n_rows) FROM marts.asides WHERE subject = '999-999'",
        ),
        ("unknown site_id XXX", "SELECT sum(n_rows) FROM marts.asides WHERE subject = 'XXX'"),
        (
            "more shipped than ordered",
            "SELECT count(*) FROM (SELECT order_id, line_no, sum(qty_shipped) AS qty "
            "FROM marts.shipments GROUP BY order_id, line_no) JOIN (SELECT order_id, line_no, "
            "sum(qty_ordered) AS qty_ordered FROM marts.order_lines GROUP BY order_id, line_no) "
            "USING (order_id, line_no) WHERE qty > qty_ordered",
        ),
        (
            "quantity ten times too high, corrected by a later delivery",
            "SELECT count(DISTINCT (order_id, line_no)) FROM marts.order_lines "
            "WHERE _file LIKE '%corrected.csv' AND order_id NOT LIKE 'SO9%'",
        ),
    ],
)
def test_what_is_accepted_but_odd_is_found_by_the_build(
    fault: str, sql: str, built: Path, small_feeds: tuple[Path, Written]
) -> None:
    listed = {one.name: one.n for one in small_feeds[1].faults}
    current = current_build(built)
    assert current is not None
    with duckdb.connect(str(current.path), read_only=True) as con:
        found = con.execute(sql).fetchone()
    assert found == (listed[fault],)
