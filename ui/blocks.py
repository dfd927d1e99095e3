"""Parts that several pages are made of: a trend, where it is bad, what changed, which lines."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from ui import bars, changes, filters, formats, queries, shell, show, trends

STORY = "pages/order_line.py"


def trend(metric: str, chosen: filters.Filters) -> None:
    """Draw one metric over time with target, go-live, best mark and what is not due yet."""
    if not answerable(metric, chosen):
        return
    chosen = filters.for_metric(metric, chosen)
    known, agreed = queries.catalogue()[metric], queries.agreed()
    span = chosen.trend
    rows = queries.measure(
        metric, every=chosen.every, since=span.since, until=span.until, where=chosen.where
    )
    if rows.empty:
        shell.nothing("Nothing was due in this time.")
        return
    found = trends.trend(
        rows,
        label=known.label,
        every=chosen.every,
        as_of=chosen.as_of,
        better=known.better,
        target=agreed.targets.get(metric),
        go_live=go_live(),
        whole=queries.measure(metric, every=chosen.every, where=chosen.where),
    )
    show.finding(
        found,
        rows,
        name=f"{metric}-by-{chosen.every}",
        provenance=queries.provenance([metric], chosen.said()),
    )


def go_live() -> tuple[dt.date, str] | None:
    """Day and name of the change of hands, as the settings have it."""
    agreed = queries.agreed()
    return (agreed.go_live_date, agreed.go_live_label) if agreed.go_live_date else None


def compared(metrics: dict[str, str], chosen: filters.Filters, title: str) -> None:
    """Draw several metrics over time on one axis.

    Parameters
    ----------
    metrics
        Metric and the short name at the end of its line.
    """
    span = chosen.trend
    metrics = {name: label for name, label in metrics.items() if answerable(name, chosen)}
    if not metrics:
        return
    parts = [
        queries.measure(
            name,
            every=chosen.every,
            since=span.since,
            until=span.until,
            where=filters.for_metric(name, chosen).where,
        ).assign(series=label)
        for name, label in metrics.items()
    ]
    rows = pd.concat(parts, ignore_index=True)
    if rows.empty:
        shell.nothing("Nothing was due in this time.")
        return
    show.finding(
        trends.compare(rows, every=chosen.every, as_of=chosen.as_of, title=title),
        rows,
        name=f"fill-rates-by-{chosen.every}",
        provenance=queries.provenance(list(metrics), chosen.said()),
    )


def where(metric: str, parameter: str, chosen: filters.Filters) -> None:
    """Draw one metric per site, family or customer; choosing a bar filters the page."""
    known = queries.catalogue()[metric]
    column, _, names = filters.DIMENSIONS[parameter]
    if not answerable(metric, chosen, column):
        return
    chosen = filters.for_metric(metric, chosen)
    rows = queries.measure(
        metric,
        by=[column],
        since=chosen.period.since,
        until=chosen.period.until,
        where=chosen.where,
    )
    if rows["value"].notna().sum() == 0:
        shell.nothing("Nothing was due in this time.")
        return
    found = bars.where(
        rows,
        dimension=column,
        names=names,
        label=known.label,
        better=known.better,
        target=queries.agreed().targets.get(metric),
    )
    # Another filter makes it another chart, so that no old choice stays marked.
    key = f"where-{metric}-{parameter}-{abs(hash(chosen.said()))}"
    show.finding(
        found,
        rows,
        name=f"{metric}-by-{column}",
        provenance=queries.provenance([metric], chosen.said()),
        on_select=filters.choose(parameter, key),
        key=key,
    )


def changed(metric: str, parameter: str, chosen: filters.Filters) -> None:
    """List what moved a metric against the same length of time before, the largest part first."""
    column, label, names = filters.DIMENSIONS[parameter]
    if not answerable(metric, chosen, column):
        return
    chosen = filters.for_metric(metric, chosen)
    now, then = (
        queries.measure(metric, by=[column], since=part.since, until=part.until, where=chosen.where)
        for part in (chosen.period, chosen.before)
    )
    rows = changes.contributions(now, then, column)
    if rows.empty:
        shell.nothing(f"There is nothing to compare: no {names} had lines due in both times.")
        return
    columns = [
        show.Column(column, label, pinned=True),
        show.Column(
            "contribution",
            "Moved it by",
            lambda v: formats.points(v, float(rows["n"].sum())),
            says="Points of the whole that this part moved; the parts sum to the whole change.",
        ),
        show.Column("now", "Now", rated_by="n"),
        show.Column("before", "Before", rated_by="n_before"),
        show.Column("n", "n", formats.count),
        show.Column("n_before", "n before", formats.count),
    ]
    show.table(
        rows,
        columns,
        name=f"changed-{metric}-{column}",
        said=f"What moved {queries.catalogue()[metric].label}, by {label}",
        provenance=queries.provenance([metric], f"{chosen.said()}; against {chosen.before}"),
        most=8,
    )


def worst_items(chosen: filters.Filters) -> None:
    """List the items whose missed quantity was worth most; opening one filters the page to it."""
    when: dict[str, Any] = {"since": chosen.period.since, "until": chosen.period.until}
    units, worth = (
        queries.measure(name, by=["item_id"], where=chosen.where, **when)
        for name in ("unit_fill_rate", "value_fill_rate")
    )
    rows = changes.worst(units, worth)
    if rows.empty:
        st.success("Every line due in this time was filled whole.", icon=":material/check_circle:")
        return
    described = queries.ask("items", item_ids=rows["item_id"].to_list())
    rows = rows.merge(described, on="item_id", how="left")
    divisor, prefix = formats.money_scale(rows["value_missed"].to_list())
    unit = f"{prefix} {queries.agreed().currency}".strip()
    columns = [
        show.Column("item_id", "Item", pinned=True),
        show.Column("description", "Description", width="medium"),
        show.Column("item_family", "Family"),
        show.Column("value_missed", f"Missed, {unit}", show.scaled(divisor), is_optional=True),
        show.Column("qty_missed", "Missed units", formats.count),
        show.Column("value", "Unit fill rate", rated_by="n"),
        show.Column("n", "Lines", formats.count),
    ]
    show.table(
        rows,
        columns,
        name="worst-items",
        said="Items by the value of what was missed",
        provenance=queries.provenance(["unit_fill_rate", "value_fill_rate"], chosen.said()),
        story=lambda place: filters.narrow("item", str(rows["item_id"].iloc[place])),
        story_label="Lines",
    )


def missed_lines(chosen: filters.Filters) -> None:
    """List the lines that were missed, the dearest first; opening one tells its story."""
    rows = queries.ask(
        "missed_lines",
        since=chosen.period.since,
        until=chosen.period.until,
        **scope(chosen),
    )
    if rows.empty:
        st.success("No line due in this time was missed.", icon=":material/check_circle:")
        return
    divisor, prefix = formats.money_scale(rows["value_missed"].to_list())
    unit = f"{prefix} {queries.agreed().currency}".strip()
    columns = [
        show.Column("order_line_id", "Order line", pinned=True),
        show.Column("status", "Status"),
        show.Column("value_missed", f"Missed, {unit}", show.scaled(divisor), is_optional=True),
        show.Column("qty_missed", "Missed units", formats.quantity),
        show.Column("days_late", "Days late", formats.count, says="Working days after due."),
        show.Column("due_date", "Due", formats.day),
        show.Column("item_id", "Item"),
        show.Column("description", "Description", width="medium"),
        show.Column("site_id", "Site"),
        show.Column("customer_id", "Customer"),
    ]
    show.table(
        rows,
        columns,
        name="missed-lines",
        said="Lines that were not filled whole by their due date",
        provenance=queries.provenance(["line_fill_rate", "unit_fill_rate"], chosen.said()),
        story=story_of(rows),
        story_label="Story",
    )


def story_of(rows: pd.DataFrame) -> Callable[[int], None]:
    """Make the callback that opens the story of a row's order line."""

    def open_story(place: int) -> None:
        line = str(rows["order_line_id"].iloc[place])
        # The filters come back by themselves: what is bound to a widget may not be handed over.
        st.switch_page(STORY, query_params={"line": line})

    return open_story


def answerable(metric: str, chosen: filters.Filters, *dimensions: str) -> bool:
    """Tell whether a metric can be asked with these filters and dimensions, and say so if not."""
    known = queries.catalogue()[metric]
    unknown = [name for name in (*chosen.where, *dimensions) if name not in known.dimensions]
    if unknown:
        named = {column: label.lower() for column, label, _ in filters.DIMENSIONS.values()}
        parts = ", ".join(named.get(name, "item") for name in unknown)
        st.info(f"{known.label} is not told by {parts}.", icon=":material/info:")
    return not unknown


def delay(chosen: filters.Filters) -> None:
    """Draw which share of the quantity was complete within so many days of its due date."""
    if not answerable("fill_by_delay", chosen):
        return
    rows = queries.measure(
        "fill_by_delay",
        since=chosen.period.since,
        until=chosen.period.until,
        where=chosen.where,
    )
    rows = rows[rows["value"].notna()]
    if rows.empty:
        shell.nothing("Nothing was due in this time.")
        return
    show.finding(
        bars.delay_curve(rows),
        rows,
        name="fill-by-delay",
        provenance=queries.provenance(["fill_by_delay"], chosen.said()),
    )


def open_backorders(chosen: filters.Filters) -> None:
    """Draw the open short quantity by its age, whatever the period: what is open is open now."""
    if not answerable("backorder_age", chosen):
        return
    rows = queries.measure("backorder_age", by=["age_bucket"], where=chosen.where)
    if rows.empty:
        st.success("No order line is open and overdue.", icon=":material/check_circle:")
        return
    show.finding(
        bars.ageing(rows),
        rows,
        name="backorder-age",
        provenance=queries.provenance(["backorder_age"], chosen.said()),
    )


def ahead(chosen: filters.Filters) -> None:
    """Say what falls due in the next seven days and what is overdue, with the way to act on it."""
    due_soon(chosen)
    if answerable("backorder_age", chosen):
        overdue = queries.measure("backorder_age", where=chosen.where)
        shell.onward(
            "pages/fill_rate.py",
            f"{formats.lines(int(overdue['n'].sum()))} are open and overdue",
            ":material/hourglass_bottom:",
        )


def due_soon(chosen: filters.Filters) -> None:
    """Set the open lines due within seven days without free stock beside those that have it."""
    rows = queries.ask("due_soon", **scope(chosen)).iloc[0]
    when = f"within seven days of {formats.day(chosen.as_of)}"
    if not rows["n_open"]:
        st.success(f"No open line falls due {when}.", icon=":material/check_circle:")
        return
    if formats.is_missing(rows["snapshot_date"]):
        said = f"{formats.lines(rows['n_open'])} due {when}; without a stock file nobody can tell"
        st.text(f"{said} which of them find stock.")
    else:
        st.text(covered_or_not(rows, when, queries.agreed().currency))
    shell.onward(
        "pages/fill_rate.py",
        f"{formats.lines(rows['n_short'] or rows['n_open'])} to look after",
        ":material/event_upcoming:",
    )


def covered_or_not(rows: pd.Series, when: str, currency: str) -> str:
    """Say how many of the lines that fall due find free stock, and what both parts are worth."""
    n_covered, value_covered = (
        rows[f"{name}_open"] - rows[f"{name}_short"] for name in ("n", "value")
    )
    return (
        f"Due {when}: {formats.lines(rows['n_short'])} worth "
        f"{formats.money(rows['value_short'], currency)} without free stock, "
        f"{formats.lines(n_covered)} worth {formats.money(value_covered, currency)} with it. "
        f"Free stock of {formats.day(rows['snapshot_date'])}, given to the earliest due first."
    )


def scope(chosen: filters.Filters) -> dict[str, Any]:
    """Name each filter of a dimension as the questions in `ui/sql` take it; None is no filter."""
    columns = [column for column, _, _ in filters.DIMENSIONS.values()]
    return {column: chosen.where.get(column) for column in (*columns, "item_id")}
