"""Stock in the wrong place: transfers between sites before purchases, and what nobody will need."""

import numpy as np
import pandas as pd

from forecasting.stock.curves import Floats, Integers

WHOLE = 1e-9


def surplus(on_hand: Floats, backordered: Floats, keep: Floats) -> Floats:
    """What a site can give away today: free stock above what it keeps for itself [units].

    Only what is on the shelf can travel; what is still to come stays with the site that ordered it.
    """
    return np.maximum(np.floor(on_hand - backordered - keep + WHOLE), 0.0)


def shortfall(position: Floats, level: Floats, reorder_point: Floats) -> Floats:
    """What a site would buy today: up to its level, where its position has reached the trigger."""
    return np.where(position <= reorder_point + WHOLE, np.maximum(level - position, 0.0), 0.0)


def propose_transfers(item: Integers, spare: Floats, need: Floats, urgency: Floats) -> pd.DataFrame:
    """Match surplus with need within each item, before anything is bought.

    The most urgent need is served first, from the largest surplus, so that few trucks are asked
    for. All items are matched at once, by laying needs and surpluses of an item on one line.

    Parameters
    ----------
    item
        Item of each part-site.
    spare, need
        Units that each part-site can give, and wants.
    urgency
        Larger is served first, for instance the expected units unfilled before a purchase arrives.

    Returns
    -------
    Columns giver, taker (positions of part-sites) and qty [units], by item.
    """
    spare = np.where(need > 0, 0.0, spare)
    n_items = int(item.max(initial=-1)) + 1
    both = np.minimum(
        np.bincount(item, spare, minlength=n_items), np.bincount(item, need, minlength=n_items)
    )
    offset = np.concatenate([[0.0], np.cumsum(both)])
    takers, taken = _line(item, need, np.lexsort((-urgency, item)), both, offset)
    givers, given = _line(item, spare, np.lexsort((-spare, item)), both, offset)
    ends = np.unique(np.concatenate([taken, given]))
    if not len(ends):
        return pd.DataFrame({"giver": [], "taker": [], "qty": []})
    matched = pd.DataFrame(
        {
            "giver": givers[np.searchsorted(given, ends - WHOLE).clip(max=len(givers) - 1)],
            "taker": takers[np.searchsorted(taken, ends - WHOLE).clip(max=len(takers) - 1)],
            "qty": np.diff(ends, prepend=0.0),
        }
    )
    return matched[matched["qty"] > WHOLE].reset_index(drop=True)


def _line(
    item: Integers, amount: Floats, order: Integers, both: Floats, offset: Floats
) -> tuple[Integers, Floats]:
    """Part-sites in the order in which they are matched, and where each one's share ends.

    Each item owns the stretch of the line from its offset, as long as what can be matched.
    """
    order = order[amount[order] > 0]
    owner = item[order]
    run = np.cumsum(amount[order])
    first = np.searchsorted(owner, np.arange(len(both)))
    before = np.concatenate([[0.0], run])[first]
    end = offset[owner] + np.minimum(run - before[owner], both[owner])
    start = offset[owner] + np.minimum(run - amount[order] - before[owner], both[owner])
    used = end - start > WHOLE
    return order[used], end[used]


def excess(on_hand: Floats, on_order: Floats, probable_demand: Floats) -> Floats:
    """Stock and open orders beyond the probable demand of the whole network [units].

    Parameters
    ----------
    on_hand, on_order
        Of each item over all sites [units].
    probable_demand
        A high quantile of the item's demand over all sites and the coming year, say [units].
    """
    return np.maximum(on_hand + on_order - probable_demand, 0.0)


def obsolete(on_hand: Floats, mean_demand: Floats, periods_idle: Integers, after: int) -> Floats:
    """Stock of items without demand for `after` periods and with less than a unit expected [units].

    Parameters
    ----------
    on_hand
        Of each item over all sites [units].
    mean_demand
        Expected over the coming year [units].
    periods_idle
        Periods since the last demand.
    after
        Periods without demand that make an item suspect.
    """
    return np.where((periods_idle >= after) & (mean_demand < 1), on_hand, 0.0)
