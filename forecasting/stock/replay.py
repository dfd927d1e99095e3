"""Replay: play levels or whole rules against actual demand, period by period.

In a period: at a review, orders are placed with what is known by then, that is before the
period's demand; what was ordered a lead time ago arrives and serves those who wait; then demand
is served. With lead time 0 an order serves the demand of its own period.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Rules:
    """How the items are replenished during the replay; one entry per item.

    Attributes
    ----------
    lead_time
        Periods from order to arrival, at least 0.
    review
        Periods between reviews, at least 1; the first is in the first period.
    lot
        Orders are multiples of this [units]; 0 for any quantity.
    lost_sales
        What the shelf cannot serve is lost; else it waits.
    reorder_point
        Nothing is ordered while the inventory position is above it [units]; None: whenever the
        position is below the level by a lot. Lots lift the position above it, if need be beyond
        the level by less than a lot.
    """

    lead_time: Integers
    review: Integers
    lot: Floats
    lost_sales: bool = False
    reorder_point: Floats | None = None

    @classmethod
    def of(cls, lead_time: Integers, lost_sales: bool = False) -> "Rules":
        """Review in every period, orders of any size."""
        lead_time = np.asarray(lead_time, dtype=np.int64)
        return cls(
            lead_time, np.ones(len(lead_time), np.int64), np.zeros(len(lead_time)), lost_sales
        )


@dataclass(frozen=True)
class Played:
    """What happened, for each item and measured period: arrays of items by periods [units]."""

    demand: Floats
    filled: Floats
    on_hand: Floats
    waiting: Floats
    ordered: Floats

    def unit_fill(self, weight: Floats | None = None) -> float:
        """Units filled at once over units demanded; weighted by price it is the value fill."""
        each = np.ones(len(self.demand)) if weight is None else weight
        return _ratio(float(each @ self.filled.sum(axis=1)), float(each @ self.demand.sum(axis=1)))

    def line_fill(self) -> float:
        """Periods of demand filled whole over periods with demand."""
        asked = self.demand > 0
        return _ratio(float((asked & (self.filled >= self.demand)).sum()), float(asked.sum()))

    def money(self, unit_cost: Floats) -> float:
        """Mean value on hand at period ends [currency]."""
        return float(unit_cost @ self.on_hand.mean(axis=1))


def play(
    demand: Floats,
    order_up_to: Floats,
    rules: Rules,
    *,
    warm_up: int = 0,
    on_hand: Floats | None = None,
    coming: Floats | None = None,
) -> Played:
    """Replay levels against demand.

    Where orders come in lots, the position is raised by the fewest lots that lift it above the
    level less the lot, which is the reorder point unless the rules name another; else it is raised
    to the level itself.

    Parameters
    ----------
    demand
        Items by periods [units]; negative demand (a return) goes back on the shelf.
    order_up_to
        Level of each item (n,), or of each item in each period (n, periods) [units].
    rules
        Lead times, reviews and lots.
    warm_up
        First periods that are played but not measured.
    on_hand
        Stock before the first period; by default the first level.
    coming
        What is on order then, items by the periods in which it arrives, from the first [units].
    """
    n_items, n_periods = demand.shape
    levels = np.broadcast_to(order_up_to.reshape(n_items, -1), demand.shape)
    stock = _Stock(levels[:, 0] if on_hand is None else on_hand, rules, n_periods)
    if coming is not None:
        stock.expect(coming)
    record = np.empty((4, n_items, n_periods))
    for t in range(n_periods):
        ordered = stock.review(t, levels[:, t])
        filled = stock.serve(demand[:, t])
        record[:, :, t] = filled, stock.on_hand, stock.waiting, ordered
    filled, shelf, waiting, ordered = record[:, :, warm_up:]
    return Played(np.maximum(demand[:, warm_up:], 0.0), filled, shelf, waiting, ordered)


def replan(plan: Callable[[Floats], Floats], demand: Floats, first: int) -> Floats:
    """Levels of each period from `first` on, each planned from the periods before it only.

    Parameters
    ----------
    plan
        Takes the demand so far, items by periods, and returns a level per item [units].
    demand
        The whole of it, items by periods [units].
    first
        Period at which the replay begins.
    """
    return np.stack([plan(demand[:, :t]) for t in range(first, demand.shape[1])], axis=1)


class _Stock:
    """Stock, waiting demand and open orders of all items while a replay runs."""

    def __init__(self, on_hand: Floats, rules: Rules, n_periods: int) -> None:
        self.on_hand = np.maximum(on_hand, 0.0).astype(float)
        self.waiting = np.maximum(-on_hand, 0.0)
        self.rules = rules
        last = n_periods + int(rules.lead_time.max(initial=0))
        self._arriving = np.zeros((last + 1, len(on_hand)))
        self._open = np.zeros(len(on_hand))
        self._every = np.arange(len(on_hand))

    def expect(self, coming: Floats) -> None:
        """Take what is on order already into the open orders."""
        known = min(coming.shape[1], len(self._arriving))
        self._arriving[:known] += coming.T[:known]
        self._open += coming[:, :known].sum(axis=1)

    def review(self, t: int, level: Floats) -> Floats:
        """Order up to the level where a review is due, then take in what arrives now."""
        short = level - (self.on_hand - self.waiting + self._open)
        lot = self.rules.lot
        step = np.where(lot > 0, lot, 1.0)
        wanted = np.where(lot > 0, np.floor(short / step + 1e-9) * step, short)
        is_due = t % self.rules.review == 0
        if self.rules.reorder_point is not None:
            above = self.rules.reorder_point - (level - short)
            is_due &= above >= -1e-9
            fewest = (np.floor(above / step + 1e-9) + 1) * step
            wanted = np.where(lot > 0, np.maximum(wanted, fewest), short)
        ordered = np.where(is_due, np.maximum(wanted, 0.0), 0.0)
        self._arriving[t + self.rules.lead_time, self._every] += ordered
        arrived = self._arriving[t]
        self._open += ordered - arrived
        self.on_hand += arrived
        self._settle()
        return ordered

    def serve(self, demand: Floats) -> Floats:
        """Serve the period's demand from the shelf; returns what was served at once."""
        self.on_hand += np.maximum(-demand, 0.0)
        self._settle()
        asked = np.maximum(demand, 0.0)
        filled: Floats = np.minimum(self.on_hand, asked)
        self.on_hand -= filled
        if not self.rules.lost_sales:
            self.waiting += asked - filled
        return filled

    def _settle(self) -> None:
        """Serve those who wait before anyone else."""
        served = np.minimum(self.on_hand, self.waiting)
        self.on_hand -= served
        self.waiting -= served


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")
