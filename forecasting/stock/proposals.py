"""What to do now: transfers and purchases out of levels, stock and what is still to come."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.stock.curves import Curves, Floats, Integers
from forecasting.stock.items import Items
from forecasting.stock.network import by_centre
from forecasting.stock.ordering import in_lots
from forecasting.stock.transfers import propose_transfers, shortfall, surplus

WHOLE = 1e-9


@dataclass(frozen=True)
class Standing:
    """What each part-site has and gets, in the order of the items [units].

    Attributes
    ----------
    on_hand, backordered
        Free stock, and what customers wait for.
    in_time
        Open orders that arrive within lead time and review: what comes later than an order placed
        now cannot serve the same demand, and must not hide a shortage.
    at_once
        Of them what comes before goods from another site could.
    soon, later
        Open orders that come within the look-ahead after that, and all that comes after it.
    """

    on_hand: Floats
    backordered: Floats
    in_time: Floats
    at_once: Floats
    soon: Floats
    later: Floats

    @property
    def position(self) -> Floats:
        """Inventory position: on hand, less backorders, and what arrives in time."""
        return self.on_hand - self.backordered + self.in_time


@dataclass(frozen=True)
class Levels:
    """When and up to what is ordered, one entry per part-site [units].

    Attributes
    ----------
    reorder_point, order_up_to
        Order when the position is at or below the first, up to the second.
    highest
        Limit set by people that no order may pass; NaN for none.
    """

    reorder_point: Floats
    order_up_to: Floats
    highest: Floats


@dataclass(frozen=True)
class Outlook:
    """What a position promises, one entry per part-site.

    Attributes
    ----------
    unfilled
        Units per period that the shelf cannot fill at once.
    ready
        Chance of no shortage through lead time and review.
    """

    unfilled: Floats
    ready: Floats


def outlook(curves: Curves, position: Floats) -> Outlook:
    """Read the curves at any position, along the line between two levels; below 0 nothing fills.

    Parameters
    ----------
    curves
        Of orders of single units: a lot's mean over its positions says nothing about one of them.
    position
        One per part-site [units].
    """
    first, last = curves.start[:-1], curves.start[1:] - 1
    step = curves.level[first + 1] - curves.level[first]
    place = np.clip(position / step, 0.0, (last - first).astype(float))
    below = first + np.floor(place + WHOLE).astype(np.int64)
    above = np.minimum(below + 1, last)
    part = np.clip(place - np.floor(place + WHOLE), 0.0, 1.0)
    short = position < 0
    unfilled = curves.unfilled[below] * (1 - part) + curves.unfilled[above] * part
    return Outlook(
        unfilled=np.where(short, curves.demand, unfilled),
        ready=np.where(short, 0.0, curves.ready[below]),
    )


@dataclass(frozen=True)
class Proposals:
    """What to do, and the positions before and after it is done.

    Attributes
    ----------
    transfers
        giver, taker (positions of part-sites) and qty [units].
    purchases
        row (position of the part-site), qty [units] and in_days: days until the position is
        expected to be at the reorder point, 0 where it is.
    asked
        What the sites that a centre supplies ask of it; 0 elsewhere [units].
    before, after
        Position of each part-site without and with all of them; that of a centre is less what its
        sites ask for [units].
    """

    transfers: pd.DataFrame
    purchases: pd.DataFrame
    asked: Floats
    before: Floats
    after: Floats


def propose(
    items: Items,
    item: Integers,
    levels: Levels,
    standing: Standing,
    daily_demand: Floats,
    *,
    may_move: NDArray[np.bool_] | None = None,
    parent: Integers | None = None,
    look_ahead_days: int = 14,
) -> Proposals:
    """Move what is spare elsewhere to where it is short, then buy what is still missing.

    A site with a centre asks it, not a supplier: the centre gives what is on its shelf, the most
    urgent first, and owes the rest, which counts against its own position.

    Parameters
    ----------
    items
        Costs, lots and multiples of the part-sites.
    item
        Item of each part-site; transfers stay within one.
    levels, standing
        Where orders begin and end, and what is there.
    daily_demand
        Expected [units/day].
    may_move
        Part-sites between which what is spare may move; all by default.
    parent
        Row of the centre that supplies each part-site, -1 for a supplier; all buy by default.
    look_ahead_days
        Purchases that are expected to be due within so many days are proposed ahead.
    """
    n = len(standing.on_hand)
    moved = _transfers(item, levels, standing, daily_demand, may_move)
    held, asked = _moved(standing, moved), np.zeros(n)
    buys = np.ones(n, dtype=bool)
    if parent is not None:
        buys = parent < 0
        need = np.where(buys, 0.0, _need(held, levels))
        sent = _from_centres(parent, need, held, daily_demand)
        asked = by_centre(parent, need)
        met = np.bincount(sent["giver"].to_numpy(np.int64), sent["qty"].to_numpy(float), n)
        held = _moved(held, sent)
        held = replace(held, backordered=held.backordered + asked - met)
        both = pd.concat([moved, sent], ignore_index=True)
        moved = both.groupby(["giver", "taker"], sort=False)[["qty"]].sum().reset_index()
    # Nothing is bought where the level is no higher than where orders begin.
    least = np.where(buys, levels.order_up_to, levels.reorder_point)
    buying = replace(levels, order_up_to=least)
    bought = _purchases(items, buying, held, daily_demand, look_ahead_days)
    qty = np.bincount(bought["row"], bought["qty"], n)
    return Proposals(moved, bought, asked, standing.position - asked, held.position + qty)


def _moved(standing: Standing, moves: pd.DataFrame) -> Standing:
    """What stands where once goods have been moved."""
    given, taken = (
        np.bincount(
            moves[who].to_numpy(np.int64), moves["qty"].to_numpy(float), len(standing.on_hand)
        )
        for who in ("giver", "taker")
    )
    return replace(standing, on_hand=standing.on_hand - given + taken)


def _from_centres(
    parent: Integers, need: Floats, standing: Standing, daily_demand: Floats
) -> pd.DataFrame:
    """Send what sites need from the shelf of their centre, the most urgent first."""
    family = np.where(parent >= 0, parent, np.arange(len(parent)))
    is_centre = by_centre(parent, np.ones(len(parent))) > 0
    nothing = np.zeros(len(parent))
    free = np.where(is_centre, surplus(standing.on_hand, standing.backordered, nothing), 0.0)
    return _matched(family, free, need, daily_demand)


def _transfers(
    item: Integers,
    levels: Levels,
    standing: Standing,
    daily_demand: Floats,
    may_move: NDArray[np.bool_] | None,
) -> pd.DataFrame:
    """Give what is above a site's own level to sites that would buy, or whose customers wait."""
    free = surplus(standing.on_hand, standing.backordered, levels.order_up_to)
    need = _need(standing, levels)
    if may_move is not None:
        free, need = np.where(may_move, free, 0.0), np.where(may_move, need, 0.0)
    return _matched(item, free, need, daily_demand)


def _need(standing: Standing, levels: Levels) -> Floats:
    """What a site would buy today, or its customers wait for beyond what comes at once."""
    wanted = shortfall(standing.position, levels.order_up_to, levels.reorder_point)
    here = np.maximum(standing.on_hand, 0.0) + standing.at_once
    waiting = np.maximum(standing.backordered - here, 0.0)
    return np.asarray(np.ceil(np.maximum(wanted, waiting) - WHOLE))


def _matched(group: Integers, free: Floats, need: Floats, daily_demand: Floats) -> pd.DataFrame:
    # Days of demand that are missing: where most of them are, a transfer is needed first.
    urgency = need / np.maximum(daily_demand, 1e-6)
    return propose_transfers(group, free, need, urgency).astype({"giver": int, "taker": int})


def _purchases(
    items: Items, levels: Levels, standing: Standing, daily_demand: Floats, look_ahead_days: int
) -> pd.DataFrame:
    """Order up to the level where the position is at the reorder point, or will be soon."""
    position = standing.position
    due = position <= levels.reorder_point + WHOLE
    later = position + standing.soon - levels.reorder_point
    days = np.where(due, 0.0, np.ceil(later / np.maximum(daily_demand, 1e-12) - WHOLE))
    is_asked = (due | (days <= look_ahead_days)) & (levels.order_up_to > levels.reorder_point)
    at = np.where(due, position, levels.reorder_point)
    wanted = np.where(is_asked, np.maximum(levels.order_up_to - at, 0.0), 0.0)
    qty = _within(in_lots(wanted, items.lot, items.multiple), at, levels.highest, items)
    rows = np.flatnonzero(qty > WHOLE)
    return pd.DataFrame({"row": rows, "qty": qty[rows], "in_days": days[rows].astype(int)})


def _within(qty: Floats, position: Floats, highest: Floats, items: Items) -> Floats:
    """Cut orders that would pass a limit set by people; below the smallest lot nothing is left."""
    room = np.floor((highest - position) / items.multiple + WHOLE) * items.multiple
    cut = np.where(np.isnan(highest), qty, np.minimum(qty, room))
    return np.where(cut + WHOLE >= items.lot, cut, 0.0)
