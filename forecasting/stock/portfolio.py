"""Levels for a whole portfolio: to a target or a budget, with floors, limits and lots."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecasting.stock.curves import Curves, DemandModel, Floats, Integers, build_curves
from forecasting.stock.exact import efficient_rows
from forecasting.stock.items import Items
from forecasting.stock.marginal import Bounds, Frontier, bounds, frontier, measures

FEW_ITEMS = 12
"""Up to so many items the choice of levels is enumerated."""

HALVINGS = 8
NEAR = 5e-4
"""Times the weight of value is halved in on, when a least value fill is asked for; nearer above it
than this is near enough."""

PERIODS_PER_YEAR = {"MS": 12, "W": 52, "D": 365}


@dataclass(frozen=True)
class Choice:
    """What the planner asks for.

    Attributes
    ----------
    objective
        units, lines, value or criticality.
    floor
        Least chance of no shortage for each item, in [0, 1).
    target
        Fill of the objective to reach, in (0, 1); None when a budget is given.
    budget
        Mean on-hand value not to exceed [currency]; None when a target is given.
    least_value_fill
        Value fill that a budget spent on another objective must still reach; None for none.
    """

    objective: str = "units"
    floor: float = 0.0
    target: float | None = None
    budget: float | None = None
    least_value_fill: float | None = None


@dataclass(frozen=True)
class Plan:
    """A portfolio planned: its curves, its frontier and the row chosen for each item.

    The frontier is that of the objective alone: a plan that keeps a least value fill lies below.
    """

    items: Items
    curves: Curves
    allowed: Bounds
    frontier: Frontier
    rows: Integers

    @property
    def level(self) -> Floats:
        """Order-up-to level of each item [units]."""
        return self.curves.level[self.rows]

    @property
    def money(self) -> float:
        """Expected mean on-hand value [currency]."""
        return float(self.curves.on_hand[self.rows] @ self.items.unit_cost)

    def fill(self, objective: str) -> float:
        """Expected fill in any objective's measure; NaN without demand."""
        missed, asked = measures(
            self.curves, objective, self.items.unit_price, self.items.criticality
        )
        whole = float(asked.sum())
        return 1 - float(missed[self.rows].sum()) / whole if whole > 0 else float("nan")

    def table(self) -> pd.DataFrame:
        """One row per item, as the `policy` command writes it."""
        curves, rows = self.curves, self.rows
        with np.errstate(divide="ignore", invalid="ignore"):
            fill = np.where(curves.demand > 0, 1 - curves.unfilled[rows] / curves.demand, np.nan)
        on_hand = curves.on_hand[rows]
        return pd.DataFrame(
            {
                "unique_id": self.items.ids,
                "reorder_point": self.level - curves.lot,
                "order_up_to_level": self.level,
                "expected_fill_rate": fill,
                "expected_on_hand": on_hand,
                "cost": on_hand * self.items.unit_cost,
            }
        )


def plan_portfolio(
    model: DemandModel, items: Items, choice: Choice, lead_weights: Floats | None = None
) -> Plan:
    """Choose the levels of all items at once by marginal analysis.

    Parameters
    ----------
    model
        Fitted demand of the items, in their order.
    items
        The portfolio.
    choice
        Objective, floor, and target or budget.
    lead_weights
        Chance of each lead time 0, 1, 2, ... [periods], one row per item, where lead times were
        measured; by default each item's stated lead time is certain.

    Raises
    ------
    ValueError
        The target is out of reach, or the budget is below what floors, limits and lots take.
    """
    return choose(build_curves(model, items.supply(lead_weights)), items, choice)


def choose(curves: Curves, items: Items, choice: Choice, richest: Plan | None = None) -> Plan:
    """The same on curves that are there already: a change of target or floor costs little.

    `richest` is the plan of the same floor and budget for value, where the caller has it: a least
    value fill needs it.
    """
    allowed = bounds(curves, choice.floor, items.min_level, items.max_level)
    own = measures(curves, choice.objective, items.unit_price, items.criticality)
    plan = _chosen(curves, items, choice, allowed, own)
    least = choice.least_value_fill
    if least is None or choice.budget is None or plan.fill("value") >= least:
        return plan
    value = measures(curves, "value", items.unit_price)
    enough = richest or _chosen(curves, items, choice, allowed, value)
    if enough.fill("value") < least:
        raise ValueError(
            f"a value fill of {least:.2%} cannot be had for a budget of {choice.budget:,.2f}; it "
            f"buys {enough.fill('value'):.2%} at most"
        )
    if len(items) > FEW_ITEMS:
        # What weighs both lies between the two, but for a few levels in a thousand.
        pair = np.stack([plan.rows, enough.rows])
        allowed = Bounds(pair.min(axis=0), pair.max(axis=0))
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        tried = _chosen(curves, items, choice, allowed, _blend(own, value, middle))
        if tried.fill("value") >= least:
            enough, high = tried, middle
            if tried.fill("value") < least + NEAR:
                break
        else:
            low = middle
    return replace(enough, allowed=plan.allowed, frontier=plan.frontier)


def _blend(
    own: tuple[Floats, Floats], value: tuple[Floats, Floats], share: float
) -> tuple[Floats, Floats]:
    """What is left unfilled and demanded, with so large a share of value in it."""
    parts = [(1 - share) / max(float(own[1].sum()), 1e-280),
             share / max(float(value[1].sum()), 1e-280)]  # fmt: skip
    unfilled, demand = (parts[0] * own[i] + parts[1] * value[i] for i in (0, 1))
    return unfilled, demand


def _chosen(
    curves: Curves,
    items: Items,
    choice: Choice,
    allowed: Bounds,
    measure: tuple[Floats, Floats],
) -> Plan:
    """Plan for one measure of what is left unfilled."""
    unfilled, demand = measure
    best = frontier(curves, allowed, items.unit_cost, unfilled, demand)
    if choice.budget is not None:
        _check_budget(best, choice.budget)
        steps = best.steps_within(choice.budget)
    else:
        _check_target(best, choice.target or 0.0)
        steps = best.steps_to_fill(choice.target or 0.0)
    rows = best.rows_after(steps)
    if len(items) <= FEW_ITEMS:
        efficient = efficient_rows(curves, allowed, items.unit_cost, unfilled)
        if efficient is not None:
            rows = efficient.cheapest(
                choice.budget, (1 - (choice.target or 0.0)) * float(demand.sum()), rows
            )
    return Plan(items, curves, allowed, best, rows)


def frontier_table(best: Frontier, n_points: int = 200) -> pd.DataFrame:
    """Fill against money at evenly spaced fills: target, money, marginal_cost per point.

    `marginal_cost` is the money that one more percentage point of fill takes there [currency].
    """
    wanted = np.linspace(best.fill[0], best.fill[-1], n_points)
    place = np.minimum(np.searchsorted(best.fill, wanted - 1e-12), len(best.item))
    place = np.unique(place)
    fill, money = best.fill[place], best.money[place]
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.gradient(money, fill) / 100 if len(place) > 1 else np.array([np.nan])
    return pd.DataFrame({"fill_rate": fill, "money": money, "marginal_cost": slope})


def economic_levels(curves: Curves, items: Items, freq: str) -> Floats:
    """Level at which one more unit costs more to hold than it saves; NaN without both costs.

    0 means: do not stock. Holding costs are `holding_rate` x `unit_cost` per unit and year,
    shortages `shortage_cost` per unit not filled at once.
    """
    per_period = items.holding_rate * items.unit_cost / PERIODS_PER_YEAR[freq]
    owner = curves.item
    total = per_period[owner] * curves.on_hand + items.shortage_cost[owner] * curves.unfilled
    known = np.nan_to_num(total, nan=np.inf)
    least = np.minimum.reduceat(known, curves.start[:-1])
    place = np.where(known <= least[owner], np.arange(len(known)), len(known))
    first = np.minimum.reduceat(place, curves.start[:-1])
    return np.where(np.isfinite(least), curves.level[first], np.nan)


def warnings(plan: Plan, choice: Choice, freq: str) -> list[tuple[str, str]]:
    """What a planner should look at again: unique_id ('' for all of them) and a sentence."""
    items, curves = plan.items, plan.curves
    yearly = curves.demand * PERIODS_PER_YEAR[freq]
    found = [
        (
            str(items.ids[i]),
            f"is ordered in lots of {items.lot[i]:g}, {yearly[i]:.3g} are expected in a year",
        )
        for i in np.flatnonzero((items.lot > yearly) & (items.lot > items.unit))
    ]
    held = (items.max_level < np.inf) & (curves.ready[plan.rows] < choice.floor)
    found += [
        (
            str(items.ids[i]),
            f"cannot keep the floor of {choice.floor:g} under its max_level {items.max_level[i]:g}",
        )
        for i in np.flatnonzero(held)
    ]
    if (
        choice.budget is not None
        and len(plan.frontier.item)
        and (plan.frontier.money[-1] <= choice.budget)
    ):
        found.append(
            (
                "",
                f"the budget is beyond need: {plan.money:,.2f} of {choice.budget:,.2f} "
                "already fills all probable demand",
            )
        )
    return found


def _check_target(best: Frontier, target: float) -> None:
    if target > best.fill[-1] + 1e-12:
        raise ValueError(
            f"a fill of {target:.4%} cannot be reached; floors, limits and demand allow at most "
            f"{best.fill[-1]:.4%}"
        )


def _check_budget(best: Frontier, budget: float) -> None:
    if budget < best.money[0] * (1 - 1e-12):
        raise ValueError(
            f"a budget of {budget:,.2f} is below {best.money[0]:,.2f}, the least that the floor, "
            "the limits and the lots of these items hold"
        )
