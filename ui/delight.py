"""What the line delivers beside what customers may feel: a proxy, and labelled as one."""

import pandas as pd
import streamlit as st

from ui import blocks, filters, formats, queries, shell, show

SAYS = (
    "A proxy: no survey of customers was loaded. Being let down again on the same "
    "part, and waiting long for what is open, are the two things that the records show of it."
)


@st.fragment(parallel=True)
def beside(chosen: filters.Filters) -> None:
    """Set engines shipped on time beside repeat misses and the age of what is open."""
    st.caption(SAYS)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Engines going out of the door**")
        rows = queries.measure("engines_shipped_on_time", where=_known(chosen))
        if rows["n"].sum():
            blocks.trend("engines_shipped_on_time", chosen)
        else:
            st.info("No builds were loaded.", icon=":material/info:")
    with right:
        st.markdown("**Customer delight, by proxy: let down again on the same part**")
        blocks.trend("repeat_miss_rate", chosen)
    waiting(chosen)
    customers(chosen)


def _known(chosen: filters.Filters) -> dict[str, list[str]]:
    """The filters that builds know."""
    known = queries.catalogue()["engines_shipped_on_time"].dimensions
    return {name: values for name, values in chosen.where.items() if name in known}


def waiting(chosen: filters.Filters) -> None:
    """Say how long customers have been waiting for what is open."""
    if not blocks.answerable("backorder_age", chosen):
        return
    row = queries.measure("backorder_age", where=chosen.where).iloc[0]
    if not row["n"]:
        st.text("Nothing is open and overdue.")
        return
    st.text(
        f"{formats.lines(int(row['n']))} are open and overdue: one in two for "
        f"{formats.count(row['p50'])} working days or more, one in ten for "
        f"{formats.count(row['p90'])} or more, the oldest for {formats.count(row['maximum'])}."
    )


def customers(chosen: filters.Filters) -> None:
    """List the customers who were let down again most often."""
    rows = queries.measure(
        "repeat_miss_rate",
        by=["customer_id"],
        since=chosen.period.since,
        until=chosen.period.until,
        where=chosen.where,
    )
    rows = rows[rows["numerator"] > 0].sort_values(
        ["numerator", "value", "customer_id"], ascending=[False, False, True]
    )
    if rows.empty:
        st.success("No customer was let down again.", icon=":material/check_circle:")
        return
    columns = [
        show.Column("customer_id", "Customer", pinned=True),
        show.Column("numerator", "Let down again", formats.count, says="Order lines."),
        show.Column("value", "Share", rated_by="n"),
        show.Column("n", "Lines", formats.count),
    ]
    show.table(
        pd.DataFrame(rows).reset_index(drop=True),
        columns,
        name="repeat-misses",
        said="Customers who were let down again on the same part",
        provenance=queries.provenance(["repeat_miss_rate"], chosen.said()),
        most=8,
    )
    shell.onward("pages/choke_points.py", "To what caused the misses", ":material/filter_alt:")
