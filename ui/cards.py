"""The answer: up to five equal cards with value, change, target, n, sparkline and definition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from data import metrics
from ui import changes, charts, filters, formats, periods, queries

BADGES = {
    "on target": ("green", "check_circle"),
    "near target": ("orange", "error"),
    "off target": ("red", "cancel"),
    "too few": ("gray", "help"),
    "no target": ("gray", "remove"),
    formats.NO_DATA: ("gray", "remove"),
}
"""Colour and icon of each status; the word is written beside them, so colour never stands alone."""

BASIS = "basis"
"""Dimension of a metric that judges some lines by stock and others by what was shipped."""
NO_CHANCE = (float("nan"), float("nan"))
SPARKS = 13
"""Periods of a sparkline: a year of months, a quarter of weeks."""


@dataclass(frozen=True)
class Card:
    """One figure as its card says it.

    Attributes
    ----------
    value
        The share now, None without data.
    change
        Difference to the same length of time before, None when either has no data.
    chance
        95 % interval of the change: how much of it chance alone may have made.
    n
        Lines, orders or whatever the metric counts.
    pending
        How many of them are not due yet.
    series
        The shares of the last periods, oldest first.
    status
        One of the keys of BADGES.
    """

    value: float | None
    change: float | None
    chance: tuple[float, float]
    n: int
    n_before: int
    pending: int
    series: list[float]
    status: str

    @property
    def is_real(self) -> bool:
        """Whether the change is more than chance."""
        return self.chance[0] > 0 or self.chance[1] < 0


def status(row: Mapping[str, float], target: float | None, better: str) -> str:
    """Say how a share stands to its target; near when the target lies within its interval."""
    if formats.is_missing(row["value"]):
        return formats.NO_DATA
    if row["n"] < formats.FEW:
        return "too few"
    if target is None:
        return "no target"
    sign = 1 if better == "higher" else -1
    if (row["value"] - target) * sign >= 0:
        return "on target"
    return "near target" if row["lower"] <= target <= row["upper"] else "off target"


def card(metric: str, chosen: filters.Filters, target: float | None) -> Card:
    """Sum one card out of one series: the period, the same length of time before, the sparkline.

    The series is the one that the trend draws, where both are told by the same length of time.
    """
    known, earlier = queries.catalogue()[metric], chosen.before
    where = filters.for_metric(metric, chosen).where
    every = periods.unit(chosen.period)
    span = periods.around(chosen.period, every, chosen.as_of)
    since = min(span.since, earlier.since)
    rows = queries.measure(metric, every=every, since=since, until=span.until, where=where)
    has_interval = known.unit == "ratio"
    now, then = (
        metrics.total(within(rows, part), has_interval=has_interval)
        for part in (chosen.period, earlier)
    )
    change, chance = None, NO_CHANCE
    if not formats.is_missing(now["value"]) and not formats.is_missing(then["value"]):
        change = now["value"] - then["value"]
        chance = changes.chance(now, then)
    recent = rows[rows["period"] <= pd.Timestamp(chosen.period.until)].tail(SPARKS)
    return Card(
        value=None if formats.is_missing(now["value"]) else now["value"],
        change=change,
        chance=chance,
        n=int(now["n"]),
        n_before=int(then["n"]),
        pending=int(now["pending"]),
        series=recent["value"].dropna().to_list(),
        status=status(now, target, known.better),
    )


def within(rows: pd.DataFrame, period: periods.Period) -> pd.DataFrame:
    """Take the rows of a series that begin in a period."""
    since, until = pd.Timestamp(period.since), pd.Timestamp(period.until)
    return rows[(rows["period"] >= since) & (rows["period"] <= until)]


def without(metric: str, where: queries.Where) -> list[str]:
    """Name the filters that a metric cannot be asked for."""
    return [name for name in where if name not in queries.catalogue()[metric].dimensions]


def known(names: Sequence[str], most: int = 5) -> list[str]:
    """Take the first metrics of which the build has any data at all, in their order.

    A client without purchase orders or builds is not shown empty cards; one without anything is.
    """
    found = [name for name in names if name in queries.catalogue()]
    with_data = [name for name in found if queries.measure(name)["n"].sum() > 0]
    return (with_data or found)[:most]


def row(
    names: Sequence[str], chosen: filters.Filters, untold: Mapping[str, str] | None = None
) -> None:
    """Draw one equal card per metric; none where there is no metric to show.

    Parameters
    ----------
    untold
        Metric -> why nothing can be said of it; its card shows no figure but this.
    """
    if not names:
        return
    targets, reasons = queries.agreed().targets, untold or {}
    grid = st.grid(min(5, len(names)), min_column_width=160, gap="small", border=True)
    for name in names:
        target = targets.get(name)
        with grid.cell(), st.container(gap="xsmall"):
            reason = reasons.get(name)
            if reason is None and without(name, chosen.where):
                reason = "cannot be told for this filter"
            if reason is not None:
                st.metric(queries.catalogue()[name].label, "\u2013")
                st.caption(reason)
            else:
                shown = card(name, chosen, target)
                draw(queries.catalogue()[name], shown, target)
    for name in names:
        if name in reasons or without(name, chosen.where):
            continue
        if BASIS in queries.catalogue()[name].dimensions:
            judged_by(name, chosen)


def draw(metric: Any, shown: Card, target: float | None) -> None:
    """Draw one card: figure and sparkline, status with target and n, and its definition."""
    few = min(shown.n, shown.n_before)
    st.metric(
        metric.label,
        formats.rate(shown.value, shown.n),
        None if shown.change is None else formats.points(shown.change, few),
        delta_color=delta_colour(shown, metric.better),
        delta_arrow=delta_arrow(shown),
        delta_description=None if shown.change is None else "vs before",
    )
    if len(shown.series) > 1:
        first, last = (formats.rate(shown.series[end], shown.n) for end in (0, -1))
        st.vega_lite_chart(
            spec=charts.sparkline(shown.series),
            alt=f"{metric.label}, last {len(shown.series)} periods: from {first} to {last}",
        )
    colour, icon = BADGES[shown.status]
    st.markdown(f":{colour}-badge[:material/{icon}: {shown.status}]")
    parts = [] if target is None else [f"target {formats.rate(target, 1)}"]
    parts.append(f"n {formats.count(shown.n)}")
    if shown.pending:
        parts.append(f"{formats.count(shown.pending)} not due yet")
    if shown.change is not None and metric.unit == "ratio":
        parts.append(luck(shown))
    st.caption(" · ".join(parts))
    with st.popover("Definition", type="tertiary", key=f"definition-{metric.metric}"):
        define(metric)


def luck(shown: Card) -> str:
    """Say how much of a change chance alone may have made."""
    if not shown.is_real:
        return "change within chance"
    half = (shown.chance[1] - shown.chance[0]) / 2
    return f"change ±{formats.points(half, min(shown.n, shown.n_before)).lstrip('+')}"


def judged_by(metric: str, chosen: filters.Filters) -> None:
    """Say for what share of its lines a metric knew that day's stock."""
    rows = queries.measure(
        metric,
        by=[BASIS],
        since=chosen.period.since,
        until=chosen.period.until,
        where=chosen.where,
    )
    n, known = int(rows["n"].sum()), int(rows.loc[rows[BASIS] == "stock", "n"].sum())
    if not n:
        return
    label = queries.catalogue()[metric].label
    if known in (0, n):
        basis = "that day's free stock" if known else "what was shipped within the pick window"
        st.caption(f"{label}: every line is judged by {basis}.")
    else:
        st.caption(
            f"{label}: {formats.rate(known / n, n)} of the lines are judged by that day's free "
            f"stock, {formats.rate(1 - known / n, n)} by what was shipped within the pick window."
        )


def delta_colour(shown: Card, better: str) -> Any:
    """Colour a change only when it is more than chance, and red only when it is for the worse."""
    if shown.change is None or not shown.is_real:
        return "gray"
    return "green" if (shown.change > 0) == (better == "higher") else "red"


def delta_arrow(shown: Card) -> Any:
    """Point the arrow the way the figure went; none when the change rounds to nothing."""
    few = min(shown.n, shown.n_before)
    if shown.change is None or formats.points(shown.change, few) in {"0 pt", "0.0 pt"}:
        return "off"
    return "up" if shown.change > 0 else "down"


def define(metric: Any) -> None:
    """Say what a metric counts, with its version and SQL."""
    st.markdown(f"**{metric.label}** · `{metric.metric}` version {metric.version}")
    st.text(metric.description)
    st.code(metric.sql, language="sql", wrap_lines=True)
