"""What moved a figure, by how much of it is chance, and what it cost."""

from collections.abc import Mapping
from math import hypot

import pandas as pd


def chance(now: Mapping[str, float], then: Mapping[str, float]) -> tuple[float, float]:
    """Return the 95 % interval of the change of a share, from the intervals of both shares.

    Newcombe's method 10 (Statistics in Medicine 17, 1998): the two Wilson intervals, squared and
    added. A change is more than chance where the interval does not hold 0.

    Parameters
    ----------
    now, then
        value, lower and upper of the two times, as `data.metrics.total` gives them.

    Examples
    --------
    >>> low, high = chance(
    ...     {"value": 0.70, "lower": 0.574, "upper": 0.801},
    ...     {"value": 0.60, "lower": 0.494, "upper": 0.698},
    ... )
    >>> round(low, 3), round(high, 3)
    (-0.06, 0.246)
    """
    change = now["value"] - then["value"]
    fall = hypot(now["value"] - now["lower"], then["upper"] - then["value"])
    rise = hypot(now["upper"] - now["value"], then["value"] - then["lower"])
    return change - fall, change + rise


def contributions(now: pd.DataFrame, then: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """Split the change of a ratio into one part per value of a dimension.

    A part is what the value adds to the ratio against the ratio of before, by its share of the
    denominator: sum(w_now (r_now - R_then)) - sum(w_then (r_then - R_then)). The first sum is the
    whole change, the second is zero, so the parts sum to the change exactly.

    Parameters
    ----------
    now, then
        Measured rows of the two times, with columns numerator, denominator, value and n.

    Returns
    -------
    pandas.DataFrame
        The dimension, contribution, now, before, n and n_before, the largest contribution first.
        Empty when either time has nothing to divide by.
    """
    total_now, total_then = now["denominator"].sum(), then["denominator"].sum()
    if not total_now or not total_then:
        return pd.DataFrame(columns=[dimension, "contribution", "now", "before", "n", "n_before"])
    base = then["numerator"].sum() / total_then
    both = now.merge(then, on=dimension, how="outer", suffixes=("", "_then")).fillna(
        {
            "numerator": 0,
            "denominator": 0,
            "n": 0,
            "numerator_then": 0,
            "denominator_then": 0,
            "n_then": 0,
        }
    )
    gained = (both["numerator"] - base * both["denominator"]) / total_now
    gained_then = (both["numerator_then"] - base * both["denominator_then"]) / total_then
    parts = pd.DataFrame(
        {
            dimension: both[dimension],
            "contribution": (gained - gained_then).astype(float),
            "now": both["value"],
            "before": both["value_then"],
            "n": both["n"].astype(int),
            "n_before": both["n_then"].astype(int),
        }
    )
    order = parts["contribution"].abs().sort_values(ascending=False).index
    return parts.loc[order].reset_index(drop=True)


def worst(units: pd.DataFrame, worth: pd.DataFrame, most: int = 500) -> pd.DataFrame:
    """List items by the value of the quantity that was missed; items without a miss are left out.

    Parameters
    ----------
    units
        `unit_fill_rate` by item_id.
    worth
        `value_fill_rate` by item_id; items without a price are missing here.
    """
    missed = units.assign(qty_missed=(units["denominator"] - units["numerator"]).astype(float))
    missed = missed[missed["qty_missed"] > 0]
    value = worth.assign(value_missed=(worth["denominator"] - worth["numerator"]).astype(float))
    joined = missed.merge(value[["item_id", "value_missed"]], on="item_id", how="left")
    ordered = joined.sort_values(
        ["value_missed", "qty_missed", "item_id"], ascending=[False, False, True]
    )
    return ordered[["item_id", "value_missed", "qty_missed", "value", "n"]].head(most)
