"""Rolling back-test: what would have been said about promises, from what was known then?"""

import pandas as pd

from forecasting.promises import credibility, outlook, recalibration
from forecasting.promises.slips import HALF_LIFE_DAYS, count_slips


def rolling(
    history: pd.DataFrame,
    start: pd.Timestamp,
    *,
    horizon_months: int = 1,
    half_life_days: float | None = HALF_LIFE_DAYS,
) -> pd.DataFrame:
    """Predict, at the end of each month, whether the promises due in the next will be kept.

    A promise is predicted if it was recorded by then and its line was still open; of a line whose
    promise was moved, only the one in force then. A promise whose day of recording is unknown
    cannot be placed and only serves to learn from once it is due.

    Parameters
    ----------
    history
        As for `slips.count_slips`, with the `line_id` that each promise is for; further columns are
        carried along.
    start
        No month before this one is predicted.
    horizon_months
        How many months after the cutoff a promise may fall due [months].
    half_life_days
        As for `slips.count_slips`.

    Returns
    -------
    One row per prediction: the columns of `history`, `cutoff`, `kept` (1.0 if complete by the
    day promised), and the probabilities `as_learned`, `credibility` (the same, recalibrated by the
    months before the cutoff), `supplier` (the supplier's own share of promises kept so far; the
    pool's for a new supplier) and `pool`.
    """
    begun = pd.Timestamp(start) - pd.DateOffset(months=recalibration.MONTHS)
    month_ends = pd.date_range(begun, history["promised_date"].max(), freq="MS") - pd.Timedelta(
        days=1
    )
    months = [
        predicted
        for cutoff in month_ends
        if not (predicted := _predict(history, cutoff, horizon_months, half_life_days)).empty
    ]
    if not months:
        return history.iloc[:0]
    said = pd.concat(months, ignore_index=True)
    said["credibility"] = 0.0
    for cutoff, rows in said.groupby("cutoff").groups.items():
        shift = recalibration.shift_known(said, pd.Timestamp(str(cutoff)))
        stated = said.loc[rows, "as_learned"].to_numpy(float)
        said.loc[rows, "credibility"] = recalibration.shifted(stated, shift)
    first = pd.Timestamp(start) - pd.Timedelta(days=1)
    return said[said["cutoff"] >= first].reset_index(drop=True)


def shift_now(history: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """By how much the odds said in the last months were off, as known at the end of a day.

    Parameters
    ----------
    history
        As for `rolling`.

    Returns
    -------
    Shift of the log odds for `outlook.open_lines`; 0 where nothing can be looked back on.
    """
    month_ends = pd.date_range(
        as_of - pd.DateOffset(months=recalibration.MONTHS), as_of - pd.Timedelta(days=1), freq="ME"
    )
    months = [
        predicted
        for cutoff in month_ends
        if not (predicted := _predict(history, cutoff, 1, HALF_LIFE_DAYS)).empty
    ]
    return recalibration.shift_known(pd.concat(months), as_of) if months else 0.0


def _predict(
    history: pd.DataFrame, cutoff: pd.Timestamp, months: int, half_life_days: float | None
) -> pd.DataFrame:
    """The promises due within some months of a cutoff, predicted from what was known then."""
    until = cutoff + pd.offsets.MonthEnd(months)
    made = history[history["recorded_date"] <= cutoff].sort_values("recorded_date", kind="stable")
    in_force = made.drop_duplicates("line_id", keep="last").sort_index()
    due = (in_force["promised_date"] > cutoff) & (in_force["promised_date"] <= until)
    is_open = in_force["completed_date"].isna() | (in_force["completed_date"] > cutoff)
    lines = in_force[due & is_open]
    unplaced = history["recorded_date"].isna() & (history["promised_date"] > cutoff)
    known = history[~unplaced & ~(history["recorded_date"] > cutoff)]
    judged = _judged(known, cutoff)
    if lines.empty or judged.empty:
        return lines.iloc[:0]
    shares = judged.groupby("supplier_id")["kept"].mean()
    fitted = credibility.fit(count_slips(known, cutoff, half_life_days))
    said = outlook.open_lines(fitted, lines.assign(need_date=lines["promised_date"]), cutoff)
    pool = float(judged["kept"].mean())
    return lines.assign(
        cutoff=cutoff,
        kept=_kept(lines),
        as_learned=said["kept_probability"],
        supplier=lines["supplier_id"].map(shares).fillna(pool),
        pool=pool,
    )


def _judged(known: pd.DataFrame, cutoff: pd.Timestamp) -> pd.DataFrame:
    """Promises whose outcome was known at the cutoff: complete, or open past their day."""
    done = known["completed_date"] <= cutoff
    judged = known[done | (known["promised_date"] <= cutoff)]
    kept = (judged["completed_date"] <= judged["promised_date"]) & done[judged.index]
    return judged.assign(kept=kept.astype(float))


def _kept(lines: pd.DataFrame) -> "pd.Series[float]":
    """1.0 where the line was complete by the day promised."""
    return (lines["completed_date"] <= lines["promised_date"]).astype(float)
