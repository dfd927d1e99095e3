"""Forecasts in the lake: kept by content, used by the builds that may know them, told by age."""

import datetime as dt
import json
from contextlib import closing
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data import forecasts
from data.build import build
from data.errors import UserError
from data.metrics import measure
from data.warehouse import connect
from tests import small
from tests.data import workshop

DAY = dt.date(2026, 6, 14)


def tables(expected: float = 3.0) -> dict[str, pd.DataFrame]:
    """One series with one period ahead; errors and accuracy empty."""
    rows = {
        "forecasts": ["A1", "LYO", dt.date(2026, 6, 15), 1, expected, 0.0, *[3.0] * 5],
        "forecast_choices": [
            "A1", "LYO", "smooth", "nearly every period", "year_mean", "usual", "", 60, 30, False,
            5, 15.0, *[15.0] * 5,
        ],
    }  # fmt: skip
    return {
        name: pd.DataFrame([rows[name]] if name in rows else [], columns=list(columns))
        for name, columns in forecasts.TABLES.items()
    }


def keep(warehouse: Path, as_of: dt.date = DAY, expected: float = 3.0) -> forecasts.Run:
    return forecasts.keep(
        warehouse, tables(expected), build_id="20260614-1", as_of=as_of, freq="W", horizon=1,
        freq_reason="asked for",
    )  # fmt: skip


def test_the_same_run_again_adds_nothing_and_another_one_follows_it(tmp_path: Path) -> None:
    first, again, other = keep(tmp_path), keep(tmp_path), keep(tmp_path, expected=4.0)
    assert first == again
    assert [run.seq for run in forecasts.runs(tmp_path)] == [1, 2]
    assert first.files["forecasts"] != other.files["forecasts"]
    assert first.files["forecast_choices"] == other.files["forecast_choices"]


def test_a_build_never_holds_forecasts_made_later_than_its_own_day(tmp_path: Path) -> None:
    early, late = keep(tmp_path, dt.date(2026, 5, 31)), keep(tmp_path, DAY, 4.0)
    assert forecasts.latest(tmp_path, DAY) == late
    assert forecasts.latest(tmp_path, dt.date(2026, 6, 13)) == early
    assert forecasts.latest(tmp_path, dt.date(2026, 5, 30)) is None


def test_a_run_without_its_record_does_not_exist(tmp_path: Path) -> None:
    keep(tmp_path)
    for record in (tmp_path / "forecasts" / "runs").iterdir():
        record.unlink()
    assert forecasts.latest(tmp_path, DAY) is None


def test_a_table_that_breaks_the_contract_is_not_kept(tmp_path: Path) -> None:
    wrong = tables()
    wrong["forecasts"] = wrong["forecasts"].drop(columns="qty_p99")
    with pytest.raises(ValueError, match="forecasts: columns"):
        forecasts.keep(
            tmp_path, wrong, build_id="x", as_of=DAY, freq="W", horizon=1, freq_reason=""
        )
    assert forecasts.runs(tmp_path) == []


def test_a_later_build_keeps_the_last_forecasts_and_says_their_age(tmp_path: Path) -> None:
    warehouse = small.make(tmp_path)
    keep(warehouse, dt.date(2026, 6, 10))
    report = build(warehouse)
    assert report.forecasts_said == "forecasts: 1 series as of 2026-06-10, 4 days old"
    with closing(connect(warehouse)) as con:
        rows = con.execute(
            "SELECT item_id, site_id, region, item_family, qty_expected FROM marts.forecasts"
        ).fetchall()
        ages = con.execute("SELECT age_days, freq, n_series FROM marts.forecast_runs").fetchall()
    assert rows == [("A1", "LYO", "EMEA", "blades", 3.0)]
    assert ages == [(4, "W", 1)]


def test_a_run_made_before_the_contract_had_a_table_leaves_that_table_empty(
    tmp_path: Path,
) -> None:
    warehouse = small.make(tmp_path)
    keep(warehouse)
    (record,) = (warehouse / "forecasts" / "runs").iterdir()
    told = json.loads(record.read_text(encoding="utf-8"))
    del told["files"]["forecast_errors"]
    record.write_text(json.dumps(told), encoding="utf-8")
    build(warehouse)
    with closing(connect(warehouse)) as con:
        counts = con.execute(
            "SELECT (SELECT count(*) FROM marts.forecasts),"
            " (SELECT count(*) FROM marts.forecast_errors)"
        ).fetchall()
    assert counts == [(1, 0)]


def test_a_lost_file_is_one_clear_line(tmp_path: Path) -> None:
    warehouse = small.make(tmp_path)
    run = keep(warehouse)
    (warehouse / run.files["forecasts"]).unlink()
    with pytest.raises(UserError, match=r"cannot be read .*`python -m forecasting run`"):
        build(warehouse)


@pytest.fixture
def errors() -> duckdb.DuckDBPyConnection:
    """Two weeks of one part: the model missed by -2 and +4, the naive by +5 and -5."""
    con = workshop.open_empty()
    workshop.deliver(
        con,
        "order_lines",
        """
        order_id | line_no | order_date | requested_date | qty_ordered
        ---------+---------+------------+----------------+------------
        A        | 1       | 2026-05-01 | 2026-05-04     | 10
    """,
    )
    drawn = [
        ("chosen", "2026-05-04", 10, 8), ("chosen", "2026-05-11", 10, 14),
        ("seasonal_naive", "2026-05-04", 10, 15), ("seasonal_naive", "2026-05-11", 10, 5),
    ]  # fmt: skip
    con.executemany(
        "INSERT INTO lake.forecast_errors VALUES ('P1', 'DC1', DATE '2026-04-06', CAST(? AS DATE),"
        " 4, ?, 'smooth', ?, ?)",
        [(day, model, actual, forecast) for model, day, actual, forecast in drawn],
    )
    workshop.make(con, "2026-06-01")
    return con


@pytest.mark.parametrize(
    ("metric", "numerator", "denominator"),
    [
        ("wape", 6.0, 20.0),
        ("bias", 2.0, 20.0),
        ("forecast_value_added", 4.0, 20.0),
        ("tracking_signal", 2.0, 6.0),
    ],
)
def test_forecast_metrics_count_the_chosen_model_one_lead_time_ahead(
    errors: duckdb.DuckDBPyConnection, metric: str, numerator: float, denominator: float
) -> None:
    row = measure(errors, metric, where={"site_id": "DC1", "demand_class": "smooth"}).iloc[0]
    assert (row["numerator"], row["denominator"], row["n"]) == (numerator, denominator, 2)
