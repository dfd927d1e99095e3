"""Two real portfolios of spares, and what any levels would have done on them.

Read from `shared/data` beside the project. Levels are replayed over the last 18 months, 6 of them
warm-up; the stock starts at the first level.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from forecasting.demand.panel import Panel
from forecasting.stock.curves import Floats, Integers
from forecasting.stock.replay import Played, Rules, play

SHARED = Path(__file__).parents[2] / "shared" / "data"
WARM_UP, MEASURED = 6, 12
MONTH_DAYS = 30.4


@dataclass(frozen=True)
class Spares:
    """A portfolio of spares with its demand by month."""

    panel: Panel
    price: Floats
    lead_time: Integers

    @property
    def first(self) -> int:
        """First month replayed."""
        return self.panel.n_periods - WARM_UP - MEASURED

    def play(self, levels: Floats, reorder_point: Floats | None = None) -> Played:
        """What levels per item and month did; by default orders are placed below the level."""
        demand = np.nan_to_num(self.panel.y[:, self.first :])
        rules = replace(Rules.of(self.lead_time), reorder_point=reorder_point)
        return play(demand, levels, rules, warm_up=WARM_UP)

    def positions(self, levels: Floats) -> Floats:
        """Inventory position per item and month after ordering, under levels per item and month."""
        demand = np.nan_to_num(self.panel.y[:, self.first :])
        ordered = play(demand, levels, Rules.of(self.lead_time)).ordered
        return np.asarray(levels[:, :1] + np.cumsum(ordered, axis=1) - _before(demand))

    def replay(
        self, levels: Floats, reorder_point: Floats | None = None
    ) -> tuple[float, float, float]:
        """Unit fill, value fill and money of the same."""
        played = self.play(levels, reorder_point)
        return played.unit_fill(), played.unit_fill(self.price), played.money(self.price)

    def year_mean(self) -> Floats:
        """Mean of the 12 months before each month replayed."""
        y = np.nan_to_num(self.panel.y)
        ends = range(self.first, self.panel.n_periods)
        return np.stack([y[:, end - 12 : end].mean(axis=1) for end in ends], axis=1)


def _before(demand: Floats) -> Floats:
    """Demand of all earlier months."""
    return np.cumsum(np.hstack([np.zeros((len(demand), 1)), demand[:, :-1]]), axis=1)


def carparts() -> Spares:
    """The complete series; every unit costs 1 and arrives after 2 months."""
    rows = pd.read_parquet(SHARED / "spares_carparts_monthly.parquet")
    wide = rows.pivot(index="item", columns="period", values="qty").sort_index(axis=1)
    wide = wide[wide.notna().all(axis=1)]
    return Spares(_panel(wide), np.ones(len(wide)), np.full(len(wide), 2))


def refinery() -> Spares:
    """Items with a price and any consumption; a blank year is no consumption."""
    rows = pd.read_parquet(SHARED / "spares_refinery_monthly.parquet")
    items = pd.read_csv(SHARED / "spares_refinery_items.csv").set_index("item")
    wide = rows.pivot(index="item", columns="period", values="qty").sort_index(axis=1)
    wide = wide.fillna(0.0).clip(lower=0.0)
    wide["1997-11"] = np.nan
    used = (items["Price"] > 0).reindex(wide.index) & (wide.sum(axis=1) > 0)
    wide, items = wide[used], items.loc[wide.index[used]]
    lead_time = np.ceil(items["lead_time_days"] / MONTH_DAYS).clip(lower=1).astype(int)
    return Spares(_panel(wide), items["Price"].to_numpy(float), lead_time.to_numpy())


def _panel(wide: pd.DataFrame) -> Panel:
    months = pd.DatetimeIndex([f"{name}-01" for name in wide.columns])
    ids = np.array([str(key) for key in wide.index], dtype=object)
    return Panel(ids, wide.to_numpy(float), months, "MS", pd.DataFrame(index=range(len(wide))))


def moved_before(spares: Spares) -> Spares:
    """The parts with demand before the replay begins.

    A file that lists only parts that moved at all tells what no planner knew of the others.
    """
    rows = np.flatnonzero(np.nan_to_num(spares.panel.y[:, : spares.first]).sum(axis=1) > 0)
    return Spares(spares.panel.take(rows), spares.price[rows], spares.lead_time[rows])


def min_max(spares: Spares) -> tuple[float, float, float]:
    """Unit fill, value fill and money of the refinery's own rule: below Min, order up to Max.

    Min equals Max for most items, which only means anything if orders are placed below Min.
    """
    items = pd.read_csv(SHARED / "spares_refinery_items.csv", dtype={"item": str})
    own = items.set_index("item").loc[spares.panel.ids.tolist(), ["Min", "Max"]].to_numpy(float)
    return spares.replay(own[:, 1], reorder_point=own[:, 0] - 1e-6)


def largest_month(spares: Spares) -> tuple[float, float, float]:
    """The same of a rule without hindsight: up to the largest month so far, and at least 1.

    Max is the largest month of all for about half the items.
    """
    y = np.nan_to_num(spares.panel.y)
    largest = np.maximum.accumulate(y, axis=1)[:, spares.first - 1 : -1]
    return spares.replay(np.maximum(largest, 1.0))
