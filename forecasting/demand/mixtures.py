"""Demand distributions made of others: mixtures, grids, sums, one family per group of series."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

from forecasting.demand.distribution import Demand, Floats, check_levels, per_series


@dataclass(frozen=True)
class Mixture(Demand):
    """Demand that follows part j with probability weights[:, j]."""

    parts: Sequence[Demand]
    weights: Floats

    def __post_init__(self) -> None:
        if self.weights.shape != (len(self.parts[0]), len(self.parts)):
            raise ValueError(f"weights {self.weights.shape} do not fit {len(self.parts)} parts")

    @property
    def step(self) -> Floats:  # type: ignore[override]
        return np.asarray(np.min([part.step for part in self.parts], axis=0))

    @property
    def mean(self) -> Floats:
        return np.asarray(sum(w * p.mean for w, p in self._pairs()))

    @property
    def variance(self) -> Floats:
        square = sum(w * (p.variance + p.mean**2) for w, p in self._pairs())
        return np.maximum(square - self.mean**2, 0.0)

    def cdf(self, amount: ArrayLike) -> Floats:
        return self._blend([part.cdf(amount) for part in self.parts])

    def expected_shortage(self, amount: ArrayLike) -> Floats:
        return self._blend([part.expected_shortage(amount) for part in self.parts])

    def quantile(self, levels: ArrayLike) -> Floats:
        wanted = check_levels(levels)
        used = self.weights > 0
        bounds = np.stack([part.quantile(wanted) for part in self.parts])
        live = used.T[:, :, None]
        step = self.step[:, None]
        low = np.floor(np.where(live, bounds, np.inf).min(axis=0) / step - 1e-9) - 1
        high = np.ceil(np.where(live, bounds, -np.inf).max(axis=0) / step - 1e-9)
        return self._search(wanted, np.maximum(low, -1.0), np.maximum(high, 0.0))

    def sample(self, size: int, seed: int) -> Floats:
        chosen = np.random.default_rng(seed).random((len(self), size))
        edges = np.cumsum(self.weights, axis=1)
        which = (chosen[:, :, None] > edges[:, None, :]).sum(axis=2).clip(max=len(self.parts) - 1)
        draws = np.stack([p.sample(size, seed + 1 + j) for j, p in enumerate(self.parts)], axis=2)
        return np.take_along_axis(draws, which[:, :, None], axis=2)[:, :, 0]

    def take(self, index: NDArray[np.intp]) -> "Mixture":
        return Mixture([part.take(index) for part in self.parts], self.weights[index])

    def _pairs(self) -> list[tuple[Floats, Demand]]:
        return [(self.weights[:, j], part) for j, part in enumerate(self.parts)]

    def _blend(self, answers: Sequence[Floats]) -> Floats:
        wide = answers[0].ndim == 2
        return np.asarray(
            sum(
                (self.weights[:, j, None] if wide else self.weights[:, j]) * answer
                for j, answer in enumerate(answers)
            )
        )


@dataclass(frozen=True)
class Grid(Demand):
    """Any probabilities of 0, 1, 2 ... steps: `chances` (n, k + 1), rows summing to 1."""

    chances: Floats
    step: Floats

    @classmethod
    def of(cls, chances: Floats, step: ArrayLike = 1.0) -> "Grid":
        """Normalise the rows."""
        return cls(chances / chances.sum(axis=1, keepdims=True), per_series(step, len(chances)))

    @property
    def _amounts(self) -> Floats:
        return np.asarray(self.step[:, None] * np.arange(self.chances.shape[1]))

    @property
    def mean(self) -> Floats:
        return np.asarray((self._amounts * self.chances).sum(axis=1))

    @property
    def variance(self) -> Floats:
        apart = self._amounts - self.mean[:, None]
        return np.asarray((apart**2 * self.chances).sum(axis=1))

    def cdf(self, amount: ArrayLike) -> Floats:
        asked, flat = self._columns(amount)
        count = np.floor(asked / self.step[:, None] + 1e-9)
        reached = np.cumsum(self.chances, axis=1)
        place = count.clip(0, self.chances.shape[1] - 1).astype(np.intp)
        answer = np.where(count < 0, 0.0, np.take_along_axis(reached, place, axis=1))
        return answer[:, 0] if flat else answer

    def expected_shortage(self, amount: ArrayLike) -> Floats:
        asked, flat = self._columns(amount)
        reached = np.cumsum(self.chances, axis=1)
        moment = np.cumsum(self.chances * self._amounts, axis=1)
        count = np.floor(asked / self.step[:, None] + 1e-9)
        place = count.clip(0, self.chances.shape[1] - 1).astype(np.intp)
        covered = np.take_along_axis(reached, place, axis=1)
        inside = np.take_along_axis(moment, place, axis=1)
        beyond = (self.mean[:, None] - inside) - asked * (1 - covered)
        answer = np.where(count < 0, self.mean[:, None] - asked, np.maximum(beyond, 0.0))
        return answer[:, 0] if flat else answer

    def quantile(self, levels: ArrayLike) -> Floats:
        wanted = check_levels(levels)
        reached = np.cumsum(self.chances, axis=1)
        last = self.chances.shape[1] - 1
        place = [(reached < level - 1e-12).sum(axis=1).clip(max=last) for level in wanted]
        return np.asarray(np.stack(place, axis=1) * self.step[:, None])

    def sample(self, size: int, seed: int) -> Floats:
        uniform = np.random.default_rng(seed).random((len(self), size))
        reached = np.cumsum(self.chances, axis=1)
        place = np.stack(
            [np.searchsorted(row, draws) for row, draws in zip(reached, uniform, strict=True)]
        ).clip(max=self.chances.shape[1] - 1)
        return np.asarray(place * self.step[:, None])

    def take(self, index: NDArray[np.intp]) -> "Grid":
        return Grid(self.chances[index], self.step[index])

    def _columns(self, amount: ArrayLike) -> tuple[Floats, bool]:
        asked = np.asarray(amount, dtype=float)
        if asked.ndim == 2:
            return asked, False
        return np.broadcast_to(asked, (len(self),))[:, None], True


@dataclass(frozen=True)
class Assembled(Demand):
    """Different families for different series: part j speaks for the series at places[j]."""

    parts: Sequence[Demand]
    places: Sequence[NDArray[np.intp]]

    def __len__(self) -> int:
        return sum(len(place) for place in self.places)

    @property
    def step(self) -> Floats:  # type: ignore[override]
        return self._gather([part.step for part in self.parts])

    @property
    def mean(self) -> Floats:
        return self._gather([part.mean for part in self.parts])

    @property
    def variance(self) -> Floats:
        return self._gather([part.variance for part in self.parts])

    def cdf(self, amount: ArrayLike) -> Floats:
        return self._gather([p.cdf(a) for p, a in self._each(amount)])

    def expected_shortage(self, amount: ArrayLike) -> Floats:
        return self._gather([p.expected_shortage(a) for p, a in self._each(amount)])

    def quantile(self, levels: ArrayLike) -> Floats:
        return self._gather([part.quantile(levels) for part in self.parts])

    def sample(self, size: int, seed: int) -> Floats:
        return self._gather([p.sample(size, seed + j) for j, p in enumerate(self.parts)])

    def take(self, index: NDArray[np.intp]) -> "Assembled":
        owner = np.empty(len(self), dtype=np.intp)
        rank = np.empty(len(self), dtype=np.intp)
        for j, place in enumerate(self.places):
            owner[place], rank[place] = j, np.arange(len(place))
        chosen = [np.flatnonzero(owner[index] == j) for j in range(len(self.parts))]
        live = [j for j, place in enumerate(chosen) if len(place)]
        return Assembled(
            [self.parts[j].take(rank[index][chosen[j]]) for j in live], [chosen[j] for j in live]
        )

    def _each(self, amount: ArrayLike) -> list[tuple[Demand, Floats]]:
        asked = np.asarray(amount, dtype=float)
        wide = np.broadcast_to(asked, (len(self),)) if asked.ndim == 0 else asked
        return [(p, wide[place]) for p, place in zip(self.parts, self.places, strict=True)]

    def _gather(self, answers: Sequence[Floats]) -> Floats:
        whole = np.empty((len(self), *answers[0].shape[1:]))
        for place, answer in zip(self.places, answers, strict=True):
            whole[place] = answer
        return whole


def total(parts: Sequence[Demand], k_max: int, unit: ArrayLike = 1.0) -> Grid:
    """Sum of independent demands, each rounded up to units, by convolution.

    The probability beyond `k_max` units is put on `k_max` itself.
    """
    width = fft.next_fast_len(len(parts) * k_max + 1, real=True)
    spectrum = np.prod([fft.rfft(_closed(p, k_max, unit), n=width, axis=1) for p in parts], axis=0)
    chances = fft.irfft(spectrum, n=width, axis=1)[:, : len(parts) * k_max + 1].clip(min=0.0)
    kept = chances[:, : k_max + 1].copy()
    kept[:, -1] += chances[:, k_max + 1 :].sum(axis=1)
    return Grid.of(kept, unit)


def _closed(part: Demand, k_max: int, unit: ArrayLike) -> Floats:
    chances = part.pmf(k_max, unit)
    chances[:, -1] += 1 - chances.sum(axis=1)
    return chances
