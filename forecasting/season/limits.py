"""Stock, limits and closures of every item at every site."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.season.faults import SeasonError
from forecasting.season.fill import Floats
from forecasting.season.history import History
from forecasting.season.orders import LIMITS, item_of_row, numbers_of, text_of

# A pair, or a whole site, without known sales for that long is taken as closed [periods].
GONE = {"MS": 12, "W": 52, "D": 364}
SITE_GONE = {"MS": 3, "W": 13, "D": 91}


def limits_of(sites: pd.DataFrame, supply: pd.DataFrame, history: History) -> dict[str, Floats]:
    """Every column of `LIMITS` as items x sites, and `is_stated`: 1 where `is_open` was said.

    A row without an item holds for every item; a row with one goes before it.

    Raises
    ------
    SeasonError
        A least quantity is more than the most; the message names item and site.
    """
    shape = (len(supply), len(history.sites))
    limits = {name: np.full(shape, default) for name, default in LIMITS.items()}
    limits["is_stated"] = np.zeros(shape)
    column = pd.Index(history.sites).get_indexer(pd.Index(text_of(sites["site_id"])))
    item = item_of_row(sites)
    row = pd.Index(supply["item_id"]).get_indexer(pd.Index(item))
    for name in LIMITS:
        if name not in sites.columns:
            continue
        given = numbers_of(sites[name]).to_numpy()
        usable = ~np.isnan(given) & (column >= 0)
        everywhere = usable & item.isna().to_numpy()
        one_item = usable & (row >= 0) & item.notna().to_numpy()
        limits[name][:, column[everywhere]] = given[everywhere]
        limits[name][row[one_item], column[one_item]] = given[one_item]
        if name == "is_open":
            limits["is_stated"][:, column[everywhere]] = 1.0
            limits["is_stated"][row[one_item], column[one_item]] = 1.0
    crossed = np.argwhere(limits["qty_min"] > limits["qty_max"])
    if len(crossed):
        row_of, column_of = crossed[0]
        least, most = (limits[name][row_of, column_of] for name in ("qty_min", "qty_max"))
        raise SeasonError(
            f"item {supply['item_id'].iloc[row_of]}, site {history.sites[column_of]}: "
            f"qty_min {least:g} is more than qty_max {most:g}"
        )
    return limits


def silent(history: History) -> NDArray[np.bool_]:
    """Pairs that once sold and have not been known to for long, or whose whole site has not."""
    known = np.isfinite(history.panel.y)
    ever = known.any(axis=1)
    last = np.where(ever, known.shape[1] - np.argmax(known[:, ::-1], axis=1), 0)
    site_last = np.zeros(len(history.sites), dtype=np.int64)
    np.maximum.at(site_last, history.site, last)
    freq, now = history.panel.freq, known.shape[1]
    pair_gone = ever & (last <= now - GONE[freq])
    site_gone = (site_last > 0) & (site_last <= now - SITE_GONE[freq])
    return np.asarray(pair_gone | site_gone[history.site])
