"""From the rows of a series file to the history that a season is planned from."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from forecasting.demand.panel import Panel
from forecasting.demand.series import read_rows
from forecasting.season.faults import SeasonError
from forecasting.season.history import History
from forecasting.season.orders import Order, item_of_row, text_of


def read_history(order: Order, items: list[str], notes: list[str]) -> History:
    """History before the start, with a series for every pair that may be sent to, known or not.

    Raises
    ------
    SeasonError
        A column is missing, an id is not item/site, or no row lies before the start.
    """
    series = order.series
    for name in ("unique_id", "ds", "y"):
        if name not in series.columns:
            raise SeasonError(f"column {name} is missing (expected unique_id, ds, y)")
    cut = order.start.replace(day=1) if order.freq == "MS" else order.start
    dates = pd.to_datetime(series["ds"], errors="coerce", format="ISO8601")
    series = series.assign(unique_id=text_of(series["unique_id"]))
    before = series[~(dates >= cut)].reset_index(drop=True)
    if len(before) < len(series):
        notes.append(f"{len(series) - len(before)} rows from {cut.date()} on were not used")
    if before.empty:
        raise SeasonError(f"no row before the start of the season on {cut.date()}")
    try:
        panel = read_rows(before, order.freq).panel
    except ValueError as fault:
        raise SeasonError(str(fault)) from fault
    listed = pd.unique(series["unique_id"].dropna())
    return History.of(_with_pairs(panel, _pairs(order, items, [*panel.ids, *listed])))


def _with_pairs(panel: Panel, pairs: Iterable[str]) -> Panel:
    """The panel with empty series for pairs it has not, in the order of the ids."""
    have = set(panel.ids)
    new = np.array([key for key in pairs if key not in have], dtype=object)
    ids = np.concatenate([panel.ids, new])
    y = np.concatenate([panel.y, np.full((len(new), panel.n_periods), np.nan)])
    place = np.argsort(ids.astype(str), kind="stable")
    parts = [str(key).rpartition("/") for key in ids[place]]
    names = pd.DataFrame({"item": [p[0] for p in parts], "site": [p[2] for p in parts]})
    return Panel(ids[place], y[place], panel.periods, panel.freq, names)


def _pairs(order: Order, items: list[str], ids: list[str]) -> list[str]:
    """Pairs that the series or the sites table names.

    A site that no item has been sold at may get every item, and an item that has been sold
    nowhere may go to every site; otherwise a pair must be named to be sent to.
    """
    pairs = dict.fromkeys(ids)
    sites = dict.fromkeys(key.rpartition("/")[2] for key in ids)
    old = set(sites)
    for site, item in zip(text_of(order.sites["site_id"]), item_of_row(order.sites), strict=True):
        if pd.isna(site):
            continue
        if not pd.isna(item):
            pairs.setdefault(f"{item}/{site}")
        elif site not in old:
            pairs.update(dict.fromkeys(f"{each}/{site}" for each in items))
        sites.setdefault(site)
    known = {key.rpartition("/")[0] for key in ids}
    for item in items:
        if item not in known:
            pairs.update(dict.fromkeys(f"{item}/{site}" for site in sites))
    return list(pairs)
