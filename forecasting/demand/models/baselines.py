"""What a spreadsheet would forecast: the year's mean, last year, last year times growth."""

from dataclasses import dataclass

import numpy as np

from forecasting.demand.distribution import Floats
from forecasting.demand.models.features import YEAR, growth_ratio
from forecasting.demand.panel import Panel


@dataclass(frozen=True)
class YearMean:
    """Mean of the known periods of the last year."""

    name: str = "year_mean"

    def means(self, panel: Panel, horizon: int) -> Floats:
        """Expected demand (n, horizon) [units]; NaN without a known period in the year."""
        recent = panel.y[:, -YEAR[panel.freq] :]
        known = np.isfinite(recent).sum(axis=1)
        summed = np.nansum(recent, axis=1)
        level = np.where(known > 0, summed / np.maximum(known, 1), np.nan)
        return np.tile(level[:, None], (1, horizon))


@dataclass(frozen=True)
class LastYear:
    """Demand of the same period a year ago, times the recent growth to some power.

    Parameters
    ----------
    growth_power
        0 is the seasonal naive; 1 takes the growth of the last two months over the same months a
        year ago whole; .5 half of it, because part of any growth is luck.
    """

    growth_power: float = 1.0
    name: str = "last_year_growth"

    def means(self, panel: Panel, horizon: int) -> Floats:
        """Expected demand (n, horizon) [units]; the year's mean where last year is not known."""
        year, length = YEAR[panel.freq], panel.n_periods
        flat = YearMean().means(panel, horizon)
        if length < year:
            return flat
        places = length - year + np.arange(horizon) % year
        span = max(3, round(year * 8 / 52))
        growth = np.ones(len(panel))
        if length >= year + span:
            before = panel.y[:, length - year - span : length - year]
            growth = growth_ratio(panel.y[:, -span:], before)
        again = panel.y[:, places] * growth[:, None] ** self.growth_power
        return np.where(np.isfinite(again), again, flat)


def seasonal_naive() -> LastYear:
    """Demand of the same period a year ago."""
    return LastYear(0.0, "seasonal_naive")
