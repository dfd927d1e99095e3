"""Shares of the chain's demand that each site will have in a season, and how sure they are.

Two models learn from every earlier season that the history holds (each period is the start of
one): a Poisson regression on a few windows, drawn towards coefficients that make sense on any
chain, and gradient-boosted trees; both correct the share of the last year. Their mean is then
averaged with the shares of `forecasting.demand`'s forecast of every pair. Where the history is too
short to learn from, the regression's usual coefficients stand alone, and where there is none,
likeness to other items and sites does.
"""

from dataclasses import dataclass

import lightgbm as lgb
import numpy as np

from forecasting.season.experts import MOST_PAIRS, demand_shares
from forecasting.season.features import (
    RECENT,
    Known,
    Season,
    base_shares,
    main_features,
    more_features,
    normalised,
)
from forecasting.season.fill import Floats
from forecasting.season.history import Chain, History
from forecasting.season.likeness import prior_shares

# Reference season, quarter, month, half; the same a year before (recent growth); the whole site.
USUAL = np.array([0.4, 0.2, 0.2, 0.1, -0.2, -0.2, 0.0, 0.1])
PULL = 0.02
MOST_ROWS = 400_000
LEAST_ROWS = 2_000
LEAST_ORIGINS = 8
REACH = 2.0
TREES = {
    "objective": "poisson",
    "learning_rate": 0.05,
    "num_leaves": 8,
    "min_data_in_leaf": 200,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 10.0,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "seed": 1,
    "verbose": -1,
}
N_TREES = 150


@dataclass(frozen=True)
class Shares:
    """Forecast shares per pair.

    Parameters
    ----------
    share
        Share of the item's demand; those of an item add up to 1.
    noise
        Part of the variance of a pair's demand that grows with its mean [units].
    spread
        Standard deviation of the relative error of a share, for a pair of any size.
    n_origins
        Earlier seasons learnt from; 0 where the history is too short.
    """

    share: Floats
    noise: float
    spread: float
    n_origins: int

    def size(self, mean: Floats) -> Floats:
        """Negative binomial size that gives a pair with this mean its variance."""
        variance = self.noise * mean + (self.spread * mean) ** 2
        excess = np.maximum(variance - mean, 1e-12)
        return np.asarray(np.where(variance > mean, mean**2 / excess, np.inf)).clip(min=1e-3)


@dataclass(frozen=True)
class _Lessons:
    """What earlier seasons teach: features, expected and real demand, weight; rows are pairs."""

    main: Floats
    more: Floats
    expected: Floats
    sold: Floats
    weight: Floats


def forecast_shares(
    history: History,
    season: Season,
    items_alike: Floats | None = None,
    sites_alike: Floats | None = None,
    *,
    is_quick: bool = False,
) -> Shares:
    """Forecast the shares of a season that starts `season.gap` periods after the history ends.

    Parameters
    ----------
    is_quick
        Leave the demand model of every pair out; it takes most of the time.
    """
    chain = Chain.of(history)
    prior = prior_shares(history, chain, items_alike, sites_alike)
    known = Known.of(history, chain, prior)
    now = history.panel.n_periods
    base = base_shares(known, now)
    main = main_features(known, base, now, season)
    origins = _origins(history, season)
    lessons = _lessons(known, season, origins)
    if lessons is None:
        return Shares(_corrected(base, main @ USUAL, history), 1.0, 0.3, 0)
    coefficients = _regression(lessons)
    share = _corrected(base, main @ coefficients, history)
    noise, spread = _uncertainty(lessons, coefficients)
    if len(lessons.sold) >= LEAST_ROWS:
        more = np.column_stack([main, more_features(known, base, now, season)])
        grown = np.asarray(_trees(lessons).predict(more, num_threads=1))
        # Trees have not learnt from pairs that never sold: for those the likeness stands.
        grown = np.where(np.isfinite(history.panel.y).any(axis=1), grown, 1.0)
        share = (share + normalised(base * grown, history)) / 2
        if len(share) <= MOST_PAIRS and not is_quick:
            share = (share + demand_shares(history, season, share)) / 2
    return Shares(share, noise, spread, len(origins))


def _corrected(base: Floats, correction: Floats, history: History) -> Floats:
    return normalised(base * np.exp(np.clip(correction, -REACH, REACH)), history)


def _origins(history: History, season: Season) -> list[int]:
    """Earlier starts whose whole season is known, evenly thinned when rows would be too many."""
    first = RECENT[history.panel.freq][2]
    last = history.panel.n_periods - season.gap - season.length
    step = 7 if history.panel.freq == "D" else 1
    found = list(range(last, first - 1, -step))
    wanted = max(LEAST_ORIGINS, MOST_ROWS // max(len(history.panel), 1))
    return found[:: max(1, -(-len(found) // wanted))]


def _lessons(known: Known, season: Season, origins: list[int]) -> _Lessons | None:
    """Rows of all origins; of very many pairs every k-th, another start in each origin."""
    stride = max(1, len(origins) * len(known.prior) // MOST_ROWS)
    parts: list[tuple[Floats, ...]] = []
    for n, at in enumerate(origins):
        base = base_shares(known, at)
        sold, beside = known.chain.window(at + season.gap, at + season.gap + season.length)
        expected = base * beside
        main = main_features(known, base, at, season)
        more = more_features(known, base, at, season)
        weight = np.full(len(base), 1.0 / max(float(sold.sum()), 1e-9))
        picked = np.flatnonzero(expected > 0)[n % stride :: stride]
        parts.append(tuple(x[picked] for x in (main, more, expected, sold, weight)))
    if not parts or not sum(len(part[0]) for part in parts):
        return None
    return _Lessons(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _regression(lessons: _Lessons) -> Floats:
    """Poisson regression of real on expected demand, drawn towards the usual coefficients."""
    coefficients = USUAL.copy()
    ridge = PULL * np.eye(len(USUAL))
    for _ in range(8):
        fitted = _fitted(lessons, coefficients)
        slope = lessons.main.T @ (lessons.weight * (lessons.sold - fitted))
        slope -= ridge @ (coefficients - USUAL)
        curve = (lessons.main * (lessons.weight * fitted)[:, None]).T @ lessons.main + ridge
        coefficients = coefficients + np.linalg.solve(curve, slope)
    return coefficients


def _fitted(lessons: _Lessons, coefficients: Floats) -> Floats:
    correction = np.clip(lessons.main @ coefficients, -REACH, REACH)
    return np.asarray(lessons.expected * np.exp(correction))


def _trees(lessons: _Lessons) -> lgb.Booster:
    """Trees for the ratio of real to expected demand, weighted so that they fit units."""
    weight = lessons.weight * lessons.expected
    rows = lgb.Dataset(
        np.column_stack([lessons.main, lessons.more]),
        lessons.sold / np.maximum(lessons.expected, 1e-9),
        weight=weight / weight.mean(),
    )
    return lgb.train(TREES, rows, N_TREES)


def _uncertainty(lessons: _Lessons, coefficients: Floats) -> tuple[float, float]:
    """Split the squared residuals into a part that grows with the mean and one with its square."""
    fitted = np.maximum(_fitted(lessons, coefficients), 1e-9)
    square = (lessons.sold - fitted) ** 2
    # Relative to fitted**2: noise / fitted + spread**2, weighted by demand.
    inverse = 1.0 / fitted
    weight = lessons.weight * fitted
    middle = float(np.average(inverse, weights=weight))
    ratio = square * inverse**2
    apart = inverse - middle
    covariance = float(np.average(apart * ratio, weights=weight))
    variance = float(np.average(apart**2, weights=weight))
    noise = max(covariance / variance, 0.0) if variance > 0 else 0.0
    level = float(np.average(ratio, weights=weight))
    noise = min(noise, level / middle)
    return noise, float(np.sqrt(max(level - noise * middle, 0.0)))
