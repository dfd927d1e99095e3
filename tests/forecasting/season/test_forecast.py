"""Seasonal forecasts by item, site and week."""

import numpy as np
import pandas as pd
import pytest

from forecasting.demand.panel import Panel
from forecasting.season.forecast import level_error, seasonal_forecast, with_new_items
from forecasting.season.history import History
from forecasting.season.seasons import window
from forecasting.season.shares import Shares


def test_the_sites_add_up_to_a_chain_that_repeats_its_season() -> None:
    weeks = pd.date_range("2021-01-04", periods=130, freq="7D")
    level = 100 + 50 * np.sin(2 * np.pi * np.arange(130) / 52)
    y = np.stack([0.75 * level, 0.25 * level, np.full(130, np.nan)])
    names = pd.DataFrame({"item": ["drums", "drums", "harps"], "site": ["a", "b", "a"]})
    ids = np.array(["drums/a", "drums/b", "harps/a"], dtype=object)
    history = History.of(Panel(ids, y, weeks, "W", names))
    start = weeks[-1] + pd.Timedelta(days=7)
    season = window(history.panel, start, start + pd.Timedelta(weeks=7))
    shares = Shares(np.array([0.75, 0.25, 1.0]), noise=1.0, spread=0.1, n_origins=9)
    found = seasonal_forecast(history, season, shares)
    drums = found[found["item_id"] == "drums"]
    coming = 100 + 50 * np.sin(2 * np.pi * np.arange(130, 138) / 52)
    by_week = drums.groupby("ds")["mean"].sum().to_numpy()
    assert by_week == pytest.approx(coming, rel=0.1)
    assert drums.groupby("site_id")["mean"].sum().to_numpy() == pytest.approx(
        np.array([0.75, 0.25]) * by_week.sum()
    )
    assert (drums["q_0.1"] < drums["mean"]).all()
    assert (drums["q_0.9"] > drums["mean"]).all()
    assert found.loc[found["item_id"] == "harps", "mean"].tolist() == [0.0] * 8


def two_items(n_weeks: int, growth: float = 1.0) -> History:
    """Drums sell 100 a week, in the last year `growth` times that; harps never sold."""
    weeks = pd.date_range("2021-01-04", periods=n_weeks, freq="7D")
    level = np.where(np.arange(n_weeks) < n_weeks - 52, 100.0, 100.0 * growth)
    names = pd.DataFrame({"item": ["drums", "harps"], "site": ["a", "a"]})
    ids = np.array(["drums/a", "harps/a"], dtype=object)
    y = np.stack([level, np.full(n_weeks, np.nan)])
    return History.of(Panel(ids, y, weeks, "W", names))


def test_a_new_item_sells_as_the_one_it_is_like_times_its_size() -> None:
    weekly = np.array([[10.0, 20.0], [0.0, 0.0]])
    history = two_items(120)
    like = {"harps": ("drums", 0.5), "drums": ("harps", 9.0)}
    assert with_new_items(weekly, history, like).tolist() == [[10, 20], [5, 10]]


def test_the_level_error_is_what_the_forecast_of_the_reference_season_was_off() -> None:
    history = two_items(156)
    start = history.panel.periods[-1] + pd.Timedelta(days=7)
    season = window(history.panel, start, start + pd.Timedelta(weeks=7))
    off, n = level_error(history, season)
    assert off == pytest.approx(0.0, abs=0.02)
    assert n == 1
    # Demand doubled a year ago; nobody could know.
    doubled, _ = level_error(two_items(156, growth=2.0), season)
    assert doubled == pytest.approx(0.5, abs=0.03)
    assert level_error(two_items(60), season) == (0.3, 0)
