"""The state of stock before ordering: what is on hand, and what comes when."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasting.stock.curves import Floats
from forecasting.stock.items import Items

ON_ORDER = re.compile(r"on_order_([1-9]\d*)")


@dataclass(frozen=True)
class State:
    """What is there before ordering.

    Attributes
    ----------
    on_hand
        Stock of each item; below 0 is owed to customers; NaN if not known [units].
    on_order
        Items by periods: what arrives at the start of the next period, of the one after, ...;
        today's order arrives one period after the last of them [units].
    """

    on_hand: Floats
    on_order: Floats


@dataclass(frozen=True)
class StateReading:
    """A state, unique_id and sentence to note, and unique_id with reason of items left out."""

    state: State
    notes: list[tuple[str, str]]
    refused: pd.DataFrame


def read_state(table: pd.DataFrame, items: Items) -> StateReading:
    """Check a table of stock and open orders and put it in the order of the items.

    Parameters
    ----------
    table
        unique_id, on_hand, on_order_1 .. on_order_k (due in 1 .. k periods); a blank is 0.
    items
        The portfolio. What is due after an order placed now would arrive is not counted.

    Raises
    ------
    ValueError
        A column is missing or an item is there twice.
    """
    for name in ("unique_id", "on_hand"):
        if name not in table.columns:
            raise ValueError(f"column {name} is missing (expected unique_id, on_hand)")
    keyed = table.assign(unique_id=table["unique_id"].astype(str)).set_index("unique_id")
    twice = keyed.index[keyed.index.duplicated()]
    if len(twice):
        raise ValueError(f"item {twice[0]} is there more than once")
    due = {name: int(found[1]) for name in keyed.columns if (found := ON_ORDER.fullmatch(name))}
    number = keyed[["on_hand", *due]].apply(pd.to_numeric, errors="coerce")
    number = number.reindex(items.ids).astype(float)
    on_hand = number["on_hand"].to_numpy(dtype=np.float64, copy=True)
    ids = items.ids.astype(str)
    reasons = dict.fromkeys(ids[np.isnan(on_hand)], "has no on_hand in the state file")
    notes = [(ids[i], f"on_hand {on_hand[i]:g} is below 0") for i in np.flatnonzero(on_hand < 0)]
    on_order = np.zeros((len(items), int(items.lead_time.max(initial=0))))
    for name, periods in due.items():
        amount = number[name].fillna(0.0).to_numpy(dtype=np.float64)
        for i in np.flatnonzero(amount < 0):
            reasons.setdefault(ids[i], f"{name} {amount[i]:g} is below 0")
        late = (periods > items.lead_time) & (amount > 0)
        notes += [(ids[i], _late(amount[i], periods)) for i in np.flatnonzero(late)]
        if periods <= on_order.shape[1]:
            on_order[:, periods - 1] = np.where(late, 0.0, np.maximum(amount, 0.0))
    on_hand[np.isin(ids, list(reasons))] = np.nan
    refused = pd.DataFrame(sorted(reasons.items()), columns=["unique_id", "reason"], dtype=str)
    return StateReading(State(on_hand, on_order), notes, refused)


def _late(amount: float, periods: int) -> str:
    return (
        f"has {amount:g} on order due in {periods} periods, when an order placed now has arrived: "
        "not counted"
    )
