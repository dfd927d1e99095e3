"""A discounted empirical distribution mixed with a negative binomial that leans on the panel."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.demand.distribution import Demand, Empirical, Floats, NegativeBinomial
from forecasting.demand.losses import LEVELS, scaled_pinball, steadied
from forecasting.demand.mixtures import Assembled, Mixture
from forecasting.demand.models.contract import columns_ahead, whole_periods
from forecasting.demand.models.spread import from_history, held_back
from forecasting.demand.panel import Panel

DISCOUNTS = {
    "MS": (0.7, 0.8, 0.85, 0.9, 0.93, 0.96, 0.98, 1.0),
    "W": (0.75, 0.85, 0.9, 0.94, 0.97, 0.985, 0.995, 1.0),
    "D": (0.85, 0.93, 0.97, 0.985, 0.993, 0.997, 1.0),
}
PRIORS = (5.0, 10.0, 40.0, 1e6)
SAMPLE = 1500
POOL_SHARE = 0.1
WINDOWS_AT_LEAST = 8


@dataclass(frozen=True)
class EmpiricalFitted:
    """The mixture as it stands at the end of a panel.

    Parameters
    ----------
    y
        History (n, T).
    weights
        Weight of each period (n, T), 0 where it is not known.
    expected, size
        The negative binomial of one period.
    prior
        Weight of the negative binomial, in periods.
    step
        Lattice (n,).
    horizon
        Periods of `mean`.
    """

    y: Floats
    weights: Floats
    expected: Floats
    size: Floats
    prior: float
    step: Floats
    horizon: int

    def mean(self) -> Floats:
        return columns_ahead(self.period(1).mean[:, None], self.horizon, 1)

    def period(self, ahead: int) -> Demand:
        return self.lead_time(1)

    def lead_time(self, periods: ArrayLike) -> Demand:
        span = whole_periods(periods, len(self.y))
        lengths = np.unique(span)
        places = [np.flatnonzero(span == length) for length in lengths]
        parts = [
            self._over(int(length), place) for length, place in zip(lengths, places, strict=True)
        ]
        return parts[0] if len(parts) == 1 else Assembled(parts, places)

    def quantiles(self, horizon: int, levels: ArrayLike) -> Floats:
        return np.repeat(self.period(1).quantile(levels)[:, None, :], horizon, axis=1)

    def take(self, index: NDArray[np.intp]) -> "EmpiricalFitted":
        return replace(
            self, y=self.y[index], weights=self.weights[index], expected=self.expected[index],
            size=self.size[index], step=self.step[index],
        )  # fmt: skip

    def _over(self, length: int, rows: NDArray[np.intp]) -> Demand:
        """Demand over `length` periods: past windows of that length, and the negative binomial."""
        expected, size, step = self.expected[rows], self.size[rows], self.step[rows]
        smooth = NegativeBinomial.of(length * expected, max(length, 1) * size, step)
        n_windows = self.y.shape[1] - length + 1
        if self.prior >= PRIORS[-1] or length == 0 or n_windows < WINDOWS_AT_LEAST:
            return smooth
        y, weights = self.y[rows], self.weights[rows]
        if length > 1:
            windows = np.lib.stride_tricks.sliding_window_view(y, length, axis=1)
            shares = np.lib.stride_tricks.sliding_window_view(weights, length, axis=1)
            y, weights = windows.sum(axis=2), shares.min(axis=2)
        mass = weights.sum(axis=1) / length
        share = mass / (mass + self.prior)
        seen = Empirical.of(y, weights, step)
        return Mixture([seen, smooth], np.column_stack([share, 1 - share]))


@dataclass(frozen=True)
class EmpiricalMixture:
    """Memory and prior weight are those that did best on the last two horizons held back.

    A memory is a pair of neighbouring discounts whose weights are averaged: half the loss of
    choosing wrongly.
    """

    name: str = "empirical_mixture"

    def fit(self, panel: Panel, horizon: int) -> EmpiricalFitted:
        """Choose the memory, then the prior, and weigh the history."""
        pairs = list(pairwise(DISCOUNTS[panel.freq]))
        pair, prior = pairs[2], PRIORS[1]
        held = held_back(panel, horizon)
        if held:
            tried = _sampled(panel)
            pair = min(pairs, key=lambda choice: _loss(tried, held, choice, prior))
            prior = min(PRIORS, key=lambda choice: _loss(tried, held, pair, choice))
        return weighed(panel, horizon, pair, prior)


def _loss(panel: Panel, held: int, pair: tuple[float, float], prior: float) -> float:
    """Mean scaled pinball loss over the last two windows of `held` periods, each from before it."""
    losses = []
    for window in (1, 2):
        cut = panel.n_periods - window * held
        if cut < held + 2:
            continue
        before, actual = panel.until(cut), panel.y[:, cut : cut + held]
        amounts = weighed(before, held, pair, prior).period(1).quantile(LEVELS)
        spread = np.repeat(amounts[:, None, :], held, axis=1)
        losses.append(steadied(scaled_pinball(actual, spread, before.y), before.y))
    return float(np.mean(losses))


def _sampled(panel: Panel) -> Panel:
    """Some of a large panel, evenly, so that choosing costs the same however large it is."""
    if len(panel) <= SAMPLE:
        return panel
    return panel.take(np.linspace(0, len(panel) - 1, SAMPLE).astype(np.intp))


def weighed(panel: Panel, horizon: int, pair: tuple[float, float], prior: float) -> EmpiricalFitted:
    """The mixture for one memory and prior weight.

    The mean leans on the panel's by a tenth of a period.
    """
    known = np.isfinite(panel.y)
    age = np.arange(panel.n_periods)[::-1]
    # Each discount's weights sum to its own memory; averaged so that both means count the same.
    memory = [discount**age / (discount**age).sum() for discount in pair]
    length = float(np.mean([(discount**age).sum() for discount in pair]))
    weights = known * length * np.mean(memory, axis=0)
    y = np.nan_to_num(panel.y)
    mass = weights.sum(axis=1)
    means = (weights * y).sum(axis=1) / np.maximum(mass, 1e-9)
    pool = float(np.average(means, weights=mass)) if mass.sum() > 0 else 0.0
    lean = np.minimum(pool, np.maximum(y.max(axis=1), panel.unit))
    expected = (mass * means + POOL_SHARE * lean) / (mass + POOL_SHARE)
    step = panel.unit
    dispersion = from_history(panel, step)
    return EmpiricalFitted(panel.y, weights, expected, 1 / dispersion, prior, step, horizon)
