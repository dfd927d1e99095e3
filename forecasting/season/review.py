"""One season of one business unit: what the tool would send, and how wrong was what was sent.

The plan knows nothing that was reported after the season was shared out. For a season that another
rule shared out it is that season in shadow: the same totals, to the same sites.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from forecasting.season.basis import Basis, make_basis
from forecasting.season.censoring import demand_beyond_stock
from forecasting.season.faults import SeasonError
from forecasting.season.fill import Floats
from forecasting.season.forecast import chain_forecast, level_error, seasonal_forecast
from forecasting.season.in_season import Doubt, updated
from forecasting.season.misallocation import judge, luck
from forecasting.season.orders import Order
from forecasting.season.plan import make_plan

DRAWS = 200
# Weeks before the season that help to say what a site usually sells of an item.
BEFORE = pd.Timedelta(weeks=26)
PERIOD = {"W": pd.Timedelta(days=7), "MS": pd.Timedelta(days=31)}


@dataclass(frozen=True)
class Case:
    """A season as the build knows it.

    Parameters
    ----------
    start, end
        First and last day.
    decided
        Day on which it was shared out; the as-of date where it has not been.
    freq
        W or MS.
    supply
        item_id, qty_total, qty_held_back, pack.
    lines
        item_id, site_id, qty_on_hand, qty_allocated, is_closed: one row per line shared out; none
        where it has not been.
    sales
        unique_id (item/site), ds, y, in_stock, as reported up to the as-of date.
    sites, items
        What is known of each, with site_id or item_id: likeness for those without history.
    is_over
        Whether it can be judged.
    seed
        Seed of the draws.
    """

    start: pd.Timestamp
    end: pd.Timestamp
    decided: pd.Timestamp
    freq: str
    supply: pd.DataFrame
    lines: pd.DataFrame
    sales: pd.DataFrame
    sites: pd.DataFrame
    items: pd.DataFrame
    is_over: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Review:
    """What came out, without the season's name; see `data.forecasts.TABLES` for the columns."""

    plans: pd.DataFrame
    forecasts: pd.DataFrame
    results: pd.DataFrame = field(default_factory=pd.DataFrame)
    luck: pd.DataFrame = field(default_factory=pd.DataFrame)


def review(case: Case) -> Review:
    """Plan a season from what was known, and judge it where it is over.

    Raises
    ------
    SeasonError
        It cannot be planned; the message says why.
    """
    order = _order(case)
    basis = make_basis(order)
    plan = make_plan(order, basis)
    weekly = chain_forecast(basis.history, basis.window)
    doubt = 0.0 if case.is_over else level_error(basis.history, basis.window)[0]
    ahead = seasonal_forecast(basis.history, basis.window, basis.shares, weekly)
    wanted = set(case.supply["item_id"])
    ahead = ahead[ahead["item_id"].isin(wanted) & _is_there(ahead, case)]
    ahead = ahead.rename(columns={"ds": "period_date"})
    sent = plan.allocation.set_index(["item_id", "site_id"])["qty"]
    plans = _season_totals(basis, weekly, doubt)
    plans = plans[plans["item_id"].isin(wanted) & _is_there(plans, case)]
    keys = pd.MultiIndex.from_frame(plans[["item_id", "site_id"]])
    plans = plans.assign(qty_planned=sent.reindex(keys).to_numpy())
    forecasts = ahead.rename(columns={"mean": "qty_expected"})
    forecasts = forecasts[["item_id", "site_id", "period_date", "qty_expected"]]
    if not case.is_over or case.lines.empty:
        return Review(plans, forecasts)
    results, drawn = _judged(case, basis, plans)
    return Review(plans, forecasts, results, drawn)


def _order(case: Case) -> Order:
    """The order as it stood: sales known by then, sites that were open, the total shared out."""
    known = case.sales["ds"] + PERIOD[case.freq] <= case.decided
    series, supply, sites = case.sales[known], case.supply, case.sites
    if not known.any():
        raise SeasonError(f"no sales were reported before {case.decided.date()}")
    if len(case.lines):
        open_lines = case.lines[~case.lines["is_closed"]]
        total = open_lines.groupby("item_id")["qty_allocated"].sum()
        supply = supply.assign(
            qty_total=supply["item_id"].map(total).fillna(0.0), qty_held_back=0.0
        )
        sites = _site_rows(case, series)
    else:
        # A site that sells none of this is no new store: the planner says which ones are.
        selling = series["unique_id"].str.rpartition("/")[2].unique()
        sites = sites[sites["site_id"].isin(selling)]
    return Order(series, case.freq, supply, case.start, case.end, sites, case.items, is_quick=True)


def _site_rows(case: Case, series: pd.DataFrame) -> pd.DataFrame:
    """Every pair of the season, open only where it was shared out to and open."""
    parts = series["unique_id"].drop_duplicates().str.rpartition("/")
    pairs = pd.DataFrame({"item_id": parts[0].to_numpy(), "site_id": parts[2].to_numpy()})
    # An item that was never sold would be offered to every site.
    is_new = ~case.supply["item_id"].isin(pairs["item_id"])
    anywhere = case.supply.loc[is_new, ["item_id"]].merge(
        pairs[["site_id"]].drop_duplicates(), how="cross"
    )
    pairs = pd.concat([pairs[pairs["item_id"].isin(case.supply["item_id"])], anywhere])
    rows = pairs.merge(case.lines, on=["item_id", "site_id"], how="outer")
    rows["is_open"] = (~rows["is_closed"].astype("boolean").fillna(True)).astype(float)
    rows["qty_on_hand"] = rows["qty_on_hand"].fillna(0.0)
    names = ["item_id", "site_id", "qty_on_hand", "is_open"]
    return rows[names].merge(case.sites, on="site_id", how="left")


def _is_there(rows: pd.DataFrame, case: Case) -> pd.Series:
    """Whether an item has sold at a site or was shared out to it; everywhere before that."""
    if case.lines.empty:
        return pd.Series(True, index=rows.index)
    told = pd.concat([case.lines["item_id"] + "/" + case.lines["site_id"], case.sales["unique_id"]])
    return (rows["item_id"] + "/" + rows["site_id"]).isin(told)


def _season_totals(basis: Basis, weekly: Floats, doubt: float) -> pd.DataFrame:
    """Expected demand of the whole season per pair, and its 80 % interval."""
    one = replace(basis.window, periods=basis.window.periods[:1])
    total = weekly.sum(axis=1, keepdims=True)
    whole = seasonal_forecast(basis.history, one, basis.shares, total, doubt)
    return pd.DataFrame(
        {
            "item_id": whole["item_id"],
            "site_id": whole["site_id"],
            "qty_expected": whole["mean"],
            "qty_p10": whole["q_0.1"],
            "qty_p90": whole["q_0.9"],
            "share": basis.shares.share,
        }
    )


def _judged(case: Case, basis: Basis, plans: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Estimated demand, hindsight share and luck of every line, and the draws of every item."""
    lines = case.lines[~case.lines["is_closed"]].sort_values(["item_id", "site_id"])
    keys = ["item_id", "site_id"]
    lines = lines.merge(season_demand(case), on=keys, how="left").fillna({"qty_demand": 0.0})
    lines = lines.merge(plans[[*keys, "qty_expected"]], on=keys, how="left")
    lines["qty_expected"] = lines["qty_expected"].fillna(0.0)
    item, items = pd.factorize(lines["item_id"])
    site, sites = pd.factorize(lines["site_id"])
    shape = (len(items), len(sites))

    def wide(column: str) -> Floats:
        matrix = np.zeros(shape)
        matrix[item, site] = lines[column].to_numpy(dtype=float)
        return matrix

    given, demand, stock = wide("qty_allocated"), wide("qty_demand"), wide("qty_on_hand")
    expected, shares = wide("qty_expected"), basis.shares
    noise = max(shares.noise, 1.0)
    doubt = Doubt(site=float(np.clip(shares.spread, 0.05, 0.5)), noise=noise)
    likely = np.where(expected > 0, updated(expected, demand, expected, doubt), demand)
    outcome = judge(given, demand, stock)
    pack = case.supply.set_index("item_id")["pack"].reindex(items).fillna(1.0).to_numpy()
    drawn = luck(
        outcome, likely, on_hand=stock, pack=pack, noise=noise, draws=DRAWS, seed=case.seed,
        chain=demand.sum(axis=1),
    )  # fmt: skip
    results = lines[[*keys, "qty_demand"]].assign(
        qty_hindsight=outcome.best[item, site], qty_luck=drawn.misplaced_at[item, site]
    )
    draws = pd.DataFrame(
        {
            "item_id": np.tile(np.asarray(items), DRAWS),
            "draw_no": np.repeat(np.arange(1, DRAWS + 1), len(items)),
            "qty_misplaced": drawn.misplaced.ravel(),
            "qty_misallocated": drawn.misallocated.ravel(),
            "qty_hindsight_sales": drawn.hindsight_sales.ravel(),
        }
    )
    return results, draws


def season_demand(case: Case) -> pd.DataFrame:
    """What customers wanted in the season: item_id, site_id, qty_demand [units].

    A week out of stock is filled in by what the site usually has of the chain's sales, judged from
    the season and the half year before it.
    """
    inside = case.sales[case.sales["ds"].between(case.start - BEFORE, case.end)]
    sold = inside.pivot(index="unique_id", columns="ds", values="y")
    in_stock = inside.pivot(index="unique_id", columns="ds", values="in_stock")
    is_reported = sold.notna().to_numpy()
    parts = pd.Series(sold.index).str.rpartition("/")
    item = pd.factorize(parts[0])[0]
    known = in_stock.fillna(False).to_numpy(dtype=bool) & is_reported
    demand = demand_beyond_stock(sold.fillna(0.0).to_numpy(dtype=float), known, item)
    # A week that was not reported has no demand that anyone knows of.
    demand = np.where(is_reported, demand, 0.0)
    periods = pd.DatetimeIndex(sold.columns)
    in_season = np.asarray((periods >= case.start) & (periods <= case.end))
    return pd.DataFrame(
        {
            "item_id": parts[0],
            "site_id": parts[2],
            "qty_demand": demand[:, in_season].sum(axis=1),
        }
    )
