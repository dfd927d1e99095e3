"""From what happened to the columns of the feeds."""

import numpy as np
import pandas as pd

from sample_data.grocer.settings import WEEKS_OF_SEASON
from sample_data.grocer.trading import WEEKS_AHEAD, GrocerRun, SeasonRun
from sample_data.grocer.world import Grocer

BOUGHT_AHEAD = pd.Timedelta(days=70)
# The season after next is bought in June already.
BOUGHT = {"christmas-2026": pd.Timestamp("2026-06-08 09:30:00")}
TOOL_RULE, OLD_RULE = "tool", "last_year_share"


def sites(grocer: Grocer) -> pd.DataFrame:
    """The sites feed: beauty counters are sites of their own, inside a store, out of contract."""
    own = grocer.sites
    return pd.DataFrame(
        {
            "site_id": own["site_id"],
            "site_name": own["site_name"],
            "site_type": "store",
            "region": own["region"],
            "timezone": "Europe/London",
            "parent_site_id": own["parent"],
            "business_unit": own["business_unit"],
            "in_contract": (own["parent"] == "").to_numpy(),
        }
    )


def items(grocer: Grocer) -> pd.DataFrame:
    """The items feed."""
    own = grocer.items
    names = ["item_id", "description", "item_family", "business_unit"]
    return own[names].assign(
        uom="EA",
        unit_cost=own["unit_cost"],
        unit_price=own["unit_price"],
        order_multiple=own["pack"],
        is_stocked=True,
    )


def demand(run: GrocerRun) -> pd.DataFrame:
    """The demand feed: weekly sales of every pair whose store was open, zeros included."""
    grocer, n = run.grocer, run.sold.shape[1]
    item, site = grocer.pairs.to_numpy().T
    # Pairs outside, weeks inside: equal neighbours make the file small.
    pair, week = np.nonzero(grocer.is_open[site, :n])
    promoted = grocer.is_promoted[item[pair], week]
    price = grocer.items["unit_price"].to_numpy()[item[pair]]
    return pd.DataFrame(
        {
            "demand_date": grocer.settings.weeks[week].date,
            "item_id": grocer.items["item_id"].to_numpy()[item[pair]],
            "site_id": grocer.sites["site_id"].to_numpy()[site[pair]],
            "qty": run.sold[pair, week],
            "in_stock": run.in_stock[pair, week],
            "unit_price": np.round(np.where(promoted, 0.8, 1.0) * price, 2),
            "is_promoted": promoted,
        }
    )


def seasons(run: GrocerRun) -> pd.DataFrame:
    """The seasons feed."""
    return pd.concat([_season(run, one) for one in run.seasons], ignore_index=True)


def _season(run: GrocerRun, one: SeasonRun) -> pd.DataFrame:
    own = run.grocer.items[one.total > 0]
    start = pd.Timestamp(one.season.start)
    lost = run.grocer.settings.markdown * own["unit_price"]
    return pd.DataFrame(
        {
            "season_id": one.season.season_id,
            "item_id": own["item_id"],
            "start_date": start,
            "end_date": start + pd.Timedelta(days=7 * WEEKS_OF_SEASON - 1),
            "qty_total": one.total[one.total > 0],
            "qty_held_back": one.held_back[one.total > 0],
            "pack_size": own["pack"],
            "unit_markdown": lost.round(2),
            "recorded_at": BOUGHT.get(
                one.season.season_id, start - BOUGHT_AHEAD + pd.Timedelta(hours=9)
            ),
        }
    )


def allocations(run: GrocerRun, one: SeasonRun) -> pd.DataFrame:
    """The allocations feed of one season that has been shared out."""
    assert one.allocated is not None
    item, site = run.grocer.pairs.to_numpy()[one.pairs].T
    start = pd.Timestamp(one.season.start)
    decided = start - pd.Timedelta(weeks=WEEKS_AHEAD) + pd.Timedelta(hours=10)
    return pd.DataFrame(
        {
            "season_id": one.season.season_id,
            "item_id": run.grocer.items["item_id"].to_numpy()[item],
            "site_id": run.grocer.sites["site_id"].to_numpy()[site],
            "qty_allocated": one.allocated,
            "allocated_at": decided,
            "rule": np.where(one.is_tool, TOOL_RULE, OLD_RULE),
            "qty_on_hand": one.on_hand,
            "qty_delivered": one.delivered,
            "delivered_date": start - pd.Timedelta(days=4),
        }
    )
