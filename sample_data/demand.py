"""What customers order, and how each of them will behave: drawn before the first day."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sample_data.settings import Settings
from sample_data.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WEEKDAY = np.array([1.15, 1.1, 1.0, 1.0, 0.9, 0.12, 0.08])
PRIORITIES = ("urgent", "critical", "routine")


@dataclass(frozen=True)
class Ordered:
    """What was ordered: lines in the order of their days, one element per line in every array."""

    day: Ints
    part_site: Ints
    qty: Ints
    order: Ints
    line: Ints
    customer: Ints

    @property
    def n(self) -> int:
        """Number of lines."""
        return len(self.day)


@dataclass(frozen=True)
class Demand(Ordered):
    """Customer order lines and how each customer will act.

    The draws of behaviour (`patience`, `change_day`, ...) are made here, so that two policies meet
    exactly the same customers.
    """

    priority: Ints
    requested: Ints
    takes_part: NDArray[np.bool_]
    patience: Ints
    drops_on: Ints
    moves_on: Ints
    moves_by: Ints
    luck: Floats
    daily: Ints


def daily_rates(world: World, rng: np.random.Generator) -> Floats:
    """Mean lines per part-site and day: level, growth, season, weekday, bursts, succession."""
    settings, part_sites, parts = world.settings, world.part_sites, world.parts
    n_days = settings.n_days
    part = part_sites["part"].to_numpy()
    level = part_sites["weight"].to_numpy()
    level = level / level.sum() * settings.lines_per_day
    days = np.arange(n_days)
    weekday = WEEKDAY[(settings.warm_up_start.weekday() + days) % 7]
    trend = (1 + settings.growth) ** ((days - settings.day_of(settings.first_day)) / 365.25)
    season = 1 + 0.06 * np.sin(2 * np.pi * (days - 20) / 365.25)
    unrest = parts["unrest"].to_numpy()[part][:, None]
    n_months = n_days // 30 + 1
    shape = 1 / np.maximum(unrest, 0.05) ** 2
    bursts = rng.gamma(shape, 1 / shape, (len(part), n_months))
    rates: Floats = level[:, None] * (weekday * trend * season)[None, :]
    rates *= np.repeat(bursts, 30, axis=1)[:, :n_days]
    return rates * phase(world, days)


def phase(world: World, days: Ints) -> Floats:
    """Share of its level that a part sees: a predecessor fades, its successor starts."""
    part = world.part_sites["part"].to_numpy()
    successor = world.parts["successor"].to_numpy()
    switch = world.parts["switch_day"].to_numpy()
    share = np.ones((len(part), len(days)))
    for old in np.flatnonzero(successor >= 0):
        after = days >= switch[old]
        share[part == old] *= np.where(after, 0.04, 1.0)
        share[part == successor[old]] *= np.where(after, 1.0, 0.02)
    return share


def quantities(world: World, part: Ints, rng: np.random.Generator) -> Ints:
    """Ordered quantity of a line: geometric, fasteners and the like in tens."""
    mean = world.parts["line_size"].to_numpy()[part]
    multiple = np.where(mean >= 25, 10, 1)
    drawn = rng.geometric(np.minimum(1.0, multiple / np.maximum(mean, 1.0)))
    ordered: Ints = (drawn * multiple).astype(np.int64)
    return ordered


def pick_customers(world: World, site: Ints, rng: np.random.Generator) -> Ints:
    """Customer of each line: those served by the line's site, the large ones more often."""
    home = world.customers["home"].to_numpy()
    weight = world.customers["weight"].to_numpy()
    chosen = np.zeros(len(site), dtype=np.int64)
    for one in np.unique(site):
        local = np.flatnonzero(home == one)
        share = weight[local] / weight[local].sum()
        here = site == one
        chosen[here] = rng.choice(local, int(here.sum()), p=share)
    return chosen


def requested_days(day: Ints, priority: Ints, rng: np.random.Generator) -> Ints:
    """Requested day: urgent at once, critical within ten days, routine in two to seven weeks."""
    n = len(day)
    ahead = np.select(
        [priority == 0, priority == 1],
        [rng.integers(1, 4, n), rng.integers(4, 15, n)],
        rng.integers(12, 50, n),
    )
    requested: Ints = day + ahead
    return requested


def make_demand(world: World) -> Demand:
    """Draw all order lines of the simulated time."""
    rng = world.settings.stream("demand")
    counts = rng.poisson(daily_rates(world, rng))
    part_site, day = np.nonzero(counts)
    repeat = counts[part_site, day]
    part_site, day = np.repeat(part_site, repeat), np.repeat(day, repeat)
    mixed = np.lexsort((rng.random(len(day)), day))
    part_site, day = part_site[mixed], day[mixed]
    qty = quantities(world, world.part_sites["part"].to_numpy()[part_site], rng)
    site = world.part_sites["site"].to_numpy()[part_site]
    customer = pick_customers(world, site, rng)
    order, line = number_orders(day, site, customer)
    daily = np.zeros(counts.shape, dtype=np.int64)
    np.add.at(daily, (part_site, day), qty)
    ordered = Ordered(day, part_site, qty, order, line, customer)
    return with_behaviour(world.settings, rng, ordered, daily)


def number_orders(day: Ints, site: Ints, customer: Ints) -> tuple[Ints, Ints]:
    """Lines of one customer, site and day are one order; lines count 1, 2, 3 in it."""
    keys = pd.DataFrame({"day": day, "site": site, "customer": customer})
    by_order = keys.groupby(["day", "site", "customer"], sort=False)
    order = np.array(by_order.ngroup(), dtype=np.int64)
    line = np.array(by_order.cumcount(), dtype=np.int64) + 1
    return order, line


def with_behaviour(
    settings: Settings, rng: np.random.Generator, ordered: Ordered, daily: Ints
) -> Demand:
    """Add how the customer of each line will act; an order shares priority and requested day."""
    n, day, order = ordered.n, ordered.day, ordered.order
    n_orders = int(order.max()) + 1
    first = np.unique(order, return_index=True)[1]
    priority = rng.choice(3, n_orders, p=[0.12, 0.25, 0.63])[order]
    requested = np.zeros(n_orders, dtype=np.int64)
    requested[order[first]] = requested_days(day[first], priority[first], rng)
    waits = np.select([priority == 0, priority == 1], [45.0, 90.0], 160.0)
    never = settings.n_days + 10_000
    return Demand(
        **vars(ordered),
        priority=priority,
        requested=requested[order],
        takes_part=rng.random(n) < 0.7,
        patience=(5 + rng.exponential(waits)).astype(np.int64),
        drops_on=np.where(rng.random(n) < 0.04, day + rng.integers(1, 12, n), never),
        moves_on=np.where(rng.random(n) < 0.06, day + rng.integers(1, 15, n), never),
        moves_by=rng.integers(4, 35, n),
        luck=rng.random((n, 4)),
        daily=daily,
    )
