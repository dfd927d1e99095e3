"""Demand behind stock-outs: sales of an empty shelf say nothing about what was wanted."""

import numpy as np
from numpy.typing import NDArray

from forecasting.season.faults import SeasonError
from forecasting.season.fill import Floats
from forecasting.season.history import Codes, filled


def demand_beyond_stock(sold: Floats, in_stock: NDArray[np.bool_], item: Codes) -> Floats:
    """Estimate demand of every pair and period from the sales of those that had stock.

    A period out of stock is what the site's usual share gives of what the chain would have sold in
    that period; never less than what was sold. In stock, demand is sales.

    Parameters
    ----------
    sold
        Sales, pairs x periods [units].
    in_stock
        False where the shelf was empty for some of the period.
    item
        Item of each pair, from 0.

    Raises
    ------
    SeasonError
        The matrices differ in shape.
    """
    if sold.shape != in_stock.shape or len(item) != len(sold):
        raise SeasonError("sold and in_stock must have one row per pair and the same periods")
    estimate = filled(np.where(in_stock, sold, np.nan), item)
    return np.where(in_stock, sold, np.maximum(sold, np.nan_to_num(estimate)))
