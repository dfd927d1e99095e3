"""What a planner sees at a review, and the rule of thumb that was there before the product."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ReviewState:
    """State of all part-sites when some of them are reviewed.

    Attributes
    ----------
    today
        Day of the review, at the close of business.
    item_ids, site_ids, suppliers
        Item, site and supplier (its number) of each part-site, in the order of all arrays.
    is_due
        Part-sites whose turn it is; orders of the others are ignored.
    on_hand, on_order, backordered
        Free stock, quantity open at suppliers, quantity customers wait for [units].
    pipeline
        `pipeline[p, k]`: quantity of part-site p that planners believe arrives within k weeks and
        not before; the last column holds all that is later [units].
    daily_demand
        Ordered quantity per part-site and day up to and including today [units/day].
    unit_cost, lead_time_days, moq, order_multiple
        As in the items feed [EUR/unit, days, units, units].
    measured_lead_times
        Per part-site the days that its last finished orders really took [days].
    """

    today: date
    item_ids: NDArray[np.str_]
    site_ids: NDArray[np.str_]
    suppliers: Ints
    is_due: NDArray[np.bool_]
    on_hand: Ints
    on_order: Ints
    backordered: Ints
    pipeline: Ints
    daily_demand: Ints
    unit_cost: Floats
    lead_time_days: Ints
    moq: Ints
    order_multiple: Ints
    measured_lead_times: list[list[int]]


Policy = Callable[[ReviewState], Ints]
"""A policy returns the quantity to order per part-site [units]; it may be a closure with memory."""


def in_lots(wanted: Floats | Ints, moq: Ints, multiple: Ints) -> Ints:
    """Order quantities raised to the lot: 0 stays 0, else at least `moq`, in full multiples."""
    lots: Ints = (np.ceil(np.maximum(wanted, moq) / multiple) * multiple).astype(np.int64)
    return np.where(np.asarray(wanted) > 0, lots, 0)


def months_of_cover(months: float) -> Policy:
    """Order up to so many months of the mean demand of the last year, the same for every part.

    The spreadsheet rule: it knows neither how long a supplier takes nor what a part costs.

    Examples
    --------
    A part that sold 120 in the last year, 8 on hand and 10 on order, at 3 months of cover:
    30 - 18 = 12 are ordered.
    """

    def order(state: ReviewState) -> Ints:
        year = state.daily_demand[:, -365:]
        monthly = year.sum(axis=1) / max(year.shape[1], 1) * 30.4
        level = np.maximum(1, np.rint(monthly * months))
        position = state.on_hand + state.on_order - state.backordered
        wanted = np.where(state.is_due, np.maximum(0, level - position), 0)
        return in_lots(wanted, state.moq, state.order_multiple)

    return order
