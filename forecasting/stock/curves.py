"""What each level of each item costs and buys: the table that every stock decision reads.

For an order-up-to level S, lead time L and review period R (Hadley and Whitin 1963, ch. 5):
stock and backorders k periods after an order arrived follow the demand D over L + k periods,
k = 1 .. R. On hand at a period's end is S - E[D] + EBO(S); what a review cycle newly misses is
EBO(S) of L + R periods less EBO(S) of L periods. A random lead time mixes over L.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forecasting.demand.distribution import Demand

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TAIL = 1e-6
"""Levels end where demand over lead time and review exceeds them with this chance."""

MOST_LEVELS = 384
"""Items that need more levels than this get a coarser grid: a step of several units."""


class DemandModel(Protocol):
    """A fitted forecast: the demand of all items summed over the next periods."""

    def lead_time(self, periods: int) -> Demand:
        """Distribution of the demand over the next `periods` periods, one series per item."""


@dataclass(frozen=True)
class Supply:
    """How the items are replenished; one entry per item.

    Attributes
    ----------
    lead_weights
        Chance of each lead time 0, 1, 2, ... [periods] in the columns; rows sum to 1.
    review
        Periods between two reviews, at least 1.
    lot
        Orders are multiples of this quantity [units].
    unit
        Levels are multiples of this quantity [units]: 1, or less where fractions are ordered.
    """

    lead_weights: Floats
    review: Integers
    lot: Floats
    unit: Floats

    @classmethod
    def of(cls, lead_time: Integers, review: int = 1) -> "Supply":
        """Lead times that never vary, orders of any whole quantity."""
        lead_time = np.asarray(lead_time, dtype=np.int64)
        ones = np.ones(len(lead_time))
        return cls(fixed_lead_times(lead_time), np.full(len(lead_time), review), ones, ones)


@dataclass(frozen=True)
class Curves:
    """Levels of all items end to end; item i owns rows `start[i]` to `start[i + 1]`.

    Attributes
    ----------
    start
        First row of each item, and one past the last row of all.
    level
        Order-up-to level [units].
    on_hand
        Mean stock at period ends [units].
    unfilled, unfilled_lines
        Units, and demand lines, per period that the shelf cannot fill at once. A line is an
        item's demand in a period.
    ready
        Chance of no shortage through a review cycle.
    demand, lines
        Mean demand per period [units], and periods with demand per period; one per item.
    lot
        Order quantity multiple of each item [units]; the reorder point is the level less it.
    """

    start: Integers
    level: Floats
    on_hand: Floats
    unfilled: Floats
    unfilled_lines: Floats
    ready: Floats
    demand: Floats
    lines: Floats
    lot: Floats

    def __len__(self) -> int:
        return len(self.lot)

    @property
    def item(self) -> Integers:
        """Item of each row."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))


def fixed_lead_times(periods: Integers) -> Floats:
    """Weights of lead times that never vary: all on one column."""
    weights = np.zeros((len(periods), int(periods.max(initial=0)) + 1))
    weights[np.arange(len(periods)), periods] = 1.0
    return weights


def build_curves(
    model: DemandModel,
    supply: Supply,
    quiet: Floats | None = None,
    most_levels: int = MOST_LEVELS,
) -> Curves:
    """Compute the curves of every item, from level 0 to where more stock buys nothing.

    Items are computed in blocks of similar size, so that one item of large demand does not
    widen the tables of all others.

    Parameters
    ----------
    model, supply
        Demand and replenishment of the items.
    quiet
        Chance of a period without demand of each item; by default as the model has it.
    most_levels
        Items that need more levels get a coarser grid.
    """
    horizons = _Horizons(model, quiet)
    top = _highest_level(horizons, supply)
    step = supply.unit * _round_number(top / supply.unit / most_levels)
    count = np.ceil(top / step).astype(np.int64) + 2
    width = np.maximum(8, 2 ** np.ceil(np.log2(count))).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(count)])
    flat = np.empty((5, start[-1]))
    demand, lines = np.empty(len(count)), np.empty(len(count))
    for size in np.unique(width):
        items = np.flatnonzero(width == size)
        block = _Block(horizons, supply, items, step[items], int(size))
        kept = np.arange(size)[None, :] < count[items, None]
        rows = (start[items, None] + np.arange(size)[None, :])[kept]
        for column, values in enumerate(block.columns()):
            flat[column, rows] = values[kept]
        demand[items], lines[items] = block.demand, 1.0 - block.quiet[:, 0]
    level, on_hand, unfilled, missed, ready = flat
    lot = np.maximum(supply.lot, step)
    return Curves(start, level, on_hand, unfilled, missed, ready, demand, lines, lot)


class _Horizons:
    """The model's distributions, each horizon asked for once."""

    def __init__(self, model: DemandModel, quiet: Floats | None = None) -> None:
        self._model = model
        self._quiet = quiet
        self._known: dict[int, Demand] = {}

    def quiet(self, items: Integers) -> Floats:
        """Chance of a period without demand."""
        if self._quiet is None:
            self._quiet = self(1).cdf(np.zeros(len(self(1))))
        return self._quiet[items]

    def __call__(self, periods: int) -> Demand:
        if periods not in self._known:
            self._known[periods] = self._model.lead_time(periods)
        return self._known[periods]


def _round_number(least: Floats) -> Floats:
    """The first of 1, 2, 3, 4, 6, 8, 12, ... that is not below: items of one step share a table."""
    power = 2.0 ** np.ceil(np.log2(np.maximum(least, 1.0)) - 1e-12)
    return np.where((power > 2) & (0.75 * power >= least), 0.75 * power, power)


def _highest_level(horizons: _Horizons, supply: Supply) -> Floats:
    """Level beyond which demand over the longest lead time and review has the chance `TAIL`."""
    longest = supply.lead_weights.shape[1] - 1 - np.argmax(supply.lead_weights[:, ::-1] > 0, axis=1)
    cover = longest + supply.review
    top = np.zeros(len(cover))
    for periods in np.unique(cover):
        items = np.flatnonzero(cover == periods)
        top[items] = horizons(int(periods)).take(items).quantile([1 - TAIL])[:, 0]
    return top + supply.lot


class _Block:
    """Curves of items of similar size: one row per item, `size` levels in the columns."""

    def __init__(
        self, horizons: _Horizons, supply: Supply, items: Integers, step: Floats, size: int
    ) -> None:
        self.level = np.arange(size) * step[:, None]
        self.review = supply.review[items]
        self.quiet = horizons.quiet(items)[:, None]
        self.lot = np.maximum(1, np.rint(supply.lot[items] / step)).astype(np.int64)
        self.demand = np.zeros(len(items))
        self.on_hand = np.zeros(self.level.shape)
        self.short_before, self.short = self.on_hand.copy(), self.on_hand.copy()
        self.ready_before, self.ready = self.on_hand.copy(), self.on_hand.copy()
        weights = supply.lead_weights[items]
        for periods in range(weights.shape[1] + int(self.review.max())):
            self._add(horizons, items, periods, weights)

    def _add(self, horizons: _Horizons, items: Integers, periods: int, weights: Floats) -> None:
        """Add what demand over so many periods says about every lead time it belongs to."""
        for lag in range(int(self.review.max()) + 1):
            lead = periods - lag
            if not 0 <= lead < weights.shape[1]:
                continue
            used = np.flatnonzero((weights[:, lead] > 0) & (lag <= self.review))
            if not len(used):
                continue
            share = weights[used, lead][:, None]
            chance, short, mean = _loss(horizons, items[used], periods, self.level[used])
            if lag == 0:
                self.short_before[used] += share * short
                self.ready_before[used] += share * chance
                self.demand[used] -= (share * mean)[:, 0]
                continue
            shelf = self.level[used] - mean + short
            self.on_hand[used] += share / self.review[used, None] * shelf
            last = share * (self.review[used] == lag)[:, None]
            self.short[used] += last * short
            self.ready[used] += last * chance
            self.demand[used] += (last * mean)[:, 0]

    def columns(self) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Level, on hand, unfilled, unfilled lines, ready."""
        self.demand = self.demand / self.review
        unfilled = np.maximum(self.short - self.short_before, 0.0) / self.review[:, None]
        missed = (1 - self.quiet) - (self.ready - self.quiet * self.ready_before)
        return (
            self.level,
            _over_lot(self.on_hand, self.lot),
            _over_lot(unfilled, self.lot),
            _over_lot(np.maximum(missed, 0.0), self.lot),
            _over_lot(self.ready, self.lot),
        )


def _loss(
    horizons: _Horizons, items: Integers, periods: int, level: Floats
) -> tuple[Floats, Floats, Floats]:
    """Chance of no shortage, expected backorders and mean, of demand over the periods.

    Levels are the multiples of the first one above 0.
    """
    if periods == 0:
        return np.ones(level.shape), np.zeros(level.shape), np.zeros((len(items), 1))
    demand = horizons(periods).take(items)
    mean = demand.mean[:, None]
    chance, short = demand.on_grid(level[:, 1], level.shape[1])
    return chance, short, mean


def _over_lot(values: Floats, lot: Integers) -> Floats:
    """Mean of each row over the lot's positions S - Q + 1 .. S, over which the position is even."""
    if (lot == 1).all():
        return values
    total = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    column = np.arange(values.shape[1])[None, :]
    first = np.maximum(column - lot[:, None] + 1, 0)
    summed = total[:, 1:] - np.take_along_axis(total, first, axis=1)
    return np.asarray(summed / (column - first + 1))
