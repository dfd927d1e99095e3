"""Open PO lines on a page: when they will really come, and which miss their need date."""

from typing import Any

import pandas as pd
import streamlit as st

from forecasting.promises import backtest, credibility, outlook
from ui import filters, formats, promises, queries, show

SCOPE = ("supplier_id", "site_id", "region", "item_family", "item_id")
"""What open lines can be narrowed by."""

ORDER = "the least likely to make their need date first"


@st.cache_resource(max_entries=6, show_spinner=False)
def _fitted(build_id: str, basis: str) -> credibility.Credibility | None:
    """What is known of the slips of all suppliers; None before the first completed line.

    Parameters
    ----------
    basis
        'promised' for promises; 'expected' for lines that nobody promised, against the day on
        which they were expected.
    """
    counts = queries.ask("promise_slips")
    counts = counts[counts["basis"] == basis]
    if counts.empty or counts["is_open"].all():
        return None
    return credibility.fit(counts)


@st.cache_data(max_entries=4, show_spinner=False)
def _shift(build_id: str) -> float:
    """By how much the odds said of vendors' promises in the last months were off."""
    history = queries.ask("promise_history")
    as_of = pd.Timestamp(queries.needed().as_of_date)
    return 0.0 if history.empty else backtest.shift_now(history, as_of)


def with_outlook(lines: pd.DataFrame) -> pd.DataFrame:
    """Give open lines their derived dates and the probability of making their need dates.

    Columns are missing while no line has been completed yet; lines of a basis of which nothing is
    known are left empty.
    """
    current = queries.needed()
    as_of = pd.Timestamp(current.as_of_date)
    shift = _shift(current.build_id)
    seen = [
        outlook.open_lines(fitted, part, as_of, shift if basis == "promised" else 0.0)
        for basis, part in lines.groupby("basis", sort=False)
        if (fitted := _fitted(current.build_id, str(basis))) is not None
    ]
    return pd.concat(seen).reindex(lines.index) if seen else lines


def at_risk(where: dict[str, Any]) -> pd.DataFrame:
    """All open lines with their outlook, the least likely to make their need date first."""
    asked = tuple((name, tuple(where.get(name) or ())) for name in SCOPE)
    return _at_risk(queries.needed().build_id, asked)


@st.cache_data(max_entries=40, show_spinner=False)
def _at_risk(build_id: str, where: tuple[tuple[str, tuple[str, ...]], ...]) -> pd.DataFrame:
    """The same, kept under the name of the build."""
    lines = queries.ask("open_purchases", **{name: list(of) or None for name, of in where})
    lines = with_outlook(lines) if not lines.empty else lines
    if "need_probability" not in lines:
        return lines.iloc[:0]
    judged = lines[lines["need_probability"].notna()]
    return judged.sort_values(["need_probability", "need_date"]).reset_index(drop=True)


def risks(chosen: filters.Filters, supplier: str | None = None, *, most: int = 25) -> None:
    """List open lines at risk: promise, derived date, chance of making the need date."""
    where = promises.scope(chosen) | ({"supplier_id": [supplier]} if supplier else {})
    rows = at_risk(where)
    if rows.empty:
        st.info("No open line has a need date that it could miss.", icon=":material/info:")
        return
    is_past = rows["need_date"] <= pd.Timestamp(chosen.as_of)
    ahead = rows[~is_past].reset_index(drop=True)
    unlikely = int((ahead["need_probability"] < 0.5).sum())
    st.text(
        f"{formats.lines(unlikely)} of {len(ahead):,} still to be needed are more likely than not "
        f"to miss it; {formats.count(is_past.sum())} more are open past their need date"
    )
    st.text(too_late(ahead))
    if ahead.empty:
        return
    show.table(
        ahead,
        RISK_COLUMNS,
        name="lines-at-risk",
        said="Open PO lines",
        provenance=queries.provenance(["need_date_rate"], chosen.said()),
        most=most,
        order=ORDER,
    )


def too_late(lines: pd.DataFrame) -> str:
    """Say how far promises lie behind what is needed, and how many lines have none."""
    behind = lines.loc[lines["after_need_days"] > 0, "after_need_days"]
    promised = int((lines["basis"] == "promised").sum())
    text = (
        f"{formats.count(len(behind))} of {promised:,} promised ones are promised later than needed"
    )
    if len(behind):
        text += f", half of them by {behind.median():.0f} days or more"
    if without := len(lines) - promised:
        text += f"; {formats.lines(without)} without a promise go by lines that had none before"
    return text


def chance(probability: float) -> str:
    """Write a probability without a false digit: '63 %', '< 1 %'."""
    return formats.rate(probability, 1)


def chance_ahead(probability: float) -> str:
    """Write the chance of what is still to come: never '0 %' or '100 %', nothing being certain."""
    return chance(min(max(probability, 0.001), 0.999))


def whole_days(value: float) -> str:
    """Write a number of whole days, nothing where it is not known."""
    return "" if formats.is_missing(value) else formats.count(value)


RISK_COLUMNS = [
    show.Column("po_line_id", "PO line", pinned=True),
    show.Column("supplier_id", "Supplier"),
    show.Column(
        "need_probability",
        "In time",
        chance_ahead,
        says="Chance to make the need date, by what became of the supplier's earlier promises.",
    ),
    show.Column("need_date", "Needed", formats.day),
    show.Column("stated_promised_date", "Last promise", formats.day),
    show.Column("after_need_days", "Behind", whole_days, says="Days from the need to the promise."),
    show.Column("derived_date", "Derived", formats.day, says="As likely earlier as later."),
    show.Column("safe_date", "Sure by", formats.day, says="9 in 10."),
    show.Column("qty_open", "Open", formats.quantity),
    show.Column("item_id", "Item"),
    show.Column("description", "Description"),
    show.Column("site_id", "Site"),
    show.Column("n_slips", "Moved back", formats.count),
]
