"""What has changed with a supplier since its last review, against the same length before."""

import datetime as dt
from typing import Any

import pandas as pd
import streamlit as st

from ui import actions, filters, formats, periods, promises, queries, show, suppliers

COMPARED = (*suppliers.RATES[:4], "promise_slip_rate", "late_edit_rate", "acceptance_rate")


def rows(chosen: filters.Filters, supplier: str, last: dt.date | None) -> pd.DataFrame:
    """Each rate since the last review (else in the period) against the same length before."""
    period = chosen.period
    if last is not None and last < chosen.as_of:
        period = periods.Period(last + dt.timedelta(days=1), chosen.as_of)
    earlier = periods.before(period)
    told = []
    for metric in promises.told(COMPARED):
        where = suppliers.of_one(chosen, supplier).where
        now, then = (
            queries.measure(metric, since=part.since, until=part.until, where=where).iloc[0]
            for part in (period, earlier)
        )
        told.append(
            {
                "metric": queries.catalogue()[metric].label,
                "now": now["value"],
                "n": int(now["n"]),
                "before": then["value"],
                "n_before": int(then["n"]),
                "change": now["value"] - then["value"],
                "verdict": verdict(now, then, queries.catalogue()[metric].better),
            }
        )
    return pd.DataFrame(told).assign(now_period=str(period), before_period=str(earlier))


def said(found: pd.DataFrame) -> str:
    """Say which stretches of time are compared."""
    if found.empty:
        return "Nothing can be compared."
    return f"{found['now_period'].iloc[0]} against {found['before_period'].iloc[0]}"


def closed(supplier: str) -> str:
    """Say which agreed actions were closed since the last review, and by whom; '' for none."""
    done = actions.closed_since_review(supplier)
    if done.empty:
        return ""
    told = "; ".join(
        f"{what} (closed by {who})"
        for what, who in zip(done["what"], done["closed_by"], strict=True)
    )
    return f"{formats.lines(len(done), 'action')} closed since: {told}"


def verdict(now: Any, then: Any, better: str) -> str:
    """Say whether a share moved by more than chance: both 95 % intervals are apart."""
    if min(now["n"], then["n"]) < formats.FEW:
        return "too few"
    if now["lower"] <= then["upper"] and then["lower"] <= now["upper"]:
        return "no clear change"
    return "better" if (now["value"] > then["value"]) == (better == "higher") else "worse"


def change(value: float) -> str:
    """Write a change in whole points, nothing where there is nothing to compare."""
    return "" if formats.is_missing(value) else formats.points(value, 1)


def compared(chosen: filters.Filters, supplier: str, last: dt.date | None) -> None:
    """List each rate now and before."""
    found = rows(chosen, supplier, last)
    if text := closed(supplier):
        st.text(text)
    st.text(said(found))
    columns = [
        show.Column("metric", "Measure", pinned=True),
        show.Column("now", "Now", rated_by="n"),
        show.Column("n", "n", formats.count),
        show.Column("change", "Change", change),
        show.Column("verdict", "Verdict", says="Better or worse only if more than chance."),
        show.Column("before", "Before", rated_by="n_before"),
        show.Column("n_before", "n before", formats.count),
    ]
    show.table(
        found,
        columns,
        name="since-review",
        said="Each measure since the last review against the same length of time before",
        provenance=queries.provenance(COMPARED, chosen.said()),
    )
