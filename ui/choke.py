"""Choke points on a page: what caused the missed units, where, and which lines they were."""

import dataclasses
import datetime as dt
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from ui import blocks, cards, filters, formats, queries, shell, show
from ui.charts import HEIGHT, SCALE, Finding, once, time_axis, value_axis
from ui.ranked import ranked
from ui.trends import last_day, reference_layers

METRIC = "missed_units_by_cause"
CAUSES = {
    "supplier": "Supplier overdue",
    "planning": "Short on the shelf",
    "transfer": "At another site",
    "shelf": "On the shelf",
    "refused": "Refused",
    "unproven": "Unproven",
}
"""Cause and what it is called; the order is that of the colours."""
MEANT = {
    "supplier": "goods of a supplier for that item and site were overdue on the due date; a late "
    "unit explains one missed unit",
    "planning": "the site's shelf lacked it when the order came, and nothing was overdue: ordered "
    "too little or too late",
    "transfer": "another site had it free when the order came",
    "shelf": "the site had it free when the order came",
    "refused": "cancelled by provider, supplier or client before it was due",
    "unproven": "no record explains it",
}
ROLES = dict(zip(CAUSES, ("accent", "fourth", "fifth", "sixth", "amber", "quiet"), strict=True))
PLACES = {
    "cause": ("cause", "causes"),
    "item": ("item_id", "items"),
    "site": ("site_id", "sites"),
    "supplier": ("supplier_id", "suppliers"),
    "family": ("item_family", "families"),
    "customer": ("customer_id", "customers"),
}
"""What the bars can stand for: column and plural."""
NO_SUPPLIER = "none"


def narrowed(chosen: filters.Filters) -> filters.Filters:
    """Draw the two filters of this page, cause and supplier, and add them to the others."""
    by_supplier = measured(chosen, ["supplier_id"])
    suppliers = sorted(set(by_supplier["supplier_id"]) - {NO_SUPPLIER})
    asked = str(st.session_state.get("blamed") or "")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        causes = st.multiselect(
            "Cause",
            list(CAUSES),
            format_func=CAUSES.__getitem__,
            key="cause",
            bind="query-params",
            placeholder="All",
        )
        supplier = st.selectbox(
            "Supplier",
            sorted({*suppliers, asked} - {""}),
            index=None,
            placeholder="All",
            key="blamed",
            bind="query-params",
            width=180,
        )
    added = {"cause": list(causes), "supplier_id": [supplier] if supplier else []}
    where = chosen.where | {name: values for name, values in added.items() if values}
    return dataclasses.replace(chosen, where=where)


def measured(chosen: filters.Filters, by: list[str], **options: Any) -> pd.DataFrame:
    """Missed units in the time that the filters name."""
    when = {"since": chosen.period.since, "until": chosen.period.until}
    return queries.measure(METRIC, by=by, where=chosen.where, **(when | options))


def asked(question: str, chosen: filters.Filters) -> pd.DataFrame:
    """Answer a question of this page under all its filters."""
    own = {name: chosen.where.get(name) for name in ("cause", "supplier_id")}
    when = {"since": chosen.period.since, "until": chosen.period.until}
    return queries.ask(question, **when, **own, **blocks.scope(chosen))


def answer(chosen: filters.Filters) -> bool:
    """Draw the figures: how many, how much is explained, and by what; False where none was missed.

    Every figure is of the same postings, so each missed unit is in it once.
    """
    causes = measured(chosen, ["cause"])
    if causes.empty:
        st.success("No unit due in this time was missed.", icon=":material/check_circle:")
        return False
    total, n = float(causes["numerator"].sum()), int(causes["n"].sum())
    units = causes.set_index("cause")["numerator"]
    unproven = float(units.get("unproven", 0))
    explained = formats.rate((total - unproven) / total, n)
    figures = [("Explained by records", explained, f"{formats.count(unproven)} units unproven")]
    largest = units.drop("unproven", errors="ignore")
    if not largest.empty:
        share = formats.rate(largest.max() / total, n)
        figures.append(("Largest cause", share, CAUSES[str(largest.idxmax())]))
    top = measured(chosen, ["item_id", "site_id"]).set_index(["item_id", "site_id"])["numerator"]
    said = " at ".join(str(name) for name in pd.Series(top.idxmax()))
    figures.append(("Worst item and site", formats.rate(top.max() / total, n), said))
    grid = st.grid(len(figures) + 1, min_column_width=160, gap="small", border=True)
    with grid.cell(), st.container(gap="xsmall"):
        total_card(chosen, total, n)
    for label, value, text in figures:
        with grid.cell(), st.container(gap="xsmall"):
            st.metric(label, value)
            st.text(text)
            define(label)
    return True


def total_card(chosen: filters.Filters, total: float, n: int) -> None:
    """Draw the missed units with their change and definition."""
    span = chosen.before
    before = measured(chosen, [], since=span.since, until=span.until)["numerator"].sum()
    change = total - before
    st.metric(
        "Missed units",
        formats.count(total),
        f"{'+' if change > 0 else ''}{formats.count(change)}" if before else None,
        delta_color="red" if change > 0 else "green",
        delta_arrow="up" if change > 0 else "down",
        delta_description="vs before" if before else None,
    )
    st.caption(f"n {formats.lines(n, 'posting')}")
    define("missed")


def define(card: str) -> None:
    """Open the definition from a card."""
    with st.popover("Definition", type="tertiary", key=f"definition-{card}"):
        cards.define(queries.catalogue()[METRIC])


def evidence() -> None:
    """Say which records are missing in this build without which causes cannot be told."""
    has = queries.ask("evidence").iloc[0]
    missing = [
        said
        for flag, said in (
            ("has_purchases", "PO lines with their receipts (supplier overdue)"),
            ("has_stock", "stock of each day (shelf, transfer, planning)"),
        )
        if not has[flag]
    ]
    if missing:
        st.info(
            f"What was not loaded cannot explain: {' and '.join(missing)}. Until then those units "
            "stay unproven.",
            icon=":material/info:",
        )
        shell.onward(shell.LOAD, "Load them", ":material/upload_file:")


def over_time(chosen: filters.Filters) -> None:
    """Draw the missed units of each period, stacked by cause."""
    span = chosen.trend
    rows = measured(chosen, ["cause"], every=chosen.every, since=span.since, until=span.until)
    if rows.empty:
        shell.nothing("No unit was missed in this time.")
        return
    show.finding(
        stacked(rows, chosen.every, chosen.as_of, blocks.go_live()),
        rows,
        name=f"missed-units-by-{chosen.every}",
        provenance=queries.provenance([METRIC], chosen.said()),
    )


@once
def stacked(
    rows: pd.DataFrame, every: str, as_of: dt.date, go_live: tuple[dt.date, str] | None
) -> Finding:
    """Stack causes on periods, the open one pale; the title sets the last beside a year before."""
    shown = rows.assign(
        role=rows["cause"].map(ROLES),
        called=rows["cause"].map(CAUSES),
        label=[formats.period(start, every) for start in rows["period"]],
        place=rows["cause"].map(list(CAUSES).index),
        is_open=[last_day(start, every) > as_of for start in rows["period"]],
    )
    span = [shown["period"].min(), shown["period"].max()]
    scale = alt.Scale(domain=span, padding=14)
    x = alt.X("period:T", title=None, axis=time_axis(every, span[1]), scale=scale)
    bars = (
        alt.Chart(shown)
        .mark_bar(size=max(3, min(18, 400 // shown["period"].nunique())))
        .encode(
            x=x,
            y=alt.Y("sum(numerator):Q", title=None, stack="zero", axis=value_axis(format="~s")),
            order=alt.Order("place:Q"),
            opacity=alt.condition("datum.is_open", alt.value(0.45), alt.value(0.9)),
            color=alt.Color("role:N", scale=SCALE, legend=legend(set(rows["cause"]))),
            tooltip=[
                alt.Tooltip("label:N", title=every.capitalize()),
                alt.Tooltip("called:N", title="Cause"),
                alt.Tooltip("numerator:Q", title="Missed units", format=",.0f"),
                alt.Tooltip("n:Q", title="Postings", format=","),
            ],
        )
    )
    chart = alt.layer(bars, *reference_layers(x, None, go_live, span)).properties(height=HEIGHT)
    totals = shown.groupby("cause")["numerator"].sum().sort_values(ascending=False)
    parts = ", ".join(
        f"{CAUSES[str(cause)].lower()} {formats.count(units)}" for cause, units in totals.items()
    )
    title = title_of(shown, every)
    return Finding(chart, title, f"{title}. Over all periods shown: {parts}.")


def title_of(shown: pd.DataFrame, every: str) -> str:
    """Say how many units were missed in the last closed period, and a year before."""
    closed = shown[~shown["is_open"]].groupby("period")["numerator"].sum()
    if closed.empty:
        return f"Missed units: no {every} has closed yet"
    last = pd.Timestamp(str(closed.index[-1]))
    said = f"{formats.count(closed.iloc[-1])} units missed in {formats.period(last, every)}"
    then = last - pd.DateOffset(weeks=52) if every == "week" else last - pd.DateOffset(years=1)
    if then not in closed.index:
        return said
    return f"{said}, {formats.count(closed[then])} in {formats.period(then, every)}"


def legend(causes: set[str]) -> alt.Legend:
    """Name the colours of the causes that are there."""
    names = {ROLES[cause]: name for cause, name in CAUSES.items() if cause in causes}
    texts = ", ".join(f"'{role}': '{name}'" for role, name in names.items())
    said = f"{{{texts}}}[datum.label]"
    return alt.Legend(title=None, orient="top", columns=2, labelExpr=said, values=list(names))


def where(chosen: filters.Filters, place: str) -> None:
    """Rank causes, items, sites or suppliers by the units they cost; a bar filters the page."""
    column, names = PLACES[place]
    rows = measured(chosen, [column])
    if place == "supplier":
        rows = rows[rows["supplier_id"] != NO_SUPPLIER]
    if rows.empty:
        st.info("No missed unit was put down to a supplier.", icon=":material/info:")
        return
    key = f"choke-{place}-{abs(hash(chosen.said()))}"
    found = ranked(rows, dimension=column, names=names, called=CAUSES if place == "cause" else {})
    show.finding(
        found,
        rows,
        name=f"missed-units-by-{column}",
        provenance=queries.provenance([METRIC], chosen.said()),
        on_select=_choose(place, column, key),
        key=key,
    )


def _choose(place: str, column: str, chart: str) -> Any:
    """Make the callback that turns a chosen bar into a filter."""

    def apply() -> None:
        marks = st.session_state[chart]["selection"].get("chosen", [])
        if not marks:
            return
        value = str(marks[0][column])
        if place == "cause":
            st.session_state["cause"] = [value]
        elif place == "supplier":
            st.session_state["blamed"] = value
        else:
            filters.narrow(place, value)

    return apply
