"""The rows behind the choke points: the points themselves, their lines, and where to act."""

from typing import cast

import streamlit as st

from ui import blocks, filters, formats, queries, shell, show
from ui.choke import CAUSES, MEANT, METRIC, asked, measured

NEXT = {
    "supplier": ("pages/suppliers.py", "To the suppliers", ":material/factory:"),
    "planning": ("pages/demand_forecast.py", "To the forecasts", ":material/insights:"),
    "transfer": ("pages/fill_rate.py", "To fill by site", ":material/stacked_bar_chart:"),
    "shelf": ("pages/fill_rate.py", "To fill by site", ":material/stacked_bar_chart:"),
    "refused": ("pages/fill_rate.py", "To the missed lines", ":material/stacked_bar_chart:"),
    "unproven": ("pages/data_health.py", "To what is missing in the data", ":material/fact_check:"),
}
"""Cause, and the page on which something can be done about it."""

ORDER = "the most missed units first"


def share(part: float) -> str:
    """Write a part of a whole without decimals."""
    return formats.rate(part, 1)


def points(chosen: filters.Filters) -> None:
    """List items at sites by what they cost and why; opening one filters the page to its item."""
    rows = asked("choke_points", chosen)
    rows["called"] = rows["cause"].map(CAUSES)
    rows["share"] = rows["qty_missed"] / rows["qty_of_all"]
    rows["running"] = rows["share"].cumsum()
    divisor, prefix = formats.money_scale(rows["value_missed"].to_list())
    unit = f"{prefix} {queries.agreed().currency}".strip()
    columns = [
        show.Column("item_id", "Item", pinned=True),
        show.Column("site_id", "Site"),
        show.Column("called", "Cause"),
        show.Column("supplier_id", "Supplier", is_optional=True),
        show.Column("qty_missed", "Missed units", formats.quantity),
        show.Column("share", "Share", share, says="Of the missed units in the filters."),
        show.Column("running", "Running", share, says="Of this row and those above it."),
        show.Column("value_missed", f"Missed, {unit}", show.scaled(divisor), is_optional=True),
        show.Column("n", "Postings", formats.count),
        show.Column("n_customers", "Customers", formats.count),
        show.Column("description", "Description", width="medium"),
    ]
    show.table(
        rows,
        columns,
        name="choke-points",
        said="Items at sites by the units missed there, with the cause",
        provenance=queries.provenance([METRIC], chosen.said()),
        story=lambda place: filters.narrow("item", str(rows["item_id"].iloc[place])),
        story_label="Filter",
        most=10,
        order=ORDER,
        of=int(rows["n_points"].max()),
    )


def lines(chosen: filters.Filters) -> None:
    """List the missed lines with what each was put down to; opening one tells its story."""
    rows = asked("missed_postings", chosen)
    every = measured(chosen, [])
    rows["called"] = rows["cause"].map(CAUSES)
    divisor, prefix = formats.money_scale(rows["value_missed"].to_list())
    unit = f"{prefix} {queries.agreed().currency}".strip()
    columns = [
        show.Column("order_line_id", "Order line", pinned=True),
        show.Column("called", "Cause"),
        show.Column("qty_missed", "Missed units", formats.quantity),
        show.Column("value_missed", f"Missed, {unit}", show.scaled(divisor), is_optional=True),
        show.Column("supplier_id", "Supplier", is_optional=True),
        show.Column("po_line_id", "PO line", says="The oldest overdue that day.", is_optional=True),
        show.Column("due_date", "Due", formats.day),
        show.Column("days_late", "Days late", formats.count, says="Working days after due."),
        show.Column("item_id", "Item"),
        show.Column("site_id", "Site"),
        show.Column("customer_id", "Customer"),
        show.Column("status", "Status"),
    ]
    show.table(
        rows,
        columns,
        name="missed-units",
        said="Missed units line by line with their cause",
        provenance=queries.provenance([METRIC], chosen.said()),
        story=blocks.story_of(rows),
        story_label="Story",
        most=10,
        order=ORDER,
        of=int(every["n"].sum()),
    )


def onward(chosen: filters.Filters) -> None:
    """Link to where the largest cause is acted on; name its worst supplier where it is one."""
    causes = measured(chosen, ["cause"]).sort_values("numerator", ascending=False)
    for row in causes.head(2).itertuples():
        page, label, icon = NEXT[str(row.cause)]
        units = formats.count(cast(float, row.numerator))
        said = f"{units} units: {CAUSES[str(row.cause)].lower()}. {label}"
        shell.onward(page, said, icon)
    rows = measured(chosen, ["cause", "supplier_id"])
    blamed = rows[rows["cause"] == "supplier"].groupby("supplier_id")["numerator"].sum()
    if not blamed.empty:
        worst = str(blamed.idxmax())
        units = formats.count(blamed.max())
        shell.onward(
            "pages/supplier_pack.py",
            f"{worst} was overdue with most of them, {units} units. To its pack",
            ":material/folder_shared:",
            supplier=worst,
        )


def meaning() -> None:
    """Say what each cause means, in the order in which they are asked."""
    with st.expander("What the causes mean, in the order in which they are asked"):
        for cause in ("refused", "shelf", "supplier", "transfer", "planning", "unproven"):
            st.markdown(f"**{CAUSES[cause]}**: {MEANT[cause]}.")
