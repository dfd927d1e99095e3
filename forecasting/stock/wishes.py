"""The client's wish for its stock as a plan that can be had: floors and money made to meet."""

from dataclasses import dataclass, replace

import numpy as np

from forecasting.stock.curves import Curves, Floats
from forecasting.stock.items import Items
from forecasting.stock.marginal import bounds, frontier, measures
from forecasting.stock.portfolio import Choice, Plan, choose

FLOOR_STEP = 0.05
"""A floor that costs more than the budget is lowered by so much at a time."""


@dataclass(frozen=True)
class Wish:
    """What the client asks of its stock.

    Attributes
    ----------
    objective
        units, lines, value or criticality.
    budget, target
        Mean on-hand value not to exceed [currency], or fill to reach; with neither, the budget is
        what the stock of today is worth.
    floor
        Least chance of no shortage of each part at each site.
    value_share
        Share that the value fill must keep of the most that the same budget could buy.
    """

    objective: str = "lines"
    budget: float | None = None
    target: float | None = None
    floor: float = 0.0
    value_share: float = 0.0


@dataclass(frozen=True)
class Granted:
    """A plan, the choice it follows, and sentences on what of the wish could not be had."""

    plan: Plan
    choice: Choice
    notes: tuple[str, ...]


def grant(curves: Curves, items: Items, wish: Wish, stock_value: float) -> Granted:
    """Plan what comes nearest to the wish, and say where it had to give way.

    Parameters
    ----------
    curves, items
        The portfolio.
    wish
        Objective, money or target, floor.
    stock_value
        Value of today's stock of these items: the budget where the wish names neither a budget
        nor a target [currency].
    """
    if wish.target is not None:
        return _to_target(curves, items, wish, wish.target)
    notes = []
    budget = stock_value if wish.budget is None else wish.budget
    floor = _affordable(curves, items, wish.floor, budget)
    if floor < wish.floor:
        notes.append(
            f"the floor of {wish.floor:.2f} takes {_least(curves, items, wish.floor):,.0f}, the "
            f"budget is {budget:,.0f}: planned with a floor of {floor:.2f}"
        )
    least = _least(curves, items, floor)
    if budget < least:
        notes.append(f"limits and lots alone take {least:,.0f}, the budget is {budget:,.0f}")
        budget = least
    choice, richest = Choice(wish.objective, floor, budget=budget), None
    if wish.value_share > 0 and wish.objective != "value":
        richest = choose(curves, items, Choice("value", floor, budget=budget))
        most = richest.fill("value")
        if np.isfinite(most):
            choice = replace(choice, least_value_fill=wish.value_share * most)
    return Granted(choose(curves, items, choice, richest), choice, tuple(notes))


def _to_target(curves: Curves, items: Items, wish: Wish, target: float) -> Granted:
    """Reach a fill, or the most that limits and lots allow."""
    allowed = bounds(curves, wish.floor, items.min_level, items.max_level)
    measure = measures(curves, wish.objective, items.unit_price, items.criticality)
    best = float(frontier(curves, allowed, items.unit_cost, *measure).fill[-1])
    notes: tuple[str, ...] = ()
    if target > best:
        notes = (f"a fill of {target:.1%} is out of reach: limits and lots allow {best:.1%}",)
    choice = Choice(wish.objective, wish.floor, target=min(target, best))
    return Granted(choose(curves, items, choice), choice, notes)


def _affordable(curves: Curves, items: Items, floor: float, budget: float) -> float:
    """The highest floor, in steps down from the wish, that the budget pays for; 0 if none does."""
    steps = np.arange(int(np.ceil(floor / FLOOR_STEP - 1e-9)) + 1)
    for lowered in np.maximum(floor - steps * FLOOR_STEP, 0.0):
        if _least(curves, items, float(lowered)) <= budget:
            return float(lowered)
    return 0.0


def _least(curves: Curves, items: Items, floor: float) -> float:
    """Money that a floor, limits and lots take whatever is optimised [currency]."""
    rows = bounds(curves, floor, items.min_level, items.max_level).lowest
    return float(curves.on_hand[rows] @ items.unit_cost)


def reasons(granted: Granted) -> list[str]:
    """What each part's level follows from: a limit, the floor, its lot, or what money buys."""
    plan, choice = granted.plan, granted.choice
    items, curves, rows = plan.items, plan.curves, plan.rows
    low, high = plan.allowed.lowest, plan.allowed.highest
    lot_only = bounds(curves, 0.0).lowest
    free = bounds(curves, choice.floor).lowest
    said = [f"most {choice.objective} per money"] * len(items)
    for i in np.flatnonzero(rows == low):
        if items.min_level[i] > 0 and rows[i] > free[i]:
            said[i] = f"minimum {items.min_level[i]:g} set by people"
        elif rows[i] > lot_only[i] and choice.floor > 0:
            said[i] = f"floor {choice.floor:.2f}"
        elif curves.lot[i] > items.unit[i]:
            said[i] = f"the smallest lot, {curves.lot[i]:g}"
    for i in np.flatnonzero((rows == high) & np.isfinite(items.max_level)):
        said[i] = f"maximum {items.max_level[i]:g} set by people"
    return said


def held_value(on_hand: Floats, unit_cost: Floats) -> float:
    """Value of what is on the shelves [currency]; stock below 0 is worth nothing."""
    return float(np.maximum(on_hand, 0.0) @ unit_cost)
