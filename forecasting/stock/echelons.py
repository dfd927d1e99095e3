"""Two echelons: a central warehouse and the sites it supplies (METRIC; Sherbrooke 1968, 2004).

A site's lead time is the transport from the centre plus the wait for the centre's own stock. The
mean of what is in that pipeline follows from the centre's expected backorders, its variance from
their variance (VARI-METRIC; Graves 1985), and a negative binomial with both stands for it.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from forecasting.stock.backorders import negative_binomial_backorders, negative_binomial_parameters
from forecasting.stock.curves import Floats, Integers


@dataclass(frozen=True)
class Network:
    """Items by sites; demand is stationary.

    Attributes
    ----------
    demand
        Mean demand of each item at each site, items by sites [units/period].
    dispersion
        Variance of demand over its mean, one per item; 1 is Poisson.
    transport
        Periods from the centre to each site, items by sites.
    resupply
        Periods from the supplier to the centre, one per item.
    unit_cost
        One per item [currency/unit].
    """

    demand: Floats
    dispersion: Floats
    transport: Floats
    resupply: Floats
    unit_cost: Floats


@dataclass(frozen=True)
class Stocking:
    """Levels of all items, and what they leave unfilled.

    Attributes
    ----------
    centre
        Level of each item at the centre [units].
    sites
        Level of each item at each site, items by sites [units].
    backorders
        Expected backorders at the sites, items by sites [units].
    fill
        Share of units filled at once at each site; NaN without demand.
    money
        Value of all levels, which is what is on hand or on its way [currency].
    """

    centre: Integers
    sites: Integers
    backorders: Floats
    fill: Floats
    money: float


def centre_backorders(network: Network, level: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of the centre's backorders at one level per item [units].

    E[B^2] sums (2 k - 1) P(B >= k), which is E[B] plus twice the sum of the backorders at the
    levels above.
    """
    mean = network.demand.sum(axis=1) * network.resupply
    variance = mean * network.dispersion
    level = np.asarray(level, dtype=float)
    reach = int(np.ceil((mean + 8 * np.sqrt(variance)).max(initial=0.0))) + 2
    above = level[:, None] + np.arange(reach)[None, :]
    loss = negative_binomial_backorders(mean[:, None], variance[:, None], above)
    second = loss[:, 0] + 2 * loss[:, 1:].sum(axis=1)
    return loss[:, 0], np.maximum(second - loss[:, 0] ** 2, 0.0)


def site_pipelines(network: Network, centre_level: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of what is owed to each site, items by sites [units].

    A site's part of the centre's backorders is its part of demand; which of them are its own is
    binomial.
    """
    mean, variance = centre_backorders(network, centre_level)
    total = network.demand.sum(axis=1)
    part = network.demand / np.where(total > 0, total, 1.0)[:, None]
    on_the_way = network.demand * network.transport
    waiting = part * mean[:, None]
    spread = part * (1 - part) * mean[:, None] + part**2 * variance[:, None]
    return on_the_way + waiting, on_the_way * network.dispersion[:, None] + spread


def evaluate(network: Network, centre: Integers, sites: Integers) -> Stocking:
    """Backorders and fill of given levels."""
    mean, variance = site_pipelines(network, centre.astype(float))
    short = negative_binomial_backorders(mean, variance, sites)
    fill = np.where(network.demand > 0, _below(mean, variance, sites.astype(float)), np.nan)
    money = float(network.unit_cost @ (centre + sites.sum(axis=1)))
    return Stocking(centre, sites, short, fill, money)


def optimise(network: Network, budget: float) -> Stocking:
    """Levels of centre and sites with the fewest expected backorders for the money.

    For each item and each level of the centre, further units go to the site where they save most;
    the best centre level for every number of units gives the item's curve, and marginal analysis
    over the convex hulls of all items spends the budget (Sherbrooke 2004, ch. 3).

    Parameters
    ----------
    network
        Items and sites.
    budget
        Value of all levels not to exceed [currency].
    """
    n_items, n_sites = network.demand.shape
    curves = [_item_curve(network, i) for i in range(n_items)]
    rate, cost, item, units = [], [], [], []
    for i, (short, _, _) in enumerate(curves):
        corners = _hull(short)
        jumps = np.diff(corners)
        rate.append(-np.diff(short[corners]) / (jumps * network.unit_cost[i]))
        cost.append(jumps * network.unit_cost[i])
        item.append(np.full(len(jumps), i))
        units.append(corners[1:])
    order = np.argsort(-np.concatenate(rate), kind="stable")
    spent = np.cumsum(np.concatenate(cost)[order])
    n_steps = int(np.searchsorted(spent, budget * (1 + 1e-12), side="right"))
    chosen = np.zeros(n_items, dtype=np.int64)
    taken = order[:n_steps]
    np.maximum.at(chosen, np.concatenate(item)[taken], np.concatenate(units)[taken])
    centre = np.array([curves[i][1][k] for i, k in enumerate(chosen)], dtype=np.int64)
    sites = np.array([curves[i][2][k] for i, k in enumerate(chosen)], dtype=np.int64)
    return evaluate(network, centre, sites.reshape(n_items, n_sites))


def _item_curve(network: Network, i: int) -> tuple[Floats, Integers, Integers]:
    """Least backorders for 0, 1, 2, ... units of an item, with the centre's and sites' levels."""
    one = Network(*(np.asarray(getattr(network, name))[[i]] for name in network.__annotations__))
    n_sites = one.demand.shape[1]
    pipeline = float(one.demand.sum() * one.resupply[0]) * 1.0
    most_centre = int(np.ceil(pipeline + 4 * np.sqrt(pipeline * one.dispersion[0]))) + 1
    reach = _reach(one)
    total = most_centre + reach * n_sites + 1
    best = np.full(total, np.inf)
    centre, sites = np.zeros(total, np.int64), np.zeros((total, n_sites), np.int64)
    grid = np.arange(reach + 1)[None, :]
    for held in range(most_centre + 1):
        mean, variance = site_pipelines(one, np.array([float(held)]))
        short = negative_binomial_backorders(mean[0][:, None], variance[0][:, None], grid)
        gain = -np.diff(short, axis=1)
        order = np.argsort(-gain, axis=None, kind="stable")
        left = short[:, 0].sum() - np.concatenate([[0.0], np.cumsum(gain.ravel()[order])])
        where = np.zeros((len(order) + 1, n_sites), np.int64)
        where[np.arange(1, len(order) + 1), order // reach] = 1
        where = np.cumsum(where, axis=0)
        place = held + np.arange(len(left))
        better = left < best[place] - 1e-12
        best[place[better]], centre[place[better]] = left[better], held
        sites[place[better]] = where[better]
    return best, centre, sites


def _reach(one: Network) -> int:
    """Highest site level worth looking at: the pipeline with an empty centre, and its tail."""
    mean, variance = site_pipelines(one, np.zeros(1))
    return int(np.ceil((mean + 5 * np.sqrt(variance)).max())) + 2


def _hull(short: Floats) -> Integers:
    """Corners of the lower convex hull of a falling curve over 0, 1, 2, ..."""
    corners = [0]
    for k in range(1, len(short)):
        while len(corners) > 1 and _slope(short, corners[-2], corners[-1]) >= _slope(
            short, corners[-1], k
        ):
            corners.pop()
        if short[k] < short[corners[-1]]:
            corners.append(k)
    return np.array(corners)


def _slope(short: Floats, low: int, high: int) -> float:
    return float((short[high] - short[low]) / (high - low))


def _below(mean: Floats, variance: Floats, level: Floats) -> Floats:
    """P(D < level) of a negative binomial, or of a Poisson where its variance is its mean."""
    size, chance = negative_binomial_parameters(mean, variance)
    finite = np.where(np.isfinite(size), size, 1.0)
    at = np.maximum(level, 1e-300)
    mixed = special.betainc(finite, at, np.where(np.isfinite(size), chance, 0.5))
    poisson = special.gammaincc(at, mean)
    return np.where(level <= 0, 0.0, np.where(np.isfinite(size), mixed, poisson))
