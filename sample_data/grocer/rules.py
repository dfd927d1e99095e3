"""How a season's totals are shared out: the old rule, and the product's own tool."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasting.season.orders import Order
from forecasting.season.plan import make_plan
from sample_data.grocer.settings import WEEKS_OF_SEASON
from sample_data.grocer.world import Flags, Floats, Grocer, Ints

YEAR = 52


@dataclass(frozen=True)
class Buy:
    """What was bought for a season, and what is known when it is shared out.

    Parameters
    ----------
    pairs
        Positions of the pairs that may carry it.
    total, held_back
        Per item of the range; 0 where it takes no part [units].
    on_hand
        Per pair in `pairs` [units].
    start
        Week in which the season starts.
    known
        Weeks of sales known by then.
    """

    pairs: Ints
    total: Ints
    held_back: Ints
    on_hand: Ints
    start: int
    known: int


def last_year_share(grocer: Grocer, buy: Buy, sold: Ints) -> Ints:
    """Share every total out as the same weeks of last year sold, in whole packs.

    It takes sales for demand, and stock for nothing. A store that had no last year gets what the
    middle one got.
    """
    item, site = grocer.pairs.to_numpy()[buy.pairs].T
    a_year_ago = slice(buy.start - YEAR, buy.start - YEAR + WEEKS_OF_SEASON)
    was: Floats = sold[buy.pairs, a_year_ago].sum(axis=1).astype(float)
    is_new = np.asarray(~grocer.is_open[site, a_year_ago].any(axis=1))
    given = np.zeros(len(buy.pairs), dtype=np.int64)
    packs = grocer.items["pack"].to_numpy(dtype=np.int64)
    for one in np.unique(item):
        rows = np.flatnonzero(item == one)
        claim = np.where(is_new[rows], np.median(was[rows][~is_new[rows]]), was[rows])
        given[rows] = packs[one] * _largest_remainder(claim, int(buy.total[one] // packs[one]))
    return given


def _largest_remainder(claim: Floats, packs: int) -> Ints:
    exact = packs * claim / claim.sum() if claim.sum() else np.full(len(claim), packs / len(claim))
    whole: Ints = np.floor(exact).astype(np.int64)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: packs - int(whole.sum())]] += 1
    return whole


def by_the_tool(grocer: Grocer, buy: Buy, sold: Ints, in_stock: Flags) -> Ints:
    """Share every total out by `forecasting.season`, from what was known at the time."""
    numbers = grocer.items["item_id"].to_numpy()
    item, site = grocer.pairs.to_numpy()[buy.pairs].T
    chosen = np.unique(item)
    supply = pd.DataFrame(
        {
            "item_id": numbers[chosen],
            "qty_total": buy.total[chosen],
            "qty_held_back": buy.held_back[chosen],
            "pack": grocer.items["pack"].to_numpy()[chosen],
        }
    )
    places = grocer.sites.iloc[site]
    sites = pd.DataFrame(
        {
            "site_id": places["site_id"].to_numpy(),
            "item_id": numbers[item],
            "qty_on_hand": buy.on_hand,
            "region": places["region"].to_numpy(),
            "format": places["format"].to_numpy(),
        }
    )
    start = grocer.settings.weeks[buy.start]
    end = start + pd.Timedelta(days=7 * WEEKS_OF_SEASON - 1)
    items = grocer.items.iloc[chosen][["item_id", "item_family"]]
    series = _known_sales(grocer, buy, sold, in_stock)
    plan = make_plan(Order(series, "W", supply, start, end, sites, items, is_quick=True))
    sent = plan.allocation.set_index(["item_id", "site_id"])["qty"]
    keys = pd.MultiIndex.from_arrays([numbers[item], places["site_id"].to_numpy()])
    return sent.reindex(keys, fill_value=0.0).to_numpy().astype(np.int64)


def _known_sales(grocer: Grocer, buy: Buy, sold: Ints, in_stock: Flags) -> pd.DataFrame:
    """Sales of the business unit that were reported by the day of the decision."""
    item, site = grocer.pairs.to_numpy().T
    units = grocer.items["business_unit"].to_numpy()[item]
    own = units == units[buy.pairs[0]]
    pair, week = np.nonzero((grocer.is_open[site] & own[:, None])[:, : buy.known])
    numbers = grocer.items["item_id"].to_numpy()[item]
    return pd.DataFrame(
        {
            "unique_id": (numbers + "/" + grocer.sites["site_id"].to_numpy()[site])[pair],
            "ds": grocer.settings.weeks[week],
            "y": sold[pair, week].astype(float),
            "in_stock": in_stock[pair, week],
        }
    )
