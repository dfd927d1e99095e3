"""Why a proposal is made and how well it is founded, in words that a planner can check."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

MONTH_DAYS = 30.4
ENOUGH_DAYS, LITTLE_DAYS = 365, 182
"""Days of demand history from which a proposal is well founded, and below which it is not."""
ENOUGH_LINES, LITTLE_LINES = 10, 3
"""The same for the purchase lines of which the lead time was measured."""


def say(policy: Mapping[Any, Any], origin: str | None = None) -> str:
    """Say in one sentence why: demand, lead time, what sets the level, where the part stands.

    Parameters
    ----------
    policy
        A row of the policies.
    origin
        The site that gives, where the part is moved and not bought. Of its own centre a site gets
        what it asks for, of another what that has too much.

    Examples
    --------
    "demand 2.1 a month, lead time 9 ± 4 weeks, floor 0.80; 3 free, 2 due in time, 4 owed: order
    at 6, up to 12 in lots of 4"
    """
    free = f"{policy['on_hand_qty']:g} free"
    if policy["in_time_qty"] > 0:
        free += f", {policy['in_time_qty']:g} due in time"
    if policy["backordered_qty"] > 0:
        free += f", {policy['backordered_qty']:g} owed"
    if policy["asked_qty"] > 0:
        free += f", {policy['asked_qty']:g} asked for by its sites"
    asks = f"demand {amount(policy['demand_month_qty'])} a month"
    if policy["sites_month_qty"] > 0:
        asks += f", its sites ask for {amount(policy['sites_month_qty'])}"
    centre = policy["centre_site_id"]
    if origin is not None and origin != centre:
        return f"{asks}; {free}: {origin} has more than its own level of this part"
    trigger = policy["reorder_point_qty"]
    when = f"order at {trigger:g}" if trigger >= 0 else f"order when {-trigger:g} are owed"
    lot = f" in lots of {policy['lot_qty']:g}" if policy["lot_qty"] > 1 else ""
    source = f" from {centre}" if isinstance(centre, str) else ""
    return (
        f"{asks}, lead time{source} {weeks(policy['lead_days'], policy['lead_days_sd'])}, "
        f"{policy['set_by']}; {free}: {when}, up to {policy['order_up_to_qty']:g}{lot}"
    )


def weeks(days: float, spread: float) -> str:
    """Write a lead time in weeks, with its spread where there is one: '9 ± 4 weeks'."""
    whole = f"{days / 7:.0f}"
    return f"{whole} ± {spread / 7:.0f} weeks" if spread / 7 >= 0.5 else f"{whole} weeks"


def amount(value: float) -> str:
    """Write an expected quantity without false digits: '12', '2.1', '0.03'."""
    if value >= 10:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 0.95 else f"{value:.2g}"


def confidence(facts: pd.DataFrame) -> tuple[list[str], list[str]]:
    """How well each proposal is founded: high, medium or low, and what it rests on.

    Parameters
    ----------
    facts
        history_days, demand_class, n_lead_times and lead_basis of each.
    """
    words, said = [], []
    for row in facts.to_dict("records"):
        days, n = row["history_days"], row["n_lead_times"]
        word = "medium"
        if days >= ENOUGH_DAYS and n >= ENOUGH_LINES:
            word = "high"
        elif days < LITTLE_DAYS or n < LITTLE_LINES:
            word = "low"
        words.append(word)
        lead = f"{n:,.0f} lead times measured" if n else f"{row['lead_basis']} lead time"
        said.append(f"{days / MONTH_DAYS:.0f} months of {row['demand_class']} demand, {lead}")
    return words, said
