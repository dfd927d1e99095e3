"""Excess and obsolete stock: beyond the probable demand of the whole network."""

import numpy as np
import pandas as pd

from forecasting.demand.distribution import NegativeBinomial
from forecasting.stock.curves import Floats
from forecasting.stock.desk import Desk
from forecasting.stock.transfers import excess, obsolete

YEAR_DAYS = 365.0
PROBABLE = 0.95
"""Chance with which the probable demand covers what will be asked for."""


def excess_stock(desk: Desk, idle_days: Floats) -> pd.DataFrame:
    """Stock and open orders beyond a year's probable demand of all sites, dearest first.

    Parameters
    ----------
    desk
        The parts of all sites.
    idle_days
        Days since the last demand of each; inf where there never was any.

    Returns
    -------
    One row per item with a unit or more beyond need. What is open at suppliers counts as excess
    first: it can still be cancelled.
    """
    code, names = pd.factorize(desk.parts["item_id"])
    year = desk.demand.lead_time(round(YEAR_DAYS / desk.period_days))

    def summed(values: Floats) -> Floats:
        return np.asarray(np.bincount(code, values, len(names)), dtype=np.float64)

    on_hand = summed(desk.inventory.on_hand)
    coming = summed(desk.inventory.arrivals.sum(axis=1))
    mean, variance = summed(year.mean), summed(year.variance)
    probable = _probable(mean, variance)
    idle = np.full(len(names), np.inf)
    np.minimum.at(idle, code, idle_days)
    beyond = excess(on_hand, coming, probable)
    dead = obsolete(on_hand, mean, np.minimum(idle, 1e6).astype(np.int64), int(YEAR_DAYS))
    too_much = np.maximum(beyond, dead)
    n_sites = np.bincount(code, minlength=len(names))
    cost = summed(desk.items.unit_cost) / np.maximum(n_sites, 1)
    table = pd.DataFrame(
        {
            "item_id": names,
            "on_hand_qty": on_hand,
            "on_order_qty": coming,
            "year_demand_qty": mean,
            "probable_demand_qty": probable,
            "excess_qty": too_much,
            "excess_on_order_qty": np.minimum(coming, beyond),
            "excess_value": too_much * cost,
            "is_obsolete": dead > 0,
            "idle_days": np.where(np.isfinite(idle), idle, np.nan),
        }
    )
    found = table[table["excess_qty"] >= 1]
    return found.sort_values(["excess_value", "item_id"], ascending=[False, True]).reset_index(
        drop=True
    )


def _probable(mean: Floats, variance: Floats) -> Floats:
    """Amount that covers the demand of all sites with the chance PROBABLE [units]."""
    beyond = variance - mean
    size = np.where(beyond > 1e-9, mean**2 / np.maximum(beyond, 1e-9), np.inf)
    return np.asarray(NegativeBinomial.of(mean, size).quantile([PROBABLE])[:, 0])
