"""How far demand falls from a point forecast: a negative binomial sized on held-back errors."""

from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from forecasting.demand.distribution import Floats
from forecasting.demand.models.contract import PointFitted, PointModel
from forecasting.demand.panel import Panel

MEMORY = {"MS": 0.92, "W": 0.98, "D": 0.995}
# Periods the prior counts for, by how often a series sells (`_groups`): the errors of a series that
# sells every period tell its spread; those of a part that sells now and then hardly do.
PRIOR_PERIODS = np.array([100.0, 30.0, 3.0])
LEAST_MEAN = 1e-3
LEAST_LEVEL = 0.02
LEAST_DISPERSION = 1e-4


@dataclass
class WithSpread:
    """A point model with a negative binomial around it.

    The dispersion (variance beyond Poisson over squared mean) of each series is taken from its own
    discounted history, shrunk to the panel's; scaled, in groups of like series, so that it explains
    the errors of the last `horizon` periods forecast from before them; and drawn to the series' own
    held-back errors.

    Point forecasts are kept by the amounts they were made from, so that a rolling back-test does
    not compute the same one twice: use one object for the same series.
    """

    point: PointModel
    kept: dict[tuple[int, bytes], Floats] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        return self.point.name

    def fit(self, panel: Panel, horizon: int) -> PointFitted:
        """Forecast, and size the spread on the last `horizon` periods where they allow it."""
        held = held_back(panel, horizon)
        past = self.means(panel.until(panel.n_periods - held), horizon)[:, :held] if held else None
        return with_spread(panel, self.means(panel, horizon), past)

    @staticmethod
    def key(panel: Panel, horizon: int) -> tuple[int, bytes]:
        """What a forecast is kept by."""
        return horizon, sha256(np.ascontiguousarray(panel.y).tobytes()).digest()

    def means(self, panel: Panel, horizon: int) -> Floats:
        """The point forecast, never NaN or negative."""
        key = self.key(panel, horizon)
        if key not in self.kept:
            self.kept[key] = completed(panel, self.point.means(panel, horizon))
        return self.kept[key]


def held_back(panel: Panel, horizon: int) -> int:
    """How many of the last periods can be held back: the horizon, or none on a short history."""
    return horizon if panel.n_periods >= 2 * horizon + 2 else 0


def completed(panel: Panel, expected: Floats) -> Floats:
    """Where a model has no answer, the mean of what is known; never negative."""
    known = np.isfinite(panel.y)
    own = np.nan_to_num(panel.y).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    rest = own[known.any(axis=1)]
    own[~known.any(axis=1)] = rest.mean() if rest.size else 0.0
    return np.where(np.isfinite(expected), np.maximum(expected, 0.0), own[:, None])


def with_spread(panel: Panel, expected: Floats, past: Floats | None) -> PointFitted:
    """Size the spread around `expected`.

    Parameters
    ----------
    panel
        All that is known.
    expected
        Expected demand of the periods after the panel (n, horizon).
    past
        The same model's forecast of the panel's last columns from before them, or None.
    """
    step = lattice_step(panel)
    raw = from_history(panel, step)
    dependence = 0.0
    if past is not None:
        actual = panel.y[:, -past.shape[1] :]
        then = from_history(panel.until(panel.n_periods - past.shape[1]), step)
        held = _Errors.of(actual, past, step, then)
        groups = _groups(panel)
        raw = held.drawn(raw * held.factor(then, groups), PRIOR_PERIODS[groups])
        dependence = _dependence(actual, past, raw)
    return PointFitted(
        np.maximum(expected, LEAST_MEAN * step[:, None]),
        1 / np.maximum(raw, LEAST_DISPERSION), step, dependence, panel.season,
    )  # fmt: skip


def _weights(panel: Panel) -> Floats:
    age = np.arange(panel.n_periods)[::-1]
    return np.asarray(np.isfinite(panel.y) * MEMORY[panel.freq] ** age)


def _level_and_variance(panel: Panel) -> tuple[Floats, Floats, Floats]:
    """Discounted mean and variance of each series, and the weight behind them [periods]."""
    weight = _weights(panel)
    mass = np.maximum(weight.sum(axis=1), 1e-9)
    level = (weight * np.nan_to_num(panel.y)).sum(axis=1) / mass
    apart = np.nan_to_num(panel.y - level[:, None]) ** 2
    return level, (weight * apart).sum(axis=1) / mass, mass


def lattice_step(panel: Panel) -> Floats:
    """The unit of each series; finer where demand is steadier than Poisson on whole units."""
    level, variance, _ = _level_and_variance(panel)
    unit = panel.unit
    finer = np.ceil(np.clip(2 * unit * level / np.maximum(variance, 1e-12), 1.0, 1000.0))
    return np.where((level > 5 * unit) & (variance < 2 * unit * level), unit / finer, unit)


def from_history(panel: Panel, step: Floats) -> Floats:
    """Dispersion of each series around its recent level, shrunk to the pool, (n,).

    A series tells as much about its dispersion as its mean stands above the Poisson noise: the
    weight of its own estimate is periods x mean / (1 + dispersion x mean), the pool's is one.
    """
    level, variance, mass = _level_and_variance(panel)
    level = np.maximum(level, LEAST_LEVEL * step)
    own = (variance - step * level) / level**2
    pool = 1.0
    for _ in range(5):
        trust = mass * informative(level / step, pool)
        pool = max(float((trust * own).sum() / trust.sum()), 0.01) if len(own) else pool
    return np.maximum((trust * own + pool) / (trust + 1), LEAST_DISPERSION)


def informative(count: Floats, dispersion: Floats | float) -> Floats:
    """How much one period says of the dispersion, by its mean in steps: 0 to 1 / dispersion."""
    return np.asarray(count / (1 + dispersion * count))


def _groups(panel: Panel) -> NDArray[np.intp]:
    """Series alike in how often they sell: under half of the periods, under nine tenths, more."""
    known = np.maximum(np.isfinite(panel.y).sum(axis=1), 1)
    share = (np.nan_to_num(panel.y) > 0).sum(axis=1) / known
    return np.asarray(np.digitize(share, [0.5, 0.9]), dtype=np.intp)


@dataclass(frozen=True)
class _Errors:
    """What held-back errors say of the dispersion: an estimate per series and the trust in it."""

    own: Floats
    trust: Floats

    @classmethod
    def of(cls, actual: Floats, past: Floats, step: Floats, then: Floats) -> "_Errors":
        known = np.isfinite(actual)
        count = known.sum(axis=1)
        mean = np.maximum(np.where(known, past, 0.0).sum(axis=1) / np.maximum(count, 1), 1e-9)
        mean = np.maximum(mean, LEAST_LEVEL * step)
        squared = np.where(known, (np.nan_to_num(actual) - past) ** 2 - step[:, None] * past, 0.0)
        own = squared.sum(axis=1) / np.maximum(count, 1) / mean**2
        return cls(own, count * informative(mean / step, then))

    def factor(self, then: Floats, groups: NDArray[np.intp]) -> Floats:
        """What makes the dispersion known then explain these errors, by group, (n,)."""
        answer = np.ones(len(then))
        for group in np.unique(groups):
            rows = groups == group
            found = float((self.trust * self.own)[rows].sum())
            explained = float((self.trust * then)[rows].sum())
            calm = 10.0 * float(np.median(then[rows]))
            answer[rows] = np.clip((found + calm) / (explained + calm), 0.02, 3.0)
        return answer

    def drawn(self, prior: Floats, periods: Floats) -> Floats:
        """The prior, which counts for so many periods, drawn to each series' own errors."""
        trust = np.minimum(self.trust * prior, self.trust)
        return np.asarray((trust * self.own + periods * prior) / (trust + periods))


def _dependence(actual: Floats, past: Floats, dispersion: Floats) -> float:
    """Share of the dispersion common to the held-back periods of a series, pooled, 0 to 1."""
    known = np.isfinite(actual)
    scale = np.maximum(past, LEAST_LEVEL)
    errors = np.where(known, (np.nan_to_num(actual) - past) / scale, 0.0)
    pairs = known.sum(axis=1) * (known.sum(axis=1) - 1.0)
    cross = errors.sum(axis=1) ** 2 - (errors**2).sum(axis=1)
    trust = np.minimum(past.mean(axis=1), 1.0) ** 2
    total = float((trust * pairs * dispersion).sum())
    return float(np.clip((trust * cross).sum() / total, 0.0, 1.0)) if total > 0 else 0.0
