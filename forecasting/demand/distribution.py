"""Demand distributions of many series at once: the seam between forecasting and stock decisions.

A `Demand` holds one discrete, non-negative distribution for each of n series. Everything is
vectorised over the series (axis 0). The values of series i lie on the multiples of `step[i]`
(1 for whole units; smaller for fractional demand or demand steadier than Poisson); every question
is asked and answered in units of demand, so a caller need not know the step.

Contract of a forecasting model (`forecasting.demand.models`)::

    fitted = model.fit(panel, horizon)      # panel: forecasting.demand.panel.Panel, n series
    fitted.mean()                           # (n, horizon) expected demand of each future period
    fitted.period(3)                        # Demand of the third future period
    fitted.lead_time(2)                     # Demand summed over the next 2 periods
    fitted.lead_time(np.array([2, 5, ...])) # the same, with a whole number of periods per series

A lead time that is itself uncertain is a `Mixture` of the fixed ones::

    Mixture([fitted.lead_time(k) for k in (2, 3, 4)], weights)   # weights: (n, 3), rows sum to 1

Fractional periods mix the two whole numbers around them. Families: `NegativeBinomial` (size inf
is Poisson, mean 0 is no demand) and `Empirical` (weighted observed values) here; in `mixtures`:
`Grid` (any probabilities on 0, 1, 2 ... units), `Mixture` (of any of these), `Assembled` (different
families for different series) and `total`, the sum of independent demands, by convolution.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
TOLERANCE = 1e-12
TABLE = 32
LEAST_LOG = -600.0
"""Chances of no demand below its exponential would be lost on the way from 0 up."""
MOST_STEPS = 3072
"""Steps that a recurrence is carried over."""


class Demand(ABC):
    """Distributions of the demand of n series [units].

    Methods take levels or amounts either as one number, one per series (n,), or several per series
    (n, m), and answer in the same shape, except where said.
    """

    step: Floats

    def __len__(self) -> int:
        return len(self.step)

    @property
    @abstractmethod
    def mean(self) -> Floats:
        """Expected demand (n,) [units]."""

    @property
    @abstractmethod
    def variance(self) -> Floats:
        """Variance of the demand (n,) [units squared]."""

    @abstractmethod
    def cdf(self, amount: ArrayLike) -> Floats:
        """Probability that demand is at most `amount`."""

    @abstractmethod
    def expected_shortage(self, amount: ArrayLike) -> Floats:
        """Expected demand beyond `amount`, E[(D - amount)+] [units]: the first-order loss."""

    @abstractmethod
    def sample(self, size: int, seed: int) -> Floats:
        """Independent draws (n, size); the same seed gives the same draws."""

    @abstractmethod
    def take(self, index: NDArray[np.intp]) -> "Demand":
        """The distributions of the series at `index`, in that order."""

    def quantile(self, levels: ArrayLike) -> Floats:
        """Least amount whose probability of covering demand reaches each level, (n, levels).

        Raises
        ------
        ValueError
            A level is not in (0, 1).
        """
        wanted = check_levels(levels)
        low = np.full((len(self), wanted.size), -1.0)
        spread = np.sqrt(self.variance)
        high = np.ceil((self.mean + 4 * spread) / self.step + 1)[:, None] * np.ones(wanted.size)
        return self._search(wanted, low, high)

    def pmf(self, k_max: int, unit: ArrayLike = 1.0) -> Floats:
        """Probabilities of 0 ... k_max units, (n, k_max + 1); demand is rounded up to a unit.

        The tail beyond `k_max` is left out, so a row may sum to less than 1.
        """
        unit_size = per_series(unit, len(self))
        amounts = unit_size[:, None] * np.arange(k_max + 1)
        return np.diff(self.cdf(amounts), axis=1, prepend=0.0).clip(min=0.0)

    def on_grid(self, gap: Floats, width: int) -> tuple[Floats, Floats]:
        """Probability that demand is at most 0, 1, ... times `gap` (n,), and the demand beyond it.

        Returns
        -------
        Both (n, width): probabilities, and expected shortages [units].
        """
        return self.covered(gap[:, None] * np.arange(width))

    def covered(self, amount: Floats) -> tuple[Floats, Floats]:
        """Probability that demand is at most each amount, and expected demand beyond it."""
        return self.cdf(amount), self.expected_shortage(amount)

    def _search(self, levels: Floats, low: Floats, high: Floats) -> Floats:
        """Bisect on the lattice: `low` falls short (or is -1), `high` is widened to reach.

        Series whose quantiles are all found are not looked at again.
        """
        step = self.step[:, None]
        short = self.cdf(high * step) < levels - TOLERANCE
        while short.any():
            low = np.where(short, high, low)
            high = np.where(short, high * 2 + 1, high)
            short = self.cdf(high * step) < levels - TOLERANCE
        middle = np.floor((low + high) / 2)
        # Beyond 2^53 steps neighbours are no longer told apart: there nothing lies between.
        between = (middle > low) & (middle < high)
        while between.any():
            rows = np.flatnonzero(between.any(axis=1))
            enough = np.zeros(between.shape, dtype=bool)
            reached = self.take(rows).cdf(middle[rows] * step[rows])
            enough[rows] = reached >= levels - TOLERANCE
            high = np.where(between & enough, middle, high)
            low = np.where(between & ~enough, middle, low)
            middle = np.floor((low + high) / 2)
            between = (middle > low) & (middle < high)
        return high * step


def check_levels(levels: ArrayLike) -> Floats:
    """Probability levels as a vector; each must be in (0, 1)."""
    wanted = np.atleast_1d(np.asarray(levels, dtype=float))
    if not ((wanted > 0) & (wanted < 1)).all():
        raise ValueError(f"probability levels {wanted.tolist()} are not all in (0, 1)")
    return wanted


def per_series(value: ArrayLike, n: int) -> Floats:
    """One number or one per series, as (n,)."""
    return np.broadcast_to(np.asarray(value, dtype=float), (n,)).copy()


def lattice(amount: ArrayLike, step: Floats) -> Floats:
    """How many whole steps fit into `amount`; -1 below zero."""
    asked = np.asarray(amount, dtype=float)
    size = step[:, None] if asked.ndim == 2 else step
    return np.maximum(np.floor(asked / size + 1e-9), -1.0)


@dataclass(frozen=True)
class NegativeBinomial(Demand):
    """Negative binomial demand: variance = step x mean + mean^2 / size.

    Parameters
    ----------
    expected
        Mean (n,) [units]; 0 is no demand.
    size
        Dispersion (n,); np.inf is Poisson.
    step
        The lattice (n,) [units].
    """

    expected: Floats
    size: Floats
    step: Floats

    @classmethod
    def of(cls, mean: ArrayLike, size: ArrayLike, step: ArrayLike = 1.0) -> "NegativeBinomial":
        """Build from numbers or vectors; they are stretched to a common length."""
        expected, shape, grain = np.broadcast_arrays(
            *(np.atleast_1d(np.asarray(value, dtype=float)) for value in (mean, size, step))
        )
        return cls(np.maximum(expected, 0.0), np.maximum(shape, 1e-6), grain.copy())

    @property
    def mean(self) -> Floats:
        return self.expected

    @property
    def variance(self) -> Floats:
        return self.step * self.expected + self.expected**2 / self.size

    def cdf(self, amount: ArrayLike) -> Floats:
        return self._cdf(lattice(amount, self.step), 0.0)

    def _cdf(self, count: Floats, more_size: float) -> Floats:
        """Distribution function in steps; `more_size` is added to the size at unchanged odds."""
        expected, size = self.expected / self.step, self.size
        if count.ndim == 2:
            expected, size = expected[:, None], size[:, None]
        finite = np.where(np.isfinite(size), size, 1.0)
        at_least = np.maximum(count, 0.0) + 1.0
        mixed = special.betainc(finite + more_size, at_least, finite / (finite + expected))
        poisson = special.gammaincc(at_least, expected) if np.isinf(size).any() else mixed
        return np.where(count < 0, 0.0, np.where(np.isfinite(size), mixed, poisson))

    def expected_shortage(self, amount: ArrayLike) -> Floats:
        asked = np.broadcast_to(np.asarray(amount, dtype=float), np.shape(amount) or (len(self),))
        return self.covered(asked)[1]

    def covered(self, amount: Floats) -> tuple[Floats, Floats]:
        count = lattice(amount, self.step)
        wide = amount.ndim == 2
        step = self.step[:, None] if wide else self.step
        expected = self.expected[:, None] if wide else self.expected
        chance = self._cdf(count, 0.0)
        beyond = expected * (1 - self._cdf(count - 1, 1.0))
        beyond -= np.maximum(amount, count * step) * (1 - chance)
        return chance, np.where(amount < 0, expected - amount, np.maximum(beyond, 0.0))

    def on_grid(self, gap: Floats, width: int) -> tuple[Floats, Floats]:
        """Summed by recurrence where that is exact, in a tenth of the time of the beta function."""
        ratio = gap / self.step
        times = np.rint(ratio).astype(np.int64)
        is_even = (np.abs(ratio - times) < 1e-9) & (times >= 1) & (self._log_none() > LEAST_LOG)
        is_even &= times * width <= MOST_STEPS
        chance, short = np.empty((len(self), width)), np.empty((len(self), width))
        for each in np.unique(times[is_even]):
            rows = np.flatnonzero(is_even & (times == each))
            part = self.take(rows)
            reached = np.minimum(np.cumsum(part._table(int(each) * (width - 1) + 1), axis=1), 1.0)
            lost = np.zeros(reached.shape)
            np.cumsum(reached[:, :-1], axis=1, out=lost[:, 1:])
            level = gap[rows, None] * np.arange(width)
            chance[rows] = reached[:, ::each]
            short[rows] = part.mean[:, None] - level + part.step[:, None] * lost[:, ::each]
        rest = np.flatnonzero(~is_even)
        if rest.size:
            chance[rest], short[rest] = Demand.on_grid(self.take(rest), gap[rest], width)
        return chance, np.maximum(short, 0.0)

    def _log_none(self) -> Floats:
        """Logarithm of the chance of no demand."""
        steps = self.expected / self.step
        with np.errstate(invalid="ignore"):
            spread = -self.size * np.log1p(steps / self.size)
        return np.where(np.isinf(self.size), -steps, spread)

    def quantile(self, levels: ArrayLike) -> Floats:
        wanted = check_levels(levels)
        table = np.cumsum(self._table(TABLE), axis=1)
        found = np.stack([(table < level - TOLERANCE).sum(axis=1) for level in wanted], axis=1)
        answer = found * self.step[:, None]
        rest = np.flatnonzero((found >= TABLE).any(axis=1))
        if rest.size:
            answer[rest] = self.take(rest)._near_gamma(wanted)
        return answer

    def _near_gamma(self, levels: Floats) -> Floats:
        """Search around the quantile of the gamma distribution of the same mean and variance."""
        mean, deviation = self.mean / self.step, np.sqrt(self.variance) / self.step
        scale = (deviation**2 / mean)[:, None]
        guess = np.floor(special.gammaincinv(mean[:, None] / scale, levels) * scale)
        width = np.ceil(deviation[:, None] / 50) + 1
        low, step = np.maximum(guess - width, -1.0), self.step[:, None]
        enough = (low >= 0) & (self.cdf(low * step) >= levels - TOLERANCE)
        while enough.any():
            width = np.where(enough, width * 4, width)
            low = np.where(enough, np.maximum(low - width, -1.0), low)
            enough = (low >= 0) & (self.cdf(low * step) >= levels - TOLERANCE)
        return self._search(levels, low, np.maximum(guess + width, 0.0))

    def _table(self, width: int) -> Floats:
        """Probabilities of 0 ... width - 1 steps: p(k+1) = p(k) odds (r+k)/(k+1)."""
        expected = self.expected / self.step
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            odds = np.where(np.isinf(self.size), expected, expected / (self.size + expected))
        table = np.empty((width, len(self)))
        table[0] = np.exp(self._log_none())
        # odds (r + k) / (k + 1), where Poisson has its mean in place of odds r.
        fixed = odds * np.where(np.isinf(self.size), 1.0, self.size)
        rising = np.where(np.isinf(self.size), 0.0, odds)
        for k in range(width - 1):
            table[k + 1] = table[k] * (fixed + k * rising) / (k + 1)
        return table.T

    def sample(self, size: int, seed: int) -> Floats:
        rng = np.random.default_rng(seed)
        finite = np.where(np.isfinite(self.size), self.size, 1.0)[:, None]
        rate = np.broadcast_to((self.expected / self.step)[:, None], (len(self), size))
        mixed = rng.gamma(finite, rate / finite)
        drawn = rng.poisson(np.where(np.isfinite(self.size)[:, None], mixed, rate))
        return np.asarray(drawn * self.step[:, None])

    def take(self, index: NDArray[np.intp]) -> "NegativeBinomial":
        return NegativeBinomial(self.expected[index], self.size[index], self.step[index])


@dataclass(frozen=True)
class Empirical(Demand):
    """Weighted observed amounts: `values` and `weights` (n, m), rows of weights summing to 1."""

    values: Floats
    weights: Floats
    step: Floats

    @classmethod
    def of(cls, values: Floats, weights: Floats, step: ArrayLike = 1.0) -> "Empirical":
        """Sort and normalise; NaN values get no weight; a row without weight is no demand."""
        known = np.isfinite(values)
        amounts = np.where(known, np.maximum(values, 0.0), 0.0)
        mass = np.where(known, weights, 0.0)
        summed = mass.sum(axis=1, keepdims=True)
        mass = np.where(summed > 0, mass / np.where(summed > 0, summed, 1.0), 1 / mass.shape[1])
        order = np.argsort(amounts, axis=1, kind="stable")
        return cls(
            np.take_along_axis(amounts, order, axis=1),
            np.take_along_axis(mass, order, axis=1),
            per_series(step, len(values)),
        )

    @property
    def mean(self) -> Floats:
        return np.asarray((self.values * self.weights).sum(axis=1))

    @property
    def variance(self) -> Floats:
        apart = self.values - self.mean[:, None]
        return np.asarray((apart**2 * self.weights).sum(axis=1))

    def cdf(self, amount: ArrayLike) -> Floats:
        asked = np.asarray(amount, dtype=float)
        wide = np.broadcast_to(asked, (len(self),)) if asked.ndim == 0 else asked
        columns = wide[:, None] if wide.ndim == 1 else wide
        covered = [
            (self.weights * (self.values <= column[:, None] + 1e-9)).sum(axis=1)
            for column in columns.T
        ]
        answer = np.stack(covered, axis=1)
        return answer[:, 0] if wide.ndim == 1 else answer

    def expected_shortage(self, amount: ArrayLike) -> Floats:
        asked = np.asarray(amount, dtype=float)
        wide = np.broadcast_to(asked, (len(self),)) if asked.ndim == 0 else asked
        columns = wide[:, None] if wide.ndim == 1 else wide
        beyond = [
            (self.weights * np.maximum(self.values - column[:, None], 0)).sum(axis=1)
            for column in columns.T
        ]
        answer = np.stack(beyond, axis=1)
        return answer[:, 0] if wide.ndim == 1 else answer

    def quantile(self, levels: ArrayLike) -> Floats:
        wanted = check_levels(levels)
        reached = np.cumsum(self.weights, axis=1)
        last = self.values.shape[1] - 1
        place = [(reached < level - TOLERANCE).sum(axis=1).clip(max=last) for level in wanted]
        return np.take_along_axis(self.values, np.stack(place, axis=1), axis=1)

    def sample(self, size: int, seed: int) -> Floats:
        uniform = np.random.default_rng(seed).random((len(self), size))
        reached = np.cumsum(self.weights, axis=1)
        last = self.values.shape[1] - 1
        place = np.stack(
            [np.searchsorted(row, draws) for row, draws in zip(reached, uniform, strict=True)]
        )
        return np.take_along_axis(self.values, place.clip(max=last), axis=1)

    def take(self, index: NDArray[np.intp]) -> "Empirical":
        return Empirical(self.values[index], self.weights[index], self.step[index])
