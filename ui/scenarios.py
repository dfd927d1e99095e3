"""What if, worked out: a scenario of the planner, its plan, and the marks to compare it with."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import streamlit as st

from forecasting.stock.curves import Curves, Floats
from forecasting.stock.desk import Desk
from forecasting.stock.portfolio import Plan, frontier_table
from forecasting.stock.scenarios import Change, changed, fill_at, grid, to_buy
from forecasting.stock.wishes import Wish, grant, held_value
from ui import planning, queries

MONTHS = np.concatenate([np.arange(0.5, 6.0, 0.5), np.arange(6.0, 19.0)])
"""Months of cover that the old rule is drawn for."""


@dataclass(frozen=True)
class Scenario:
    """What a planner asks: a wish for the stock under changed conditions."""

    wish: Wish
    change: Change


@dataclass(frozen=True)
class Answer:
    """What a scenario comes to.

    Attributes
    ----------
    desk
        The portfolio under its conditions.
    plan
        Levels.
    notes
        Where the wish had to give way.
    bought
        What each part would be ordered now [units].
    today
        Expected fill by units, lines and value of the inventory positions as they stand.
    """

    desk: Desk
    plan: Plan
    notes: tuple[str, ...]
    bought: Floats
    today: dict[str, float]

    @property
    def cost_to_buy(self) -> float:
        """Money that the orders of now take [currency]."""
        return float(self.bought @ self.desk.items.unit_cost)


@st.cache_resource(max_entries=12, show_spinner="Weighing every level of every part")
def _curves(build_id: str, change: Change) -> tuple[Desk, Curves]:
    """Curves do not depend on prices: a change of price costs nothing.

    What centres keep is chosen under the client's own wish, once for all wishes.
    """
    known = planning.desk()
    most = grid(len(known))
    other = planning.with_centres(changed(known, change), most)
    return other, other.curves(most)


@st.cache_resource(max_entries=24, show_spinner="Choosing levels for all parts")
def _answer(build_id: str, scenario: Scenario, budget: float) -> Answer:
    known, curves = _curves(build_id, replace(scenario.change, price=0.0))
    other = changed(known, Change(price=scenario.change.price))
    granted = grant(curves, other.items, scenario.wish, budget)
    fill, _ = fill_at(granted.plan, np.maximum(_position(other), 0.0))
    return Answer(other, granted.plan, granted.notes, to_buy(other, granted.plan), fill)


def answer(scenario: Scenario) -> Answer:
    """Plan a scenario; the same scenario on the same build is answered from memory.

    Raises
    ------
    ValueError
        The wish cannot be had at all: the message says why.
    """
    return _answer(queries.needed().build_id, scenario, planning.stock_value())


def _position(known: Desk) -> Floats:
    """All that is there and comes, whenever: what the level of today amounts to."""
    stock = known.inventory
    free = stock.on_hand - stock.reserved - stock.backordered
    return np.asarray(free + stock.arrivals.sum(axis=1))


def frontier(found: Answer) -> pd.DataFrame:
    """Fill against money along the frontier of a scenario."""
    return frontier_table(found.plan.frontier)


def old_rule(found: Answer, objective: str) -> pd.DataFrame:
    """Fill and money that months of cover are expected to give, under the same conditions.

    Levels are so many months of the mean demand of the last year, in whole units, the same number
    for every part.
    """
    past = queries.ask("plan_past_demand").set_index(["item_id", "site_id"])["qty"]
    keys = pd.MultiIndex.from_frame(found.desk.parts[["item_id", "site_id"]])
    monthly = past.reindex(keys).fillna(0.0).to_numpy() / 12
    rows = []
    for months in MONTHS:
        level = np.maximum(np.rint(monthly * months), 1.0)
        fill, money = fill_at(found.plan, level)
        rows.append((months, money, _of(fill, objective)))
    return pd.DataFrame(rows, columns=["months", "money", "fill_rate"])


def today(found: Answer, objective: str) -> tuple[float, float]:
    """Money on the shelves and expected fill of the positions as they stand."""
    return held_value(found.desk.inventory.on_hand, found.desk.items.unit_cost), _of(
        found.today, objective
    )


def _of(fill: dict[str, float], objective: str) -> float:
    """Fill in the objective's measure; of criticality units stand in for it."""
    return fill.get(objective, fill["units"])
