"""The Christmas season of a real chain, by the protocol of the benchmark."""

from pathlib import Path

import pytest

from benchmarks.season import DEPARTMENTS, measured, walmart

FOLDER = Path(__file__).parents[4] / "shared" / "data"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not (FOLDER / "stores_walmart_weekly.parquet").exists(),
        reason="the real files are not beside the project",
    ),
]


def test_christmas_is_allocated_within_4_82_percent_where_last_year_errs_by_5_76() -> None:
    chain = walmart(FOLDER)
    table = measured(chain[chain["item"].isin(DEPARTMENTS)], ["2011-11-04"])
    assert float(table["last year"].iloc[0]) == pytest.approx(5.76, abs=0.005)
    assert float(table["plan"].iloc[0]) <= 4.82
