"""The story of one order line: how it was judged and why, and every event with its source."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from ui import blocks, choke, formats, queries, shell, show
from ui.charts import Finding, once, painted

COLOURS: dict[str, Any] = {
    "on time": "green",
    "late": "orange",
    "short": "red",
    "short, rest cancelled": "red",
    "not due yet": "blue",
}
ROLES = {"ordered": "quiet", "promised": "fourth", "due": "quiet", "shipped": "accent"}


def lines_of(typed: str) -> pd.DataFrame:
    """Find the schedule lines of an order line, or the single one that is named."""
    return queries.ask("line", line=typed)


def candidates(typed: str) -> None:
    """List order lines whose number begins with what was typed, or say that there are none."""
    found = queries.ask("orders_like", typed=typed)
    if found.empty:
        st.warning("No order line has this number in the current build.", icon=":material/search:")
        st.text(f"Looked for: {typed}")
        return
    columns = [
        show.Column("order_line_id", "Order line", pinned=True),
        show.Column("status", "Status"),
        show.Column("due_date", "Due", formats.day),
        show.Column("item_id", "Item"),
        show.Column("site_id", "Site"),
        show.Column("customer_id", "Customer"),
        show.Column("qty_ordered", "Ordered", formats.quantity),
        show.Column("qty_open", "Open", formats.quantity),
    ]
    show.table(
        found,
        columns,
        name="candidates",
        said="Order lines whose number begins with what was typed",
        provenance=queries.provenance(["order lines"], "none"),
        story=blocks.story_of(found),
        story_label="Story",
    )


def verdict(line: dict[str, Any]) -> None:
    """Say in one sentence how the line was judged, with a badge for its status."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(line["status"], color=COLOURS.get(line["status"], "gray"))
        st.text(f"{line['order_line_id']}: {reason(line)}")
    causes = queries.ask("line_causes", order_line_id=line["order_line_id"])
    if not causes.empty:
        told = "; ".join(cause(one) for one in causes.to_dict("records"))
        st.text(f"What was missed was put down to: {told}.")


def cause(posting: Mapping[Any, Any]) -> str:
    """Say what a part of the missed units was put down to.

    >>> cause({"cause": "supplier", "supplier_id": "S1", "po_line_id": "PO1/1", "qty_missed": 5})
    '5 supplier overdue, S1 (PO1/1)'
    """
    said = f"{formats.quantity(posting['qty_missed'])} {choke.CAUSES[posting['cause']].lower()}"
    if posting["cause"] == "supplier":
        said += f", {posting['supplier_id']} ({posting['po_line_id']})"
    return said


def reason(line: dict[str, Any]) -> str:
    """Explain the status of a line.

    >>> reason({"status": "not due yet", "due_date": dt.date(2026, 6, 3), "is_in_scope": True})
    'due on 3 Jun 2026, after the as-of date, so it counts in neither side.'
    """
    due = formats.day(line["due_date"])
    if line["status"] == "cancelled":
        by = line["cancelled_by"] or "an unnamed party"
        said = f"cancelled by the {by} on or before its due date {due}, so it does not count."
    elif line["status"] == "not due yet":
        said = f"due on {due}, after the as-of date, so it counts in neither side."
    else:
        ratio = (
            f"{formats.quantity(line['qty_shipped_by_due'])} of "
            f"{formats.quantity(line['qty_due'])} had shipped by the due date {due}"
        )
        said = {
            "on time": f"{ratio}: filled whole.",
            "late": f"{ratio}; complete {late(line)} later, on "
            f"{formats.day(line['completed_date'])}.",
            "short": f"{ratio}; {formats.quantity(line['qty_open'])} still open, "
            f"{late(line)} late.",
            "short, rest cancelled": f"{ratio}; the customer cancelled the rest, "
            f"{late(line)} after the due date.",
        }[line["status"]]
    if not line["is_in_scope"]:
        said += " It is outside the fill rates (not a stocked item on a stock order)."
    return said


def late(line: dict[str, Any]) -> str:
    """Say how late a line is: '3 working days'."""
    return formats.lines(line["days_late"], "working day")


def facts(line: dict[str, Any]) -> None:
    """Draw the facts of the line as a quiet list of two columns."""
    promised = formats.day(line["first_promised_date"]) or "no promise"
    moved = formats.day(line["last_promised_date"])
    price = line["unit_price"]
    left = {
        "Item": f"{line['item_id']}  {line['description'] or ''}",
        "Family": line["item_family"],
        "Site": f"{line['site_id']}  {line['region'] or ''}",
        "Customer": f"{line['customer_id']}  {line['segment'] or ''}",
        "Order type": line["order_type"],
        "Came from": f"{line['_file']} line {line['_line']}",
    }
    right = {
        "Ordered": f"{formats.quantity(line['qty_ordered'])} on {formats.day(line['order_date'])}",
        "Requested for": formats.day(line["requested_date"]),
        "First promise": promised,
        "Last promise": moved if moved != promised else "not moved",
        "Shipped": f"{formats.quantity(line['qty_shipped'])}"
        + (f", {formats.quantity(line['qty_over'])} too many" if line["qty_over"] else ""),
        "Value": ""
        if formats.is_missing(price)
        else formats.money(price * line["qty_ordered"], queries.agreed().currency),
    }
    for column, told in zip(st.columns(2, gap="medium"), (left, right), strict=True):
        with column, st.container(border=True, height="stretch", gap="xxsmall"):
            for name, text in told.items():
                key, value = st.columns([1, 2], wrap=False)
                key.caption(name)
                value.text(text or "")


def happenings(lines: pd.DataFrame) -> None:
    """Draw everything that happened on the order line on one time axis, and list it."""
    first = lines.iloc[0].to_dict()
    keys = {"order_id": first["order_id"], "line_no": first["line_no"]}
    rows = events(
        lines, queries.ask("line_promises", **keys), queries.ask("line_shipments", **keys)
    )
    provenance = queries.provenance(["order line story"], f"Order line: {first['order_line_id']}")
    show.finding(timeline(rows), rows, name="order-line-timeline", provenance=provenance)
    columns = [
        show.Column("day", "Day", formats.day, pinned=True),
        show.Column("event", "Event"),
        show.Column("what", "What", width="large"),
        show.Column("qty", "Quantity", formats.quantity),
        show.Column("source", "From file and line"),
    ]
    show.table(
        rows, columns, name="order-line-events", said="Events of this line", provenance=provenance
    )
    if not first["has_promise_history"]:
        st.caption(
            "No promise history was loaded for this line: only the date on the order is known."
        )
    shell.onward("pages/fill_rate.py", "Back to the fill rate", ":material/arrow_back:")


def events(lines: pd.DataFrame, promises: pd.DataFrame, shipments: pd.DataFrame) -> pd.DataFrame:
    """Gather what happened, oldest first: day, event, what, quantity, source."""
    first = lines.iloc[0]
    ordered_from = f"{first['_file']} line {first['_line']}"
    requested = formats.day(first["requested_date"])
    told: list[tuple[Any, str, str, Any, str]] = [
        (
            first["order_date"],
            "ordered",
            f"requested for {requested}",
            lines["qty_ordered"].sum(),
            ordered_from,
        )
    ]
    for promise in promises.to_dict("records"):
        kind = "promised" if promise["version_no"] == 1 else "moved"
        by = f", asked for by the {promise['initiated_by']}" if promise["initiated_by"] else ""
        why = f": {promise['reason']}" if promise["reason"] else ""
        what = f"for {formats.day(promise['promised_date'])}{by}{why}"
        source = f"{promise['_file']} line {promise['_line']}"
        told.append((promise["recorded_date"], kind, what, promise["qty"], source))
    for shipment in shipments.to_dict("records"):
        what = f"from {shipment['site_id']}"
        if shipment["is_substitute"]:
            what += f", substitute {shipment['item_id']}"
        if shipment["is_damaged"] is True:
            what += ", damaged"
        source = f"{shipment['_file']} line {shipment['_line']}"
        told.append((shipment["shipped_date"], "shipped", what, shipment["qty_shipped"], source))
    for line in lines.to_dict("records"):
        told.append((line["due_date"], "due", "the date it is judged by", line["qty_due"], ""))
        if not formats.is_missing(line["cancelled_date"]):
            by = f"by the {line['cancelled_by']}" if line["cancelled_by"] else ""
            told.append(
                (line["cancelled_date"], "cancelled", by, line["qty_cancelled"], ordered_from)
            )
    rows = pd.DataFrame(told, columns=["day", "event", "what", "qty", "source"])
    rows["day"] = pd.to_datetime(rows["day"])
    return rows.sort_values("day", kind="stable").reset_index(drop=True)


@once
def timeline(rows: pd.DataFrame) -> Finding:
    """Draw the events as marks on one line of time, each kind on a row of its own."""
    shown = rows[rows["day"].notna()].assign(said=lambda told: told["day"].map(formats.day))
    shown["role"] = shown["event"].map(ROLES).fillna("amber")
    chart = (
        painted(shown)
        .mark_point(filled=True, size=110, opacity=0.9)
        .encode(
            x=alt.X("day:T", title=None, axis=alt.Axis(format="%-d %b %Y", labelOverlap=True)),
            y=alt.Y(
                "event:N",
                title=None,
                sort=["ordered", "promised", "moved", "due", "shipped", "cancelled"],
                axis=alt.Axis(grid=True, ticks=False, domain=False),
            ),
            tooltip=[
                alt.Tooltip("said:N", title="Day"),
                alt.Tooltip("event:N", title="Event"),
                alt.Tooltip("what:N", title="What"),
                alt.Tooltip("qty:Q", title="Quantity"),
            ],
        )
        .properties(height=60 + 30 * shown["event"].nunique())
    )
    span: list[dt.datetime] = [shown["day"].min(), shown["day"].max()]
    title = f"{len(shown)} events from {formats.day(span[0])} to {formats.day(span[1])}"
    kinds = ", ".join(
        f"{event} {day}" for event, day in zip(shown["event"], shown["said"], strict=True)
    )
    return Finding(chart, title, f"{title}: {kinds}.")
