"""What became of the promises made so far: counts of slips by supplier, site and days ahead.

A slip is the day a line was complete less the day that was promised for it [calendar days]: 0 is
on the day, negative is early. A line that is not complete yet has slipped by *more* than the days
since its promise; leaving such lines out would make every supplier look better than it is.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EARLIEST_DAYS, LATEST_DAYS = -120, 240
"""Slips beyond are counted as these: further out the exact day changes no decision."""

HALF_LIFE_DAYS = 365.0
"""Age at which a promise counts half [days]: suppliers change, and old sins fade."""

HORIZONS = ("0-7", "8-30", "31-60", "61-90", "91-180", "181+")
"""How far ahead a promise was made [days]; the finest classes in which people discuss it."""

UNKNOWN_HORIZON = "unknown"
"""A promise whose day of recording is not known, or lies after the day promised."""

_HORIZON_EDGES = np.array([7, 30, 60, 90, 180])

COUNT_KEYS = ["supplier_id", "site_id", "horizon"]


def horizon_of(recorded: "pd.Series[pd.Timestamp]", promised: "pd.Series[pd.Timestamp]") -> Floats:
    """Class of `HORIZONS` of each promise, or `UNKNOWN_HORIZON`."""
    ahead = (promised - recorded).dt.days.to_numpy(dtype=float)
    known = np.isfinite(ahead) & (ahead >= 0)
    names = np.array([*HORIZONS, UNKNOWN_HORIZON], dtype=object)
    place = np.searchsorted(_HORIZON_EDGES, np.where(known, ahead, 0), side="left")
    return names[np.where(known, place, len(HORIZONS))]


def count_slips(
    history: pd.DataFrame, as_of: pd.Timestamp, half_life_days: float | None = HALF_LIFE_DAYS
) -> pd.DataFrame:
    """Count what became of promises by the end of a day, the older ones for less.

    Parameters
    ----------
    history
        One row per promise: `supplier_id`, `site_id`, `recorded_date` (NaT where unknown),
        `promised_date`, `completed_date` (NaT while open). A completion after `as_of` counts as
        open; a promise recorded after it does not count.
    as_of
        Last day whose facts are used.
    half_life_days
        Age at which a promise counts half [days]; None counts all alike.

    Returns
    -------
    One row per supplier, site, horizon, slip and whether it is still open: `slip_days`,
    `is_open`, `weight` (sum of the fading weights), `n` (promises, unweighted).
    """
    recorded = history["recorded_date"].isna() | (history["recorded_date"] <= as_of)
    known = history[recorded]
    done = known["completed_date"].notna() & (known["completed_date"] <= as_of)
    # An open promise is at the end of the day `as_of` late by that many days and more.
    seen = known["completed_date"].where(done, as_of)
    days = (seen - known["promised_date"]).dt.days
    # A line open for longer than the earliest slip before its promise tells nothing at all yet.
    telling = done | (days > EARLIEST_DAYS)
    known, done, seen, days = known[telling], done[telling], seen[telling], days[telling]
    decided = seen.where(seen <= known["promised_date"], known["promised_date"])
    age = (as_of - decided).dt.days.clip(lower=0)
    weight = np.ones(len(known)) if half_life_days is None else 0.5 ** (age / half_life_days)
    counted = pd.DataFrame(
        {
            "supplier_id": known["supplier_id"],
            "site_id": known["site_id"],
            "horizon": horizon_of(known["recorded_date"], known["promised_date"]),
            "slip_days": days.clip(EARLIEST_DAYS, LATEST_DAYS),
            "is_open": ~done,
            "weight": weight,
            "n": 1,
        }
    )
    keys = [*COUNT_KEYS, "slip_days", "is_open"]
    return counted.groupby(keys, as_index=False, observed=True)[["weight", "n"]].sum()
