"""Since go-live: two measures per site, before and now, each on an axis of its own."""

import datetime as dt

import altair as alt
import pandas as pd
import streamlit as st

from ui import blocks, filters, formats, periods, queries, show
from ui.bars import AXIS, BAR
from ui.charts import PERCENT, Finding, once, painted

PAIR = ("order_on_time_rate", "availability_rate")
MONTHS = 6
WHOLE = "all sites"
APART = (
    "Two measures with two bases: the first counts orders complete by the requested date, the "
    "second order lines that the site could fill from its shelf. Points of one are never added to "
    "the other: 70 % of orders on time and 25 points of availability do not make 95 %."
)


def baseline() -> periods.Period | None:
    """The whole months before go-live that the figures are held against; None without go-live."""
    agreed = queries.agreed().go_live_date
    if agreed is None:
        return None
    first = periods.month_start(agreed)
    return periods.Period(periods.month_start(first, MONTHS), first - dt.timedelta(days=1))


def shown(chosen: filters.Filters) -> periods.Period | None:
    """The baseline, where the time that is looked at lies wholly after it and it has orders."""
    then = baseline()
    if then is None or chosen.period.since <= then.until:
        return None
    rows = queries.measure(PAIR[0], since=then.since, until=then.until, where=chosen.where)
    return then if rows["n"].sum() else None


def compared(metric: str, chosen: filters.Filters, then: periods.Period) -> pd.DataFrame:
    """One row per site and one for all: share and n, before and now, and the change."""
    parts = []
    for by in ((), ("site_id",)):
        now, before = (
            queries.measure(
                metric, by=by, since=span.since, until=span.until, where=chosen.where
            ).assign(**({} if by else {"site_id": WHOLE}))
            for span in (chosen.period, then)
        )
        parts.append(now.merge(before, on="site_id", suffixes=("", "_before")))
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["value"].notna() & rows["value_before"].notna()]
    rows = rows[["site_id", "value_before", "n_before", "value", "n"]]
    return rows.assign(change=rows["value"] - rows["value_before"]).reset_index(drop=True)


def go_live(chosen: filters.Filters, then: periods.Period) -> None:
    """Draw both measures side by side, and say why their points are not added up."""
    for metric, column in zip(PAIR, st.columns(2, gap="medium"), strict=True):
        if not blocks.answerable(metric, chosen, "site_id"):
            continue
        rows = compared(metric, chosen, then)
        if rows.empty:
            continue
        with column:
            show.finding(
                dumbbells(rows, queries.catalogue()[metric].label),
                rows,
                name=f"{metric}-since-go-live",
                provenance=queries.provenance([metric], f"{chosen.said()}; against {then}"),
            )
    st.caption(APART)


@once
def dumbbells(rows: pd.DataFrame, label: str) -> Finding:
    """Draw the share before (hollow) and now (full) of each site, with the change in points."""
    drawn = rows.assign(
        before=[
            formats.rate(v, n) for v, n in zip(rows["value_before"], rows["n_before"], strict=True)
        ],
        now=[formats.rate(v, n) for v, n in zip(rows["value"], rows["n"], strict=True)],
        points=[
            formats.points(change, min(n, m))
            for change, n, m in zip(rows["change"], rows["n"], rows["n_before"], strict=True)
        ],
    )
    drawn["said"] = [
        f"{before} \u2192 {now} · {points} · n {formats.count(m)} \u2192 {formats.count(n)}"
        for before, now, points, m, n in zip(
            drawn["before"],
            drawn["now"],
            drawn["points"],
            drawn["n_before"],
            drawn["n"],
            strict=True,
        )
    ]
    y = alt.Y("site_id:N", sort=drawn["site_id"].to_list(), title=None, axis=alt.Axis(ticks=False))
    axis = alt.Axis(labelExpr=PERCENT, values=[0.5, 0.6, 0.7, 0.8, 0.9, 1], gridOpacity=0.6)
    low = min(0.5, float(drawn[["value", "value_before"]].min().min()) // 0.1 * 0.1)
    x = alt.X("value_before:Q", title=None, axis=axis, scale=alt.Scale(domain=[low, 1], zero=False))
    tips = [
        alt.Tooltip("site_id:N", title="Site"),
        alt.Tooltip("before:N", title="Before go-live"),
        alt.Tooltip("now:N", title="Now"),
        alt.Tooltip("points:N", title="Change"),
        alt.Tooltip("n_before:Q", title="n before", format=","),
        alt.Tooltip("n:Q", title="n now", format=","),
    ]
    base = painted(drawn, "accent").encode(y=y, tooltip=tips)
    chart = alt.layer(
        base.mark_rule(strokeWidth=2.2).encode(x=x, x2="value:Q"),
        base.mark_point(size=70, filled=False, strokeWidth=2).encode(x=x),
        base.mark_point(size=80, filled=True, opacity=1).encode(x=alt.X("value:Q")),
        painted(drawn, "quiet")
        .mark_text(align="left", dy=-12, fontSize=11)
        .encode(y=y, x=alt.datum(low), text="said:N"),
    ).properties(height=len(drawn) * BAR * 1.5 + AXIS)
    whole = drawn.iloc[0]
    title = f"{label}: {whole['before']} before go-live, {whole['now']} now ({whole['points']})"
    told = "; ".join(f"{s}: {t}" for s, t in zip(drawn["site_id"], drawn["said"], strict=True))
    return Finding(chart, title, f"{title}. {told}.")
