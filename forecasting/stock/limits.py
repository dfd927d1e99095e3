"""Levels that time limits: goods that expire, parts that can be bought one last time."""

import numpy as np

from forecasting.demand.distribution import Demand
from forecasting.stock.curves import Floats


def shelf_life_limit(demand_in_life: Demand, waste_risk: float = 0.1) -> Floats:
    """Highest level whose last unit is used before it expires, but for a risk [units].

    First in, first out: a unit that joins a position of S is used once S units are demanded, so
    it expires if demand over its life is below S.

    Parameters
    ----------
    demand_in_life
        Demand over the periods from ordering to expiry.
    waste_risk
        Accepted chance that the last unit expires, in [0, 1).
    """
    return np.asarray(demand_in_life.quantile([waste_risk])[:, 0])


def last_time_buy(
    remaining_demand: Demand,
    position: Floats,
    unit_cost: Floats,
    shortage_cost: Floats,
    left_over_cost: Floats,
) -> Floats:
    """Quantity of the last order before a part is gone for good [units].

    The newsvendor's quantity: it covers the remaining demand with the chance
    (shortage - unit cost) / (shortage + left-over cost), less what is there or comes already.

    Parameters
    ----------
    remaining_demand
        Demand from now to the end of service.
    position
        On hand and on order, less backorders [units].
    unit_cost
        Price of a unit now [currency].
    shortage_cost
        Cost of a unit that is needed and not there, for instance of a redesign, a broker's price
        or a machine scrapped [currency].
    left_over_cost
        Holding and scrapping of a unit never needed, less what it still sells for [currency].
    """
    ratio = (shortage_cost - unit_cost) / (shortage_cost + left_over_cost)
    wanted = np.zeros(len(position))
    for level in np.unique(ratio[ratio > 0]):
        rows = np.flatnonzero(ratio == level)
        chance = [min(float(level), 1 - 1e-9)]
        wanted[rows] = remaining_demand.take(rows).quantile(chance)[:, 0]
    return np.maximum(np.ceil(wanted - position - 1e-9), 0.0)
