"""Water-fill: pour fixed totals over sites until every site stands equally high.

All functions work on many items at once: matrices are items x sites, vectors one number per item.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def water_fill(
    total: Floats, weight: Floats, stock: Floats, floor: Floats, ceiling: Floats
) -> Floats:
    """Pour each item's total so that stock plus delivery is the same multiple of every weight.

    The delivery to a site is ``clip(level x weight - stock, floor, ceiling)``, with the one level
    per item at which the deliveries add up to the total; stock is never taken away. What is left
    when every site with a weight is full goes in equal parts to the sites without one; an item
    with no weights at all is split equally.

    Parameters
    ----------
    total
        Quantity to place, per item [units]; at least 0.
    weight
        What stock should be proportional to, items x sites; at least 0.
    stock
        On hand already, items x sites [units]; may be negative, which lifts the site's claim.
    floor, ceiling
        Least and greatest delivery, items x sites [units]; ceilings may be infinite.

    Returns
    -------
    Floats
        Deliveries, items x sites [units]. They add up to the total where the sum of the floors
        and the sum of the ceilings allow; otherwise they stop at the nearer of the two.
    """
    poured = _pour(total, np.maximum(weight, 0.0), stock, floor, ceiling)
    left = total - poured.sum(axis=1)
    dry = left > 1e-9 * np.maximum(total, 1.0)
    if dry.any():
        rows = np.flatnonzero(dry)
        alike = np.ones_like(poured[rows])
        poured[rows] = _pour(total[rows], alike, -poured[rows], poured[rows], ceiling[rows])
    return poured


def _pour(total: Floats, weight: Floats, stock: Floats, floor: Floats, ceiling: Floats) -> Floats:
    """Solve for the level exactly: the sum of deliveries is piecewise linear in it."""
    has_weight = weight > 0
    scale = np.where(has_weight, weight, 1.0)
    starts = np.where(has_weight, (stock + floor) / scale, np.inf)
    ends = np.where(has_weight, (stock + np.maximum(ceiling, floor)) / scale, np.inf)
    level = _level(total - floor.sum(axis=1), weight, starts, ends)
    reach = np.where(has_weight, level[:, None] * scale - stock, floor)
    return np.asarray(np.clip(reach, floor, np.maximum(ceiling, floor)))


def _level(extra: Floats, weight: Floats, starts: Floats, ends: Floats) -> Floats:
    """Level at which the amount above the floors equals `extra`, per item."""
    events = np.concatenate([starts, ends], axis=1)
    slopes = np.concatenate([weight, -weight], axis=1)
    order = np.argsort(events, axis=1, kind="stable")
    events = np.take_along_axis(events, order, axis=1)
    slope = np.cumsum(np.take_along_axis(slopes, order, axis=1), axis=1)
    finite = np.isfinite(events)
    place = np.where(finite, events, 0.0)
    width = np.where(finite[:, 1:], np.diff(place, axis=1), 0.0)
    risen = np.concatenate(
        [np.zeros((len(events), 1)), np.cumsum(np.maximum(slope[:, :-1], 0.0) * width, axis=1)],
        axis=1,
    )
    known = np.maximum(finite.sum(axis=1), 1)
    found = (np.where(finite, risen, np.inf) <= extra[:, None]).sum(axis=1)
    at = np.minimum(np.maximum(found - 1, 0), known - 1)
    row = np.arange(len(events))
    steep = slope[row, at]
    rest = np.maximum(extra - risen[row, at], 0.0)
    # The slope left after the last event is rounding noise unless a ceiling is infinite.
    climbs = steep > 1e-12 * np.maximum(weight.max(axis=1), 1e-300)
    step = np.divide(rest, steep, out=np.zeros_like(rest), where=climbs)
    return np.asarray(place[row, at] + step)
