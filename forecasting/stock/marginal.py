"""Marginal analysis: the next unit of stock goes where it buys most per money (Sherbrooke 2004).

Each item's levels are points of money held against demand left unfilled. Only the corners of
their lower convex hull can be best for any price of a missed unit, and for them the greedy order
is exact: no other choice of levels holds as little money and leaves as little unfilled. Between
two corners the choice is at most one step away from the best.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.stock.curves import Curves

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

OBJECTIVES = ("units", "lines", "value", "criticality")


@dataclass(frozen=True)
class Bounds:
    """Rows of the curves that each item may use, both ends included."""

    lowest: Integers
    highest: Integers


@dataclass(frozen=True)
class Frontier:
    """The best fill for every sum of money, as steps in the order in which money is well spent.

    Attributes
    ----------
    base
        Row of each item before the first step.
    item, row
        Item that each step raises, and its row of the curves after the step.
    money
        Mean on-hand value before any step, then after each [currency].
    fill
        Share of the objective filled before any step, then after each.
    """

    base: Integers
    item: Integers
    row: Integers
    money: Floats
    fill: Floats

    def rows_after(self, n_steps: int) -> Integers:
        """Row of each item after the first steps."""
        rows = self.base.copy()
        np.maximum.at(rows, self.item[:n_steps], self.row[:n_steps])
        return rows

    def steps_to_fill(self, target: float) -> int:
        """Fewest steps that reach the fill; all steps if none does."""
        reached = int(np.searchsorted(self.fill, target - 1e-12))
        return min(reached, len(self.item))

    def steps_within(self, budget: float) -> int:
        """Most steps that hold no more money than the budget; 0 if the base holds more."""
        return max(int(np.searchsorted(self.money, budget * (1 + 1e-12), side="right")) - 1, 0)


def bounds(
    curves: Curves,
    floor: float = 0.0,
    least: Floats | None = None,
    most: Floats | None = None,
) -> Bounds:
    """Rows that a floor and the limits set by people leave to each item.

    Parameters
    ----------
    curves
        The items' levels.
    floor
        Least chance of no shortage for every item, in [0, 1).
    least, most
        Least and greatest level of each item set by people [units]; NaN for none. A greatest
        level wins over the floor, and over a least level above it.
    """
    first, last = curves.start[:-1], curves.start[1:] - 1
    lot_row = _first_row(curves, curves.level >= (curves.lot - _gap(curves))[curves.item])
    lowest = np.maximum(lot_row, _first_row(curves, curves.ready >= floor) if floor > 0 else first)
    if least is not None:
        wanted = np.nan_to_num(least, nan=0.0)
        lowest = np.maximum(lowest, _first_row(curves, curves.level >= wanted[curves.item]))
    highest = last
    if most is not None:
        allowed = np.where(np.isnan(most), np.inf, most)
        above = _first_row(curves, curves.level > allowed[curves.item], none=curves.start[1:])
        highest = np.maximum(above - 1, lot_row)
    return Bounds(np.minimum(lowest, highest), highest)


def measures(
    curves: Curves, objective: str, price: Floats, criticality: Floats | None = None
) -> tuple[Floats, Floats]:
    """What is left unfilled per row, and what is demanded per item, in the objective's measure.

    Parameters
    ----------
    curves
        The items' levels.
    objective
        One of `OBJECTIVES`.
    price
        Value of a unit filled [currency].
    criticality
        Weight of a unit filled, for that objective.

    Raises
    ------
    ValueError
        The objective is unknown, or criticality is asked for without weights.
    """
    if objective == "lines":
        return curves.unfilled_lines, curves.lines
    if objective == "units":
        return curves.unfilled, curves.demand
    if objective == "value":
        return curves.unfilled * price[curves.item], curves.demand * price
    if objective == "criticality" and criticality is not None:
        return curves.unfilled * criticality[curves.item], curves.demand * criticality
    if objective == "criticality":
        raise ValueError("objective criticality needs a criticality for each item")
    raise ValueError(f"objective {objective!r} is not one of {', '.join(OBJECTIVES)}")


def frontier(
    curves: Curves, allowed: Bounds, unit_cost: Floats, unfilled: Floats, demand: Floats
) -> Frontier:
    """Order all worthwhile steps of all items by what each buys per money.

    Parameters
    ----------
    curves
        The items' levels.
    allowed
        Rows that each item may use.
    unit_cost
        Money held per unit on hand [currency/unit], above 0.
    unfilled, demand
        The objective, from `measures`.
    """
    money = curves.on_hand * unit_cost[curves.item]
    row = np.flatnonzero(
        (np.arange(len(curves.level)) >= allowed.lowest[curves.item])
        & (np.arange(len(curves.level)) <= allowed.highest[curves.item])
    )
    steps, spent, gained = _hull_steps(row, curves.item[row], money, unfilled)
    # Equal slopes keep the item order, and an item's own steps their own order.
    order = np.argsort(-gained / np.maximum(spent, 1e-280), kind="stable")
    steps, spent, gained = steps[order], spent[order], gained[order]
    held = float(money[allowed.lowest].sum())
    missed = float(unfilled[allowed.lowest].sum())
    whole = max(float(demand.sum()), 1e-280)
    return Frontier(
        base=allowed.lowest,
        item=curves.item[steps],
        row=steps,
        money=held + np.concatenate([[0.0], np.cumsum(spent)]),
        fill=1 - (missed - np.concatenate([[0.0], np.cumsum(gained)])) / whole,
    )


def _hull_steps(
    row: Integers, item: Integers, money: Floats, unfilled: Floats
) -> tuple[Integers, Floats, Floats]:
    """Corner rows of each item's convex hull, with the money and the gain of the step to each.

    Pools neighbouring steps whose gain per money rises, all items at once, until none does:
    the pool-adjacent-violators algorithm, where any rising run ends in one block.
    """
    same = item[1:] == item[:-1]
    corner = row[1:][same]
    spent = np.diff(money[row])[same]
    gained = -np.diff(unfilled[row])[same]
    owner = item[1:][same]
    while len(corner):
        rate = gained / np.maximum(spent, 1e-280)
        rises = (owner[1:] == owner[:-1]) & (rate[1:] > rate[:-1] * (1 + 1e-12) + 1e-280)
        if not rises.any():
            break
        opens = np.concatenate([[True], ~rises])
        first = np.flatnonzero(opens)
        corner = corner[np.append(first[1:], len(corner)) - 1]
        spent, gained = np.add.reduceat(spent, first), np.add.reduceat(gained, first)
        owner = owner[first]
    useful = gained > 0
    return corner[useful], spent[useful], gained[useful]


def _first_row(curves: Curves, holds: NDArray[np.bool_], none: Integers | None = None) -> Integers:
    """First row of each item where the condition holds; the item's last row if nowhere."""
    place = np.where(holds, np.arange(len(holds)), len(holds))
    found = np.minimum.reduceat(place, curves.start[:-1])
    missing = curves.start[1:] - 1 if none is None else none
    return np.where(found < curves.start[1:], found, missing)


def _gap(curves: Curves) -> Floats:
    """Distance between two levels of each item [units]."""
    first = curves.start[:-1]
    return np.asarray(curves.level[first + 1] - curves.level[first])
