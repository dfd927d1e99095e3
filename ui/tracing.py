"""One build or order line through stock, purchase orders, promises, receipts and suppliers."""

import datetime as dt
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from ui import formats, queries, shell, show, story
from ui.charts import Finding, once, painted, value_axis
from ui.exports import Provenance

BACK = dt.timedelta(days=180)
AHEAD = dt.timedelta(days=30)


def build_parts(typed: str) -> pd.DataFrame:
    """The parts of a build; empty when there is no build of that name."""
    return queries.ask("trace_build", build=typed)


def candidates(typed: str) -> None:
    """Say that nothing has this name, and list the builds and order lines that are near."""
    st.warning(
        "No build, order line or purchase order has this name.", icon=":material/search_off:"
    )
    near = queries.ask("builds_like", typed=typed)
    if not near.empty:
        columns = [
            show.Column("build_id", "Build", pinned=True),
            show.Column("product", "Product"),
            show.Column("planned_start_date", "Start", formats.day),
            show.Column("n_missing", "Parts missing", formats.count),
        ]

        def opened(place: int) -> None:
            st.session_state["trace"] = str(near["build_id"].iloc[place])

        show.table(
            near,
            columns,
            name="builds-like",
            said="Builds with a similar name",
            provenance=queries.provenance([], f"name like {typed}"),
            story=opened,
            story_label="Trace",
        )


def build(parts: pd.DataFrame) -> None:
    """List the parts of a build, and follow one of them further."""
    states = parts["state"].value_counts()
    st.text(", ".join(f"{formats.count(n)} {state}" for state, n in states.items()))
    columns = [
        show.Column("item_id", "Part", pinned=True),
        show.Column("description", "Description"),
        show.Column("state", "Status"),
        show.Column("need_by_date", "Needed", formats.day),
        show.Column("met_date", "There", formats.day),
        show.Column("covered_date", "Covered by", formats.day, width=100),
        show.Column("po_line_id", "PO line"),
        show.Column("supplier_id", "Supplier"),
        show.Column("qty_required", "Quantity", formats.quantity),
        show.Column("_line", "Line", formats.count),
        show.Column("_file", "File"),
    ]

    def follow(place: int) -> None:
        st.session_state["part"] = str(parts["item_id"].iloc[place])

    show.table(
        parts,
        columns,
        name="trace-parts",
        said="Parts of the build, the missing ones first",
        provenance=queries.provenance(["line_side_on_time_rate"], parts["build_id"].iloc[0]),
        story=follow,
        story_label="Follow",
        most=12,
    )
    items = parts["item_id"].to_list()
    item = st.selectbox("Part to follow", items, key="part", bind="query-params")
    if item is not None:
        part = parts[parts["item_id"] == item].iloc[0]
        supply(str(item), str(part["site_id"]), part["need_by_date"].date(), part["po_line_id"])


def order_of_supplier(typed: str) -> bool:
    """Show the lines of a purchase order, their promises and receipts; False where none has it."""
    rows = queries.ask("trace_order", typed=typed)
    if rows.empty:
        return False
    about = queries.provenance([], f"purchase order {typed}")
    shell.section("What was ordered, and what was promised?")
    purchases(rows.assign(is_covering=False), about)
    rows = queries.ask("trace_order_receipts", typed=typed)
    receipts(rows, about, "Nothing of it has been received.")
    return True


def order_line(lines: pd.DataFrame) -> tuple[str, str, dt.date]:
    """Tell the verdict on an order line; return its item, site and due date."""
    for line in lines.to_dict("records"):
        story.verdict({str(name): value for name, value in line.items()})
    first = lines.iloc[0]
    return str(first["item_id"]), str(first["site_id"]), pd.Timestamp(first["due_date"]).date()


def supply(item: str, site: str, day: dt.date, covering: str | None = None) -> None:
    """Show what the site had of an item around a day, and where it was to come from.

    Parameters
    ----------
    covering
        PO line that is to cover what is asked for; it is told first.
    """
    since, until = day - BACK, min(day + AHEAD, queries.needed().as_of_date)
    until = max(until, since)
    when = {"item": item, "site": site, "since": since, "until": until}
    about = queries.provenance([], f"Item {item} at {site}, {formats.span(since, until)}")
    shell.section("What was in stock?")
    stock = queries.ask("trace_stock", **when)
    if stock.empty:
        st.info("No stock of this item was recorded at this site.", icon=":material/info:")
    else:
        show.finding(stock_chart(stock, day), stock, name="trace-stock", provenance=about)
    shell.section("What was ordered, and what was promised?")
    bought = queries.ask("trace_purchases", **when)
    bought["is_covering"] = bought["po_line_id"] == covering
    purchases(bought.sort_values("is_covering", ascending=False, kind="stable"), about)
    receipts(queries.ask("trace_receipts", **when), about)


def receipts(
    rows: pd.DataFrame, about: Provenance, nothing: str = "Nothing was received in this time."
) -> None:
    """List what was received, with the files that say so."""
    shell.section("What was received?")
    columns = [
        show.Column("po_line", "PO line", pinned=True),
        show.Column("supplier_id", "Supplier"),
        show.Column("received_date", "Received", formats.day),
        show.Column("qty_received", "Quantity", formats.quantity),
        show.Column("qty_rejected", "Rejected", formats.quantity),
        show.Column("_file", "File"),
        show.Column("_line", "Line", formats.count),
    ]
    listed(rows, columns, "trace-receipts", "Receipts, the latest first", about, nothing=nothing)


def purchases(rows: pd.DataFrame, about: Provenance) -> None:
    """List PO lines of the item, and their promises as they moved."""
    columns = [
        show.Column("po_line_id", "PO line", pinned=True),
        show.Column("supplier_id", "Supplier"),
        show.Column("status", "Status"),
        show.Column("order_date", "Order date", formats.day),
        show.Column("need_date", "Needed", formats.day),
        show.Column("first_promised_date", "First promise", formats.day),
        show.Column("stated_promised_date", "Last promise", formats.day),
        show.Column("completed_date", "Complete", formats.day),
        show.Column("n_slips", "Moved back", formats.count),
        show.Column("qty_ordered", "Ordered", formats.quantity),
        show.Column("qty_received", "Received", formats.quantity),
        show.Column("_line", "Line", formats.count),
        show.Column("_file", "File"),
    ]
    for line in rows[rows["is_covering"]].to_dict("records"):
        st.text(covered({str(name): value for name, value in line.items()}))
    listed(rows, columns, "trace-purchases", "PO lines of the item at the site", about)
    if rows.empty:
        return
    made = queries.ask("supplier_promises", po_line_ids=rows["po_line_id"].to_list())
    # The lines stand as above: the covering one, then the latest ordered.
    places = {po_line_id: place for place, po_line_id in enumerate(rows["po_line_id"])}
    made = made.sort_values("po_line_id", key=lambda names: names.map(places), kind="stable")
    columns = [
        show.Column("po_line_id", "PO line", pinned=True),
        show.Column("recorded_at", "Recorded (UTC)", show.minute),
        show.Column("promised_date", "Promised for", formats.day),
        show.Column("initiated_by", "By"),
        show.Column("reason", "Reason"),
        show.Column("_file", "File"),
        show.Column("_line", "Line", formats.count),
    ]
    listed(made, columns, "trace-promises", "Promises as they were recorded", about)


def covered(line: dict[str, Any]) -> str:
    """Say which PO line is to cover the part, and how its promise moved."""
    told = f"{line['po_line_id']} of {line['supplier_id']}, {line['supplier_name']}, is to cover it"
    if formats.is_missing(line["first_promised_date"]):
        return f"{told}; the supplier has promised nothing."
    first, last = (formats.day(line[f"{name}_promised_date"]) for name in ("first", "stated"))
    if first == last:
        # A change that the client asked for begins a new first promise.
        return f"{told}; promised for {first}, not moved back by the supplier."
    moves = formats.lines(int(line["n_slips"]), "time")
    return f"{told}; promised for {first}, now for {last}, moved back {moves}."


def listed(
    rows: pd.DataFrame,
    columns: list[show.Column],
    name: str,
    said: str,
    about: Provenance,
    *,
    nothing: str = "None in this time.",
) -> None:
    """Draw a table, or say that there is nothing."""
    if rows.empty:
        st.info(nothing, icon=":material/info:")
        return
    show.table(rows, columns, name=name, said=said, provenance=about, most=12)


@once
def stock_chart(rows: pd.DataFrame, day: dt.date) -> Finding:
    """Draw the stock of an item at a site, with the day that mattered as a rule."""
    x = alt.X("snapshot_date:T", title=None, axis=alt.Axis(grid=False, tickCount=8))
    y = alt.Y("qty_on_hand:Q", title=None, axis=value_axis(tickMinStep=1))
    rule = pd.DataFrame({"snapshot_date": [pd.Timestamp(day)]})
    layers = [
        painted(rows, "accent").mark_line(interpolate="step-after").encode(x=x, y=y),
        painted(rule, "amber").mark_rule(strokeWidth=1.5).encode(x=x),
    ]
    empty = int((rows["qty_on_hand"] <= 0).sum())
    title = f"Empty on {formats.count(empty)} of {formats.lines(len(rows), 'day')}"
    return Finding(alt.layer(*layers).properties(height=180), title, f"{title}.")
