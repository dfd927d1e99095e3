"""Prophet for series that sell most periods: yearly season forced, events read off the panel."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecasting.demand.calendar import recurring_events
from forecasting.demand.distribution import Floats
from forecasting.demand.models.features import YEAR
from forecasting.demand.models.prophet_batch import Design, ProphetSettings, forecast
from forecasting.demand.models.spread import held_back
from forecasting.demand.panel import Panel

YEARLY_ORDER = {"MS": 4, "W": 10, "D": 10}
TRIAL = 60
CEILING = 3.0


@dataclass(frozen=True)
class ProphetModel:
    """Prophet through the batch path.

    Whether season and events multiply the trend or add to it is what did better on the last
    `horizon` periods held back, on some series of the panel.

    Parameters
    ----------
    least_share
        Series that sell in a smaller share of their periods get no answer: Prophet does not carry
        intermittent demand.
    jobs
        Optimizer processes at a time.
    """

    least_share: float = 0.5
    jobs: int = 1
    name: str = "prophet"

    def means(self, panel: Panel, horizon: int) -> Floats:
        """Expected demand (n, horizon) [units]; NaN for series it does not carry."""
        answer = np.full((len(panel), horizon), np.nan)
        known = np.isfinite(panel.y)
        share = (np.nan_to_num(panel.y) > 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        rows = np.flatnonzero((share >= self.least_share) & (known.sum(axis=1) >= 5))
        if not rows.size:
            return answer
        carried = panel.take(rows)
        settings = self._settings(carried, horizon)
        answer[rows] = self._forecast(carried, horizon, settings)
        return answer

    def _settings(self, panel: Panel, horizon: int) -> ProphetSettings:
        yearly = YEARLY_ORDER[panel.freq] if panel.n_periods >= YEAR[panel.freq] else False
        settings = ProphetSettings(yearly=yearly, weekly=panel.freq == "D", multiplicative=False)
        held = held_back(panel, horizon)
        if not held:
            return settings
        some = panel.take(np.linspace(0, len(panel) - 1, min(len(panel), TRIAL)).astype(np.intp))
        before, actual = some.until(panel.n_periods - held), some.y[:, -held:]
        if not np.isfinite(before.y).any():
            return settings
        scale = np.nanmean(np.where(np.isfinite(before.y), before.y, 0.0), axis=1) + 1e-9

        def loss(choice: ProphetSettings) -> float:
            error = np.abs(self._forecast(before, held, choice) - actual) / scale[:, None]
            return float(np.nan_to_num(error).mean())

        return min((settings, replace(settings, multiplicative=True)), key=loss)

    def _forecast(self, panel: Panel, horizon: int, settings: ProphetSettings) -> Floats:
        """Forecast, never below zero nor far above anything seen."""
        columns = recurring_events(panel, horizon)
        events = pd.DataFrame(columns, columns=[f"event_{j}" for j in range(columns.shape[1])])
        design = Design.of(settings, panel.periods, panel.future(horizon), events)
        ahead = forecast(panel.y, design, self.jobs)[:, panel.n_periods :]
        highest = np.nan_to_num(panel.y).max(axis=1, keepdims=True)
        return np.clip(ahead, 0.0, CEILING * highest)
