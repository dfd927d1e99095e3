"""What a change of mind cost or saved, once the demand it was about has come."""

import numpy as np
import pandas as pd

from forecasting.stock.curves import Floats

YEAR_DAYS = 365.0


def score(decisions: pd.DataFrame, demand: Floats, holding_rate: float) -> pd.DataFrame:
    """Play the proposed and the decided quantity against the demand that came.

    Over lead time and review after a decision, the part had its position of then plus what was
    ordered; demand beyond that went short, what was left over had to be held.

    Parameters
    ----------
    decisions
        position_qty, qty (proposed), decided_qty, unit_cost, unit_price, lead_days, review_days.
    demand
        What was asked for over lead time and review, one per decision [units].
    holding_rate
        Cost of holding, per value and year.

    Returns
    -------
    `decisions` with demand_qty, short_proposed_qty, short_decided_qty, left_proposed_value,
    left_decided_value, and saved: margin on units not short, and holding over lead time and review
    not paid, against the proposal [currency]; below 0 the change of mind cost money.

    Examples
    --------
    Position 2, proposed 8, ordered 3, cost 10, price 15, demand 9 over a tenth of a year at a
    holding rate of 0.2: the proposal is short 0 and leaves 1; the change is short 4 and leaves 0.
    It lost 4 x 5 and saved 1 x 10 x 0.02 of holding: -19.8.
    """
    position = decisions["position_qty"].to_numpy(float)
    cost, price = (decisions[name].to_numpy(float) for name in ("unit_cost", "unit_price"))
    days = (decisions["lead_days"] + decisions["review_days"]).to_numpy(float)
    margin = np.maximum(price - cost, 0.0)
    holding = holding_rate * days / YEAR_DAYS
    told = decisions.assign(demand_qty=demand)
    bill = {}
    for name, column in (("proposed", "qty"), ("decided", "decided_qty")):
        there = position + decisions[column].to_numpy(float)
        # What was owed before the decision was short whatever was ordered.
        short = np.maximum(demand - there, 0.0)
        left = np.maximum(there - demand, 0.0) * cost
        told[f"short_{name}_qty"], told[f"left_{name}_value"] = short, left
        bill[name] = short * margin + left * holding
    return told.assign(saved=bill["proposed"] - bill["decided"])
