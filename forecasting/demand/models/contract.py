"""The contract of every forecasting model, and what a point forecast needs to keep it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.demand.distribution import Demand, Floats, NegativeBinomial
from forecasting.demand.mixtures import Assembled
from forecasting.demand.panel import Panel


class Fitted(Protocol):
    """A model that has seen a panel."""

    def mean(self) -> Floats:
        """Expected demand (n, horizon) of the next periods [units]."""
        ...

    def period(self, ahead: int) -> Demand:
        """Demand of the period `ahead` (1 is the next)."""
        ...

    def lead_time(self, periods: ArrayLike) -> Demand:
        """Demand summed over the next `periods` (whole; one number or one per series)."""
        ...

    def quantiles(self, horizon: int, levels: ArrayLike) -> Floats:
        """Quantiles of the demand of each of the next `horizon` periods, (n, horizon, levels)."""
        ...

    def take(self, index: NDArray[np.intp]) -> "Fitted":
        """The series at `index`, in that order."""
        ...


class Model(Protocol):
    """Anything that forecasts a panel."""

    @property
    def name(self) -> str:
        """What the model is called in tables."""
        ...

    def fit(self, panel: Panel, horizon: int) -> Fitted:
        """Learn from the panel what is asked of the next `horizon` periods."""
        ...


class PointModel(Protocol):
    """A model of the expected demand alone; `spread.WithSpread` makes a `Model` of it."""

    @property
    def name(self) -> str:
        """What the model is called in tables."""
        ...

    def means(self, panel: Panel, horizon: int) -> Floats:
        """Expected demand (n, horizon) of the next periods [units]; NaN where it has no answer."""
        ...


@dataclass(frozen=True)
class PointFitted:
    """Negative binomials around expected demand.

    Parameters
    ----------
    expected
        Expected demand (n, horizon) [units].
    size
        Dispersion of one period (n,).
    step
        Lattice (n,) [units].
    dependence
        Share of the dispersion that is common to all periods ahead (a level missed stays missed),
        0 to 1.
    cycle
        Periods after which the forecast repeats beyond the horizon.
    """

    expected: Floats
    size: Floats
    step: Floats
    dependence: float
    cycle: int

    def mean(self) -> Floats:
        return self.expected

    def period(self, ahead: int) -> Demand:
        column = columns_ahead(self.expected, ahead, self.cycle)[:, ahead - 1]
        return NegativeBinomial.of(column, self.size, self.step)

    def lead_time(self, periods: ArrayLike) -> Demand:
        span = whole_periods(periods, len(self.expected))
        ahead = columns_ahead(self.expected, int(span.max(initial=1)), self.cycle)
        used = np.arange(ahead.shape[1]) < span[:, None]
        summed = np.where(used, ahead, 0.0).sum(axis=1)
        squares = np.where(used, ahead, 0.0) ** 2
        own = squares.sum(axis=1)
        shared = self.dependence * (summed**2 - own)
        beyond = (own + shared) / self.size
        size = np.where(beyond > 0, summed**2 / np.where(beyond > 0, beyond, 1.0), np.inf)
        return NegativeBinomial.of(summed, size, self.step)

    def quantiles(self, horizon: int, levels: ArrayLike) -> Floats:
        ahead = columns_ahead(self.expected, horizon, self.cycle)[:, :horizon]
        # A flat forecast has one distribution for all its periods.
        flat = (ahead == ahead[:, :1]).all(axis=1)
        width = np.where(flat, 1, horizon)
        rows = np.repeat(np.arange(len(ahead)), width)
        columns = np.arange(len(rows)) - np.repeat(np.cumsum(width) - width, width)
        each = NegativeBinomial.of(ahead[rows, columns], self.size[rows], self.step[rows])
        found = each.quantile(levels)
        answer = np.empty((*ahead.shape, found.shape[1]))
        answer[rows, columns] = found
        answer[flat, 1:] = answer[flat, :1]
        return answer

    def take(self, index: NDArray[np.intp]) -> "PointFitted":
        return replace(
            self, expected=self.expected[index], size=self.size[index], step=self.step[index]
        )


@dataclass(frozen=True)
class AssembledFitted:
    """Different models for different series: part j speaks for the series at places[j]."""

    parts: Sequence[Fitted]
    places: Sequence[NDArray[np.intp]]

    def mean(self) -> Floats:
        whole: Floats | None = None
        n = sum(len(place) for place in self.places)
        for part, place in zip(self.parts, self.places, strict=True):
            rows = part.mean()
            whole = np.empty((n, rows.shape[1])) if whole is None else whole
            whole[place] = rows
        return np.empty((0, 0)) if whole is None else whole

    def period(self, ahead: int) -> Demand:
        return Assembled([part.period(ahead) for part in self.parts], self.places)

    def lead_time(self, periods: ArrayLike) -> Demand:
        span = whole_periods(periods, sum(len(place) for place in self.places))
        pairs = zip(self.parts, self.places, strict=True)
        return Assembled([part.lead_time(span[place]) for part, place in pairs], self.places)

    def quantiles(self, horizon: int, levels: ArrayLike) -> Floats:
        n, n_levels = sum(len(place) for place in self.places), np.size(levels)
        answer = np.empty((n, horizon, n_levels))
        for part, place in zip(self.parts, self.places, strict=True):
            answer[place] = part.quantiles(horizon, levels)
        return answer

    def take(self, index: NDArray[np.intp]) -> "AssembledFitted":
        found = [np.flatnonzero(np.isin(index, place)) for place in self.places]
        parts = []
        for part, place, wanted in zip(self.parts, self.places, found, strict=True):
            rank = {int(row): j for j, row in enumerate(place)}
            parts.append(part.take(np.array([rank[int(row)] for row in index[wanted]], np.intp)))
        return AssembledFitted(parts, found)


def whole_periods(periods: ArrayLike, n: int) -> NDArray[np.intp]:
    """One number of periods per series, at least 0.

    Raises
    ------
    ValueError
        A number is negative, not whole, or not a number.
    """
    asked = np.broadcast_to(np.asarray(periods, dtype=float), (n,))
    if not np.isfinite(asked).all() or (asked < 0).any() or (asked != np.rint(asked)).any():
        raise ValueError("lead times are whole numbers of periods, 0 or more")
    return asked.astype(np.intp)


def columns_ahead(expected: Floats, n_ahead: int, cycle: int) -> Floats:
    """Expected demand for `n_ahead` periods; beyond the horizon the last cycle repeats."""
    horizon = expected.shape[1]
    if n_ahead <= horizon:
        return expected
    back = min(cycle, horizon)
    places = np.arange(n_ahead)
    beyond = horizon - back + (places - horizon) % back
    return expected[:, np.where(places < horizon, places, beyond)]
