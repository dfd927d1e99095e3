"""Stores and their tastes as they drift, and the demand that follows: drawn before any decision."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.season.seasons import easter
from sample_data.grocer.range import BEAUTY, GROCERY, items
from sample_data.grocer.settings import GrocerSettings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

PLACES = (
    "Ashby", "Barrow", "Colne", "Dunmere", "Ely", "Fenwick", "Garstang", "Hawes", "Ilkley",
    "Jarrow", "Kelso", "Louth", "Morpeth", "Nantwich", "Otley", "Penrith", "Quorn", "Ripon",
    "Settle", "Thirsk", "Ulverston", "Whitby", "Yarm", "Alston",
)  # fmt: skip
REGIONS = ("North", "Midlands", "South")
FORMATS = ("hypermarket", "supermarket", "neighbourhood")
SIZE_OF_FORMAT = {"hypermarket": 1.8, "supermarket": 1.0, "neighbourhood": 0.55}
OPENED = date(2025, 8, 4)
CLOSED = (date(2025, 2, 24), date(2025, 5, 4))


@dataclass(frozen=True)
class Grocer:
    """What is given: sites, items, which are sold where, and what customers want each week.

    `pairs` has item and site positions; `rate` and `demand` are pairs x weeks [units]; `is_open`
    is sites x weeks; `is_promoted` items x weeks.
    """

    settings: GrocerSettings
    sites: pd.DataFrame
    items: pd.DataFrame
    pairs: pd.DataFrame
    rate: Floats
    demand: Ints
    is_open: Flags
    is_promoted: Flags


def make_grocer(settings: GrocerSettings) -> Grocer:
    """Draw stores, tastes and the demand of every week."""
    sites, sold = make_sites(settings), items()
    n_weeks = len(settings.weeks)
    same_unit = (sold["business_unit"].to_numpy()[:, None]) == sites["business_unit"].to_numpy()
    item, site = np.nonzero(same_unit)
    is_open = _is_open(settings, sites)
    is_promoted = settings.stream("promotions").random((len(sold), n_weeks)) < (
        settings.promotion_chance
    )
    wanted = _season(settings, sold) * np.where(is_promoted, settings.promotion_lift, 1.0)
    rate = sold["base"].to_numpy()[item, None] * wanted[item] * _taste(settings, sites, sold)
    rate = rate * is_open[site]
    rng, excess = settings.stream("demand"), settings.dispersion - 1
    demand = rng.poisson(rng.gamma(np.maximum(rate / excess, 1e-12), excess))
    pairs = pd.DataFrame({"item": item, "site": site})
    return Grocer(settings, sites, sold, pairs, rate, demand, is_open, is_promoted)


def make_sites(settings: GrocerSettings) -> pd.DataFrame:
    """Stores, and counters inside the first of them."""
    rng = settings.stream("sites")
    rows = []
    for n in range(settings.n_stores):
        kind = FORMATS[n % 3]
        size = SIZE_OF_FORMAT[kind] * float(np.exp(rng.normal(0, 0.2)))
        row = (f"G{n + 1:02d}", f"{PLACES[n]} store", REGIONS[n % 3], "", GROCERY, kind, size)
        rows.append(row)
    for n in range(settings.n_counters):
        store = rows[n]
        name = f"{PLACES[n]} beauty counter"
        size = store[6] * float(np.exp(rng.normal(0, 0.25)))
        rows.append((f"H{n + 1:02d}", name, store[2], store[0], BEAUTY, store[5], size))
    columns = ["site_id", "site_name", "region", "parent", "business_unit", "format", "size"]
    return pd.DataFrame(rows, columns=columns)


def _is_open(settings: GrocerSettings, sites: pd.DataFrame) -> Flags:
    """The last store opens late, and the one before it was closed for a refit."""
    is_open = np.ones((len(sites), len(settings.weeks)), dtype=bool)
    late, closed = settings.n_stores - 1, settings.n_stores - 2
    is_open[late, : settings.week_of(OPENED)] = False
    is_open[closed, settings.week_of(CLOSED[0]) : settings.week_of(CLOSED[1])] = False
    return is_open


def _wander(rng: np.random.Generator, shape: tuple[int, ...], a_year: float) -> Floats:
    """Logarithms that take a small step every week, from a place of their own."""
    steps = rng.normal(0, a_year / np.sqrt(52), shape)
    return np.asarray(rng.normal(0, 1.5 * a_year, (*shape[:-1], 1)) + np.cumsum(steps, axis=-1))


def _taste(settings: GrocerSettings, sites: pd.DataFrame, sold: pd.DataFrame) -> Floats:
    """How much each pair sells beside a mean store: size, department, item; all of them drift."""
    n_weeks, n_sites = len(settings.weeks), len(sites)
    families, family = np.unique(sold["item_family"], return_inverse=True)
    size = np.log(sites["size"].to_numpy())[:, None] + _wander(
        settings.stream("sizes"), (n_sites, n_weeks), settings.size_drift
    )
    department = _wander(
        settings.stream("departments"), (len(families), n_sites, n_weeks), settings.department_drift
    )
    own = _wander(settings.stream("tastes"), (len(sold), n_sites, n_weeks), settings.item_drift)
    same = sold["business_unit"].to_numpy()[:, None] == sites["business_unit"].to_numpy()
    item, site = np.nonzero(same)
    return np.asarray(np.exp(size[site] + department[family[item], site] + own[item, site]))


def _season(settings: GrocerSettings, sold: pd.DataFrame) -> Floats:
    """Demand of each item and week beside a usual week: bumps up to Christmas, Easter, summer."""
    weeks, strength = settings.weeks, settings.stream("seasons")
    wanted = np.ones((len(sold), len(weeks)))
    for year in range(weeks[0].year, weeks[-1].year + 1):
        curves = {
            "C": _bump(weeks, pd.Timestamp(year, 12, 25), before=18.0, after=4.0),
            "E": _bump(weeks, easter(year), before=16.0, after=4.0),
            "S": _bump(weeks, pd.Timestamp(year, 7, 5), before=35.0, after=35.0),
        }
        for letter, curve in curves.items():
            takes_part = sold["events"].str.contains(letter).to_numpy()
            # A season is better or worse than the one before, for each item.
            height = sold["peak"].to_numpy() * np.exp(strength.normal(0, 0.12, len(sold)))
            wanted += np.where(takes_part, height, 0.0)[:, None] * curve
    return wanted


def _bump(weeks: pd.DatetimeIndex, day: pd.Timestamp, before: float, after: float) -> Floats:
    """A hill around a day, 1 at its height; its slopes in days."""
    middle = (weeks + pd.Timedelta(days=3) - day).days.to_numpy(dtype=float)
    return np.asarray(np.exp(-0.5 * (middle / np.where(middle < 0, before, after)) ** 2))
