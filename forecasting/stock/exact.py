"""The best levels of a small portfolio, without the gap that marginal analysis may leave.

Marginal analysis is exact at the corners of its frontier; a budget or target between two corners
is served by the nearest corner on the safe side. For a handful of items that can be a visible
part of the money, so there the choices are enumerated: item by item, keeping only combinations
that no other beats in both money and unfilled demand.
"""

from dataclasses import dataclass

import numpy as np

from forecasting.stock.curves import Curves, Floats, Integers
from forecasting.stock.marginal import Bounds

MOST_COMBINATIONS = 2_000_000
"""Give up beyond so many combinations of kept choices and levels of one item."""


@dataclass(frozen=True)
class Efficient:
    """Choices of levels that no other beats, by rising money.

    Attributes
    ----------
    money, missed
        Mean on-hand value and unfilled demand of each choice.
    rows
        Rows of the curves, choices by items.
    """

    money: Floats
    missed: Floats
    rows: Integers

    def cheapest(self, budget: float | None, most_missed: float, otherwise: Integers) -> Integers:
        """Rows with the least unfilled within the budget; without one, the cheapest that miss
        no more than `most_missed`; `otherwise` where no choice does."""
        if budget is not None:
            within = np.flatnonzero(self.money <= budget * (1 + 1e-12))
            return self.rows[within[-1]] if len(within) else otherwise
        enough = np.flatnonzero(self.missed <= most_missed + 1e-12)
        return self.rows[enough[0]] if len(enough) else otherwise


def efficient_rows(
    curves: Curves, allowed: Bounds, unit_cost: Floats, unfilled: Floats
) -> Efficient | None:
    """All choices of levels that no other beats; None if there are too many."""
    money, missed = np.zeros(1), np.zeros(1)
    rows = np.zeros((1, 0), dtype=np.int64)
    for i, (low, high) in enumerate(zip(allowed.lowest, allowed.highest, strict=True)):
        levels = np.arange(low, high + 1)
        if len(money) * len(levels) > MOST_COMBINATIONS:
            return None
        all_money = (money[:, None] + unit_cost[i] * curves.on_hand[levels]).ravel()
        all_missed = (missed[:, None] + unfilled[levels]).ravel()
        order = np.lexsort((all_missed, all_money))
        best = np.minimum.accumulate(all_missed[order])
        first = np.concatenate([[True], best[1:] < best[:-1] - 1e-12])
        kept = order[first]
        money, missed = all_money[kept], all_missed[kept]
        rows = np.column_stack([rows[kept // len(levels)], levels[kept % len(levels)]])
    return Efficient(money, missed, rows)
