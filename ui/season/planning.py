"""From a set-up to who gets how much: the forecast is kept, the allocation made anew each time."""

import datetime as dt
import json
import time
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from forecasting.demand.distribution import NegativeBinomial
from forecasting.season import forecast, in_season
from forecasting.season.basis import Basis, make_basis
from forecasting.season.faults import SeasonError
from forecasting.season.fill import Floats
from forecasting.season.history import History
from forecasting.season.orders import stock_of_stores
from forecasting.season.plan import Plan, make_plan
from ui import queries
from ui.season.setup import Setup

HELD_BACK, NOT_PLACED = "held back", "not placed"
"""Where stock of a season is that no store gets."""
NO_SERIES = pd.DataFrame(columns=["unique_id", "ds", "y", "in_stock"])
FREQ = "W"


@dataclass(frozen=True)
class Outlook:
    """The seasonal forecast.

    Parameters
    ----------
    weeks
        item_id, site_id, ds, mean, q_0.1, q_0.9 [units].
    totals
        item_id, site_id, mean, q_0.1, q_0.9 [units] and size of the whole season's demand.
    level_doubt, n_level
        How far the chain forecast of the reference season was off, and on how many items.
    """

    weeks: pd.DataFrame
    totals: pd.DataFrame
    level_doubt: float
    n_level: int


@dataclass(frozen=True)
class Planned:
    """A season as planned now.

    Parameters
    ----------
    lines
        item_id, site_id, share, qty_on_hand, qty_ruled (by the rule), qty_moved (by hand), qty.
    items
        item_id, qty_total, qty_held_back, qty_allocated, qty_rest, pack: they add up.
    waves
        Day of arrival -> item_id, site_id, qty; without waves one entry, the first day.
    refused, notes
        Items left out with the reason, and what was decided on the way.
    seconds
        What the allocation took.
    """

    lines: pd.DataFrame
    items: pd.DataFrame
    waves: dict[dt.date, pd.DataFrame]
    refused: list[tuple[str, str]]
    notes: list[str]
    seconds: float


def basis(setup: Setup) -> Basis:
    """The forecast behind a set-up; kept while dates, items and stores stay the same.

    Raises
    ------
    SeasonError
        There are no sales to plan from, or the set-up cannot be planned.
    """
    if setup.items.empty:
        raise SeasonError("no item yet (expected item_id, qty_total)")
    return _basis(queries.needed().build_id, _key(setup), setup)


def _key(setup: Setup) -> str:
    """Everything that the forecast depends on, as text."""
    told = setup.payload()
    for name in ("title", "rule", "waves"):
        told.pop(name, None)
    told["items"] = [{name: row.get(name) for name in ("item_id", "like")} for row in told["items"]]
    told["sites"] = [
        {name: row.get(name) for name in ("site_id", "item_id", "like", "like_size")}
        for row in told["sites"]
    ]
    return json.dumps(told, sort_keys=True)


@st.cache_resource(max_entries=12, show_spinner="Forecasting the season")
def _basis(build_id: str, key: str, _setup: Setup) -> Basis:
    sales = _sales(_setup)
    if sales.empty:
        raise SeasonError("no demand of these items or their families is known before the start")
    own = stock_of_stores(stock(_setup), _setup.sites, sales)
    return make_basis(_setup.order(sales, FREQ, own))


def _sales(setup: Setup) -> pd.DataFrame:
    """Weekly sales before the start, of the items, what they are like, and their families."""
    items = [str(item) for item in setup.items["item_id"].dropna()]
    items += [str(item) for item in setup.items["like"].dropna()]
    goods = queries.ask("season_goods")
    families = goods.loc[goods["item_id"].isin(items), "item_family"].unique().tolist()
    rows = queries.ask("season_sales", item_ids=items, families=families, before=setup.start)
    return pd.DataFrame(
        {
            "unique_id": rows["item_id"] + "/" + rows["site_id"],
            "ds": pd.to_datetime(rows["period_date"]),
            "y": rows["qty"],
            "in_stock": rows["in_stock"],
        }
    )


def stock(setup: Setup) -> pd.DataFrame:
    """What stores have of the items shortly before the start: item_id, site_id, qty_on_hand."""
    items = [str(item) for item in setup.items["item_id"].dropna()]
    rows = queries.ask("season_stock", item_ids=items, start=setup.start)
    return rows[["item_id", "site_id", "qty_on_hand"]]


def outlook(setup: Setup) -> Outlook:
    """The seasonal forecast behind a set-up; kept as the basis is."""
    found = basis(setup)
    like = json.dumps(sorted(setup.like_items().items()))
    return _outlook(queries.needed().build_id, _key(setup) + like, found, setup)


@st.cache_resource(max_entries=12, show_spinner="Forecasting every store and week")
def _outlook(build_id: str, key: str, _basis: Basis, _setup: Setup) -> Outlook:
    history, kept = _history_of(_basis, {*_setup.items["item_id"], *_setup.items["like"]})
    window = _basis.window
    doubt, n = forecast.level_error(history, window)
    chain = forecast.chain_forecast(history, window)
    chain = forecast.with_new_items(chain, history, _setup.like_items())
    shares = replace(_basis.shares, share=_basis.shares.share[kept])
    weeks = forecast.seasonal_forecast(history, window, shares, chain, doubt)
    weeks = weeks[weeks["item_id"].isin(_setup.items["item_id"])].reset_index(drop=True)
    totals = weeks.groupby(["item_id", "site_id"], as_index=False, sort=False)["mean"].sum()
    mean = np.maximum(totals["mean"].to_numpy(), 1e-9)
    size = replace(shares, spread=float(np.hypot(shares.spread, doubt))).size(mean)
    quantiles = NegativeBinomial.of(mean, size).quantile(forecast.LEVELS)
    totals = totals.assign(size=size, **{"q_0.1": quantiles[:, 0], "q_0.9": quantiles[:, 1]})
    return Outlook(weeks, totals, doubt, n)


def _history_of(found: Basis, items: set[str]) -> tuple[History, NDArray[np.intp]]:
    """The history of some items, and its pairs: their families say how stores sell, no more."""
    history = found.history
    kept = np.flatnonzero(pd.Index(history.items[history.item]).isin(list(items)))
    return History.of(history.panel.take(kept)), kept


def plan(setup: Setup, adjustments: pd.DataFrame) -> Planned:
    """Allocate a set-up by its rule, then move by hand what somebody moved.

    Raises
    ------
    SeasonError
        The set-up cannot be planned; the message says which row.
    """
    found = basis(setup)
    started = time.perf_counter()
    own = stock(setup)
    made = make_plan(setup.order(NO_SERIES, FREQ, own), found)
    waves = _waves(setup, made) if len(setup.waves) else {}
    lines = made.allocation.rename(columns={"qty": "qty_ruled"}).drop(columns="mean")
    if waves:
        sent = pd.concat(waves.values()).groupby(["item_id", "site_id"])["qty"].sum()
        keys = pd.MultiIndex.from_frame(lines[["item_id", "site_id"]])
        lines["qty_ruled"] = sent.reindex(keys, fill_value=0.0).to_numpy()
    rows = {item: row for row, item in enumerate(made.supply["item_id"])}
    columns = {site: column for column, site in enumerate(made.sites)}
    on_hand = np.broadcast_to(
        np.asarray(made.request.on_hand, dtype=float), made.request.mean.shape
    )
    lines["qty_on_hand"] = on_hand[
        lines["item_id"].map(rows).to_numpy(), lines["site_id"].map(columns).to_numpy()
    ]
    items = made.supply.copy()
    if waves:
        sums = lines.groupby("item_id")["qty_ruled"].sum().reindex(items["item_id"]).to_numpy()
        items["qty_allocated"] = sums
        items["qty_rest"] = items["qty_total"] - items["qty_held_back"] - sums
    lines, items, notes = adjusted(lines, items, adjustments)
    if setup.counts_stock and own.empty and setup.sites["qty_on_hand"].isna().all():
        notes.append(
            f"no stock is known of the four weeks before {setup.start}: every store counts as empty"
        )
    seconds = time.perf_counter() - started
    return Planned(lines, items, waves, made.refused, made.notes + notes, seconds)


def adjusted(
    lines: pd.DataFrame, items: pd.DataFrame, adjustments: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Move by hand from one place to another: what is added somewhere is taken from somewhere.

    Returns
    -------
    lines with qty_moved and qty; items with what is held back and not placed now; and a line for
    each adjustment that no longer fits, because less than it moved is left where it came from.
    """
    index = pd.MultiIndex.from_frame(lines[["item_id", "site_id"]])
    qty = pd.Series(lines["qty_ruled"].to_numpy(dtype=float), index=index)
    items = items.copy()
    place = {HELD_BACK: "qty_held_back", NOT_PLACED: "qty_rest"}
    notes = []
    for move in adjustments.to_dict("records"):
        item, source, target = str(move["item_id"]), str(move["from_site"]), str(move["to_site"])
        row = items["item_id"] == item
        known = [site in place or (item, site) in qty.index for site in (source, target)]
        if not row.any() or not all(known):
            notes.append(f"item {item}: the adjustment {source} to {target} is of no use any more")
            continue
        have = items.loc[row, place[source]].iloc[0] if source in place else qty[(item, source)]
        moved = min(float(move["qty"]), float(have))
        if moved < float(move["qty"]):
            notes.append(
                f"item {item}: {move['qty']:g} were to move from {source} to {target}, "
                f"{moved:g} are there"
            )
        for site, sign in ((source, -1.0), (target, 1.0)):
            if site in place:
                items.loc[row, place[site]] += sign * moved
            else:
                qty[(item, site)] += sign * moved
    lines = lines.assign(qty_moved=qty.to_numpy() - lines["qty_ruled"], qty=qty.to_numpy())
    sent = lines.groupby("item_id")["qty"].sum().reindex(items["item_id"]).to_numpy()
    return lines, items.assign(qty_allocated=sent), notes


def _waves(setup: Setup, made: Plan) -> dict[dt.date, pd.DataFrame]:
    """Each arrival allocated by what is still to come, given what came before."""
    weekly = _weekly(setup, made)
    periods = made.window.periods
    arrivals = [(0, made.request.total.copy())]
    pack = np.broadcast_to(np.asarray(made.request.pack, dtype=float), made.request.total.shape)
    for day, rows in setup.waves.groupby("arrives_on"):
        general = rows.loc[rows["item_id"].isna(), "percent"].sum()
        own = rows.dropna(subset="item_id").groupby("item_id")["percent"].sum()
        percent = general + own.reindex(made.supply["item_id"], fill_value=0.0).to_numpy()
        qty = np.floor(made.request.total * percent / 100 / pack + 1e-9) * pack
        period = int((periods <= pd.Timestamp(str(day))).sum()) - 1
        arrivals.append((max(period, 0), qty))
        arrivals[0] = (0, arrivals[0][1] - qty)
    sent = in_season.in_waves(made.request, weekly, arrivals, setup.rule)
    days = [setup.start, *(day.date() for day in sorted(setup.waves["arrives_on"].unique()))]
    return {
        day: pd.DataFrame(
            {
                "item_id": np.repeat(made.supply["item_id"].to_numpy(), len(made.sites)),
                "site_id": np.tile(made.sites, len(made.supply)),
                "qty": wave.qty.ravel(),
            }
        ).query("qty > 0")
        for day, wave in zip(days, sent, strict=True)
    }


def _weekly(setup: Setup, made: Plan) -> Floats:
    """What each site is to sell of the stock to be had, by week: items x sites x weeks."""
    by_week = outlook(setup).weeks.groupby(["item_id", "ds"])["mean"].sum().unstack()
    profile = by_week.reindex(made.supply["item_id"]).fillna(0.0).to_numpy()
    whole = profile.sum(axis=1, keepdims=True)
    even = np.full_like(profile, 1 / max(profile.shape[1], 1))
    profile = np.where(whole > 0, profile / np.where(whole > 0, whole, 1.0), even)
    return np.asarray(made.request.mean[:, :, None] * profile[:, None, :])


def with_outlook(lines: pd.DataFrame, found: Outlook) -> pd.DataFrame:
    """Lines with what is expected to be asked for, the chance to last, and expected lost sales."""
    met = lines.merge(
        found.totals.rename(columns={"mean": "qty_expected"}), on=["item_id", "site_id"], how="left"
    )
    mean = met["qty_expected"].fillna(0.0).to_numpy()
    demand = NegativeBinomial.of(np.maximum(mean, 1e-9), met["size"].fillna(1.0).to_numpy())
    have = np.maximum(met["qty_on_hand"].to_numpy(), 0.0) + met["qty"].to_numpy()
    return met.drop(columns="size").assign(
        chance_lasts=demand.cdf(np.floor(have)),
        qty_lost=np.where(mean > 0, demand.expected_shortage(have), 0.0),
    )


def history(setup: Setup, item: str, site: str | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What was sold of an item by week, at a site or over all, and in the reference season.

    Weeks with empty shelves count as they sold. A new item has the history of the one it is like,
    times its size.

    Returns
    -------
    ds, qty of the past; and the same of the reference season, moved onto the season.
    """
    found = basis(setup)
    model, size = setup.like_items().get(item, (item, 1.0))
    panel, sales = found.history.panel, _sales(setup)
    sold = sold_by_week(sales, item, site)
    if sold.empty and model != item:
        sold = sold_by_week(sales, model, site) * size
    qty = sold.reindex(panel.periods).to_numpy(dtype=float)
    past = pd.DataFrame({"ds": panel.periods, "qty": qty}).dropna()
    season = found.window.season
    begin = panel.n_periods + season.gap - season.lag
    end = min(begin + season.length, panel.n_periods)
    reference = pd.DataFrame(
        {"ds": found.window.periods[: max(end - begin, 0)], "qty": qty[max(begin, 0) : end]}
        if begin >= 0
        else {"ds": found.window.periods[:0], "qty": qty[:0]}
    ).dropna()
    return past, reference


def sold_by_week(sales: pd.DataFrame, item: str, site: str | None) -> pd.Series:
    """Week -> units sold of an item, at a site or over all."""
    key = sales["unique_id"]
    own = key.str.rpartition("/")[0] == item if site is None else key == f"{item}/{site}"
    return sales[own].groupby("ds")["y"].sum()
