"""From rows of unique_id, ds, y to a regular panel: every oddity gets an answer for its series."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasting.demand.distribution import Floats
from forecasting.demand.panel import SEASONS, Panel, following

OWN = ("unique_id", "ds", "y", "in_stock")
DENSE = 0.9
RARE = 0.01
LONG = 12
LARGEST = 1e12
EARLIEST, LATEST = pd.Timestamp("1950-01-01"), pd.Timestamp("2150-01-01")


@dataclass(frozen=True)
class Reading:
    """A panel and what had to be decided on the way.

    Parameters
    ----------
    panel
        The series that can be forecast.
    notes
        unique_id, note: what was done about rows that were not plain demand.
    refused
        unique_id, reason: series without an answer.
    """

    panel: Panel
    notes: pd.DataFrame
    refused: pd.DataFrame


class _Notes:
    """Notes by series, in the order in which they come up."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str]] = []

    def add(self, counts: "pd.Series[int]", text: str) -> None:
        """Note `text`, with {n} filled in, for each series in `counts`."""
        self.rows += [(str(key), text.format(n=int(n))) for key, n in counts.items() if n]

    def frame(self, column: str) -> pd.DataFrame:
        return pd.DataFrame(self.rows, columns=["unique_id", column], dtype=str)


def read_rows(rows: pd.DataFrame, freq: str) -> Reading:
    """Build the panel.

    Absent periods between the first and the last row of a series are zero demand, unless the file
    writes its zeros out (or the series never has one): then they are unknown, and so is what comes
    after the last row. Out-of-stock periods (`in_stock` false) are unknown. Amounts below zero are
    returns and taken as zero demand. Rows finer than `freq` are added up; series coarser than
    the rest are refused. Other columns that are constant per series become attributes, and so do
    the parts of ids written as item/site.

    Raises
    ------
    ValueError
        A column is missing, `freq` is unknown, or no row can be used.
    """
    absent = [name for name in OWN[:3] if name not in rows.columns]
    if absent:
        raise ValueError(f"column {absent[0]} is missing (expected unique_id, ds, y)")
    if freq not in SEASONS:
        raise ValueError(f"freq {freq!r} is unknown (expected {', '.join(SEASONS)})")
    notes, refusals = _Notes(), _Notes()
    every_id = pd.unique(rows["unique_id"].dropna().astype(str))
    clean = _typed(rows, notes)
    clean = _one_time_line(clean, freq, notes)
    clean = _refuse_coarse(clean, freq, refusals)
    if clean.empty:
        raise ValueError("no row has a unique_id, a readable date and a frequency that fits")
    clean = _without_copies(clean, notes)
    panel = _regular(clean, freq, notes)
    panel = _with_attributes(panel, rows)
    nothing = ~np.isfinite(panel.y).any(axis=1)
    refusals.add(pd.Series(1, index=panel.ids[nothing]), "no period with known demand")
    panel = panel.take(np.flatnonzero(~nothing))
    known = set(panel.ids) | {key for key, _ in refusals.rows}
    lost = [key for key in every_id if key not in known]
    refusals.add(pd.Series(1, index=lost), "no row with a readable date and amount")
    return Reading(panel, notes.frame("note"), refusals.frame("reason"))


def _typed(rows: pd.DataFrame, notes: _Notes) -> pd.DataFrame:
    """Rows with a text id, a date, an amount (NaN when unknown) and an in-stock flag."""
    named = rows[rows["unique_id"].notna()]
    clean = pd.DataFrame({"unique_id": named["unique_id"].astype(str)})
    dates = named["ds"]
    if not pd.api.types.is_datetime64_any_dtype(dates):
        dates = pd.to_datetime(dates.astype(str), errors="coerce", format="ISO8601")
    dates = dates.dt.tz_localize(None).dt.normalize()
    clean["ds"] = dates.where((dates >= EARLIEST) & (dates < LATEST))
    amount = pd.to_numeric(named["y"], errors="coerce").astype(float)
    _count(notes, clean, np.isinf(amount), "{n} infinite amounts taken as unknown")
    amount = amount.where(np.isfinite(amount))
    beyond = amount.abs() > LARGEST
    _count(notes, clean, beyond, "{n} amounts beyond any demand (over 1e12) taken as unknown")
    amount = amount.mask(beyond)
    _count(notes, clean, amount.isna(), "{n} amounts are not known")
    _count(notes, clean, amount < 0, "{n} amounts below zero are returns, taken as no demand")
    clean["y"] = amount.clip(lower=0.0)
    if "in_stock" in named:
        out = named["in_stock"].map(_is_false).to_numpy(dtype=bool)
        _count(notes, clean, out, "{n} periods out of stock: demand there is not known")
        clean.loc[out, "y"] = np.nan
    _count(
        notes, clean, clean["ds"].isna(), "{n} rows without a readable date (expected YYYY-MM-DD)"
    )
    return clean[clean["ds"].notna()]


def _is_false(flag: object) -> bool:
    return str(flag).strip().lower() in {"false", "0", "0.0", "no", "n", "f"}


def _count(notes: _Notes, clean: pd.DataFrame, where: object, text: str) -> None:
    mask = np.asarray(where, dtype=bool)
    if mask.any():
        notes.add(clean.loc[mask, "unique_id"].value_counts(sort=False), text)


def _one_time_line(clean: pd.DataFrame, freq: str, notes: _Notes) -> pd.DataFrame:
    """Put each row into its period; leave out dates that stand far apart from all others."""
    dates = clean["ds"]
    if freq == "MS":
        period = dates.dt.to_period("M").dt.to_timestamp()
    elif freq == "W":
        weekday = int(dates.dt.day_of_week.mode().iloc[0]) if len(dates) else 0
        period = dates - pd.to_timedelta((dates.dt.day_of_week - weekday) % 7, unit="D")
    else:
        period = dates
    clean = clean.assign(period=period)
    seen = clean["period"].value_counts().sort_index()
    if seen.empty:
        return clean
    year = pd.Timedelta(days=400)
    gap = seen.index.to_series().diff() > year
    block = gap.cumsum()
    weight = seen.groupby(block).sum()
    strays = weight.index[weight < RARE * weight.sum()]
    stray = clean["period"].isin(seen.index[block.isin(strays)])
    _count(notes, clean, stray, "{n} rows are over a year apart from all other dates: left out")
    return clean[~stray]


def _refuse_coarse(clean: pd.DataFrame, freq: str, refusals: _Notes) -> pd.DataFrame:
    """Leave out series that report at a coarser rhythm than the rest (months among weeks)."""
    if freq == "MS" or clean.empty:
        return clean
    points = clean[["unique_id", "period"]].drop_duplicates().sort_values(["unique_id", "period"])
    days = points.groupby("unique_id")["period"].diff().dt.days
    step = 7 if freq == "W" else 1
    usual = days.groupby(points["unique_id"]).agg(["median", "min", "max", "count"])
    if usual["median"].median() != step:
        return clean
    coarse = usual[(usual["count"] >= 4) & (usual["min"] >= 4 * step)]
    even = coarse[coarse["max"] - coarse["min"] <= max(3, step)]
    refusals.add(
        even["count"], f"reports every few periods while the rest is {freq}: mixed rhythms"
    )
    return clean[~clean["unique_id"].isin(even.index)]


def _without_copies(clean: pd.DataFrame, notes: _Notes) -> pd.DataFrame:
    """One row per series and period: copies count once, other rows are added up."""
    copies = clean.duplicated(["unique_id", "ds", "y"])
    _count(notes, clean, copies, "{n} rows are copies of another: counted once")
    clean = clean[~copies]
    again = clean.duplicated(["unique_id", "period"])
    if not again.any():
        return clean
    _count(notes, clean, again, "{n} rows share a period with another: added up")
    grouped = clean.groupby(["unique_id", "period"], sort=False, as_index=False)
    return grouped.agg(y=("y", lambda amounts: amounts.sum(min_count=1)))


def _regular(clean: pd.DataFrame, freq: str, notes: _Notes) -> Panel:
    """Every period of every series, with zeros or NaN where the file has no row."""
    first, last = clean["period"].min(), clean["period"].max()
    span = {"MS": 32, "W": 8, "D": 2}[freq]
    ahead = following(first, freq, 1 + (last - first).days * 2 // span)
    periods = pd.DatetimeIndex([first, *ahead[ahead <= last]])
    code, ids = pd.factorize(clean["unique_id"])
    place = periods.get_indexer(pd.DatetimeIndex(clean["period"]))
    y = np.full((len(ids), len(periods)), np.nan)
    has_row = np.zeros(y.shape, dtype=bool)
    y[code, place] = clean["y"].to_numpy()
    has_row[code, place] = True
    filled = _fill(y, has_row)
    key = pd.Series(np.isfinite(filled).sum(axis=1) - np.isfinite(y).sum(axis=1), index=ids)
    notes.add(key, "{n} periods without a row taken as no demand")
    unsaid = pd.Series((~has_row & np.isnan(filled)).sum(axis=1), index=ids)
    before = pd.Series(has_row.argmax(axis=1), index=ids)
    notes.add(unsaid - before, "{n} periods without a row taken as not known")
    return Panel(np.asarray(ids, dtype=object), filled, periods, freq)


def _fill(y: Floats, has_row: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Floats:
    """Zeros for absent periods of series that leave their zeros out."""
    writes_zeros = (y[has_row] == 0).mean() >= RARE
    started = np.cumsum(has_row, axis=1) > 0
    ended = np.cumsum(has_row[:, ::-1], axis=1)[:, ::-1] == 0
    inside = started & ~ended
    n_inside = np.maximum(inside.sum(axis=1), 1)
    never_zero = ((has_row & inside).sum(axis=1) / n_inside >= DENSE) & (n_inside >= LONG)
    is_sparse = ~never_zero & ~writes_zeros
    gap = ~has_row & started & is_sparse[:, None]
    return np.where(gap, 0.0, y)


def _with_attributes(panel: Panel, rows: pd.DataFrame) -> Panel:
    """Columns constant per series, and the parts of ids like item/site."""
    keys = rows["unique_id"].astype(str)
    extra = [name for name in rows.columns if name not in OWN]
    columns: dict[str, pd.Series] = {}
    for name in extra:
        values = rows[name].astype(str)
        if (values.groupby(keys).nunique() == 1).all():
            columns[name] = values.groupby(keys).first().reindex(panel.ids.astype(str))
    split = [str(key).split("/") for key in panel.ids]
    widths = {len(parts) for parts in split}
    if len(widths) == 1 and max(widths) > 1:
        for j, texts in enumerate(zip(*split, strict=True), start=1):
            columns[f"id_{j}"] = pd.Series(texts)
    frame = pd.DataFrame({name: values.to_numpy() for name, values in columns.items()})
    frame = (
        frame.set_axis(range(len(panel)), axis=0)
        if columns
        else pd.DataFrame(index=range(len(panel)))
    )
    return Panel(panel.ids, panel.y, panel.periods, panel.freq, frame)
