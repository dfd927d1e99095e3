"""Weekly orders for a grocer with lost sales: python -m benchmarks.grocery.

Lead time 2 weeks, holding 0.2 per unit and week, 1.0 per unit lost. The last 26 weeks of the shared
file are played forward, every week from the weeks before it only, against the best constant weeks
of cover chosen on the 26 weeks before (number of weeks and span of the mean both chosen). Weeks out
of stock are unknown demand to the forecasts; here their sales of 0 are demand of 0, as the file
has it, and the cost without those item-weeks is given beside it.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from forecasting.demand.panel import Panel
from forecasting.demand.series import read_rows
from forecasting.stock.caution import cost_of, tuned_costs
from forecasting.stock.curves import Floats
from forecasting.stock.fitting import best_point_model, fit
from forecasting.stock.items import Items, read_items
from forecasting.stock.ordering import Costs, PeriodModel

SHARED = Path(__file__).parents[2] / "shared" / "data"
COSTS = Costs(holding=0.2, shortage=1.0)
LEAD_TIME, WEEKS = 2, 26
SPANS = (4, 8, 13, 26, 52)


def read() -> tuple[Panel, Floats, Items]:
    """The panel, sales as they stand, and items that all cost 1."""
    sales = pd.read_parquet(SHARED / "stores_vn2_weekly.parquet")
    master = pd.read_csv(SHARED / "stores_vn2_master.csv")
    rows = sales.merge(master, on=["Store", "Product"]).rename(
        columns={"week": "ds", "units_sold": "y"}
    )
    rows["unique_id"] = rows["Store"].astype(str) + "/" + rows["Product"].astype(str)
    kinds = ["ProductGroup", "Division", "Department", "StoreFormat"]
    panel = read_rows(rows[["unique_id", "ds", "y", "in_stock", *kinds]], "W").panel
    sold = rows.pivot(index="unique_id", columns="ds", values="y").loc[panel.ids.tolist()]
    table = pd.DataFrame({"unique_id": panel.ids, "unit_cost": 1.0, "lead_time": LEAD_TIME})
    return panel, sold.to_numpy(float), read_items(table, panel.ids)[0]


def cover_cost(panel: Panel, sold: Floats, first: int, weeks: float, span: int) -> Floats:
    """Cost of so many weeks of cover over 26 weeks: in all, and in weeks in stock only."""
    stock = np.rint((LEAD_TIME + 1) * _mean(panel, first, span))
    coming = np.zeros((len(stock), LEAD_TIME + 1))
    spent = np.zeros(2)
    for t in range(first, first + WEEKS):
        level = np.rint(weeks * _mean(panel, t, span))
        coming[:, LEAD_TIME] += np.maximum(level - stock - coming.sum(axis=1), 0.0)
        stock = stock + coming[:, 0]
        coming = np.concatenate([coming[:, 1:], np.zeros((len(stock), 1))], axis=1)
        left = stock - sold[:, t]
        stock = np.maximum(left, 0.0)
        each = COSTS.holding * stock + COSTS.shortage * np.maximum(-left, 0.0)
        spent += each.sum(), each[np.isfinite(panel.y[:, t])].sum()
    return spent


def _mean(panel: Panel, t: int, span: int) -> Floats:
    """Mean of the weeks in stock among the last `span`; 0 where there are none."""
    recent = panel.y[:, t - span : t]
    known = np.isfinite(recent)
    return np.asarray(np.nan_to_num(recent).sum(axis=1) / np.maximum(known.sum(axis=1), 1))


def main() -> None:
    """Play both and say what they cost."""
    panel, sold, items = read()
    first = panel.n_periods - WEEKS
    knobs = [(weeks, span) for weeks in np.arange(1.5, 6.1, 0.25) for span in SPANS]
    weeks, span = min(knobs, key=lambda knob: cover_cost(panel, sold, first - WEEKS, *knob)[0])
    base = cover_cost(panel, sold, first, weeks, span)
    print(f"n = {len(panel)}; best cover before: {weeks:g} weeks of the mean of {span}")
    point = best_point_model()
    tuned = tuned_costs(
        panel.until(first), items, COSTS, lambda one, ahead: fit(one, ahead, point), lost_sales=True
    )
    print(f"critical ratio {COSTS.critical_ratio:.3f}, tuned to {tuned.critical_ratio:.3f}")
    models: list[PeriodModel] = [
        fit(panel.until(t), LEAD_TIME + 1, point) for t in range(first, panel.n_periods)
    ]
    for name, order_by in (("critical ratio", COSTS), ("tuned", tuned)):
        ours = [
            cost_of(
                demand[:, first:], items, models, order_by=order_by, charge=COSTS, lost_sales=True
            )
            for demand in (sold, panel.y)
        ]
        print(
            f"{name:16s} {ours[0]:,.0f} against {base[0]:,.0f}: {ours[0] / base[0] - 1:+.1%}; "
            f"in stock only {ours[1]:,.0f} against {base[1]:,.0f}: {ours[1] / base[1] - 1:+.1%}"
        )


if __name__ == "__main__":
    main()
