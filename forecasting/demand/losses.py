"""Losses of forecasts, scaled so that series of any size can be averaged.

`actual` is (n, H) with NaN where demand is not known, `expected` (n, H), `amounts` (n, H, levels),
`history` (n, T) the demand before the origin. Scales are in-sample, so a loss of 1 is about what
"the same as last period" would have cost.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from forecasting.demand.distribution import Floats
from forecasting.demand.panel import of_known

LEVELS = np.array([0.5, 0.8, 0.9, 0.95, 0.99])
MOST_DRAWN = 2000


def steps_between(history: Floats) -> tuple[Floats, Floats]:
    """Mean absolute and mean squared difference of consecutive known periods, NaN where 0."""
    change = np.diff(history, axis=1)
    known = np.isfinite(change)
    count = np.maximum(known.sum(axis=1), 1)
    absolute = np.where(known, np.abs(change), 0.0).sum(axis=1) / count
    squared = np.where(known, change, 0.0) ** 2
    square = squared.sum(axis=1) / count
    return np.where(absolute > 0, absolute, np.nan), np.where(square > 0, square, np.nan)


def rmsse(actual: Floats, expected: Floats, history: Floats) -> Floats:
    """Root of the mean squared error over the in-sample mean squared difference, (n,)."""
    return np.sqrt(of_known(np.nanmean, (actual - expected) ** 2) / steps_between(history)[1])


def scaled_pinball(
    actual: Floats, amounts: Floats, history: Floats, levels: Floats = LEVELS
) -> Floats:
    """Pinball loss over the in-sample mean absolute difference, mean of the levels (SPL), (n,)."""
    error = actual[:, :, None] - amounts
    loss = np.maximum(levels * error, (levels - 1) * error).mean(axis=2)
    return of_known(np.nanmean, loss) / steps_between(history)[0]


def steadied(loss: Floats, history: Floats) -> float:
    """Mean of a scaled loss with the panel's median scale added to each series' own; 0 if empty.

    For choosing between models: in a plain mean a few series that hardly ever moved decide.
    """
    scale = steps_between(history)[0]
    typical = float(np.median(scale[np.isfinite(scale)])) if np.isfinite(scale).any() else 1.0
    milder = loss * scale / (scale + typical)
    return float(milder[np.isfinite(milder)].mean()) if np.isfinite(milder).any() else 0.0


def wape(actual: Floats, expected: Floats) -> float:
    """Sum of absolute errors over the sum of demand, where demand is known; NaN without demand."""
    known = np.isfinite(actual)
    demand = float(actual[known].sum())
    return float(np.abs(actual - expected)[known].sum() / demand) if demand > 0 else float("nan")


def bias(actual: Floats, expected: Floats) -> float:
    """Sum of forecasts over the sum of demand, less 1; NaN without demand."""
    known = np.isfinite(actual)
    demand = float(actual[known].sum())
    return float((expected - actual)[known].sum() / demand) if demand > 0 else float("nan")


def coverage(actual: Floats, amounts: Floats) -> Floats:
    """Share of known periods in which each amount covered demand, (levels,)."""
    known = np.isfinite(actual)
    covered = actual[:, :, None] <= amounts + 1e-9
    return np.asarray(covered[known].mean(axis=0))


def paired_difference(
    one: Floats,
    other: Floats,
    seed: int = 0,
    draws: int = 1000,
    series: NDArray[np.intp] | None = None,
) -> tuple[float, float, float]:
    """Mean difference of two losses over the same series, and its 95 % bootstrap interval.

    Series are drawn with replacement, each with all of its losses (of several origins, say): those
    of one series are alike. Losses with a NaN on either side are left out.

    Parameters
    ----------
    series
        Which series each loss belongs to, 0, 1, 2 ...; each to its own if not given.
    """
    apart = one - other
    used = np.isfinite(apart)
    if not used.any():
        return float("nan"), float("nan"), float("nan")
    place = np.arange(len(apart)) if series is None else series
    # Beyond so many, what is drawn is a group of series: groups of equal size tell as much.
    _, place = np.unique(place[used] % MOST_DRAWN, return_inverse=True)
    count = np.bincount(place)
    summed = np.bincount(place, weights=apart[used])
    drawn = _drawn(len(count), seed, draws)
    low, high = np.quantile((drawn @ summed) / (drawn @ count), [0.025, 0.975])
    return float(apart[used].mean()), float(low), float(high)


@lru_cache(maxsize=16)
def _drawn(n: int, seed: int, draws: int) -> Floats:
    """How often each of n is drawn in each of the draws, (draws, n)."""
    rng = np.random.default_rng(seed)
    rows = [np.bincount(rng.integers(0, n, n), minlength=n) for _ in range(draws)]
    return np.stack(rows).astype(float)


def mean_interval(
    values: Floats, seed: int = 0, draws: int = 1000, series: NDArray[np.intp] | None = None
) -> tuple[float, float, float]:
    """Mean of a loss over series and its 95 % bootstrap interval."""
    return paired_difference(values, np.zeros_like(values), seed, draws, series)
