"""How much to order now when a unit short and a unit left over have a price.

What is on hand and on order is played forward through the periods before today's order can
arrive; the order is then the smallest that covers the demand of the periods it must serve with
the probability shortage / (shortage + holding), the newsvendor's critical ratio: what is left
over can be sold later and costs only its holding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from forecasting.demand.distribution import Demand
from forecasting.stock.curves import Floats, Integers
from forecasting.stock.items import Items
from forecasting.stock.states import State

N_DRAWS = 400
"""Draws of demand per item: the critical quantile is then known within about two per cent."""


@dataclass(frozen=True)
class Costs:
    """Cost per unit on hand at a period's end, and per unit of demand missed [currency]."""

    holding: float
    shortage: float

    @property
    def critical_ratio(self) -> float:
        """Chance with which an order should cover demand."""
        return self.shortage / (self.shortage + self.holding)


class PeriodModel(Protocol):
    """A fitted forecast: the demand of all items in each period ahead."""

    def period(self, ahead: int) -> Demand:
        """Distribution of the demand of the `ahead`-th period from now, one series per item."""


def orders_for(
    model: PeriodModel,
    items: Items,
    state: State,
    costs: Costs,
    *,
    lost_sales: bool = True,
    seed: int = 0,
) -> Floats:
    """Quantity to order now for each item, in what its supplier takes; NaN where not known.

    Parameters
    ----------
    model
        Fitted demand of the items, in their order.
    items, state
        The portfolio and its stock.
    costs
        Holding and shortage costs.
    lost_sales
        Demand that finds no stock is lost; else it waits.
    seed
        The same seed gives the same orders.
    """
    quantity = np.full(len(items), np.nan)
    known = np.isfinite(state.on_hand)
    timings = np.unique(np.stack([items.lead_time, items.review], axis=1), axis=0)
    for lead, review in timings.tolist():
        rows = np.flatnonzero(known & (items.lead_time == lead) & (items.review == review))
        wanted = order_quantities(
            [model.period(k + 1).take(rows) for k in range(lead + review)],
            State(state.on_hand[rows], state.on_order[rows, :lead]),
            costs,
            unit=items.unit[rows],
            lost_sales=lost_sales,
            seed=seed,
        )
        quantity[rows] = in_lots(wanted, items.lot[rows], items.multiple[rows])
    return quantity


def order_quantities(
    ahead: Sequence[Demand],
    state: State,
    costs: Costs,
    *,
    unit: Floats,
    lost_sales: bool = True,
    seed: int = 0,
) -> Floats:
    """Quantity to order now for each item [units].

    Parameters
    ----------
    ahead
        Demand of each period ahead: one for every column of `state.on_order`, then those that
        today's order must serve (one, when orders are placed in every period).
    state
        Stock and open orders.
    costs
        Holding and shortage costs.
    unit
        Orders are multiples of this [units].
    lost_sales
        Demand that finds no stock is lost; else it waits and is served first.
    seed
        The same seed gives the same orders.
    """
    covered = state.on_order.shape[1]
    stock = np.repeat(state.on_hand[:, None], N_DRAWS, axis=1)
    if lost_sales:
        stock = np.maximum(stock, 0.0)
    for k in range(covered):
        stock = stock + state.on_order[:, k, None] - ahead[k].sample(N_DRAWS, seed + k)
        if lost_sales:
            stock = np.maximum(stock, 0.0)
    need = -stock
    for k in range(covered, len(ahead)):
        need = need + ahead[k].sample(N_DRAWS, seed + k)
    wanted = np.quantile(need, costs.critical_ratio, axis=1, method="inverted_cdf")
    return np.asarray(np.ceil(np.maximum(wanted, 0.0) / unit - 1e-9) * unit)


def in_lots(wanted: Floats, moq: Floats, multiple: Floats) -> Floats:
    """Quantities raised to what the supplier takes: 0 stays 0, else whole multiples >= the MOQ."""
    whole = np.ceil(np.maximum(wanted, moq) / multiple - 1e-9) * multiple
    return np.where(wanted > 0, whole, 0.0)


def position_within(
    on_hand: Floats, backordered: Floats, arrivals: Floats, within: Integers
) -> Floats:
    """Inventory position that counts only what arrives within the lead time [units].

    Parameters
    ----------
    on_hand, backordered
        Stock and what customers wait for [units].
    arrivals
        Items by periods: open orders by the period in which they arrive [units]; the last column
        may hold all that is later.
    within
        Periods of arrival that count, from the first: lead time plus review, since an order that
        comes later than one placed now cannot serve the same demand.
    """
    column = np.arange(arrivals.shape[1])[None, :]
    counted = np.where(column < within[:, None], arrivals, 0.0).sum(axis=1)
    return np.asarray(on_hand - backordered + counted)
