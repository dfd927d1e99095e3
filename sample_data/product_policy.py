"""The product's own stock policy at the planner's desk: what takes over on the go-live date."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.demand.distribution import NegativeBinomial
from forecasting.stock.curves import build_curves
from forecasting.stock.items import Items
from forecasting.stock.ordering import position_within
from forecasting.stock.portfolio import Choice, choose
from sample_data.policies import Policy, ReviewState, in_lots

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MONTH_DAYS = 28
MONTHS = 13
POOL_WEIGHT = 4
BUDGET_SHARE = 0.5
VALUE_SHARE = 0.78
PLAN_EVERY_DAYS = 28
RATIO_LEVELS = np.linspace(0.05, 0.95, 10)


@dataclass(frozen=True)
class WeeklyDemand:
    """Negative binomial demand of a week, the same in every week ahead [units]."""

    mean: Floats
    variance: Floats

    def lead_time(self, periods: int) -> NegativeBinomial:
        """Demand over the next weeks."""
        over = np.maximum(self.variance - self.mean, 1e-3 * self.mean + 1e-9)
        return NegativeBinomial.of(self.mean * periods, self.mean**2 / over * periods)


def weekly_demand(state: ReviewState) -> WeeklyDemand:
    """Mean of the last year and variance of its months of four weeks, restated in weeks.

    The squared coefficient of variation is drawn towards that of all part-sites, more so where
    little was sold: a dozen months say little about the spread of a slow part.
    """
    n = min(MONTHS, state.daily_demand.shape[1] // MONTH_DAYS)
    recent = state.daily_demand[:, -n * MONTH_DAYS :]
    months = recent.reshape(len(recent), n, MONTH_DAYS).sum(axis=2).astype(float)
    mean = np.maximum(months.mean(axis=1), 1 / (4 * n))
    own = months.var(axis=1, ddof=1) / mean**2
    busy = (months > 0).sum(axis=1)
    spread = (busy * own + POOL_WEIGHT * np.median(own)) / (busy + POOL_WEIGHT)
    share = 7 / MONTH_DAYS
    return WeeklyDemand(mean * share, spread * mean**2 * share)


def lead_weights(state: ReviewState) -> Floats:
    """Chance of each lead time in weeks: stated days times what the supplier made of them."""
    stated = state.lead_time_days.astype(float)
    ratios: dict[int, list[float]] = {}
    for part_site, days in enumerate(state.measured_lead_times):
        own = ratios.setdefault(int(state.suppliers[part_site]), [])
        own.extend(day / stated[part_site] for day in days)
    spread = np.ones((len(stated), len(RATIO_LEVELS)))
    for part_site, supplier in enumerate(state.suppliers.tolist()):
        if ratios[supplier]:
            spread[part_site] = np.quantile(ratios[supplier], RATIO_LEVELS)
    weeks = np.ceil(stated[:, None] * spread / 7).astype(np.int64)
    weights = np.zeros((len(stated), int(weeks.max()) + 1))
    rows = np.repeat(np.arange(len(stated)), weeks.shape[1])
    np.add.at(weights, (rows, weeks.ravel()), 1 / weeks.shape[1])
    return weights


def portfolio(state: ReviewState, weights: Floats) -> Items:
    """The part-sites as the stock package takes them, in weeks."""
    n = len(state.on_hand)
    unknown = np.full(n, np.nan)
    weeks = np.rint(weights @ np.arange(weights.shape[1])).astype(np.int64)
    multiple = state.order_multiple.astype(float)
    return Items(
        ids=np.char.add(np.char.add(state.item_ids, "/"), state.site_ids).astype(object),
        unit_cost=state.unit_cost,
        unit_price=state.unit_cost,
        lead_time=weeks,
        review=np.ones(n, dtype=np.int64),
        multiple=multiple,
        lot=np.maximum(multiple, state.moq.astype(float)),
        unit=np.ones(n),
        criticality=np.ones(n),
        holding_rate=unknown,
        shortage_cost=unknown,
        min_level=unknown,
        max_level=unknown,
    )


def best_levels(state: ReviewState, items: Items, weights: Floats, budget: float) -> Floats:
    """Levels that fill most order lines for the budget without giving the dear parts up [units].

    A line of a pump counts as much as one of a washer, so that the count of lines alone leaves the
    dear parts nothing: the plan must keep `VALUE_SHARE` of the value fill that the same budget
    could buy.
    """
    curves = build_curves(weekly_demand(state), items.supply(weights))
    most = choose(curves, items, Choice("value", budget=budget)).fill("value")
    return choose(
        curves, items, Choice("lines", budget=budget, least_value_fill=VALUE_SHARE * most)
    ).level


def product_policy(budget_share: float = BUDGET_SHARE) -> Policy:
    """Levels by marginal analysis over the whole portfolio, planned anew every four weeks.

    The next unit of stock goes where it fills most order lines per money, see `best_levels`.

    Parameters
    ----------
    budget_share
        Mean on-hand value that the plan may expect, as a share of the value of free stock on the
        day of the first plan. What the old rule left over, and what it has on order, takes many
        months to run off and is money as well.

    Returns
    -------
    A policy with memory: it keeps its levels between two plans.
    """
    level, budget = np.zeros(0), 0.0
    items: Items | None = None
    planned_on = 0

    def order(state: ReviewState) -> Ints:
        nonlocal level, budget, items, planned_on
        today = state.today.toordinal()
        if items is None or today - planned_on >= PLAN_EVERY_DAYS:
            weights = lead_weights(state)
            items = portfolio(state, weights)
            budget = budget or budget_share * float(state.on_hand @ state.unit_cost)
            level = best_levels(state, items, weights, budget)
            planned_on = today
        position = position_within(
            state.on_hand.astype(float),
            state.backordered.astype(float),
            state.pipeline.astype(float),
            items.lead_time + items.review,
        )
        is_low = state.is_due & (position <= level - items.lot)
        wanted = np.where(is_low, level - position, 0.0)
        return in_lots(wanted, state.moq, state.order_multiple)

    return order
