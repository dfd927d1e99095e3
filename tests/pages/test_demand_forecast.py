"""The page of the demand forecast: its figures, overrides beside the baseline, its empty state."""

import datetime as dt
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data import forecasts
from data.build import build
from data.journal import Journal, journal_url
from tests import small
from tests.pages.conftest import Open
from ui import overrides, queries

AS_OF = small.LAST_DAY
NEXT = [dt.date(2026, 6, 15), dt.date(2026, 6, 22)]
PART = "A1 at LYO"


def tables() -> dict[str, pd.DataFrame]:
    """Two parts at a site: A1 always 20 too low (six weeks), 00123 right; two weeks ahead."""
    ahead, choices, errors = [], [], []
    for item, site, off in (("A1", "LYO", -20.0), ("00123", "LYO", 0.0)):
        for number, day in enumerate(NEXT, start=1):
            ahead.append((item, site, day, number, 30.0, 20.0, 30.0, 35.0, 40.0, 45.0, 50.0))
        choices.append(
            (item, site, "smooth", "demand nearly every period", "year_mean",
             "usual for its class", "", 60, 14, True, 2, 60.0, 60.0, 66.0, 70.0, 77.0, 90.0)
        )  # fmt: skip
        for week in range(6):
            day = dt.date(2026, 4, 6) + dt.timedelta(weeks=week)
            for model, error in (("chosen", off), ("seasonal_naive", -30.0)):
                errors.append(
                    (item, site, dt.date(2026, 3, 30), day, 2, model, "smooth", 50.0, 50.0 + error)
                )
    accuracy = [
        (
            "smooth",
            "chosen",
            12,
            0.7,
            0.31,
            0.3,
            0.32,
            0.2,
            -0.2,
            0.95,
            0.99,
            0.4,
            True,
            900.0,
            30.0,
        ),
        (
            "smooth",
            "seasonal_naive",
            12,
            0.9,
            0.52,
            0.5,
            0.54,
            0.6,
            -0.6,
            0.8,
            0.8,
            0.0,
            False,
            1500.0,
            200.0,
        ),
    ]
    rows: dict[str, list[Any]] = {
        "forecasts": ahead,
        "forecast_choices": choices,
        "forecast_demand": [("A1", "LYO", 1, 30.0, 60.0, 1.0)],
        "forecast_errors": errors,
        "forecast_accuracy": accuracy,
    }
    return {
        name: pd.DataFrame(rows.get(name, []), columns=list(columns))
        for name, columns in forecasts.TABLES.items()
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small warehouse with forecasts in its build."""
    warehouse = small.make(tmp_path_factory.mktemp("forecast"))
    forecasts.keep(
        warehouse, tables(), build_id="20260614-1", as_of=AS_OF, freq="W", horizon=2,
        freq_reason="asked for",
    )  # fmt: skip
    assert build(warehouse).build is not None
    return warehouse


@pytest.fixture
def warehouse(made: Path, tmp_path: Path) -> Path:
    """A copy of one's own: the tests write to its journal."""
    return Path(shutil.copytree(made, tmp_path / "warehouse"))


def texts(app: object) -> str:
    return "\n".join(str(text.value) for text in app.text)  # type: ignore[attr-defined]


def test_without_forecasts_the_page_says_how_to_make_them(open_page: Open, tmp_path: Path) -> None:
    app = open_page("demand_forecast", small.make(tmp_path))
    assert [code.value for code in app.code] == ["python -m forecasting run"]
    assert not app.selectbox(key="period").disabled


def test_the_dearest_error_comes_first_with_its_interval_and_reason(
    open_page: Open, warehouse: Path
) -> None:
    app = open_page("demand_forecast", warehouse, period="last 12 months")
    said = texts(app)
    assert app.selectbox(key="part").value == PART
    assert "A1 at LYO: 60 expected in the next 2 weeks;" in said
    assert "Over its lead time of 14 days: 60 expected, at most 70 in 9 of 10 cases and 77" in said
    assert "mean of the last year: usual for its class." in said
    assert "No forecast has 8 errors yet: too few to judge." in said


def test_the_cards_show_error_bias_and_value_added_one_lead_time_ahead(
    open_page: Open, warehouse: Path
) -> None:
    # Of 600 wanted: off by 120, all of it too low; the naive forecast was off by 360.
    app = open_page("demand_forecast", warehouse)
    assert {metric.label: metric.value for metric in app.metric} == {
        "Forecast error (WAPE)": "20 %",
        "Forecast bias": "-20 %",
        "Forecast value added": "40 %",
    }


def test_expected_demand_of_the_parts_adds_up_to_the_whole(
    open_page: Open, warehouse: Path
) -> None:
    app = open_page("demand_forecast", warehouse)
    (told,) = [frame.value for frame in app.dataframe if "qty_ahead" in frame.value.columns]
    assert told[["site_id", "qty_ahead"]].to_numpy().tolist() == [["LYO", 120.0], ["All", 120.0]]


def test_an_override_stands_beside_the_baseline_and_is_taken_back_by_a_later_entry(
    open_page: Open, warehouse: Path
) -> None:
    app = open_page("demand_forecast", warehouse)
    assert "No override stands for this part and site." in [one.value for one in app.info]
    told: dict[str, object] = {"period_date": "2026-06-15", "qty": 80.0, "baseline": 30.0}
    overrides.write("A1", "LYO", told, "Ada", "a new airline")
    app.run()
    (listed,) = [frame.value for frame in app.dataframe if "baseline" in frame.value.columns]
    assert listed[["qty", "baseline", "reason", "author"]].to_numpy().tolist() == [
        [80.0, 30.0, "a new airline", "Ada"]
    ]
    assert "60 expected in the next 2 weeks" in texts(app)
    (standing,) = overrides.standing("A1", "LYO").to_dict("records")
    overrides.withdraw(pd.Series(standing), "Ada")
    overrides.withdraw(pd.Series(standing), "Ada")
    assert overrides.standing("A1", "LYO").empty
    with closing(Journal(journal_url(warehouse))) as journal:
        assert len(journal.entries("forecast_override")) == 2


def test_an_override_is_scored_once_its_week_has_ended(open_page: Open, warehouse: Path) -> None:
    open_page("demand_forecast", warehouse)
    week = dt.date(2026, 6, 1)
    wanted = queries.ask("demand_of_periods", unit="week", item_ids=["A1"])
    (actual,) = wanted[
        (wanted["site_id"] == "LYO") & (pd.to_datetime(wanted["period_date"]).dt.date == week)
    ]["qty"]
    told: dict[str, object] = {
        "period_date": week.isoformat(), "qty": actual + 5, "baseline": actual - 25,
    }  # fmt: skip
    overrides.write("A1", "LYO", told, "Ada", "a strike")
    row = overrides.scored("week", AS_OF).iloc[0]
    assert (row["author"], row["n"], row["saved"]) == ("Ada", 1, 20.0)
    (cost,) = queries.ask("item_costs", item_ids=["A1"])["unit_cost"]
    assert row["cost_saved"] == pytest.approx(20.0 * cost)


def test_an_override_whose_week_has_ended_can_no_longer_be_taken_back(
    open_page: Open, warehouse: Path
) -> None:
    app = open_page("demand_forecast", warehouse)
    for week in ("2026-06-01", "2026-06-22"):
        told: dict[str, object] = {"period_date": week, "qty": 80.0, "baseline": 30.0}
        overrides.write("A1", "LYO", told, "Ada", "a strike")
    app.run()
    (listed,) = [frame.value for frame in app.dataframe if "baseline" in frame.value.columns]
    assert [f"{day:%Y-%m-%d}" for day in listed["period_date"]] == ["2026-06-22"]
    (scored,) = [frame.value for frame in app.dataframe if "saved" in frame.value.columns]
    assert scored["n"].to_list() == [1]
