"""What if: the same portfolio under another lead time, demand, price, or with a supplier late."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecasting.stock.curves import MOST_LEVELS, Floats
from forecasting.stock.desk import Desk
from forecasting.stock.lead_times import lead_weights
from forecasting.stock.network import by_centre
from forecasting.stock.portfolio import Plan

LEVELS = 64
"""Levels that each part gets at least while scenarios are weighed."""

ROWS = 2_000_000
"""Levels of all parts together that are weighed in a second or two."""


def grid(n_parts: int) -> int:
    """Levels for each part: as many as the run's own plan takes, fewer where parts are many.

    A coarse grid rounds floors up, and what that costs is missing elsewhere.
    """
    return int(np.clip(ROWS // max(n_parts, 1), LEVELS, MOST_LEVELS))


@dataclass(frozen=True)
class Change:
    """What is otherwise than measured.

    Attributes
    ----------
    lead_days
        Every lead time is so many days longer [days].
    demand, price
        Shares by which demand, and what parts cost, are higher; -0.1 is a tenth less.
    supplier_id, supplier_days
        This supplier's lead times are longer by so many days more [days].
    """

    lead_days: float = 0.0
    demand: float = 0.0
    price: float = 0.0
    supplier_id: str = ""
    supplier_days: float = 0.0


def changed(desk: Desk, change: Change) -> Desk:
    """The desk as it would be; stock and open orders stay as they are."""
    items, weights = desk.items, desk.lead_weights
    more = np.full(len(desk), change.lead_days)
    if change.supplier_id:
        more[(desk.parts["supplier_id"] == change.supplier_id).to_numpy()] += change.supplier_days
    parts = desk.parts
    if more.any():
        weights = lead_weights(desk.leads, desk.parts, desk.period_days, more)
        periods = weights @ np.arange(weights.shape[1])
        items = replace(items, lead_time=np.rint(periods).astype(np.int64))
        parts = parts.assign(lead_days=periods * desk.period_days)
    if change.price:
        items = replace(items, unit_cost=items.unit_cost * (1 + change.price))
    demand = desk.demand.scaled(1 + change.demand) if change.demand else desk.demand
    return replace(desk, parts=parts, items=items, demand=demand, lead_weights=weights)


def to_buy(desk: Desk, plan: Plan) -> Floats:
    """What each part lacks up to its level, where its position has reached the reorder point.

    What a site lacks its centre sends: it counts against the centre's position and is not bought.
    """
    position, network = desk.position(), desk.network
    lacks = _lacks(desk, plan, position)
    if network is None:
        return lacks
    lacks = _lacks(desk, plan, position - by_centre(network.parent, lacks))
    return np.where(network.is_supplied, 0.0, lacks)


def _lacks(desk: Desk, plan: Plan, position: Floats) -> Floats:
    """What takes each part from its position to its level, in lots."""
    short = plan.level - position
    is_low = position <= plan.level - plan.curves.lot + 1e-9
    lots = np.ceil(short / desk.items.multiple - 1e-9) * desk.items.multiple
    return np.where(is_low & (short > 0), np.maximum(lots, desk.items.lot), 0.0)


def compared(desk: Desk, plans: tuple[Plan, Plan], bought: tuple[Floats, Floats]) -> pd.DataFrame:
    """One row per part: level, fill and money under both scenarios, the largest change first.

    Parameters
    ----------
    desk
        For the names of the parts.
    plans, bought
        Scenario A and B, and what each buys now [units].
    """
    told: dict[str, Floats] = {}
    for name, plan, units in zip("ab", plans, bought, strict=True):
        table = plan.table()
        told |= {
            f"level_{name}": plan.level,
            f"fill_{name}": table["expected_fill_rate"].to_numpy(),
            f"money_{name}": table["cost"].to_numpy(),
            f"buy_{name}": units,
        }
    named = desk.parts[["item_id", "site_id", "description", "supplier_id"]]
    rows = named.assign(**told, unit_cost=desk.items.unit_cost)
    rows["change_units"] = rows["level_b"] - rows["level_a"]
    rows["change_money"] = rows["money_b"] - rows["money_a"]
    size = rows["change_money"].abs().sort_values(ascending=False, kind="stable")
    return rows.loc[size.index].reset_index(drop=True)


def fill_at(plan: Plan, level: Floats) -> tuple[dict[str, float], float]:
    """Expected fill by units, lines and value, and money, of levels that were not planned.

    Levels between two of the grid count as the lower one.
    """
    curves = plan.curves
    first = curves.start[:-1]
    gap = curves.level[first + 1] - curves.level[first]
    row = first + np.clip(np.floor(level / gap + 1e-9), 0, np.diff(curves.start) - 1).astype(int)
    other = replace(plan, rows=row)
    return {name: other.fill(name) for name in ("units", "lines", "value")}, other.money
