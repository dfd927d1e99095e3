"""The real spares of a refinery: returns, months that are wrong, wide and long, prices of 0."""

from pathlib import Path

import duckdb
import pytest

from data.ingest import ingest
from tests.data.ingest.files import rows, said

SHARED = Path(__file__).parents[3] / "shared" / "data"
MONTHLY = SHARED / "spares_refinery_monthly.parquet"
ITEMS = SHARED / "spares_refinery_items.csv"
HERE = Path(__file__).parent

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not MONTHLY.exists(), reason="the real files are not beside the project"),
]


def test_demand_reconciles_to_the_last_row_and_returns_stay(tmp_path: Path) -> None:
    (report,) = ingest([MONTHLY], tmp_path, mapping=HERE / "refinery_monthly.toml")
    entry = report.entry
    assert (entry.rows_in, entry.rows_accepted, entry.n_filtered) == (393_344, 386_320, 7_024)
    found = rows(
        tmp_path, "demand", "count_if(qty < 0), sum(qty), count_if(qty = 0)", ordered=False
    )
    returned, total, nothing = found[0]
    assert (returned, float(total)) == (2_032, 119_643.0)
    with duckdb.connect() as con:
        expected = con.execute(
            f"SELECT count_if(coalesce(qty, 0) = 0) FROM read_parquet('{MONTHLY}') "
            "WHERE period <> '1997-11'"
        ).fetchall()[0][0]
    assert nothing == expected


def test_months_in_columns_give_the_same_rows(tmp_path: Path) -> None:
    few = f"(FROM read_parquet('{MONTHLY}') WHERE item < 7600)"
    with duckdb.connect() as con:
        con.execute(f"COPY {few} TO '{tmp_path / 'long.parquet'}'")
        con.execute(
            f"COPY (PIVOT {few} ON period USING first(qty) GROUP BY item ORDER BY item) "
            f"TO '{tmp_path / 'wide.csv'}' (HEADER)"
        )
    for name, mapping in (("long.parquet", "monthly"), ("wide.csv", "wide")):
        warehouse = tmp_path / mapping
        ingest([tmp_path / name], warehouse, mapping=HERE / f"refinery_{mapping}.toml")
    long, wide = (
        sorted(rows(tmp_path / made, "demand", "item_id, demand_date, qty", ordered=False))
        for made in ("monthly", "wide")
    )
    assert len(wide) == 100 * 55
    assert wide == long


def test_items_without_a_price_are_set_aside_and_lead_times_are_days(tmp_path: Path) -> None:
    items, stock = ingest([ITEMS], tmp_path, mapping=HERE / "refinery_items.toml")
    assert (items.entry.rows_accepted, items.entry.n_faults) == (7_024 - 792, 792)
    assert {line.split(": ", 1)[1] for line in said(tmp_path)} == {"unit_cost None is missing"}
    assert stock.entry.rows_accepted == 7_024
    longest = rows(tmp_path, "items", "max(lead_time_days)", ordered=False)
    assert longest == [(422,)]  # 494 is that of an item without a price
    under, over = rows(
        tmp_path,
        "stock",
        "count_if(qty_on_hand < reorder_point), count_if(qty_on_hand > order_up_to_level)",
        ordered=False,
    )[0]
    assert (under, over) == (716, 1_112)
