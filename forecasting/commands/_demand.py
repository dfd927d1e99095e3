"""The daily demand of a build as weekly or monthly panels."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from forecasting.demand.panel import Panel
from forecasting.demand.series import read_rows

SEPARATOR = "\x1f"
"""Between item and site in the id of a series: no code of a client holds it."""
USUAL_LEAD_DAYS = 30.0
COVERED = 0.9

_DAYS = """
SELECT item_id, site_id, item_family, region, source, demand_date AS ds,
    CAST(sum(qty) AS DOUBLE) AS y, bool_or(is_censored) AS is_censored
FROM marts.daily_demand
WHERE demand_date <= CAST($as_of AS DATE) AND list_contains($kinds, demand_kind) AND qty >= 0
    AND NOT (source = 'feed' AND ordered_item_id IN (SELECT item_id FROM marts.seasons))
GROUP BY item_id, site_id, item_family, region, source, demand_date
ORDER BY site_id, item_id, demand_date
"""
_STARTS = """
SELECT heir.heir_item_id AS item_id, stock.site_id, min(stock.snapshot_date) AS first_date
FROM marts.stock AS stock
JOIN marts.item_heirs AS heir ON heir.item_id = stock.item_id
GROUP BY heir.heir_item_id, stock.site_id
"""
_AHEAD = """
SELECT date_diff('day', order_date, requested_date) AS days, count(*) AS n
FROM marts.order_lines GROUP BY days ORDER BY days
"""


@dataclass(frozen=True)
class Days:
    """Demand by day as the build holds it.

    Parameters
    ----------
    rows
        unique_id, item_id, site_id, item_family, region, source, ds, y, is_censored.
    starts
        First day on which a series is known to have been kept in stock, by its id.
    first_date
        First day whose demand is known whole: lines ordered before the records began are missing
        from the days right after.
    as_of
        Last day.
    lead_days
        Lead time stated for each item [days]; items without are absent.
    unit_cost
        Of each item that has one [money].
    """

    rows: pd.DataFrame
    starts: "pd.Series[pd.Timestamp]"
    first_date: pd.Timestamp
    as_of: date
    lead_days: "pd.Series[float]"
    unit_cost: "pd.Series[float]" = field(default_factory=lambda: pd.Series(dtype=float))

    @property
    def usual_lead_days(self) -> float:
        """The middle lead time of the items that have demand [days]."""
        known = self.lead_days.reindex(self.rows["item_id"].unique()).dropna()
        return float(known.median()) if len(known) else USUAL_LEAD_DAYS

    @property
    def is_monthly(self) -> bool:
        """Whether the demand feed comes by the month, so that weeks cannot be told."""
        fed = self.rows[self.rows["source"] == "feed"]
        steps = fed.groupby("unique_id")["ds"].diff().dt.days
        return bool(len(steps.dropna()) and steps.median() > 20)


def read(con: Any, as_of: date, kinds: list[str]) -> Days:
    """Read a build through its connection.

    Sales of items that are bought by the season are left to the seasonal plan.
    """
    rows = con.execute(_DAYS, {"as_of": as_of, "kinds": kinds}).df()
    rows["ds"] = pd.to_datetime(rows["ds"]).astype("datetime64[ns]")
    rows["unique_id"] = rows["item_id"] + SEPARATOR + rows["site_id"]
    starts = con.execute(_STARTS).df()
    names = starts["item_id"] + SEPARATOR + starts["site_id"]
    first = pd.Series(pd.to_datetime(starts["first_date"]).to_numpy(), index=names)
    items = con.execute(
        "SELECT item_id, CAST(lead_time_days AS DOUBLE) AS days,"
        " CAST(unit_cost AS DOUBLE) AS cost FROM marts.items"
    ).df()
    items = items.set_index("item_id")
    (fact,) = con.execute(
        "SELECT coalesce((SELECT min(order_date) FROM marts.order_lines), first_fact_date)"
        " FROM marts.build"
    ).fetchone()
    ahead = con.execute(_AHEAD).df()
    whole = pd.Timestamp(fact)
    if len(ahead):
        share = ahead["n"].cumsum() / ahead["n"].sum()
        whole += pd.Timedelta(days=max(0, int(ahead["days"][(share >= COVERED).idxmax()])))
    return Days(rows, first, whole, as_of, items["days"].dropna(), items["cost"].dropna())


def panel(days: Days, freq: str) -> Panel:
    """Every whole period up to the as-of date; NaN before a series' life and where not known.

    Orders say zero by their absence. The demand feed may not: its gaps are read by the rules of
    `series.read_rows`.
    """
    rows = days.rows.assign(ds=period_of(days.rows["ds"], freq))
    end = pd.Timestamp(days.as_of) + pd.Timedelta(days=1)
    last = period_of(pd.Series([end]), freq).iloc[0]
    is_fed = rows["source"] == "feed"
    begin = period_of(pd.Series([days.first_date - pd.Timedelta(days=1)]), freq).iloc[0]
    whole = rows[(rows["ds"] < last) & (is_fed | (rows["ds"] > begin))]
    if whole.empty:
        return Panel(np.empty(0, dtype=object), np.empty((0, 0)), pd.DatetimeIndex([]), freq)
    step = "W-MON" if freq == "W" else "MS"
    periods = pd.date_range(whole["ds"].min(), last, freq=step, inclusive="left")
    parts = [
        part
        for part in (
            _ordered(whole[whole["source"] == "orders"], days, periods, freq),
            _fed(whole[whole["source"] == "feed"], periods, freq),
        )
        if part is not None
    ]
    ids = np.concatenate([part.ids for part in parts])
    names = whole.drop_duplicates("unique_id").set_index("unique_id")
    known = names.loc[list(ids), ["item_id", "site_id", "item_family", "region"]]
    y = np.vstack([part.y for part in parts])
    return Panel(ids, y, periods, freq, known.reset_index(drop=True))


def period_of(dates: "pd.Series[pd.Timestamp]", freq: str) -> "pd.Series[pd.Timestamp]":
    """First day of the week (Monday) or month of each date."""
    if freq == "W":
        return dates - pd.to_timedelta(dates.dt.day_of_week, unit="D")
    return pd.Series(dates.dt.to_period("M").dt.start_time, index=dates.index)


def _ordered(rows: pd.DataFrame, days: Days, periods: pd.DatetimeIndex, freq: str) -> Panel | None:
    if rows.empty:
        return None
    code, ids = pd.factorize(rows["unique_id"])
    place = periods.get_indexer(pd.DatetimeIndex(rows["ds"]))
    y = np.zeros((len(ids), len(periods)))
    np.add.at(y, (code, place), rows["y"].to_numpy())
    first = np.full(len(ids), len(periods))
    np.minimum.at(first, code, place)
    stocked = days.starts.reindex(ids)
    known = stocked.notna().to_numpy()
    kept = np.searchsorted(periods, stocked[known].to_numpy())
    first[known] = np.minimum(first[known], kept)
    # What was asked for before the records were whole is left out for every series.
    whole = int(periods.searchsorted(days.first_date))
    y[np.arange(len(periods))[None, :] < np.maximum(first, whole)[:, None]] = np.nan
    return Panel(np.asarray(ids, dtype=object), y, periods, freq)


def _fed(rows: pd.DataFrame, periods: pd.DatetimeIndex, freq: str) -> Panel | None:
    if rows.empty:
        return None
    plain = pd.DataFrame(
        {
            "unique_id": rows["unique_id"],
            "ds": rows["ds"],
            "y": rows["y"].where(~rows["is_censored"]),
        }
    )
    # A period with one day out of stock is not known as a whole.
    grouped = plain.groupby(["unique_id", "ds"])["y"]
    summed = grouped.sum().where(grouped.count() == grouped.size()).reset_index()
    read_panel = read_rows(summed, freq).panel
    y = np.full((len(read_panel), len(periods)), np.nan)
    y[:, periods.get_indexer(read_panel.periods)] = read_panel.y
    return Panel(read_panel.ids, y, periods, freq)
