"""The supplier pack: what is shown of one supplier, and the same as a workbook and in print."""

import altair as alt
import pandas as pd
import streamlit as st

from ui import (
    filters,
    formats,
    promises,
    queries,
    shell,
    show,
    suppliers,
)
from ui.charts import HEIGHT, Finding, once, painted

DAY = formats.day


def score(supplier: str) -> None:
    """List the parts of the score; a part with too few lines has none."""
    rows = queries.ask("supplier_parts", supplier=supplier)
    if rows.empty:
        return
    columns = [
        show.Column("part", "Part of the score", pinned=True),
        show.Column("points", "Points", suppliers.points, says="Of 100."),
        show.Column("weight", "Weight", formats.count),
        show.Column("rate", "Rate", rated_by="n", says="Newer lines count more."),
        show.Column("n", "Lines", formats.count),
    ]
    show.table(
        rows,
        columns,
        name="score",
        said="Parts of the supplier score",
        provenance=queries.provenance(["supplier_score"], f"Supplier: {supplier}"),
    )


def movements(lines: pd.DataFrame, chosen: filters.Filters) -> None:
    """Draw the promises of the lines that moved most: when recorded, and for which day."""
    if not promises.has_history():
        st.info("Without a history nobody can say whether any moved.", icon=":material/info:")
        return
    rows = suppliers.moved(lines)
    if rows.empty:
        st.success("No promise of these lines was moved back.", icon=":material/check_circle:")
        return
    show.finding(
        movement_chart(rows, lines),
        rows,
        name="promises-moved",
        provenance=queries.provenance(["promise_slip_days"], chosen.said()),
    )


@once
def movement_chart(rows: pd.DataFrame, lines: pd.DataFrame) -> Finding:
    """A row per line: its promises as they moved, the newest filled, and its completion."""
    newest = rows.groupby("po_line_id")["version_no"].transform("max")
    shown = rows.assign(
        role=["accent" if last else "quiet" for last in rows["version_no"] == newest],
        recorded=[DAY(day) for day in rows["recorded_date"]],
        promised=[DAY(day) for day in rows["promised_date"]],
    )
    came = lines[lines["po_line_id"].isin(rows["po_line_id"]) & lines["completed_date"].notna()]
    y = alt.Y("po_line_id:N", title=None)
    tips = [
        alt.Tooltip("recorded:N", title="Recorded"),
        alt.Tooltip("promised:N", title="Promised for"),
        alt.Tooltip("initiated_by:N", title="By"),
        alt.Tooltip("reason:N", title="Reason"),
    ]
    base = painted(shown).encode(x=alt.X("promised_date:T", title=None), y=y)
    layers = [
        painted(shown, "quiet")
        .mark_line(strokeWidth=1)
        .encode(x="promised_date:T", y=y, detail="po_line_id:N", order="version_no:Q"),
        base.mark_point(filled=True, size=60, opacity=1).encode(tooltip=tips),
        painted(came, "amber").mark_tick(thickness=3, size=14).encode(x="completed_date:T", y=y),
    ]
    n = rows["po_line_id"].nunique()
    title = f"The {formats.lines(n)} moved most: promises as dots, what came as a tick"
    return Finding(
        alt.layer(*layers).properties(height=max(120, min(HEIGHT, 26 * n))), title, title
    )


def spread(value: float) -> str:
    """Write a coefficient of variation, nothing where one line has none."""
    return "" if formats.is_missing(value) else f"{value:.2f}"


def lead_time_rows(chosen: filters.Filters, supplier: str) -> pd.DataFrame:
    """The lead time stated and measured of the lines that fell due in the period."""
    return queries.measure(
        "lead_time_days",
        since=chosen.period.since,
        until=chosen.period.until,
        where=suppliers.of_one(chosen, supplier).where,
    )


def lead_times(chosen: filters.Filters, supplier: str) -> None:
    """Say the lead time stated and measured, with its spread."""
    rows = lead_time_rows(chosen, supplier)
    if rows.empty:
        st.info("No line with a known day of ordering was received.", icon=":material/info:")
        return
    columns = [
        show.Column("lead_time_basis", "Lead time, days", pinned=True),
        show.Column("value", "Mean", suppliers.days),
        show.Column("p50", "P50", suppliers.days),
        show.Column("p90", "P90", suppliers.days),
        show.Column("cv", "CV", spread),
        show.Column("n", "Lines", formats.count),
    ]
    show.table(
        rows,
        columns,
        name="lead-times",
        said="Lead time stated and measured",
        provenance=queries.provenance(["lead_time_days"], chosen.said()),
    )


def blocks(chosen: filters.Filters, supplier: str) -> pd.DataFrame:
    """Builds and customer lines that the supplier's late lines blocked in the period."""
    period = chosen.period
    return queries.ask("supplier_blocks", supplier=supplier, since=period.since, until=period.until)


def knows_needs() -> bool:
    """Tell whether builds or customer orders are known, which a late line could hold up."""
    return any(promises.is_known(name) for name in ("engines_shipped_on_time", "line_fill_rate"))


def blocked(chosen: filters.Filters, supplier: str) -> None:
    """List what the supplier blocked."""
    if not knows_needs():
        st.info(
            "Neither builds nor customer orders have been loaded: what it holds up is not known.",
            icon=":material/info:",
        )
        return
    rows = blocks(chosen, supplier)
    if rows.empty:
        st.success("Its late lines blocked nothing in this time.", icon=":material/check_circle:")
        return
    things = rows.drop_duplicates(["blocked", "blocked_id"])["blocked"]
    builds, lines = (int((things == kind).sum()) for kind in ("build", "customer line"))
    missing = int((rows["state"] == "still held").sum())
    st.text(
        f"{formats.lines(builds, 'build')} and {formats.lines(lines, 'customer line')} in this "
        f"time; {formats.lines(missing, 'part')} of them still missing"
    )
    columns = [
        show.Column("blocked_id", "Blocked", pinned=True),
        show.Column("blocked", "Kind"),
        show.Column("state", "Status"),
        show.Column("days_held", "Days", formats.count, says="From the day it was needed."),
        show.Column("missed_date", "Needed", DAY),
        show.Column("item_id", "Item"),
        show.Column("po_line_id", "By PO line"),
    ]
    show.table(
        rows,
        columns,
        name="blocked",
        said="Builds and customer lines blocked by the supplier's late lines",
        provenance=queries.provenance(["supplier_impact"], chosen.said()),
        most=10,
        order="what is still held first, then the longest held",
    )


def deliveries(chosen: filters.Filters, lines: pd.DataFrame) -> None:
    """Draw a bar per delivery."""
    if lines.empty:
        shell.nothing("No line of this supplier fell due in this time.")
        return
    show.finding(
        suppliers.delivery_chart(lines),
        lines,
        name="deliveries",
        provenance=queries.provenance(["promise_adherence_first"], chosen.said()),
    )
