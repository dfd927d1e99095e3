"""A season as it stood after one of its weeks: what has sold, what is to come, what should move."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasting.demand.distribution import NegativeBinomial
from forecasting.season.allocation import Request
from forecasting.season.fill import Floats
from forecasting.season.in_season import Doubt, moves, release, updated
from ui import queries
from ui.season import records

HELD_BACK = "held back"
USUAL = Doubt()
LEAST_LINES = 20
COLUMNS = ["kind", "item_id", "description", "from_site", "to_site", "qty", "money", "why"]


@dataclass(frozen=True)
class Position:
    """Where a season stands; matrices are items x sites.

    Parameters
    ----------
    items, sites
        Ids of rows and columns.
    names
        What people call each site.
    about
        One row per item: description, pack_size, unit_margin, unit_markdown.
    stock
        In the stores now, with the moves and releases that were approved [units].
    sold, to_come
        So far, and still expected, corrected by what has sold [units].
    was_to_come
        The same as forecast before the season [units].
    is_open
        Where stock may be sent.
    held_back
        Per item, what is still kept at the centre [units].
    doubt
        How far seasons run from their forecast.
    n_doubt
        Lines that was measured on; 0 where usual values were taken.
    """

    items: list[str]
    sites: list[str]
    names: dict[str, str]
    about: pd.DataFrame
    stock: Floats
    sold: Floats
    to_come: Floats
    was_to_come: Floats
    is_open: np.ndarray
    held_back: Floats
    doubt: Doubt
    n_doubt: int


def doubt_of(lines: pd.DataFrame) -> tuple[Doubt, int]:
    """How far seasons ran from their forecasts: an item's level, and a store's share of it.

    Parameters
    ----------
    lines
        season_id, item_id, qty_demand, qty_expected of lines that have been judged.

    Returns
    -------
    The doubt and the lines it was measured on; usual values under 20 lines.
    """
    if len(lines) < LEAST_LINES:
        return USUAL, 0
    sums = lines.groupby(["season_id", "item_id"])[["qty_demand", "qty_expected"]].transform("sum")
    per_item = lines.groupby(["season_id", "item_id"])[["qty_demand", "qty_expected"]].sum()
    off = per_item["qty_demand"] / per_item["qty_expected"] - 1
    item = float(np.sqrt(np.average(off**2, weights=per_item["qty_expected"])))
    mean = lines["qty_expected"] * sums["qty_demand"] / sums["qty_expected"]
    # Squared error less what Poisson alone makes, over the squared mean.
    excess = ((lines["qty_demand"] - mean) ** 2 - mean).sum() / (mean**2).sum()
    site = float(np.sqrt(max(excess, 0.0)))
    return Doubt(max(item, 0.05), max(site, 0.05)), len(lines)


def position(season: str, unit: str | None, week: dt.date) -> Position:
    """Read a season as it stood at the end of a week, with what has been approved by then."""
    rows = queries.ask("season_position", season=season, unit=unit, week=week)
    items, sites = sorted(rows["item_id"].unique()), sorted(rows["site_id"].unique())

    def matrix(name: str) -> Floats:
        wide = rows.pivot_table(index="item_id", columns="site_id", values=name, aggfunc="sum")
        values = wide.reindex(index=items, columns=sites).to_numpy(dtype=float)
        return np.asarray(np.nan_to_num(values))

    past = queries.ask("season_past_lines", season=season, unit=unit)
    doubt, n_doubt = doubt_of(past)
    stock = np.maximum(matrix("qty_start") - matrix("qty_sold"), 0.0)
    bought = queries.ask("seasons_allocated")
    held = bought[bought["season_id"] == season].set_index("item_id")["qty_held_back"]
    held_back = held.reindex(items, fill_value=0.0).to_numpy(dtype=float, copy=True)
    _with_decisions(records.decisions(season), week, items, sites, (stock, held_back))
    carried = rows.assign(one=1.0 - rows["is_closed"].astype(float))
    is_open = carried.pivot_table(index="item_id", columns="site_id", values="one", aggfunc="max")
    expected, sold = matrix("qty_expected_in_stock"), matrix("qty_sold_in_stock")
    return Position(
        items,
        sites,
        dict(zip(rows["site_id"], rows["site_name"], strict=True)),
        rows.drop_duplicates("item_id").set_index("item_id").loc[items],
        stock,
        matrix("qty_sold"),
        updated(expected, sold, matrix("qty_to_come"), doubt),
        matrix("qty_to_come"),
        np.nan_to_num(is_open.reindex(index=items, columns=sites).to_numpy(dtype=float)) > 0,
        held_back,
        doubt,
        n_doubt,
    )


def _with_decisions(
    decisions: pd.DataFrame,
    week: dt.date,
    items: list[str],
    sites: list[str],
    state: tuple[Floats, Floats],
) -> None:
    """Move in stock and held-back stock what was approved up to a week, in place."""
    stock, held_back = state
    row, column = ({name: n for n, name in enumerate(names)} for names in (items, sites))
    for one in decisions.to_dict("records"):
        is_due = one["decision"] == "approved" and str(one["week"]) <= week.isoformat()
        if not is_due or one["item_id"] not in row or one["to_site"] not in column:
            continue
        item = row[one["item_id"]]
        if one["from_site"] == HELD_BACK:
            held_back[item] = max(held_back[item] - one["qty"], 0.0)
        elif one["from_site"] in column:
            source = column[one["from_site"]]
            stock[item, source] = max(stock[item, source] - one["qty"], 0.0)
        stock[item, column[one["to_site"]]] += one["qty"]


def proposals(found: Position, percent: float, least: float) -> pd.DataFrame:
    """What to send from the hold-back and what to bring from store to store, the dearest first.

    Parameters
    ----------
    percent
        Of what is held back, to be sent now.
    least
        Units under which a transfer between stores is not worth its van.

    Returns
    -------
    kind, item_id, description, from_site, to_site, qty, money (margin and markdown that it is
    expected to save), why.
    """
    pack = found.about["pack_size"].to_numpy(dtype=float)
    now = np.floor(found.held_back * percent / 100 / pack + 1e-9) * pack
    size = _size(found)
    request = Request(now, found.to_come, size, pack=pack, is_open=found.is_open)
    sent = release(request, now, found.stock, found.to_come).qty
    after = found.stock + sent
    rows = [
        _released(found, sent, size, item, site)
        for item, site in zip(*np.nonzero(sent), strict=True)
    ]
    rows += [
        _moved(found, after, move.item, (move.source, move.target), move.qty)
        for move in moves(after, found.to_come, found.is_open, least)
    ]
    told = pd.DataFrame(rows, columns=COLUMNS)
    return told.sort_values(["money", "qty"], ascending=False, ignore_index=True)


def _size(found: Position) -> Floats:
    """Size of the negative binomial around what is to come, from the doubt about shares."""
    mean = np.maximum(found.to_come, 1e-9)
    return np.full(mean.shape, 1.0 / found.doubt.site**2)


def _released(
    found: Position, sent: Floats, size: Floats, item: int, site: int
) -> tuple[object, ...]:
    about = found.about.iloc[item]
    demand = NegativeBinomial.of(found.to_come[[item], [site]], size[[item], [site]])
    have, qty = found.stock[item, site], sent[item, site]
    saved = demand.expected_shortage(have) - demand.expected_shortage(have + qty)
    return (
        "release", found.items[item], about["description"], HELD_BACK, found.sites[site],
        float(qty), float(saved[0] * np.nan_to_num(about["unit_margin"])),
        f"has {have:,.0f}, {found.to_come[item, site]:,.0f} still to come",
    )  # fmt: skip


def _moved(
    found: Position, after: Floats, item: int, pair: tuple[int, int], qty: float
) -> tuple[object, ...]:
    about, (source, target) = found.about.iloc[item], pair
    worth = np.nan_to_num(about["unit_margin"]) + np.nan_to_num(about["unit_markdown"])
    return (
        "move", found.items[item], about["description"], found.sites[source], found.sites[target],
        float(qty), float(qty * worth),
        f"there {after[item, source]:,.0f} for {found.to_come[item, source]:,.0f} to come, "
        f"here {after[item, target]:,.0f} for {found.to_come[item, target]:,.0f}",
    )  # fmt: skip


def progress(season: str, unit: str | None, week: dt.date, found: Position) -> pd.DataFrame:
    """The season by week, cumulated: sold, expected before it with its band, and expected now.

    Returns
    -------
    week, sold (NaN after the week), plan, low, high, now (NaN before the week) [units].
    """
    rows = queries.ask("season_progress", season=season, unit=unit)
    rows["period_date"] = pd.to_datetime(rows["period_date"])
    plan = rows.pivot(index="period_date", columns="item_id", values="qty_expected").fillna(0.0)
    sold = rows.groupby("period_date")["qty_sold"].sum().cumsum()
    cumulated = plan.cumsum()
    total = cumulated.sum(axis=1)
    spread = np.sqrt((cumulated**2).sum(axis=1) * found.doubt.item**2 + found.doubt.noise * total)
    past = plan.index <= pd.Timestamp(week)
    corrected = _factor(found)
    later = plan.mul(corrected.reindex(plan.columns).fillna(1.0), axis=1)[~past].sum(axis=1)
    so_far = float(sold[past].iloc[-1]) if past.any() else 0.0
    now = later.cumsum() + so_far
    if past.any():
        now.loc[plan.index[past][-1]] = so_far
    return pd.DataFrame(
        {
            "week": plan.index,
            "sold": sold.where(past).to_numpy(),
            "plan": total.to_numpy(),
            "low": (total - 1.2816 * spread).clip(lower=0.0).to_numpy(),
            "high": (total + 1.2816 * spread).to_numpy(),
            "now": now.reindex(plan.index).to_numpy(),
        }
    )


def _factor(found: Position) -> pd.Series:
    """By how much what is to come of each item was corrected by what has sold."""
    then, now = found.was_to_come.sum(axis=1), found.to_come.sum(axis=1)
    return pd.Series(np.divide(now, then, out=np.ones_like(now), where=then > 0), index=found.items)
