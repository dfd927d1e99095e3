"""How far to trust the newsvendor: the chance to cover demand with, tuned on the items' own past.

The critical ratio is best when forecasts are right on average and levels hardly move. Those that
wander raise a level one week and leave the stock over the next; playing the last half year again
shows how much lower a chance would have cost least.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from forecasting.demand.distribution import Demand
from forecasting.demand.panel import Panel
from forecasting.stock.curves import Floats
from forecasting.stock.items import Items
from forecasting.stock.ordering import Costs, PeriodModel, orders_for
from forecasting.stock.states import State

FACTORS = (1.0, 0.95, 0.9, 0.85)
"""Shares of the critical ratio that are tried."""

PLAYED = {"MS": 12, "W": 26, "D": 56}
N_TRIED = 400

REFIT = 4
"""Periods that one fit serves in the replay of the past; today's orders have a fit of their own."""

Planner = Callable[[Panel, int], PeriodModel]
"""Fits a demand model to a panel for so many periods ahead."""


@dataclass(frozen=True)
class _Later:
    """A fitted model seen from some periods after its fit."""

    model: PeriodModel
    since: int

    def period(self, ahead: int) -> Demand:
        return self.model.period(ahead + self.since)


def tuned_costs(
    panel: Panel, items: Items, costs: Costs, fit: Planner, *, lost_sales: bool, seed: int = 0
) -> Costs:
    """Costs whose critical ratio would have been cheapest at the costs given.

    Parameters
    ----------
    panel, items
        Demand so far of the portfolio; some of a large one are played.
    costs
        What a unit left over and a unit short really cost.
    fit
        Fits the demand model that also serves today's orders.
    lost_sales
        Demand that finds no stock is lost; else it waits.
    seed
        Of the drawn futures.

    Returns
    -------
    The costs themselves where the past is too short to tell.
    """
    n_played = PLAYED[panel.freq]
    first = panel.n_periods - n_played
    if first < n_played:
        return costs
    rows = np.linspace(0, len(panel) - 1, min(len(panel), N_TRIED)).astype(np.intp)
    some, chosen = panel.take(rows), items.take(rows)
    horizon = int((chosen.lead_time + chosen.review).max()) + REFIT - 1
    fits = [fit(some.until(first + k), horizon) for k in range(0, n_played, REFIT)]
    models: list[PeriodModel] = [_Later(fits[k // REFIT], k % REFIT) for k in range(n_played)]
    tried = [_less_cautious(costs, factor) for factor in FACTORS]
    spent = [
        cost_of(
            some.y[:, first:],
            chosen,
            models,
            order_by=one,
            charge=costs,
            lost_sales=lost_sales,
            seed=seed,
        )
        for one in tried
    ]
    return tried[int(np.argmin(spent))]


def cost_of(
    demand: Floats,
    items: Items,
    models: list[PeriodModel],
    *,
    order_by: Costs,
    charge: Costs,
    lost_sales: bool,
    seed: int = 0,
) -> float:
    """Holding and shortage over the periods of `demand`, ordering in each from its model.

    Stock starts with the mean demand over lead time and a period, nothing on order. Periods of
    unknown demand (NaN) cost nothing.
    """
    n_items, n_periods = demand.shape
    lead = items.lead_time
    coming = np.zeros((n_items, int(lead.max(initial=0)) + 1))
    stock = np.rint(models[0].period(1).mean * (lead + 1))
    total, every = 0.0, np.arange(n_items)
    for t in range(n_periods):
        state = State(stock, coming[:, :-1])
        coming[every, lead] += orders_for(
            models[t], items, state, order_by, lost_sales=lost_sales, seed=seed + t
        )
        stock = stock + coming[:, 0]
        coming = np.concatenate([coming[:, 1:], np.zeros((n_items, 1))], axis=1)
        asked = np.nan_to_num(demand[:, t])
        left = stock - asked
        known = np.isfinite(demand[:, t])
        missed = np.minimum(asked, np.maximum(-left, 0.0))
        total += charge.shortage * float(missed[known].sum())
        total += charge.holding * float(np.maximum(left, 0.0)[known].sum())
        stock = np.maximum(left, 0.0) if lost_sales else left
    return total


def _less_cautious(costs: Costs, factor: float) -> Costs:
    ratio = factor * costs.critical_ratio
    return replace(costs, holding=1 - ratio, shortage=ratio)
