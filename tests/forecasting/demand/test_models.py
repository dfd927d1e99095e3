"""One suite over every model: distributions, lead times, strange series, no look ahead."""

import numpy as np
import pytest

from forecasting.demand.backtest import backtest, cutoffs, summary, window_forecasts
from forecasting.demand.distribution import Floats
from forecasting.demand.models.contract import Model
from forecasting.demand.panel import Panel
from forecasting.demand.routing import Chosen, catalogue
from tests.forecasting.demand.panels import intermittent, monthly, panel_of, weekly_seasonal

HORIZON = 4
LEVELS = [0.5, 0.8, 0.9, 0.95, 0.99]
NAMES = list(catalogue())


def strange(length: int = 40) -> Floats:
    """Series that break models: none, constant, one period, huge, tiny, starting at the end."""
    rng = np.random.default_rng(2)
    y = rng.poisson(2.0, (14, length)).astype(float)
    y[0] = 0.0
    y[1] = 5.0
    y[2] = np.nan
    y[3, :-1] = np.nan
    y[4] *= 1e9
    y[5] *= 1e-6
    y[6] = np.nan
    y[6, -2:] = [1.0, 0.0]
    y[7, 10:] = 0.0
    y[8, ::2] = np.nan
    y[9] = np.r_[np.zeros(length - 1), 1e6]
    return y


@pytest.fixture(params=NAMES)
def model(request: pytest.FixtureRequest) -> Model:
    return catalogue()[request.param]


@pytest.mark.parametrize("length", [1, 2, 5, 13, 40])
def test_strange_series_all_get_a_distribution(model: Model, length: int) -> None:
    fitted = model.fit(monthly(strange()[:, -length:]), HORIZON)
    assert np.isfinite(fitted.mean()).all()
    assert (fitted.mean() >= 0).all()
    amounts = fitted.period(2).quantile(LEVELS)
    assert amounts.shape == (14, 5)
    assert np.isfinite(amounts).all()
    assert (np.diff(amounts, axis=1) >= 0).all()


def test_lead_time_of_one_period_is_that_period_and_longer_ones_expect_more(model: Model) -> None:
    fitted = model.fit(intermittent(), HORIZON)
    one, two = fitted.lead_time(1), fitted.lead_time(2)
    np.testing.assert_allclose(one.mean, fitted.period(1).mean, rtol=1e-6)
    assert (two.mean >= one.mean - 1e-9).all()
    assert (two.variance >= one.variance - 1e-9).all()
    spans = np.arange(40) % 8
    mixed = fitted.lead_time(spans)
    np.testing.assert_allclose(mixed.mean[spans == 2], two.mean[spans == 2])
    assert (mixed.mean[spans == 0] == 0).all()


def test_refuses_lead_times_that_are_no_count(model: Model) -> None:
    fitted = model.fit(intermittent(10), HORIZON)
    with pytest.raises(ValueError, match="whole numbers of periods"):
        fitted.lead_time(-1)


def test_the_same_panel_gives_the_same_forecast(model: Model) -> None:
    first = model.fit(intermittent(), HORIZON).period(1).quantile(LEVELS)
    again = catalogue()[model.name].fit(intermittent(), HORIZON).period(1).quantile(LEVELS)
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize(
    "panel", [intermittent(30), weekly_seasonal(8, 120)], ids=["parts", "weeks"]
)
def test_a_spike_after_the_cutoff_moves_nothing(model: Model, panel: Panel) -> None:
    spiked = panel.y.copy()
    cut = panel.n_periods - 2 * HORIZON
    spiked[:, cut:] = spiked[:, cut:] * 1000 + 77
    future = panel_of(spiked, panel.freq)
    plain = window_forecasts(panel, cut, HORIZON, model, LEVELS)
    planted = window_forecasts(future, cut, HORIZON, catalogue()[model.name], LEVELS)
    assert plain.drop(columns="y").equals(planted.drop(columns="y"))
    assert (planted["y"] >= 77).all()


def test_origins_stand_side_by_side_at_the_end() -> None:
    assert cutoffs(51, 6, 2) == [39, 45]
    with pytest.raises(ValueError, match="2 windows of 6 periods do not fit"):
        cutoffs(13, 6, 2)


def test_the_summary_is_what_a_loop_over_the_rows_makes_it() -> None:
    panel = intermittent(20)
    models = {name: catalogue()[name] for name in ("year_mean", "seasonal_naive")}
    rows = backtest(panel, HORIZON, 2, models, LEVELS)
    table = summary(panel, rows, LEVELS)
    row = table[(table["demand_class"] == "all") & (table["model"] == "year_mean")].iloc[0]
    own = rows[rows["model"] == "year_mean"]
    assert row["wape"] == pytest.approx((own["y"] - own["yhat"]).abs().sum() / own["y"].sum())
    assert row["cover_0.9"] == pytest.approx((own["y"] <= own["q_0.9"]).mean())
    losses = []
    for cut in (40, 44):
        for i, key in enumerate(panel.ids):
            part = own[(own["unique_id"] == key) & (own["cutoff"] == panel.periods[cut - 1])]
            scale = np.abs(np.diff(panel.y[i, :cut])).mean()
            for level in LEVELS:
                error = part["y"] - part[f"q_{level:g}"]
                loss = np.maximum(level * error, (level - 1) * error).mean()
                losses.append(loss / scale if scale else np.nan)
    assert row["spl"] == pytest.approx(np.nanmean(losses))
    assert row["value_added"] > 0


def test_the_choice_prefers_what_carries_the_season() -> None:
    models = catalogue()
    chosen = models["chosen"]
    assert isinstance(chosen, Chosen)
    fitted = chosen.fit(weekly_seasonal(12, 160), 8)
    assert set(fitted.choice["demand_class"]) == {"seasonal"}
    assert set(fitted.choice["model"]) <= {
        "ensemble",
        "boosted_prophet",
        "prophet",
        "last_year_growth",
    }
    evidence = fitted.evidence
    loss = dict(zip(evidence["model"], evidence["loss"].to_numpy(float), strict=True))
    assert evidence["is_chosen"].sum() == 1
    assert loss["year_mean"] > loss["ensemble"]


def test_without_lightgbm_everything_else_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forecasting.demand.models.boosted.unavailable", lambda: "no libgomp")
    models = catalogue()
    assert "lightgbm" not in models
    chosen = models["chosen"]
    assert isinstance(chosen, Chosen)
    parts = chosen.fit(intermittent(), HORIZON)
    assert not set(parts.choice["model"]) & {"lightgbm", "boosted_prophet"}
    assert np.isfinite(parts.period(1).quantile(LEVELS)).all()
