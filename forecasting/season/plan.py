"""From sales and a supply to what every site gets: the whole seasonal allocation."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.season.allocation import Allocation, Request, allocate
from forecasting.season.basis import Basis, make_basis
from forecasting.season.fill import Floats
from forecasting.season.history import History
from forecasting.season.limits import limits_of, silent
from forecasting.season.orders import Order, check_sites, checked_supply, item_of_row, text_of
from forecasting.season.seasons import Window
from forecasting.season.shares import Shares


@dataclass(frozen=True)
class Plan:
    """What comes out.

    Parameters
    ----------
    allocation
        item_id, site_id, qty [units], share, mean [units]: one row per item and site that may
        carry it; the mean is the site's part of the stock to be had.
    supply
        item_id, qty_total = qty_held_back + qty_allocated + qty_rest.
    refused
        (item, reason) of supply rows that could not be allocated.
    notes
        Lines on what was decided on the way, each naming its item or site.
    window, shares
        When the season is, and the forecast behind the allocation.
    request
        What was allocated, items x sites in the order of the supply and of `sites`.
    sites
        Names of the columns of the request.
    """

    allocation: pd.DataFrame
    supply: pd.DataFrame
    refused: list[tuple[str, str]]
    notes: list[str]
    window: Window
    shares: Shares
    request: Request
    sites: NDArray[np.object_]


@dataclass(frozen=True)
class _Cells:
    """Which pair of the history stands in which cell of items x sites."""

    row: NDArray[np.intp]
    column: NDArray[np.intp]
    pair: NDArray[np.intp]
    shape: tuple[int, int]

    def spread(self, values: Floats) -> Floats:
        """Values of pairs as a matrix, 0 where no pair stands."""
        matrix = np.zeros(self.shape)
        matrix[self.row, self.column] = values[self.pair]
        return matrix


def make_plan(order: Order, basis: Basis | None = None) -> Plan:
    """Forecast the shares of the season and allocate every item's total by them.

    Parameters
    ----------
    basis
        What `make_basis` made of the same sales, dates and sites: totals, packs, limits and the
        rule may differ, so that a change of them is answered without a new forecast.

    Raises
    ------
    SeasonError
        The supply, the limits, the dates or the series cannot be used; the message says which row.
    """
    supply, refused = checked_supply(order.supply)
    check_sites(order.sites)
    basis = basis or make_basis(order)
    history, shares = basis.history, basis.shares
    notes = [*basis.notes, *_unused(order.sites, supply)]
    cells = _cells(supply, history)
    limits = limits_of(order.sites, supply, history)
    is_open = _open(cells, supply, history, limits, notes)
    share = np.where(is_open, cells.spread(shares.share), 0.0)
    request = _request(supply, limits, is_open, share, shares)
    allocation = allocate(request, order.rule)
    notes = _said(allocation, supply, request) + notes
    sent = supply.assign(qty_allocated=allocation.qty.sum(axis=1), qty_rest=allocation.rest)
    table = _table(allocation, request, supply, history, cells)
    return Plan(table, sent, refused, notes, basis.window, shares, request, history.sites)


def _cells(supply: pd.DataFrame, history: History) -> _Cells:
    row_of_item = pd.Index(supply["item_id"]).get_indexer(pd.Index(history.items))
    row = row_of_item[history.item]
    pair = np.flatnonzero(row >= 0)
    return _Cells(row[pair], history.site[pair], pair, (len(supply), len(history.sites)))


def _open(
    cells: _Cells,
    supply: pd.DataFrame,
    history: History,
    limits: dict[str, Floats],
    notes: list[str],
) -> NDArray[np.bool_]:
    """Where an item may be sent: carried there, not closed, and not silent for long."""
    carried = cells.spread(np.ones(len(history.item))) > 0
    may_send = carried & (limits["is_open"] != 0)
    is_silent = cells.spread(silent(history).astype(float)) > 0
    closed = may_send & is_silent & (limits["is_stated"] == 0)
    for row, column in zip(*np.nonzero(closed), strict=True):
        notes.append(
            f"item {supply['item_id'].iloc[row]}, site {history.sites[column]}: no known sales "
            "for long, taken as closed (is_open 1 in the sites table sends there)"
        )
    return np.asarray(may_send & ~closed)


def _unused(sites: pd.DataFrame, supply: pd.DataFrame) -> list[str]:
    """One line for each row of limits whose item is not in the supply."""
    item = item_of_row(sites)
    rows = sites[item.notna() & ~item.isin(supply["item_id"])]
    return [
        f"site {site}, item {name}: the item is not in the supply, its limits are not used"
        for site, name in zip(text_of(rows["site_id"]), item[rows.index], strict=True)
    ]


def _request(
    supply: pd.DataFrame,
    limits: dict[str, Floats],
    is_open: NDArray[np.bool_],
    share: Floats,
    shares: Shares,
) -> Request:
    """Shares of the stock to be had, within the limits."""
    whole = share.sum(axis=1, keepdims=True)
    share = np.divide(share, whole, out=np.zeros(share.shape), where=whole > 0)
    to_send = (supply["qty_total"] - supply["qty_held_back"]).to_numpy(dtype=float)
    on_hand, need = limits["qty_on_hand"], limits["qty_need"]
    to_be_had = to_send + np.where(is_open, np.maximum(on_hand, 0.0), 0.0).sum(axis=1)
    mean = share * to_be_had[:, None]
    pack = supply["pack"].to_numpy(dtype=float)
    return Request(
        to_send,
        mean,
        shares.size(np.maximum(mean, 1e-12)),
        on_hand=on_hand,
        pack=np.where(pack > 0, pack, 1.0),
        presentation=limits["qty_presentation"],
        least=limits["qty_min"],
        most=limits["qty_max"],
        is_open=is_open,
        need=np.where(np.isnan(need), np.maximum(mean - on_hand, 0.0), need),
        quota=np.where(np.isnan(limits["quota"]), share, limits["quota"]),
        rank=limits["rank"],
        splits_last=pack == 0,
    )


def _said(allocation: Allocation, supply: pd.DataFrame, request: Request) -> list[str]:
    """One line for each item that could not be allocated as asked."""
    names = supply["item_id"].to_numpy()
    lines = [
        f"item {names[row]}: the total does not cover every minimum; "
        "sites with the most demand got theirs"
        for row in np.flatnonzero(allocation.is_short_of_minimum)
    ]
    for row in np.flatnonzero(allocation.rest > 0):
        why = (
            "no site may take more"
            if allocation.is_capped[row]
            else f"less than a pack of {np.asarray(request.pack)[row]:g}"
        )
        lines.append(f"item {names[row]}: {allocation.rest[row]:g} of the total stay: {why}")
    return lines


def _table(
    allocation: Allocation, request: Request, supply: pd.DataFrame, history: History, cells: _Cells
) -> pd.DataFrame:
    """One row per pair, in the order of the supply and then of the sites."""
    place = np.lexsort((cells.column, cells.row))
    row, column = cells.row[place], cells.column[place]
    mean = request.mean[row, column]
    whole = request.mean.sum(axis=1)[row]
    return pd.DataFrame(
        {
            "item_id": supply["item_id"].to_numpy()[row],
            "site_id": history.sites[column],
            "qty": allocation.qty[row, column],
            "share": np.divide(mean, whole, out=np.zeros(len(mean)), where=whole > 0),
            "mean": mean,
        }
    )
