"""Two echelons: a centre and the sites that it supplies, planned together.

A site's lead time is the transport from its centre and the wait for the centre's own stock, as in
METRIC (Sherbrooke 1968, 2004); here the wait is a distribution and not its mean alone. A unit asked
of the centre waits longer than t exactly where the demand of the lead time less t has used up the
level that was ordered to (Higa, Feyerherm and Machado 1975), so backorders at two horizons tell the
share. Its mean is the centre's expected backorders over its demand, by Little's law.

What the centre keeps is chosen by what it does for customers: each level of protection gives the
sites their lead times, marginal analysis spends what money is left, and the best of them is kept.
"""

from dataclasses import replace

import numpy as np

from forecasting.stock.curves import MOST_LEVELS, Curves, Floats, Integers, Supply
from forecasting.stock.desk import Desk, SummedDemand
from forecasting.stock.items import LONGEST_LEAD_TIME
from forecasting.stock.lead_times import GRAIN
from forecasting.stock.marginal import measures
from forecasting.stock.network import Network, by_centre
from forecasting.stock.portfolio import Plan
from forecasting.stock.wishes import Granted, Wish, grant

COVERS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98)
"""Protections of a centre that are tried; with 0 it keeps nothing and passes on what comes."""

MOST_POSITIONS = 12
"""Positions between two lots of the centre at which the wait is worked out."""

NEAR = 0.02
"""The worth of money is read off the frontier between so much less and so much more of it."""


def planned(desk: Desk, wish: Wish, money: float, most_levels: int = MOST_LEVELS) -> Desk:
    """The desk with the level of every centre chosen and the lead times that follow from it.

    Every centre gets the protection that leaves least unfilled at the customers' sites, weighed
    against the money that it holds; where that mixture is no better than one protection for all,
    the best of these stands. A desk without centres is returned as it is.

    Parameters
    ----------
    desk
        The portfolio as `open_desk` made it.
    wish, money
        What the client asks of its stock, and the value of the stock of today [currency].
    most_levels
        Levels of each part that are weighed, at most.
    """
    network = desk.network
    if network is None:
        return desk
    tried = [supplied(desk, np.full(len(desk), cover)) for cover in COVERS]
    plans = [grant(one.curves(most_levels), one.items, wish, money) for one in tried]
    best = max(range(len(COVERS)), key=lambda k: _worth(plans[k], wish))
    worth = _worth_of_money(plans[best].plan, plans[best].choice.objective)
    family = np.where(network.is_supplied, network.parent, np.arange(len(desk)))
    left = np.stack([_left(one, family, worth) for one in plans])
    mixed = supplied(desk, np.asarray(COVERS)[left.argmin(axis=0)][family])
    granted = grant(mixed.curves(most_levels), mixed.items, wish, money)
    return mixed if _worth(granted, wish) > _worth(plans[best], wish) else tried[best]


def supplied(desk: Desk, cover: Floats) -> Desk:
    """The desk with the centres' levels set, and their sites supplied from them.

    Parameters
    ----------
    desk
        The portfolio as `open_desk` made it, with a network.
    cover
        Chance that the level of a centre covers the demand of its lead time and review; one per
        part, read at the centres.
    """
    network = desk.network
    assert network is not None
    rows, sites = network.centres, np.flatnonzero(network.is_supplied)
    total = _total(desk.demand, network)
    level = _levels(desk, total.take(rows), rows, cover[rows])
    weights = _lead_weights(desk, total.take(rows), rows, level)
    items = desk.items
    low, high, lot = items.min_level.copy(), items.max_level.copy(), items.lot.copy()
    low[rows] = high[rows] = level
    # A supplier's smallest order is none of the centre's.
    lot[sites] = items.multiple[sites]
    periods = weights @ np.arange(weights.shape[1])
    known = np.full(len(desk), np.nan)
    known[rows] = cover[rows]
    return replace(
        desk,
        parts=desk.parts.assign(lead_days=periods * desk.period_days),
        items=replace(
            items, lot=lot, min_level=low, max_level=high,
            lead_time=np.rint(periods).astype(np.int64),
        ),
        demand=total,
        lead_weights=weights,
        network=replace(
            network,
            own_units=_share(desk.demand.mean[:, 0], total.mean[:, 0]),
            own_lines=_share(_busy(desk.demand), _busy(total)),
            cover=known,
        ),
    )  # fmt: skip


def waits(demand: SummedDemand, supply: Supply, level: Floats) -> Floats:
    """Chance that a unit asked of a centre is sent 0, 1, 2, ... periods after it was asked for.

    Parameters
    ----------
    demand
        What is asked of each centre.
    supply
        How each centre itself is replenished; all are reviewed in the rhythm of the slowest.
    level
        Order-up-to level of each, not below its lot less a unit [units].
    """
    n_leads, review = supply.lead_weights.shape[1], int(supply.review.max())
    positions = level[:, None] - _positions(supply.lot, supply.unit)
    longest = n_leads + review - 1
    missed = np.zeros((longest, len(level)))
    short, mean = np.zeros(positions.shape), np.zeros(len(level))
    for periods in range(1, longest):
        one = demand.lead_time(periods)
        later, asked = one.expected_shortage(positions), one.mean
        more = np.maximum(later - short, 0.0).mean(axis=1)
        missed[periods] = np.clip(more / np.maximum(asked - mean, 1e-12), 0.0, 1.0)
        short, mean = later, asked
    longer = np.zeros((len(level), longest))
    for lead in range(n_leads):
        for phase in range(review):
            reach = lead + phase
            waiting = missed[reach::-1][: reach + 1].T
            longer[:, : reach + 1] += supply.lead_weights[:, [lead]] / review * waiting
    sent = 1.0 - np.minimum.accumulate(longer, axis=1)
    return np.diff(sent, axis=1, prepend=0.0)


def _positions(lot: Floats, unit: Floats) -> Floats:
    """How far the position lies below the level between two lots, evenly over the lot."""
    n = int(np.clip(np.max(lot / unit, initial=1.0), 1, MOST_POSITIONS))
    return (lot - unit)[:, None] * (np.arange(n) / max(n - 1, 1))[None, :]


def _total(demand: SummedDemand, network: Network) -> SummedDemand:
    """Demand with that of its sites added at each centre, as if sites were independent."""
    step = demand.step.copy()
    sites = np.flatnonzero(network.is_supplied)
    np.minimum.at(step, network.parent[sites], demand.step[sites])
    return SummedDemand(
        demand.mean + by_centre(network.parent, demand.mean),
        demand.variance + by_centre(network.parent, demand.variance),
        step,
    )


def _levels(desk: Desk, total: SummedDemand, rows: Integers, cover: Floats) -> Floats:
    """Order-up-to levels of the centres, within the limits set by people."""
    items = desk.items
    review = int(items.review[rows].max())
    # What sites ask for at the start of a period is served before its end.
    over = total.over(desk.lead_weights[rows], review).lead_time(review)
    known = np.unique(cover[cover > 0])
    level = np.zeros(len(rows))
    if len(known):
        amounts = over.quantile(known)
        level = np.where(cover > 0, amounts[np.arange(len(rows)), np.searchsorted(known, cover)
                                            .clip(max=len(known) - 1)], 0.0)  # fmt: skip
    unit = items.unit[rows]
    level = np.maximum(np.ceil(level / unit - 1e-9) * unit, items.lot[rows] - unit)
    return np.fmin(np.fmax(level, items.min_level[rows]), items.max_level[rows])


def _lead_weights(desk: Desk, total: SummedDemand, rows: Integers, level: Floats) -> Floats:
    """Chances of the lead times: those of the sites are transport and the wait at their centre."""
    network, items = desk.network, desk.items
    assert network is not None
    wait = waits(
        total,
        Supply(desk.lead_weights[rows], items.review[rows], items.lot[rows], items.unit[rows]),
        level,
    )
    sent = np.rint(np.cumsum(wait, axis=1) * GRAIN) / GRAIN
    sent[:, -1] = 1.0
    chance = np.diff(sent, axis=1, prepend=0.0)
    longest = int(network.transport.max()) + chance.shape[1]
    width = min(max(desk.lead_weights.shape[1], longest), LONGEST_LEAD_TIME + 1)
    weights = np.zeros((len(desk), width))
    weights[:, : desk.lead_weights.shape[1]] = desk.lead_weights
    sites = np.flatnonzero(network.is_supplied)
    weights[sites] = 0.0
    place = np.searchsorted(rows, network.parent[sites])
    for late in range(chance.shape[1]):
        arrives = np.minimum(network.transport[sites] + late, width - 1)
        weights[sites, arrives] += chance[place, late]
    used = np.flatnonzero((weights > 0).any(axis=0))
    return weights[:, : int(used[-1]) + 1]


def _share(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), 0.0)


def _busy(demand: SummedDemand) -> Floats:
    """Chance of a period with demand."""
    return np.asarray(1.0 - demand.lead_time(1).cdf(np.zeros(len(demand.step))))


def _worth(granted: Granted, wish: Wish) -> tuple[float, float]:
    """Fill first, as far as it is asked for, then money left over."""
    fill = granted.plan.fill(granted.choice.objective)
    if wish.target is not None:
        return min(fill, wish.target), -granted.plan.money
    return fill, -granted.plan.money


def _measured(curves: Curves, plan: Plan, objective: str) -> Floats:
    """What each part leaves unfilled at its level, in the objective's measure."""
    unfilled, _ = measures(curves, objective, plan.items.unit_price, plan.items.criticality)
    return np.asarray(unfilled[plan.rows])


def _left(granted: Granted, family: Integers, worth: float) -> Floats:
    """What each centre and its sites leave unfilled, and the money they hold at its worth."""
    plan = granted.plan
    missed = _measured(plan.curves, plan, granted.choice.objective)
    held = plan.curves.on_hand[plan.rows] * plan.items.unit_cost
    return np.bincount(family, missed + worth * held, len(family)).astype(float)


def _worth_of_money(plan: Plan, objective: str) -> float:
    """What a unit of money fills at the end of a plan, in the objective's measure."""
    best = plan.frontier
    low, high = (1 - NEAR) * plan.money, (1 + NEAR) * plan.money
    fill = np.interp([low, high], best.money, best.fill)
    _, asked = measures(plan.curves, objective, plan.items.unit_price, plan.items.criticality)
    return float((fill[1] - fill[0]) * asked.sum() / max(high - low, 1e-12))
