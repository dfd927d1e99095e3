"""The demand model that stock decisions use: fast, and honest about what little history says.

Every item's demand has an unknown rate that drifts. Its history, fading with age, updates a prior
that like items share (Gelman et al. 2013, ch. 2.6), and demand over a lead time becomes negative
binomial. Part of its spread is the item's own lumpiness, which evens out over a longer lead time;
part is not knowing the rate, which does not. Two views of history compete on the panel's own past:

* units: the rate of units is learnt directly;
* events: how often there is demand, and how large it then is, are learnt apart, from items of like
  price. An item without history may then need nothing for years, or fifty at once; where parts are
  cheap that is worth a shelf.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from forecasting.demand.distribution import Floats, NegativeBinomial
from forecasting.demand.models import boosted
from forecasting.demand.models.boosted import Boosted
from forecasting.demand.models.contract import PointModel
from forecasting.demand.panel import Panel

FADING = {"MS": (0.02, 0.06, 0.12, 0.2), "W": (0.01, 0.03, 0.08, 0.15), "D": (0.003, 0.01, 0.03)}
"""Weight that each period loses against the next, tried on the panel's own past."""

RARE = 0.5
"""Share of periods with demand below which demand counts as rare."""

PRIOR_PERIODS = 2.0
PRIOR_EVENTS = 0.5
SHRINK_EVENTS = 6.0
DOUBT = 0.5
"""Share of the textbook's doubt about the rate: 1 takes each unit for a demand of its own, though
units come in lumps; 0 believes the smoothed rate."""

MARGIN = 0.03
"""The view by events has to foretell the past by this much better to be taken."""

N_PRICE_BANDS = 5
N_ORIGINS = 3
N_TRIED = 4000
LEAST_DISPERSION = 0.005

View = Callable[["_History", float], "GammaPoisson"]


@dataclass(frozen=True)
class GammaPoisson:
    """Demand of all items.

    Attributes
    ----------
    expected
        Mean demand of each period ahead, items by periods; the last stands for all later ones
        [units].
    lumpiness
        Variance beyond Poisson over the squared mean, of one period.
    doubt
        The same, of not knowing the rate.
    step
        Grain of the demand [units].
    """

    expected: Floats
    lumpiness: Floats
    doubt: Floats
    step: Floats

    def lead_time(self, periods: int) -> NegativeBinomial:
        """Demand over the next periods."""
        known = self.expected.shape[1]
        mean = self.expected[:, :periods].sum(axis=1)
        mean = mean + max(periods - known, 0) * self.expected[:, -1]
        return self._around(mean, self.lumpiness / max(periods, 1) + self.doubt)

    def period(self, ahead: int) -> NegativeBinomial:
        """Demand of one period, the `ahead`-th from now."""
        column = min(ahead, self.expected.shape[1]) - 1
        return self._around(self.expected[:, column], self.lumpiness + self.doubt)

    def _around(self, mean: Floats, spread: Floats) -> NegativeBinomial:
        return NegativeBinomial.of(mean, 1 / np.maximum(spread, LEAST_DISPERSION), self.step)


@dataclass(frozen=True)
class _History:
    """Demand in steps (items by periods), what of it is known, the step, and the price band."""

    amount: Floats
    known: NDArray[np.bool_]
    step: Floats
    band: NDArray[np.intp]
    is_mixed: bool = False

    @classmethod
    def of(cls, panel: Panel, price: Floats | None, is_mixed: bool = False) -> "_History":
        step = panel.unit
        amount = np.nan_to_num(panel.y) / step[:, None]
        band = np.zeros(len(panel), dtype=np.intp)
        if price is not None:
            edges = np.quantile(price, np.linspace(0, 1, N_PRICE_BANDS + 1)[1:-1])
            band = np.digitize(price, edges)
        return cls(amount, np.isfinite(panel.y), step, band, is_mixed)

    def until(self, n_periods: int) -> "_History":
        return replace(self, amount=self.amount[:, :n_periods], known=self.known[:, :n_periods])

    def take(self, rows: NDArray[np.intp]) -> "_History":
        return _History(
            self.amount[rows], self.known[rows], self.step[rows], self.band[rows], self.is_mixed
        )

    def weight(self, fading: float) -> Floats:
        return np.asarray(self.known * (1 - fading) ** np.arange(self.amount.shape[1])[::-1])


def fit(
    panel: Panel,
    horizon: int,
    point: PointModel | None = None,
    price: Floats | None = None,
    is_mixed: bool = False,
) -> GammaPoisson:
    """Fit the model, with the view and memory that foretold the panel's last horizons best.

    Parameters
    ----------
    panel
        Demand so far.
    horizon
        Periods ahead that decisions look at.
    point
        A model of the mean. Where demand is rare, its mean and the view's count half each;
        elsewhere, where seasons show, its mean alone. Without it the view's stands.
    price
        Of each item [currency]; items of like price share how large a demand is.
    is_mixed
        Fast and slow items stand side by side: how far their rates lie apart then decides what
        the others say of one, so that a slow part is not lifted towards them.
    """
    history = _History.of(panel, price, is_mixed)
    view, fading = _best(history, horizon, FADING[panel.freq])
    steady = view(history, fading)
    if point is None:
        return steady
    foretold = point.means(panel, horizon)
    foretold = np.where(np.isfinite(foretold) & (foretold >= 0), foretold, steady.expected)
    share = np.where((history.amount > 0).mean(axis=1) < RARE, 0.5, 0.0)[:, None]
    return replace(steady, expected=share * steady.expected + (1 - share) * foretold)


def best_point_model() -> PointModel | None:
    """The gradient-boosted model where LightGBM can be loaded, else none."""
    return Boosted(rounds=200) if boosted.unavailable() is None else None


def _best(history: _History, horizon: int, memories: tuple[float, ...]) -> tuple[View, float]:
    """View and memory with the least surprise over the last horizons."""
    n_items, n_periods = history.amount.shape
    cuts = [n_periods - back * horizon for back in range(1, N_ORIGINS + 1)]
    cuts = [cut for cut in cuts if cut >= 2 * horizon]
    if not cuts:
        return _by_units, memories[len(memories) // 2]
    tried = history.take(np.linspace(0, n_items - 1, min(n_items, N_TRIED)).astype(np.intp))
    surprise = {
        (view, fading): sum(_surprise(tried, cut, horizon, view, fading) for cut in cuts)
        for view in (_by_units, _by_events)
        for fading in memories
    }
    units = min(memories, key=lambda fading: surprise[_by_units, fading])
    events = min(memories, key=lambda fading: surprise[_by_events, fading])
    if surprise[_by_events, events] < (1 - MARGIN) * surprise[_by_units, units]:
        return _by_events, events
    return _by_units, units


def _by_units(history: _History, fading: float) -> GammaPoisson:
    """Rates learnt from units; lumpiness from the plain history."""
    weight = history.weight(fading)
    seen, total = weight.sum(axis=1), (weight * history.amount).sum(axis=1)
    rates = total / np.maximum(seen, 1e-9)
    pool, prior = _trimmed_mean(rates), PRIOR_PERIODS
    if history.is_mixed:
        # A gamma distribution of this mean and variance weighs mean / variance periods.
        spread = float(np.minimum(rates, np.quantile(rates, 0.99)).var())
        prior = min(PRIOR_PERIODS, pool / max(spread, 1e-12))
    shape = prior * pool + total
    rate = shape / (prior + seen)
    doubt = DOUBT / np.maximum(shape, 0.02)
    expected = np.maximum(rate * history.step, 1e-9)[:, None]
    return GammaPoisson(expected, _lumpiness(history), doubt, history.step)


def _lumpiness(history: _History) -> Floats:
    """Dispersion of each item's history, shrunk to that of all by how often it had demand."""
    amount, known = history.amount, history.known
    count = np.maximum(known.sum(axis=1), 2)
    level = amount.sum(axis=1) / count
    variance = (known * (amount - level[:, None]) ** 2).sum(axis=1) / (count - 1)
    over, square = np.maximum(variance - level, 0.0), level**2
    pooled = float(over.sum() / max(float(square.sum()), 1e-12))
    own = over / np.maximum(square, 1e-12)
    events = (amount > 0).sum(axis=1)
    return np.asarray((events * own + SHRINK_EVENTS * pooled) / (events + SHRINK_EVENTS))


def _by_events(history: _History, fading: float) -> GammaPoisson:
    """Chance of demand and its size learnt apart, each leaning on items of like price."""
    weight = history.weight(fading)
    seen = weight.sum(axis=1)
    events = (weight * (history.amount > 0)).sum(axis=1)
    size = (weight * history.amount).sum(axis=1)
    square = (weight * history.amount**2).sum(axis=1)
    usual, first, second = (np.ones(len(seen)) for _ in range(3))
    for band in np.unique(history.band):
        rows = np.flatnonzero(history.band == band)
        usual[rows] = max(float(events[rows].sum()), 0.5) / max(float(seen[rows].sum()), 1.0)
        lively = rows[events[rows] > 0]
        if len(lively):
            first[rows] = _trimmed_mean(size[lively] / events[lively])
            second[rows] = _trimmed_mean(square[lively] / events[lively])
    chance = np.minimum((PRIOR_EVENTS + events) / (PRIOR_EVENTS / usual + seen), 0.999)
    lump = (size + first) / (events + 1)
    lump_square = np.maximum((square + second) / (events + 1), lump**2)
    rate = chance * lump
    lumpiness = np.maximum(chance * lump_square - rate**2 - rate, 0.0) / rate**2
    doubt = DOUBT / (PRIOR_EVENTS + events)
    return GammaPoisson((rate * history.step)[:, None], lumpiness, doubt, history.step)


def _trimmed_mean(values: Floats) -> float:
    """Mean without the largest hundredth: a few bulk items say nothing about the others."""
    return float(np.minimum(values, np.quantile(values, 0.99)).mean())


def _surprise(tried: _History, cut: int, horizon: int, view: View, fading: float) -> float:
    """Mean negative log probability of what was demanded over the horizon, as one sum."""
    demand = view(tried.until(cut), fading).lead_time(horizon)
    whole = tried.known[:, cut : cut + horizon].all(axis=1)
    if not whole.any():
        return 0.0
    count = tried.amount[whole, cut : cut + horizon].sum(axis=1)
    mean, size = (demand.expected / demand.step)[whole], demand.size[whole]
    log_chance = (
        special.gammaln(count + size)
        - special.gammaln(size)
        - special.gammaln(count + 1)
        + size * np.log(size / (size + mean))
        + count * np.log(mean / (size + mean))
    )
    return -float(log_chance.mean())
