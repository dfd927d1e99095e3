"""Marks of seasonal allocation on real files, and its speed: `python -m benchmarks.season DIR`.

DIR holds `stores_walmart_weekly.parquet` and `stores_vn2_weekly.parquet`. Error is the sum over
sites of the distance between allocated and demanded, over the demand, in the first eight weeks of
a season whose chain totals are known; each origin sees only the weeks before it.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from forecasting.demand.panel import Panel
from forecasting.season.allocation import Request, allocate
from forecasting.season.features import Season
from forecasting.season.fill import Floats
from forecasting.season.history import History
from forecasting.season.orders import Order
from forecasting.season.plan import make_plan
from forecasting.season.shares import forecast_shares

N_WEEKS = 8
DEPARTMENTS = [3, 7, 9, 42, 52, 79, 87, 91]
ORIGINS = ["2011-11-04", "2012-02-03", "2012-05-04", "2012-08-03"]


def walmart(folder: Path) -> pd.DataFrame:
    """Store x department series without gaps; negatives at 0."""
    sales = pd.read_parquet(folder / "stores_walmart_weekly.parquet")
    key = sales["Dept"].astype(str) + "/" + sales["Store"].astype(str)
    rows = pd.DataFrame(
        {"unique_id": key, "ds": sales["date"], "y": sales["Weekly_Sales"].clip(lower=0)}
    )
    rows["item"], rows["in_stock"] = sales["Dept"], True
    n_weeks = rows["ds"].nunique()
    return rows[rows.groupby("unique_id")["ds"].transform("size") == n_weeks]


def grocery(folder: Path) -> pd.DataFrame:
    """Store x product series with stock-outs."""
    sales = pd.read_parquet(folder / "stores_vn2_weekly.parquet")
    key = sales["Product"].astype(str) + "/" + sales["Store"].astype(str)
    return pd.DataFrame(
        {
            "unique_id": key,
            "ds": sales["week"],
            "y": sales["units_sold"],
            "item": sales["Product"],
            "in_stock": sales["in_stock"],
        }
    )


def measured(rows: pd.DataFrame, origins: list[str]) -> pd.DataFrame:
    """Error [%] by origin of the plan and of both share rules."""
    found = []
    for origin in origins:
        start = pd.Timestamp(origin)
        end = start + pd.Timedelta(weeks=N_WEEKS - 1)
        season = rows[(rows["ds"] >= start) & (rows["ds"] <= end)]
        real = season.groupby(["item", "unique_id"])["y"].sum().reset_index()
        totals = real.groupby("item")["y"].sum()
        supply = pd.DataFrame({"item_id": totals.index, "qty_total": totals.to_numpy()})
        before = rows[rows["ds"] < start]
        began = time.process_time()
        plan = make_plan(Order(before.drop(columns="item"), "W", supply, start, end))
        cpu = time.process_time() - began
        given = plan.allocation["item_id"] + "/" + plan.allocation["site_id"]
        errors = {"plan": error(real, pd.Series(plan.allocation["qty"].to_numpy(), given))}
        year = start - pd.Timedelta(days=364)
        for name, last in (("last year", end - pd.Timedelta(days=364)), ("52 weeks", end)):
            window = before[(before["ds"] >= year) & (before["ds"] <= last)]
            share = window.groupby("unique_id")["y"].sum()
            errors[name] = error(real, share)
        found.append({"origin": origin, **errors, "cpu": cpu})
    return pd.DataFrame(found).set_index("origin")


def error(real: pd.DataFrame, weight: pd.Series) -> float:
    """Scale the weights to each item's total and compare."""
    given = real["unique_id"].map(weight).fillna(0.0)
    whole = given.groupby(real["item"]).transform("sum")
    total = real.groupby("item")["y"].transform("sum")
    apart = (given / whole.where(whole > 0, 1.0) * total - real["y"]).abs().sum()
    return float(100 * apart / real["y"].sum())


def speed(n_items: int = 500, n_sites: int = 1000, n_weeks: int = 104) -> tuple[float, float]:
    """CPU seconds of forecast and allocation, and of one re-allocation."""
    rng = np.random.default_rng(0)
    rate: Floats = rng.gamma(1, 10, (n_items, 1)) * rng.gamma(4, 0.25, (n_items, n_sites))
    y = rng.poisson(np.repeat(rate.reshape(-1, 1), n_weeks, axis=1)).astype(float)
    item, site = np.divmod(np.arange(n_items * n_sites), n_sites)
    ids = np.array([f"{i}/{s}" for i, s in zip(item, site, strict=True)], dtype=object)
    weeks = pd.date_range("2022-01-03", periods=n_weeks, freq="7D")
    names = [np.arange(n).astype(object) for n in (n_items, n_sites)]
    history = History(Panel(ids, y, weeks, "W"), names[0], names[1], item, site)
    began = time.process_time()
    shares = forecast_shares(history, Season(0, N_WEEKS, 52))
    mean = shares.share.reshape(rate.shape) * np.floor(rate.sum(axis=1) * N_WEEKS)[:, None]
    request = Request(np.floor(mean.sum(axis=1)), mean, shares.size(mean))
    stock = allocate(request).qty
    first = time.process_time() - began
    began = time.process_time()
    left = np.floor(stock * 0.4)
    allocate(Request(np.floor(stock.sum(axis=1) * 0.2), mean * 0.6, request.size, on_hand=left))
    return first, time.process_time() - began


def main(folder: Path) -> None:
    """Print every mark."""
    chain = walmart(folder)
    is_protocol = chain["item"].isin(DEPARTMENTS)
    weeks = sorted(grocery(folder)["ds"].unique())
    cases = {
        "Walmart, 8 departments": (chain[is_protocol], ORIGINS),
        "Walmart, all other departments": (chain[~is_protocol], ORIGINS),
        "grocery": (grocery(folder), [str(weeks[-k].date()) for k in (8, 21, 34, 47)]),
    }
    for name, (rows, origins) in cases.items():
        table = measured(rows, origins)
        mean = table.mean()
        ratio = mean["plan"] / mean[["last year", "52 weeks"]].min()
        print(f"{name}: {rows['unique_id'].nunique()} series", table.round(2), sep="\n")
        print(f"mean {mean['plan']:.2f}, {100 * (1 - ratio):.0f} % less than the better rule\n")
    first, again = speed()
    print(f"500 items x 1,000 stores: {first:.1f} CPU s; re-allocation {again:.1f} CPU s")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
