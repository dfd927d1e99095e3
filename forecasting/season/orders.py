"""What a planner hands in: sales, a supply, what is special about sites and items; checked."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from forecasting.season.allocation import Rule
from forecasting.season.faults import SeasonError

LIMITS = {
    "qty_on_hand": 0.0,
    "qty_presentation": 0.0,
    "qty_min": 0.0,
    "qty_max": np.inf,
    "qty_need": np.nan,
    "quota": np.nan,
    "rank": 1.0,
    "is_open": 1.0,
}
OPEN = {"true": 1.0, "yes": 1.0, "1": 1.0, "1.0": 1.0}
OPEN |= {"false": 0.0, "no": 0.0, "0": 0.0, "0.0": 0.0}
"""What may stand in `is_open`."""
LIKE, LIKE_SIZE = "like", "like_size"
"""Columns of the sites and items tables: what a new one is like, and how large it is beside it."""
QUANTITIES = {"qty_total": np.nan, "pack": 0.0, "qty_held_back": 0.0}


@dataclass(frozen=True)
class Order:
    """What the planner asks for.

    Parameters
    ----------
    series
        unique_id (item/site), ds, y and optionally in_stock; rows from the start on are not used,
        except that the pairs they name may be sent to.
    freq
        MS, W or D.
    supply
        item_id, qty_total and optionally pack, qty_held_back.
    start, end
        First and last day of the season.
    sites
        site_id, optionally item_id (blank: every item), and any of `LIMITS`; `like` names the site
        that one without history is like, `like_size` its size beside it; other columns are what
        makes sites alike.
    items
        item_id, `like` and what makes items alike.
    rule
        How the total is shared out.
    event
        Holiday to align the reference season on; found from the dates where not given.
    reference
        First day of the reference season, where the planner names one.
    is_quick
        True: by the two share models alone, in a tenth of the time; the demand model of every item
        and site is not asked.
    """

    series: pd.DataFrame
    freq: str
    supply: pd.DataFrame
    start: pd.Timestamp
    end: pd.Timestamp
    sites: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"site_id": []}))
    items: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"item_id": []}))
    rule: Rule = "probability"
    event: str | None = None
    reference: pd.Timestamp | None = None
    is_quick: bool = False


def checked_supply(supply: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    """Sort a supply into items that can be allocated and items that cannot.

    Returns
    -------
    item_id, qty_total, pack (0: none given), qty_held_back of the usable rows; and (item, reason)
    of the others.

    Raises
    ------
    SeasonError
        A column is missing, or no row is usable; the message names the column or the first item.
    """
    for name in ("item_id", "qty_total"):
        if name not in supply.columns:
            raise SeasonError(f"column {name} is missing (expected item_id, qty_total)")
    if supply.empty:
        raise SeasonError("no rows (expected item_id, qty_total)")
    checked = pd.DataFrame({"item_id": text_of(supply["item_id"]).to_numpy()})
    reasons = pd.Series("", index=checked.index, dtype=object)
    for name, blank in QUANTITIES.items():
        if name not in supply.columns:
            checked[name] = blank
            continue
        values = pd.to_numeric(supply[name], errors="coerce").to_numpy(dtype=float)
        empty = supply[name].isna().to_numpy() & ~np.isnan(blank)
        checked[name] = np.where(empty, blank, values)
        bad = ~(np.isfinite(checked[name]) & (checked[name] >= 0))
        said = [f"{name} is {value} (expected 0 or more)" for value in supply[name]]
        reasons = reasons.mask(bad & (reasons == ""), pd.Series(said, index=checked.index))
    over = checked["qty_held_back"] > checked["qty_total"]
    reasons = reasons.mask(over & (reasons == ""), "qty_held_back is more than qty_total")
    reasons = reasons.mask(checked["item_id"].duplicated(keep=False), "comes more than once")
    reasons = reasons.mask(checked["item_id"].isna(), "item_id is blank")
    usable = (reasons == "").to_numpy()
    refused = [
        (f"row {n + 1}" if pd.isna(item) else str(item), str(why))
        for n, (item, why) in enumerate(zip(checked["item_id"], reasons, strict=True))
        if why
    ]
    if not usable.any():
        raise SeasonError(f"no item can be allocated; {refused[0][0]}: {refused[0][1]}")
    return checked[usable].reset_index(drop=True), refused


def check_sites(sites: pd.DataFrame) -> None:
    """Refuse a sites table without ids or with a limit that is not what it has to be.

    Raises
    ------
    SeasonError
        The message names the column or the site.
    """
    if "site_id" not in sites.columns:
        raise SeasonError("column site_id is missing")
    for name in LIMITS:
        if name not in sites.columns:
            continue
        values = numbers_of(sites[name])
        # Stock below zero is owed to customers and lifts the site's claim.
        low = values < 0 if name != "qty_on_hand" else values == -np.inf
        bad = (values.isna() & ~_is_blank(sites[name]) | low).to_numpy()
        if bad.any():
            row = sites[bad].iloc[0]
            wanted = "yes or no" if name == "is_open" else "a number"
            raise SeasonError(f"site {row['site_id']}: {name} is {row[name]} (expected {wanted})")
    if {"qty_min", "qty_max"} <= {*sites.columns}:
        crossed = (numbers_of(sites["qty_min"]) > numbers_of(sites["qty_max"])).to_numpy()
        if crossed.any():
            row = sites[crossed].iloc[0]
            told = f"qty_min {row['qty_min']} is more than qty_max {row['qty_max']}"
            raise SeasonError(f"site {row['site_id']}: {told}")


def numbers_of(column: pd.Series) -> pd.Series:
    """A column of `LIMITS` as numbers; open is 1 and closed 0; what cannot be read is missing."""
    if column.name == "is_open":
        return column.map(lambda told: OPEN.get(str(told).strip().lower(), np.nan)).astype(float)
    return pd.to_numeric(column, errors="coerce").astype(float)


def _is_blank(column: pd.Series) -> pd.Series:
    return column.isna() | (column.astype("string").str.strip() == "").fillna(True)


def stock_of_stores(stock: pd.DataFrame, sites: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """Stock at the sites that sell or that the sites table names: stock alone makes no store."""
    selling = text_of(series["unique_id"]).dropna().str.rpartition("/")[2]
    known = {*selling, *text_of(sites["site_id"]).dropna()}
    return stock[text_of(stock["site_id"]).isin(known)]


def item_of_row(sites: pd.DataFrame) -> pd.Series:
    """The item that a row of a sites table speaks of; missing where it speaks of all."""
    if "item_id" in sites.columns:
        return text_of(sites["item_id"])
    return pd.Series(None, index=sites.index, dtype=object)


def text_of(column: pd.Series) -> pd.Series:
    """Ids as text, blanks as missing; whole numbers that came as floats lose their '.0'."""
    if pd.api.types.is_float_dtype(column) and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    text = column.astype("string").str.strip()
    return text.mask(text == "").astype(object)
