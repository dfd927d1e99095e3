"""`python -m forecasting run`: from the demand of a build to forecasts in the next one."""

import datetime as dt
import json
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.warehouse import connect
from forecasting.__main__ import main
from forecasting.commands import _demand, _plan
from forecasting.demand import rhythm
from forecasting.demand.panel import Panel
from tests import small

ORDERS = {
    "item_id": "A1", "site_id": "LYO", "item_family": "blades", "region": "EMEA",
    "source": "orders", "is_censored": False,
}  # fmt: skip


def days(rows: list[dict[str, object]], **starts: str) -> _demand.Days:
    """Demand by day, records whole from 1 May 2026 (a Friday), known up to Tuesday 2 June."""
    frame = pd.DataFrame([ORDERS | row for row in rows])
    frame["ds"] = pd.to_datetime(frame["ds"])
    frame["unique_id"] = frame["item_id"] + _demand.SEPARATOR + frame["site_id"]
    kept = {f"{name}{_demand.SEPARATOR}LYO": pd.Timestamp(day) for name, day in starts.items()}
    return _demand.Days(
        frame, pd.Series(kept, dtype="datetime64[ns]"), pd.Timestamp("2026-05-01"),
        dt.date(2026, 6, 2), pd.Series({"A1": 21.0}),
    )  # fmt: skip


def test_weeks_begin_on_monday_whole_and_absent_orders_are_no_demand() -> None:
    panel = _demand.panel(
        days([{"ds": "2026-05-05", "y": 3.0}, {"ds": "2026-05-08", "y": 4.0},
              {"ds": "2026-05-18", "y": 5.0}, {"ds": "2026-06-01", "y": 99.0}]), "W",
    )  # fmt: skip
    assert [f"{day:%m-%d}" for day in panel.periods] == ["05-04", "05-11", "05-18", "05-25"]
    assert panel.y.tolist() == [[7.0, 0.0, 5.0, 0.0]]


def test_a_part_kept_in_stock_before_its_first_order_had_no_demand_then() -> None:
    rows: list[dict[str, object]] = [
        {"ds": "2026-05-05", "y": 1.0},
        {"ds": "2026-05-19", "y": 2.0, "item_id": "B"},
        {"ds": "2026-05-19", "y": 2.0, "item_id": "C"},
    ]
    panel = _demand.panel(days(rows, B="2026-05-11"), "W")
    series = dict(zip((key.split(_demand.SEPARATOR)[0] for key in panel.ids), panel.y, strict=True))
    np.testing.assert_array_equal(series["B"], [np.nan, 0.0, 2.0, 0.0])
    np.testing.assert_array_equal(series["C"], [np.nan, np.nan, 2.0, 0.0])


def test_sales_of_a_week_with_a_day_out_of_stock_are_not_known() -> None:
    rows: list[dict[str, object]] = [
        {"ds": f"2026-05-{day:02d}", "y": 1.0, "source": "feed", "is_censored": day == 12}
        for day in range(4, 25)
    ]
    panel = _demand.panel(days(rows), "W")
    np.testing.assert_array_equal(panel.y[0, :3], [7.0, np.nan, 7.0])


def test_a_series_stays_in_its_block_when_others_come() -> None:
    ids = np.array([f"part {n}" for n in range(9000)], dtype=object)
    empty = pd.DatetimeIndex(["2026-01-01"])
    first, more = (
        {
            str(key): number
            for number, rows in enumerate(
                _plan.blocks(Panel(ids[:n], np.zeros((n, 1)), empty, "MS"))
            )
            for key in ids[rows]
        }
        for n in (8500, 9000)
    )
    assert {first[key] - more[key] for key in first} == {0}


def test_a_short_history_claims_no_accuracy() -> None:
    assert _plan.origins(100, 13, 2) == (74, 87)
    assert _plan.origins(30, 13, 2) == (17,)
    assert _plan.origins(20, 13, 2) == ()


def test_steady_demand_that_comes_once_a_month_is_told_as_well_by_weeks() -> None:
    rng = np.random.default_rng(5)
    weekly = rng.poisson(4.0, (40, 104)).astype(float)
    weeks = Panel(np.arange(40).astype(object), weekly,
                  pd.date_range("2024-01-01", periods=104, freq="W-MON"), "W")  # fmt: skip
    months = Panel(np.arange(40).astype(object), weekly.reshape(40, 26, 4).sum(axis=2)[:, :24],
                   pd.date_range("2024-01-01", periods=24, freq="MS"), "MS")  # fmt: skip
    freq, reason = rhythm.choose(weeks, months, 60.0)
    assert freq == "W"
    assert reason.startswith("weeks were as near to what came")


def test_a_run_publishes_forecasts_and_a_second_one_refits_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = small.make(tmp_path)
    options = ["run", "--warehouse", str(warehouse), "--windows", "1", "--freq", "W", "--json"]
    told = []
    for _ in range(2):
        capsys.readouterr()
        assert main(options) == 0
        told.append(json.loads(capsys.readouterr().out))
    first, second = told
    assert (first["n_series"], first["freq"], first["horizon"]) == (6, "W", 13)
    assert second["run_id"] == first["run_id"]
    assert second["results_made"] == 0
    assert first["results_made"] > 0
    with closing(connect(warehouse)) as con:
        rows = con.execute(
            "SELECT site_id, count(*), min(period_date), bool_and(qty_p10 <= qty_p95)"
            " FROM marts.forecasts GROUP BY site_id ORDER BY site_id"
        ).fetchall()
        (models,) = con.execute("SELECT count(*) FROM marts.forecast_accuracy").fetchall()[0]
    # Two parts at each site, thirteen weeks ahead; 14 June 2026 is a Sunday.
    assert rows == [(site, 26, dt.date(2026, 6, 15), True) for site in ("DER", "LYO", "MEM")]
    assert models > 0


def test_a_warehouse_without_a_build_is_a_mistake_of_the_caller(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--warehouse", str(tmp_path)]) == 2
    assert "run `python -m data build` first" in capsys.readouterr().err
