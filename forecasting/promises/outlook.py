"""When will the open lines really come, and will they make the day they are needed?"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.promises.credibility import UPPER_EDGES, Credibility
from forecasting.promises.recalibration import shifted
from forecasting.promises.slips import COUNT_KEYS, EARLIEST_DAYS, horizon_of

Floats = NDArray[np.float64]

LIKELY = 0.5
"""Probability at which a line's derived date stands: as likely earlier as later."""

SAFE = 0.9
"""Probability by which a line is nearly sure to be there."""


def open_lines(
    credibility: Credibility, lines: pd.DataFrame, as_of: pd.Timestamp, log_odds: float = 0.0
) -> pd.DataFrame:
    """Give every open line a derived date and the probability of making its need date.

    What a line has already shown counts: a line that is not there on day T can only come later,
    so its chances are those of the lines that had not come by then either.

    Parameters
    ----------
    credibility
        As `credibility.fit` gives it.
    lines
        One row per open line: `supplier_id`, `site_id`, `recorded_date` and `promised_date` of
        the promise in force, `need_date` (NaT where unknown).
    as_of
        Day T; the lines were open at its end.
    log_odds
        By how much the odds of arriving are to be moved, as `recalibration` learns it.

    Returns
    -------
    `lines` with `derived_date` (even chance), `safe_date` (9 in 10), `kept_probability` (by the
    day promised) and `need_probability` (by the need date; NaN without one).

    Examples
    --------
    A promise of day 10 whose supplier is always 5 days late has the derived date 15, and a need
    date of 12 gets a probability near 0.
    """
    horizon = horizon_of(lines["recorded_date"], lines["promised_date"])
    keyed = lines.assign(horizon=horizon)[COUNT_KEYS]
    curves = credibility.arrived(keyed)
    waited = _days(pd.Series(as_of, index=lines.index), lines["promised_date"])
    by_now = arrived_by(curves, waited)
    kept = _given_open(curves, np.zeros(len(lines)), waited, by_now)
    likely, safe = shifted(np.array([LIKELY, SAFE]), -log_odds)
    needed = _days(lines["need_date"], lines["promised_date"])
    return lines.assign(
        derived_date=_date_of(curves, likely, waited, by_now, lines["promised_date"]),
        safe_date=_date_of(curves, safe, waited, by_now, lines["promised_date"]),
        kept_probability=shifted(kept, log_odds),
        need_probability=shifted(_given_open(curves, needed, waited, by_now), log_odds),
    )


def arrived_by(curves: Floats, days: Floats) -> Floats:
    """Probability of having arrived by a day after the promise, one per line; NaN for NaN.

    Inside a class of several days the arrivals are spread evenly.
    """
    place = np.clip(np.searchsorted(UPPER_EDGES, days, side="left"), 1, len(UPPER_EDGES) - 1)
    rows = np.arange(len(curves))
    low, high = UPPER_EDGES[place - 1], UPPER_EDGES[place]
    share = np.clip((days - low) / (high - low), 0.0, 1.0)
    before, after = curves[rows, place - 1], curves[rows, place]
    inside = before + share * (after - before)
    return np.where(np.isnan(days), np.nan, np.where(days < EARLIEST_DAYS, 0.0, inside))


def _given_open(curves: Floats, days: Floats, waited: Floats, by_now: Floats) -> Floats:
    """Probability of arriving by a day, of lines that have waited until another."""
    left = np.maximum(1.0 - by_now, 1e-9)
    later = (arrived_by(curves, days) - by_now) / left
    return np.where(np.isnan(days), np.nan, np.where(days <= waited, 0.0, np.clip(later, 0, 1)))


def _date_of(
    curves: Floats,
    probability: float,
    waited: Floats,
    by_now: Floats,
    promised: "pd.Series[pd.Timestamp]",
) -> "pd.Series[pd.Timestamp]":
    """First day by which the line has come with a probability, given that it is open."""
    wanted = by_now + probability * (1.0 - by_now)
    rows = np.arange(len(curves))
    place = np.clip((curves < wanted[:, None] - 1e-12).sum(axis=1), 1, len(UPPER_EDGES) - 1)
    before, after = curves[rows, place - 1], curves[rows, place]
    step = np.where(after > before, (wanted - before) / np.maximum(after - before, 1e-12), 1.0)
    low, high = UPPER_EDGES[place - 1], UPPER_EDGES[place]
    days = np.ceil(low + np.clip(step, 0.0, 1.0) * (high - low) - 1e-9)
    # A line that is not there at the end of day T comes on the next day at the earliest, also
    # where it has waited longer than anything that was ever seen.
    wait = pd.Series(pd.to_timedelta(np.maximum(days, waited + 1), unit="D"), promised.index)
    arrives: pd.Series[pd.Timestamp] = promised + wait
    return arrives


def _days(later: "pd.Series[pd.Timestamp]", earlier: "pd.Series[pd.Timestamp]") -> Floats:
    """Days between dates [days], NaN where either is unknown."""
    return np.asarray((later - earlier).dt.days, dtype=np.float64)
