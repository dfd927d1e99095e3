"""Suppliers' promises on a page: trend of first against last, timing, and open lines at risk."""

from collections.abc import Iterable

import altair as alt
import pandas as pd
import streamlit as st

from ui import bars, blocks, cards, filters, formats, queries, shell, show
from ui.charts import HEIGHT, Finding, once, painted, value_axis

COVERAGE = "promise_coverage_rate"
UNCOVERED = "cannot be told: every line has one date, and on which day it was given is not known"
SPLITS = {
    "supplier": ("supplier_id", "suppliers"),
    "site": ("site_id", "sites"),
    "family": ("item_family", "families"),
    "mode": ("transport_mode", "modes"),
}
"""What a metric of suppliers can be split by: column and plural."""

TIMINGS = {
    "0 over 20 early": "> 20 early",
    "1 11-20 early": "11-20 early",
    "2 6-10 early": "6-10 early",
    "3 1-5 early": "1-5 early",
    "4 on the day": "on the day",
    "5 1-5 late": "1-5 late",
    "6 6-10 late": "6-10 late",
    "7 11-20 late": "11-20 late",
    "8 over 20 late": "> 20 late",
    "9 open": "still open",
}
"""Class of `delivery_timing` and how it reads."""


def scope(chosen: filters.Filters, metric: str | None = None) -> dict[str, list[str]]:
    """The filters in force without those that PO lines do not have.

    Own warehouses are left out: they are no outside suppliers.
    """
    known = set(queries.catalogue()[metric or "promise_adherence_first"].dimensions)
    where = {name: values for name, values in chosen.where.items() if name in known}
    return where | ({"supplier_type": ["outside"]} if "supplier_type" in known else {})


def for_suppliers(chosen: filters.Filters) -> filters.Filters:
    """The same filters, for outside suppliers only."""
    return filters.Filters(chosen.period, chosen.every, chosen.as_of, scope(chosen))


def is_known(metric: str) -> bool:
    """Tell whether the data hold anything that a metric could judge, now or later."""
    rows = queries.measure(metric)
    return not rows.empty and int((rows["n"] + rows["pending"]).sum()) > 0


def has_history() -> bool:
    """Tell whether it is known when promises were made, and how they moved."""
    return is_known("promise_slip_rate")


def told(metrics: Iterable[str]) -> list[str]:
    """Leave out the metrics that nothing can be said of, for want of data.

    Without a history the last promise is not known: it is not the same as the first. Neither is
    coverage, for every line has its date by construction, whenever that was given.
    """
    unknown = () if has_history() else ("promise_adherence_last", COVERAGE)
    return [name for name in metrics if name not in unknown and is_known(name)]


def headlines(metrics: Iterable[str], chosen: filters.Filters) -> None:
    """Draw the cards of a page of suppliers; without a history that of coverage says why not."""
    known = told(metrics)
    is_untold = is_known(COVERAGE) and not has_history()
    untold = {COVERAGE: UNCOVERED} if is_untold else {}
    cards.row([name for name in metrics if name in known or name in untold], chosen, untold)


def coverage(chosen: filters.Filters) -> None:
    """Draw which share of lines is promised soon after the order, or say why nobody can tell."""
    if has_history() or not is_known(COVERAGE):
        blocks.trend(COVERAGE, chosen)
    else:
        st.info(f"Coverage {UNCOVERED}.", icon=":material/info:")


def for_need(chosen: filters.Filters) -> None:
    """Draw which share is promised by its need date, or say that this cannot be told."""
    if not is_known("promise_to_need_rate"):
        st.info("No line has both a promise and a need date.", icon=":material/info:")
        return
    blocks.trend("promise_to_need_rate", chosen)


def started(metrics: Iterable[str] = ()) -> None:
    """Say since when promises are known, and what cannot be said without their history.

    Parameters
    ----------
    metrics
        What the page would show; those that nothing can be said of are named.
    """
    first = queries.measure(COVERAGE, every="day")
    if first.empty:
        shell.nothing("No promises by suppliers have been loaded.")
        return
    since = formats.day(first["period"].min())
    text = f"Promises are collected since {since}; there is no earlier history."
    if not has_history():
        text = (
            "One date a line is known and no history of promises: when a promise was made, whether "
            "it was moved, and how late that was announced cannot be said."
        )
    known = told(metrics)
    if silent := [queries.catalogue()[name].label for name in metrics if name not in known]:
        text += f" The files say nothing of: {', '.join(silent)}."
    st.caption(text)


def split() -> str:
    """Let the reader choose what a metric is split by; the choice is in the URL."""
    chosen: str = st.radio(
        "By",
        list(SPLITS),
        index=list(SPLITS).index("supplier"),
        key="split",
        bind="query-params",
        horizontal=True,
    )
    return chosen


def where(metric: str, split: str, chosen: filters.Filters) -> None:
    """Draw a metric per supplier, site, family or mode, the worst on top."""
    column, names = SPLITS[split]
    known = queries.catalogue()[metric]
    period = chosen.period
    rows = queries.measure(
        metric, by=[column], since=period.since, until=period.until, where=scope(chosen, metric)
    )
    rows = rows[rows[column].notna()]
    if rows["value"].notna().sum() == 0:
        shell.nothing("Nothing fell due in this time.")
        return
    found = bars.where(
        rows,
        dimension=column,
        names=names,
        label=known.label,
        better=known.better,
        target=queries.agreed().targets.get(metric),
    )
    provenance = queries.provenance([metric], chosen.said())
    show.finding(found, rows, name=f"{metric}-by-{column}", provenance=provenance)


@once
def timing_chart(rows: pd.DataFrame) -> Finding:
    """Draw how many lines came how many days early or late.

    Parameters
    ----------
    rows
        `delivery_timing` by its classes.
    """
    shown = rows[rows["n"] > 0].assign(
        days=[TIMINGS[name] for name in rows.loc[rows["n"] > 0, "timing"]]
    )
    total = shown["n"].sum()
    shown["role"] = [
        "amber" if name[0] in "56789" else "quiet" if name[0] in "012" else "accent"
        for name in shown["timing"]
    ]
    shown["text"] = [formats.rate(n / total, total) for n in shown["n"]]
    late = shown.loc[shown["timing"] > "5", "n"].sum()
    on_day = shown.loc[shown["timing"] == "4 on the day", "n"].sum()
    title = (
        f"{formats.rate(late / total, total)} late or open, "
        f"{formats.rate(on_day / total, total)} on the day, "
        f"{formats.rate((total - late - on_day) / total, total)} early, "
        f"of {formats.lines(total, 'promised line')}"
    )
    base = painted(shown).encode(
        x=alt.X("days:O", sort=list(TIMINGS.values()), title="Days from the first promise"),
        y=alt.Y("n:Q", title=None, axis=value_axis(format="~s")),
        tooltip=[
            alt.Tooltip("days:O", title="Days"),
            alt.Tooltip("n:Q", title="Lines", format=","),
            alt.Tooltip("text:N", title="Share"),
        ],
    )
    chart = alt.layer(
        base.mark_bar(opacity=0.9), base.mark_text(dy=-8, fontSize=12).encode(text="text:N")
    )
    return Finding(chart.properties(height=HEIGHT), title, f"{title}.")


def timing(chosen: filters.Filters) -> None:
    """Draw the distribution of days early and late against the first promise."""
    period = chosen.period
    rows = queries.measure(
        "delivery_timing", since=period.since, until=period.until, where=scope(chosen)
    )
    if rows["n"].sum() == 0:
        shell.nothing("No promised line fell due in this time.")
        return
    provenance = queries.provenance(["delivery_timing"], chosen.said())
    show.finding(timing_chart(rows), rows, name="delivery-timing", provenance=provenance)
