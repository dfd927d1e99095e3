"""Small panels for tests."""

import numpy as np
import pandas as pd

from forecasting.demand.distribution import Floats
from forecasting.demand.panel import Panel, following

STARTS = {"MS": "2020-01-01", "W": "2020-01-06", "D": "2020-01-01"}


def panel_of(y: Floats, freq: str) -> Panel:
    """A panel of these amounts."""
    start = pd.Timestamp(STARTS[freq])
    periods = pd.DatetimeIndex([start, *following(start, freq, y.shape[1] - 1)])
    ids = np.array([f"series-{i}" for i in range(len(y))], dtype=object)
    return Panel(ids, np.asarray(y, dtype=float), periods, freq, pd.DataFrame(index=range(len(y))))


def monthly(y: Floats) -> Panel:
    """A panel of months."""
    return panel_of(y, "MS")


def weekly_seasonal(n: int = 12, length: int = 130, seed: int = 0) -> Panel:
    """Weeks with a yearly season, growth, a peak week and noise."""
    rng = np.random.default_rng(seed)
    week = np.arange(length)
    season = 1 + 0.4 * np.sin(2 * np.pi * week / 52) + 1.2 * (week % 52 == 47)
    level = rng.uniform(50, 500, (n, 1))
    return panel_of(
        np.rint(level * season * (1 + 0.001 * week) * rng.gamma(60, 1 / 60, (n, length))), "W"
    )


def intermittent(n: int = 40, length: int = 48, seed: int = 0) -> Panel:
    """Months of parts that sell now and then."""
    rng = np.random.default_rng(seed)
    rate = rng.uniform(0.05, 1.5, (n, 1))
    return monthly(rng.negative_binomial(0.7, 0.7 / (0.7 + rate), (n, length)).astype(float))
