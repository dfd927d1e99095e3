"""What comes in the next month, from what is open today: due lines, builds, purchases."""

import datetime as dt

import pandas as pd
import streamlit as st

from ui import blocks, engine, filters, formats, open_lines, promises, queries, shell

MONTH = dt.timedelta(days=30)


@st.fragment(parallel=True)
def month(chosen: filters.Filters) -> None:
    """Say what is open for the next thirty days and how it is likely to end, with the way there.

    The chances of open promises are learned once per build, so this part comes after the others.
    """
    blocks.ahead(chosen)
    with st.skeleton(height=120):
        for said, page, label, icon in (*builds(chosen), *purchases(chosen)):
            st.text(said)
            shell.onward(page, label, icon)


def builds(chosen: filters.Filters) -> list[tuple[str, str, str, str]]:
    """Engines to be shipped in the month: how many will have all their parts by their start."""
    if not queries.measure("engines_shipped_on_time")["pending"].sum():
        return []
    rows = engine.waiting(chosen)
    rows = _within(rows, "requested_ship_date", chosen.as_of) if len(rows) else rows
    if rows.empty:
        return []
    alone = int((rows["n_missing"] == 1).sum())
    said = (
        f"{formats.lines(len(rows), 'engine')} to ship by {formats.day(chosen.as_of + MONTH)}: "
        f"{formats.count(round(rows['probability'].sum()))} are likely to have all parts by their "
        "start, by their suppliers' record."
    )
    label = f"{formats.lines(alone, 'build')} {'waits' if alone == 1 else 'wait'} for one part each"
    return [(said, "pages/engine_line.py", label, ":material/precision_manufacturing:")]


def purchases(chosen: filters.Filters) -> list[tuple[str, str, str, str]]:
    """PO lines needed in the month: how many will miss their need date."""
    if not queries.measure("promise_coverage_rate")["n"].sum():
        return []
    rows = open_lines.at_risk(promises.scope(chosen))
    rows = _within(rows, "need_date", chosen.as_of) if len(rows) else rows
    if rows.empty:
        return []
    missed = round((1 - rows["need_probability"]).sum())
    said = (
        f"{formats.lines(len(rows), 'PO line')} needed by "
        f"{formats.day(chosen.as_of + MONTH)}: {formats.count(missed)} are likely to come too late."
    )
    return [(said, "pages/promise_dates.py", "To the lines at risk", ":material/event_busy:")]


def _within(rows: pd.DataFrame, column: str, as_of: dt.date) -> pd.DataFrame:
    """Rows whose date lies in the month after the as-of date."""
    dates = pd.to_datetime(rows[column])
    return rows[(dates > pd.Timestamp(as_of)) & (dates <= pd.Timestamp(as_of + MONTH))]
