"""The case for planning a business unit with the tool: what it would have saved, and how sure."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ui import formats, queries

DRAWS = 4000
TAIL = 0.025
LEAST_ITEMS = 10
"""Season-items under which drawing again says nothing about how sure a sum is."""


@dataclass(frozen=True)
class Case:
    """What a business unit lost as it was shared out, and what it would have with the tool.

    Parameters
    ----------
    unit
        The business unit.
    items
        One row per season and item; see `ui/sql/season_case.sql`.
    seasons
        One row per season: the sums, `rate`, `shadow_rate`, `luck_rate`.
    saved, lower, upper
        Money over all seasons, with a 95 % interval; NaN where the items are too few for one.
    better
        Share of season-items that the tool would have done at least as well.
    """

    unit: str
    items: pd.DataFrame
    seasons: pd.DataFrame
    saved: float
    lower: float
    upper: float
    better: float

    @property
    def n(self) -> int:
        """Season-items that the case rests on."""
        return len(self.items)

    @property
    def has_interval(self) -> bool:
        """Whether there are items enough to say how sure the saving is."""
        return not np.isnan(self.lower)

    def rate(self, name: str) -> float:
        """A rate over all seasons: 'qty_misplaced' or 'qty_luck' by allocated, or the shadow."""
        whole = "qty_shadow" if name == "qty_shadow_misplaced" else "qty_allocated"
        return float(self.items[name].sum() / self.items[whole].sum())


def make(unit: str) -> Case | None:
    """Work out the case of a business unit; None where no season of it has been judged."""
    items = queries.ask("season_case", unit=unit)
    if items.empty:
        return None
    lower, upper = interval(items)
    sums = by_season(items)
    better = float((items["qty_shadow_misplaced"] <= items["qty_misplaced"]).mean())
    saved = float(items["cost_saved"].sum())
    return Case(unit, items, sums, saved, lower, upper, better)


def by_season(items: pd.DataFrame) -> pd.DataFrame:
    """Sums, rates and number of the season-items of each season, in the order of their days."""
    summed = [name for name in items.columns if name.startswith(("qty_", "cost_", "n_"))]
    told = items.assign(n_items=1)
    sums = told.groupby(["start_date", "season_id"], as_index=False)[[*summed, "n_items"]].sum()
    return sums.assign(
        rate=sums["qty_misplaced"] / sums["qty_allocated"],
        shadow_rate=sums["qty_shadow_misplaced"] / sums["qty_shadow"],
        luck_rate=sums["qty_luck"] / sums["qty_allocated"],
    )


def interval(items: pd.DataFrame, seed: int = 0) -> tuple[float, float]:
    """95 % interval of the money saved: items drawn again within each season (bootstrap).

    It holds what differs from item to item. Efron and Tibshirani 1993, chapter 13. Without
    `LEAST_ITEMS` there is none.
    """
    if len(items) < LEAST_ITEMS:
        return float("nan"), float("nan")
    rng = np.random.default_rng(seed)
    total = np.zeros(DRAWS)
    for _, part in items.groupby("season_id"):
        saved = part["cost_saved"].to_numpy()
        total += saved[rng.integers(0, len(saved), (DRAWS, len(saved)))].sum(axis=1)
    low, high = np.quantile(total, [TAIL, 1 - TAIL])
    return float(low), float(high)


def sentence(case: Case, currency: str) -> str:
    """The case in one sentence."""
    saved, over = formats.money(case.saved, currency), formats.lines(len(case.seasons), "season")
    if not case.has_interval:
        return (
            f"Planned with the tool, {case.unit} would have saved {saved} over {over}, out of "
            f"{lost(case, currency)} lost to misallocation; {case.n} season-items are too few to "
            "say how sure that is."
        )
    span = said_interval(case, currency)
    if case.lower > 0:
        return (
            f"Planned with the tool, {case.unit} would have saved {saved} over {over} ({span}), "
            f"out of {lost(case, currency)} lost to misallocation."
        )
    return (
        f"Over {over} the tool would have saved {case.unit} {saved}, but the {span} holds 0: there "
        "is no case yet."
    )


def said_interval(case: Case, currency: str) -> str:
    """The interval in words."""
    if not case.has_interval:
        return f"too few items for an interval (n {case.n})"
    # Both ends in one scale: '8.0 to 14.4 k EUR'.
    divisor, prefix = formats.money_scale([case.lower, case.upper])
    places = 1 if prefix else 0
    low, high = (
        f"{value / divisor:,.{places}f}".replace("-", formats.MINUS)
        for value in (case.lower, case.upper)
    )
    return " ".join(filter(None, [f"95 % interval {low} to {high}", prefix, currency]))


def lost(case: Case, currency: str) -> str:
    """What misallocation cost as it was."""
    return formats.money(float(case.items["cost_misallocated"].sum()), currency)


def assumptions(case: Case) -> list[str]:
    """What the figures take for granted, a sentence each."""
    lines = formats.count(case.items["n_lines"].sum())
    return [
        "Shadow run: for each past season the tool shared out the same totals from what was known "
        "on its first day; no sales of the season itself were read.",
        "Only the split over the stores changes: what was bought, and when, stays as it was, and "
        "stores get what they are sent.",
        "Demand is sales, and in weeks out of stock the estimate from the stores that had stock.",
        "A misallocated unit costs its margin where it was short and its markdown where it was "
        "left over; no sale is made up for by another item or a later week.",
        f"The interval says how much the saving differs from item to item ({case.n} season-items, "
        f"{lines} lines); it does not hold a change of the assortment or of the market.",
        f"{formats.rate(case.rate('qty_luck'), 1000)} of the units would be misplaced by luck "
        "alone: no tool saves that part.",
    ]


def units() -> list[str]:
    """Business units with seasons that are outside the contract."""
    rows = queries.ask("season_units")
    return rows.loc[~rows["in_contract"].astype(bool), "business_unit"].to_list()
