"""What a seasonal allocation rests on: history, dates and shares. Slow to make, good to keep."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecasting.season.features import normalised
from forecasting.season.fill import Floats
from forecasting.season.history import History, Names
from forecasting.season.likeness import likeness
from forecasting.season.orders import LIKE, LIKE_SIZE, LIMITS, Order, checked_supply, text_of
from forecasting.season.sales import read_history
from forecasting.season.seasons import Window, window
from forecasting.season.shares import Shares, forecast_shares


@dataclass(frozen=True)
class Basis:
    """The forecast behind an allocation; no total and no limit is in it.

    Parameters
    ----------
    history
        Sales before the start, with a series for every pair that may be sent to.
    window
        When the season is, and its reference season.
    shares
        Share of the chain of every pair, and how sure it is.
    notes
        Lines on what was decided on the way.
    """

    history: History
    window: Window
    shares: Shares
    notes: list[str]


def make_basis(order: Order) -> Basis:
    """Read the sales, lay the season over them and forecast the shares.

    Raises
    ------
    SeasonError
        The supply, the dates or the series cannot be used; the message says which.
    """
    supply, refused = checked_supply(order.supply)
    notes: list[str] = []
    items = [*supply["item_id"], *(item for item, _ in refused if not item.startswith("row "))]
    history = read_history(order, items, notes)
    notes += _without_history(history, supply)
    season = window(history.panel, order.start, order.end, order.event, order.reference)
    items_alike = _alike(order.items, "item_id", history.items, {"item_id"})
    sites_alike = _alike(order.sites, "site_id", history.sites, {"site_id", "item_id", *LIMITS})
    shares = forecast_shares(
        history, season.season, items_alike, sites_alike, is_quick=order.is_quick
    )
    return Basis(history, season, _sized(shares, order, history), notes)


def _without_history(history: History, supply: pd.DataFrame) -> list[str]:
    """One line for each site and item of the supply that has never sold."""
    sold = np.isfinite(history.panel.y).any(axis=1)
    new_sites = np.bincount(history.site, sold, len(history.sites)) == 0
    new_items = np.bincount(history.item, sold, len(history.items)) == 0
    asked = pd.Index(supply["item_id"])
    return [
        f"site {site}: no sales are known, planned as a new store"
        for site in history.sites[new_sites]
    ] + [
        f"item {item}: no sales are known, planned as a new item"
        for item in history.items[new_items]
        if item in asked
    ]


def _alike(table: pd.DataFrame, key: str, names: Names, own: set[str]) -> Floats | None:
    """Likeness by what a table says of each name; where it names a like one, that one alone."""
    columns = [name for name in table.columns if name not in {*own, LIKE, LIKE_SIZE}]
    has_like = LIKE in table.columns and table[LIKE].notna().any()
    if not columns and not has_like:
        return None
    keyed = table.assign(key=text_of(table[key])).drop_duplicates("key").set_index("key")
    weights = likeness(keyed[columns].reindex(names)) if columns else np.zeros((len(names),) * 2)
    if has_like:
        named = pd.Index(names).get_indexer(pd.Index(text_of(keyed[LIKE].reindex(names))))
        rows = np.flatnonzero(named >= 0)
        weights[rows] = 0.0
        weights[rows, named[rows]] = 1.0
    return weights


def _sized(shares: Shares, order: Order, history: History) -> Shares:
    """Shares with the sites that never sold scaled as the sites table says."""
    if LIKE_SIZE not in order.sites.columns:
        return shares
    keyed = order.sites.assign(key=text_of(order.sites["site_id"])).drop_duplicates("key")
    told = pd.to_numeric(keyed.set_index("key")[LIKE_SIZE], errors="coerce").reindex(history.sites)
    known = np.isfinite(history.panel.y).any(axis=1)
    has_sold = np.bincount(history.site, known, len(history.sites)) > 0
    factor = np.where(has_sold | told.isna().to_numpy(), 1.0, told.to_numpy(dtype=float))
    return replace(shares, share=normalised(shares.share * factor[history.site], history))
