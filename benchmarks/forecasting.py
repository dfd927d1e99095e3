"""Forecast accuracy and speed on the shared files: `python benchmarks/forecasting.py [NAME ...]`.

The protocols are the held-out ones that docs/forecasting.md reports; each skips, and says so, when
the shared files are not beside the project (environment variable SHARED_DATA, else ../shared/data).
Times are CPU seconds of this process and of the optimizers it starts.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from forecasting.demand.backtest import backtest, summary  # noqa: E402
from forecasting.demand.losses import LEVELS  # noqa: E402
from forecasting.demand.models.empirical import EmpiricalMixture  # noqa: E402
from forecasting.demand.models.prophet_model import ProphetModel  # noqa: E402
from forecasting.demand.panel import Panel  # noqa: E402
from forecasting.demand.routing import catalogue  # noqa: E402
from forecasting.demand.series import read_rows  # noqa: E402

SHARED = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))
DEPARTMENTS = [3, 7, 9, 42, 52, 79, 87, 91]


def car_parts() -> Panel:
    """The 2,509 complete series."""
    rows = pd.read_parquet(SHARED / "spares_carparts_monthly.parquet")
    rows = rows.rename(columns={"item": "unique_id", "period": "ds", "qty": "y"})
    known = rows.dropna(subset="y").groupby("unique_id").size()
    return read_rows(rows[rows["unique_id"].isin(known.index[known == 51])], "MS").panel


def stores() -> Panel:
    """The 345 store x department series without gaps, negatives at 0."""
    rows = pd.read_parquet(SHARED / "stores_walmart_weekly.parquet")
    rows = rows[rows["Dept"].isin(DEPARTMENTS)]
    rows = rows[rows.groupby(["Store", "Dept"])["Weekly_Sales"].transform("size") == 143]
    keys = rows["Dept"].astype(str) + "/" + rows["Store"].astype(str)
    series = pd.DataFrame({"unique_id": keys, "ds": rows["date"], "y": rows["Weekly_Sales"]})
    return read_rows(series, "W").panel


def grocery() -> Panel:
    """Store x product with in-stock flags and the hierarchy."""
    rows = pd.read_parquet(SHARED / "stores_vn2_weekly.parquet")
    rows = rows.merge(pd.read_csv(SHARED / "stores_vn2_master.csv"), on=["Store", "Product"])
    keys = rows["Product"].astype(str) + "/" + rows["Store"].astype(str)
    series = rows.assign(unique_id=keys, ds=rows["week"], y=rows["units_sold"])
    return read_rows(series.drop(columns=["week", "units_sold", "Store", "Product"]), "W").panel


def score(panel: Panel, horizon: int, windows: int, names: str) -> None:
    """Back-test the models and print their losses in all."""
    known = catalogue()
    models = {name: known[name] for name in names.split()}
    start = os.times()
    rows = backtest(panel, horizon, windows, models)
    spent = sum(np.subtract(os.times()[:4], start[:4]))
    table = summary(panel, rows, list(LEVELS))
    print(table[table["demand_class"] == "all"].round(4).to_string(index=False))
    print(f"{len(panel)} series, {windows} origins x {horizon} periods: {spent:.0f} CPU s\n")


def speed() -> None:
    """Series a second: the intermittent route with distributions, and the Prophet route."""
    parts = car_parts()
    many = parts.take(np.tile(np.arange(len(parts)), 12))
    start = time.process_time()
    EmpiricalMixture().fit(many, 6).period(1).quantile(LEVELS)
    print(f"empirical mixture: {len(many) / (time.process_time() - start):,.0f} series/CPU s")
    weeks = stores()
    for jobs in (1, 2):
        wall = time.perf_counter()
        ProphetModel(jobs=jobs).means(weeks, 13)
        print(
            f"Prophet, {jobs} jobs: {len(weeks) / (time.perf_counter() - wall):,.0f} series/s wall"
        )


PROTOCOLS: dict[str, Callable[[], None]] = {
    "car": lambda: score(
        car_parts(), 6, 2,
        "chosen lightgbm empirical_mixture one_alpha tsb sba year_mean seasonal_naive",
    ),
    "stores": lambda: score(
        stores(), 13, 4,
        "chosen ensemble boosted_prophet lightgbm prophet last_year_growth seasonal_naive",
    ),
    "grocery": lambda: score(
        grocery(), 4, 4,
        "chosen lightgbm empirical_mixture one_alpha tsb year_mean prophet seasonal_naive",
    ),
    "speed": speed,
}  # fmt: skip


def main() -> int:
    """Run the protocols named on the command line, or all."""
    if not SHARED.is_dir():
        print(f"skipped: {SHARED} is not there")
        return 0
    for name in sys.argv[1:] or PROTOCOLS:
        print(name)
        PROTOCOLS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
