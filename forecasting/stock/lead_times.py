"""Measured lead times: the chance that goods ordered now arrive within each number of periods.

A stated lead time is a promise made with the order, so what suppliers make of it is learned as the
worth of their promises is (`forecasting.promises.credibility`): slips of days, shrunk from supplier
and site and class of lead time towards the supplier and towards all, open lines counted for what
is known of them. Promises that slipped are in it, because lines are measured to their receipt.
"""

import numpy as np
import pandas as pd

from forecasting.promises.credibility import Credibility
from forecasting.promises.credibility import fit as fit_slips
from forecasting.promises.outlook import arrived_by, open_lines
from forecasting.promises.slips import LATEST_DAYS, UNKNOWN_HORIZON, horizon_of
from forecasting.stock.curves import Floats
from forecasting.stock.items import LONGEST_LEAD_TIME

GRAIN = 20
"""Chances are kept in twentieths: a handful of orders tells no finer, and every lead time that is
possible costs time."""


def learn(counts: pd.DataFrame) -> Credibility | None:
    """Learn slips from counts (`slips.count_slips`); None while nothing has ever arrived."""
    if counts.empty or counts["is_open"].all():
        return None
    return fit_slips(counts)


def lead_weights(
    learned: Credibility | None,
    parts: pd.DataFrame,
    period_days: float,
    more_days: "Floats | float" = 0.0,
) -> Floats:
    """Chance of each lead time 0, 1, 2, ... periods, one row per part; rows sum to 1.

    Parameters
    ----------
    learned
        Slips of lead times, from `marts.lead_time_slips`; None takes the stated days for certain.
    parts
        supplier_id, site_id and lead_time_days (stated; NaN where not known) of each part.
    period_days
        Length of a period [days]. A part of a period counts as a whole one: the goods serve no
        demand before the next.
    more_days
        Days that every lead time is longer than measured, one number or one per part [days].
    """
    stated = parts["lead_time_days"].to_numpy(dtype=float)
    base = np.nan_to_num(stated) + np.broadcast_to(more_days, len(parts))
    longest = float(base.max(initial=0.0)) + (LATEST_DAYS if learned else 0)
    n_periods = min(int(np.ceil(max(longest, 0.0) / period_days)), LONGEST_LEAD_TIME)
    edges = period_days * np.arange(n_periods + 1)
    if learned is None:
        arrived = (base[:, None] <= edges + 1e-9).astype(float)
    else:
        curves = learned.arrived(_keys(parts, stated))
        arrived = np.stack([arrived_by(curves, edge - base) for edge in edges], axis=1)
    arrived = np.rint(arrived * GRAIN) / GRAIN
    arrived[:, -1] = 1.0
    weights = np.diff(arrived, axis=1, prepend=0.0)
    used = np.flatnonzero((weights > 0).any(axis=0))
    return np.asarray(weights[:, : int(used[-1]) + 1 if len(used) else 1])


def expected_arrivals(
    lines: pd.DataFrame,
    promises: Credibility | None,
    leads: Credibility | None,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Give every open purchase line the day on which it is as likely there as not.

    Parameters
    ----------
    lines
        supplier_id, site_id, order_date, recorded_date and promised_date (NaT without a promise),
        need_date, lead_time_days (stated; NaN where not known).
    promises, leads
        Slips of promises and of lead times; a line with a promise is judged by the first.
    as_of
        The lines were open at the end of this day.

    Returns
    -------
    `lines` with arrival_date, safe_date (9 in 10) and arrival_basis: promise, lead time, or stated
    (nothing is known of the supplier: the promised day itself, or the stated lead time).
    """
    stated = lines["order_date"].fillna(as_of) + pd.to_timedelta(
        lines["lead_time_days"].fillna(0).astype(float), unit="D"
    )
    promised = lines["promised_date"].notna()
    due = lines["promised_date"].where(promised, stated)
    tomorrow = as_of + pd.Timedelta(days=1)
    told = lines.assign(arrival_date=due.where(due > as_of, tomorrow), arrival_basis="stated")
    told["safe_date"] = told["arrival_date"]
    recorded = lines["recorded_date"].where(promised, lines["order_date"])
    asked = lines.assign(promised_date=due, recorded_date=recorded)
    for rows, learned, basis in (
        (promised, promises, "promise"), (~promised, leads, "lead time"),
    ):  # fmt: skip
        if learned is None or not rows.any():
            continue
        seen = open_lines(learned, asked[rows], as_of)
        told.loc[rows, "arrival_date"] = seen["derived_date"]
        told.loc[rows, "safe_date"] = seen["safe_date"]
        told.loc[rows, "arrival_basis"] = basis
    return told


def _keys(parts: pd.DataFrame, stated: Floats) -> pd.DataFrame:
    """The cell of each part: supplier, site, class of the stated lead time."""
    day = pd.Series(pd.Timestamp("2000-01-01"), index=parts.index)
    horizon = horizon_of(day, day + pd.to_timedelta(np.nan_to_num(stated), unit="D"))
    return pd.DataFrame(
        {
            "supplier_id": parts["supplier_id"].fillna("").to_numpy(dtype=object),
            "site_id": parts["site_id"].to_numpy(dtype=object),
            "horizon": np.where(np.isnan(stated), UNKNOWN_HORIZON, horizon),
        }
    )
