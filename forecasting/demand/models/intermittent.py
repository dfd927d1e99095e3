"""Flat forecasts of intermittent demand, vectorised over the panel.

Periods whose demand is not known change nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from forecasting.demand.distribution import Floats
from forecasting.demand.panel import Panel

ALPHAS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
START = 6


def smoothed(y: Floats, alpha: float) -> tuple[Floats, Floats]:
    """Exponential smoothing: the forecast before each period (n, T), and the next one (n,)."""
    level = _start(y)
    before = np.empty_like(y)
    for t in range(y.shape[1]):
        before[:, t] = level
        error = y[:, t] - level
        level = np.where(np.isnan(error), level, level + alpha * error)
    return before, level


def tsb(y: Floats, alpha_size: float, alpha_chance: float) -> tuple[Floats, Floats]:
    """Teunter, Syntetos and Babai (2011): chance of demand times its size.

    The chance is updated every period, the size when there is demand, so that the forecast of a
    part that is dying falls.
    """
    occurs = np.where(np.isnan(y), np.nan, (y > 0).astype(float))
    chance, size = _start(occurs), _start_size(y)
    before = np.empty_like(y)
    for t in range(y.shape[1]):
        before[:, t] = chance * size
        hit = y[:, t] > 0
        moved = chance + alpha_chance * (occurs[:, t] - chance)
        chance = np.where(np.isnan(moved), chance, moved)
        size = np.where(hit, size + alpha_size * (y[:, t] - size), size)
    return before, chance * size


def sba(y: Floats, alpha: float) -> tuple[Floats, Floats]:
    """Croston's method as corrected by Syntetos and Boylan (2005): (1 - alpha/2) size/interval."""
    size = _start_size(y)
    chance = _start(np.where(np.isnan(y), np.nan, (y > 0).astype(float)))
    interval = 1 / np.maximum(chance, 1 / max(y.shape[1], 1))
    since = np.ones(len(y))
    before = np.empty_like(y)
    for t in range(y.shape[1]):
        before[:, t] = (1 - alpha / 2) * size / interval
        hit = y[:, t] > 0
        size = np.where(hit, size + alpha * (y[:, t] - size), size)
        interval = np.where(hit, interval + alpha * (since - interval), interval)
        since = np.where(hit, 1.0, since + ~np.isnan(y[:, t]))
    return before, (1 - alpha / 2) * size / interval


def _start(y: Floats) -> Floats:
    """Mean of the first known periods."""
    known = np.isfinite(y)
    first = known & (np.cumsum(known, axis=1) <= START)
    summed = np.where(first, np.nan_to_num(y), 0.0).sum(axis=1)
    return np.asarray(summed / np.maximum(first.sum(axis=1), 1))


def _start_size(y: Floats) -> Floats:
    """Mean of the first demands."""
    return _start(np.where(y > 0, y, np.nan))


@dataclass(frozen=True)
class Smoothing:
    """A flat forecast by one of the methods, its constants the best of a few for the whole panel.

    Parameters
    ----------
    method
        From history and constants to the forecasts before each period and the next one.
    choices
        Constants to try; the least squared one-step error, scaled by series, wins.
    """

    name: str
    method: Callable[..., tuple[Floats, Floats]]
    choices: Sequence[tuple[float, ...]]

    def means(self, panel: Panel, horizon: int) -> Floats:
        """Expected demand (n, horizon) [units]."""
        y = panel.y
        tried = [self.method(y, *constants) for constants in self.choices]
        scale = np.maximum(np.nan_to_num(np.nan_to_num(y).std(axis=1)), 1e-9)[:, None]
        late = slice(min(START, y.shape[1] - 1), None)
        losses = [float(np.nanmean(((y - before) / scale)[:, late] ** 2)) for before, _ in tried]
        chosen = tried[int(np.argmin(losses))][1]
        return np.tile(chosen[:, None], (1, horizon))


def one_alpha() -> Smoothing:
    """Exponential smoothing with one constant for all series."""
    return Smoothing("one_alpha", smoothed, [(alpha,) for alpha in ALPHAS])


def teunter() -> Smoothing:
    """TSB."""
    return Smoothing("tsb", tsb, [(a, b) for a in (0.05, 0.1, 0.2) for b in (0.05, 0.1, 0.2)])


def syntetos_boylan() -> Smoothing:
    """SBA."""
    return Smoothing("sba", sba, [(alpha,) for alpha in (0.05, 0.1, 0.2)])
