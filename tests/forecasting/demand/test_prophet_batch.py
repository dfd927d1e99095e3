"""The batch path against Prophet's own API."""

import numpy as np
import pandas as pd
import pytest

from forecasting.demand.distribution import Floats
from forecasting.demand.models import prophet_batch
from forecasting.demand.models.prophet_batch import Design, ProphetSettings, forecast, new_prophet
from forecasting.demand.models.prophet_model import ProphetModel
from tests.forecasting.demand.panels import intermittent, weekly_seasonal

# Prophet's own use of pandas warns; the batch path keeps that to itself.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

PANEL = weekly_seasonal(4, 120)
AHEAD = PANEL.future(13)
EVENTS = pd.DataFrame({"peak": (np.arange(133) % 52 == 47).astype(float)})
SETTINGS = {
    "multiplicative": ProphetSettings(),
    "additive, fewer terms": ProphetSettings(yearly=4, multiplicative=False, n_changepoints=5),
    "flat": ProphetSettings(growth="flat"),
    "weekly": ProphetSettings(yearly=False, weekly=True),
}


def by_api(y: Floats, settings: ProphetSettings) -> Floats:
    frame = pd.DataFrame({"ds": PANEL.periods.append(AHEAD), "peak": EVENTS["peak"]})
    known = np.flatnonzero(np.isfinite(y))
    model = new_prophet(settings, EVENTS)
    model.fit(frame.iloc[known].assign(y=y[known]), algorithm="LBFGS")
    return np.asarray(model.predict(frame)["yhat"], dtype=float)


def gapped() -> Floats:
    y = PANEL.y.copy()
    y[1, :30] = np.nan
    y[2, 50:60] = np.nan
    y[3, -4:] = np.nan
    return y


@pytest.mark.parametrize("name", SETTINGS)
def test_batch_equals_the_api(name: str) -> None:
    design = Design.of(SETTINGS[name], PANEL.periods, AHEAD, EVENTS)
    for y, row in zip(gapped(), forecast(gapped(), design), strict=True):
        api = by_api(y, SETTINGS[name])
        assert np.abs(row - api).max() <= 1e-6 * np.abs(api).max()


def test_the_number_of_jobs_changes_nothing() -> None:
    design = Design.of(ProphetSettings(), PANEL.periods, AHEAD, EVENTS)
    np.testing.assert_array_equal(forecast(PANEL.y, design, 1), forecast(PANEL.y, design, 2))


def test_a_failing_call_goes_through_the_api(monkeypatch: pytest.MonkeyPatch) -> None:
    design = Design.of(ProphetSettings(), PANEL.periods, AHEAD, EVENTS)
    direct = forecast(PANEL.y[:1], design)

    def refuse(*_: object) -> Floats:
        raise ValueError("no answer")

    monkeypatch.setattr(prophet_batch, "_parameters", refuse)
    np.testing.assert_allclose(forecast(PANEL.y[:1], design), direct, rtol=1e-6)


def test_constant_and_short_series_need_no_optimizer() -> None:
    design = Design.of(ProphetSettings(), PANEL.periods, AHEAD, EVENTS)
    y = np.full((2, 120), np.nan)
    y[0, 100:] = 8.0
    y[1, 117:] = [1, 2, 3]
    found = forecast(y, design)
    assert (found[0] == 8.0).all()
    assert np.isnan(found[1]).all()


def test_prophet_has_no_answer_for_intermittent_series() -> None:
    panel = intermittent(6)
    share = (panel.y > 0).mean(axis=1)
    answered = np.isfinite(ProphetModel().means(panel, 4)).all(axis=1)
    assert answered.tolist() == (share >= 0.5).tolist()


def test_forecasts_are_never_negative() -> None:
    panel = weekly_seasonal(3, 110)
    falling = panel.y * np.linspace(1, 0, 110)
    found = ProphetModel().means(type(panel)(panel.ids, falling, panel.periods, "W"), 13)
    assert (found >= 0).all()
