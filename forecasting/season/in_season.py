"""In season: what sales so far say of the rest, and where the held-back stock should go."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecasting.season.allocation import Allocation, Request, Rule, allocate
from forecasting.season.faults import SeasonError
from forecasting.season.fill import Floats, water_fill


@dataclass(frozen=True)
class Doubt:
    """How far a season may run from its forecast, before it starts; relative standard deviations.

    Parameters
    ----------
    item
        Of an item's level over the whole chain.
    site
        Of a site's share.
    noise
        Variance of demand over its mean; 1 is Poisson.
    """

    item: float = 0.3
    site: float = 0.2
    noise: float = 1.0


def updated(expected: Floats, sold: Floats, to_come: Floats, doubt: Doubt) -> Floats:
    """Forecast of the rest of the season after a part of it has been sold.

    Two gamma-Poisson updates, one of the item's level, one of each site's share: little has been
    seen, little changes; much has been seen, the sales speak.

    Parameters
    ----------
    expected
        Forecast for the periods *in stock* so far, items x sites [units]: a period out of stock
        belongs in neither `expected` nor `sold`, for its sales were cut short.
    sold
        Sales in those periods [units].
    to_come
        Forecast of the rest of the season as it was before the start [units].
    """
    level_shape = doubt.noise / doubt.item**2
    site_shape = doubt.noise / doubt.site**2
    whole = expected.sum(axis=1, keepdims=True)
    level = (level_shape + sold.sum(axis=1, keepdims=True)) / (level_shape + whole)
    now = expected * level
    own = (site_shape + sold) / (site_shape + now)
    return np.asarray(to_come * level * own)


def release(
    plan: Request, held_back: Floats, stock: Floats, to_come: Floats, rule: Rule = "probability"
) -> Allocation:
    """Allocate held-back or newly arrived stock by what is still to come.

    Parameters
    ----------
    plan
        The request of the season: packs, limits, open sites.
    held_back
        Quantity to send now, per item [units].
    stock
        On hand at the sites now, items x sites [units].
    to_come
        Expected demand of the rest of the season, items x sites [units].
    """
    return allocate(replace(plan, total=held_back, mean=to_come, on_hand=stock), rule)


def in_waves(
    plan: Request, weekly: Floats, arrivals: list[tuple[int, Floats]], rule: Rule = "probability"
) -> list[Allocation]:
    """Allocate a supply that comes in waves, each by the demand still to come when it comes.

    Least and greatest quantities hold for all waves together.

    Parameters
    ----------
    plan
        The request of the season; its total is not used.
    weekly
        Expected demand, items x sites x periods [units].
    arrivals
        (period from 0, quantity per item) of each wave, in order of time.

    Raises
    ------
    SeasonError
        A wave comes before the one before it, or after the season.
    """
    n_periods = weekly.shape[2]
    shape = weekly.shape[:2]
    stock = np.broadcast_to(np.asarray(plan.on_hand, dtype=float), shape).copy()
    least, most = (
        np.broadcast_to(np.asarray(x, dtype=float), shape) for x in (plan.least, plan.most)
    )
    given = np.zeros(shape)
    found: list[Allocation] = []
    before = 0
    for period, quantity in arrivals:
        if not before <= period < n_periods:
            raise SeasonError(
                f"a wave comes in period {period} (expected {before} to {n_periods - 1})"
            )
        stock = np.maximum(stock - weekly[:, :, before:period].sum(axis=2), 0.0)
        asked = replace(
            plan, least=np.maximum(least - given, 0.0), most=np.maximum(most - given, 0.0)
        )
        sent = release(asked, quantity, stock, weekly[:, :, period:].sum(axis=2), rule)
        stock += sent.qty
        given += sent.qty
        found.append(sent)
        before = period
    return found


@dataclass(frozen=True)
class Move:
    """Units of one item to bring from one site to another; positions in the matrices."""

    item: int
    source: int
    target: int
    qty: float


def moves(
    stock: Floats, to_come: Floats, is_open: NDArray[np.bool_], least: float = 1.0
) -> list[Move]:
    """Transfers between sites that bring stock where it will sell, largest first.

    Only stock beyond a site's own expected demand leaves, and only up to what the other site is
    expected to miss; a transfer under `least` units is not worth its van.
    """
    none = np.zeros(stock.shape)
    spare = np.floor(np.maximum(stock - to_come, 0.0))
    missing = np.where(is_open, np.maximum(to_come - stock, 0.0), 0.0)
    moved = np.minimum(spare.sum(axis=1), np.floor(missing.sum(axis=1)))
    giving = water_fill(moved, spare, none, none, spare)
    taking = water_fill(moved, missing, none, none, missing)
    found: list[Move] = []
    for item in np.flatnonzero(moved >= least):
        found += _matched(int(item), giving[item].copy(), taking[item].copy(), least)
    return sorted(found, key=lambda move: (-move.qty, move.item, move.source, move.target))


def _matched(item: int, giving: Floats, taking: Floats, least: float) -> list[Move]:
    """The largest giver serves the largest taker, again and again."""
    found: list[Move] = []
    while True:
        source, target = int(np.argmax(giving)), int(np.argmax(taking))
        qty = float(np.floor(min(giving[source], taking[target]) + 1e-9))
        if qty < least or qty <= 0:
            return found
        found.append(Move(item, source, target, qty))
        giving[source] -= qty
        taking[target] -= qty
