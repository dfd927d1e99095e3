"""The planner's desk on a page: what a run proposes, with what became of each proposal so far."""

from contextlib import closing
from typing import Any

import pandas as pd
import streamlit as st

from data import decisions
from data.journal import Entry, Journal, journal_url
from ui import filters, formats, queries, shell, show

SCOPE = ("site_id", "region", "item_family", "item_id")
HOUR = pd.Timedelta(hours=1)
DEFINITIONS = {
    "Proposals open": "Purchases and transfers that the last run proposes under the filters of the "
    "page and that nobody has decided yet. A purchase is proposed where the inventory position is "
    "at or below the reorder point, or is expected to be there within 14 days. The position counts "
    "what arrives within lead time and review only.",
    "Money to commit": "Cost of the open purchases: quantity in whole lots at unit cost.",
    "Expected unit fill": "Share of demand that the shelf is expected to fill at once, weighted by "
    "demand: for the positions as the run found them, and once all it proposes is done. It reads "
    "the demand over lead time and review at the position of each part.",
    "Shown to decided": "Median time from the first time a proposal stood on this page to its "
    "decision, over all decisions in the journal. A decision taken back does not count.",
    "Accepted as proposed": "Proposals approved unchanged over all that were decided.",
}


def require() -> None:
    """Stop the page at its empty state while no run has planned stock."""
    if queries.ask("has_proposals")["is_there"].iloc[0] and not queries.ask("policy_totals",
        **dict.fromkeys(SCOPE)).query("n > 0").empty:  # fmt: skip
        return
    shell.needs_run(
        "Nothing has been planned yet",
        "Stock is planned from demand, stock snapshots and PO lines. Load them, then "
        "let a run forecast and plan; it comes with the next build:",
    )


def journal() -> Journal:
    """The journal of the warehouse; the caller closes it."""
    return Journal(journal_url(queries.warehouse_path()))


def write(entries: list[Entry]) -> int:
    """Add entries in one transaction: all of them are kept, or none."""
    with closing(journal()) as kept:
        return kept.append(entries)


def history() -> pd.DataFrame:
    """What became of every proposal in the journal: see `data.decisions.history`."""
    with closing(journal()) as kept:
        return decisions.history(kept)


def scope(chosen: filters.Filters) -> dict[str, Any]:
    """The filters in force that a part at a site can be asked for."""
    return {name: chosen.where.get(name) for name in SCOPE}


def proposals(chosen: filters.Filters, known: pd.DataFrame) -> pd.DataFrame:
    """The proposals under the filters, with what was decided about each."""
    rows = queries.ask("proposals", **scope(chosen))
    state = known[["proposal_id", *decisions.TIMES, *decisions.STATE]]
    told = rows.merge(state, on="proposal_id", how="left")
    return told.assign(decision=told["decision"].fillna(decisions.OPEN))


def cards(rows: pd.DataFrame, known: pd.DataFrame, chosen: filters.Filters) -> None:
    """Draw the answer: what is open, its money, what it does to fill, how deciding goes."""
    to_do = rows[rows["decision"] == decisions.OPEN]
    totals = queries.ask("policy_totals", **scope(chosen)).iloc[0]
    waits, n_timed = waiting_time(known)
    judged = known[known["decision"].isin([*decisions.ORDERED, decisions.REFUSED])]
    taken = float((judged["decision"] == decisions.APPROVED).mean()) if len(judged) else None
    moves = int((to_do["kind"] == "transfer").sum())
    new = (pd.to_datetime(to_do["proposed_since"]) == pd.Timestamp(chosen.as_of)).sum()
    n_parts = int(totals["n"])
    gain = float(totals["fill_after_rate"]) - float(totals["fill_today_rate"])
    told = [
        ("Proposals open", formats.count(len(to_do)), None,
         f"{formats.lines(len(to_do) - moves, 'purchase')}, {formats.lines(moves, 'transfer')}; "
         f"{formats.count(new)} new on {formats.day(chosen.as_of)}"),
        ("Money to commit", formats.money(float(to_do["cost"].sum()), currency()), None,
         f"stock on hand {formats.money(float(totals['on_hand_value']), currency())}"),
        ("Expected unit fill", formats.rate(float(totals["fill_today_rate"]), 1000),
         f"{formats.points(gain, 1000)} once all is done", f"n {n_parts:,} parts at sites"),
        ("Shown to decided", duration(waits), None, f"n {n_timed:,} decisions"),
        ("Accepted as proposed", formats.rate(taken, len(judged)), None, f"n {len(judged):,}"),
    ]  # fmt: skip
    grid = st.grid(5, min_column_width=160, gap="small", border=True)
    for label, value, change, below in told:
        with grid.cell(), st.container(gap="xsmall"):
            st.metric(label, value, change, delta_color="green" if gain > 0 else "gray")
            st.caption(below)
            with st.popover("Definition", type="tertiary", key=f"definition-{label}"):
                st.markdown(f"**{label}**")
                st.text(DEFINITIONS[label])


def currency() -> str:
    """Currency of every amount."""
    return queries.agreed().currency


def waiting_time(known: pd.DataFrame) -> tuple[pd.Timedelta | None, int]:
    """Median time from shown to decided, and of how many decisions."""
    rows = known[known["decided_at"].notna() & known["shown_at"].notna()]
    if rows.empty:
        return None, 0
    median = (rows["decided_at"] - rows["shown_at"]).dt.total_seconds().median()
    return pd.Timedelta(seconds=median), len(rows)


def duration(value: pd.Timedelta | None) -> str:
    """Write a time without false digits: '40 min', '7 h', '3.5 days'."""
    if value is None or formats.is_missing(value):
        return formats.NO_DATA
    hours = value / HOUR
    if hours < 1:
        return f"{max(round(hours * 60), 1)} min"
    if hours < 48:
        return f"{hours:.0f} h"
    days = hours / 24
    return f"{days:.1f} days" if days < 10 else f"{days:.0f} days"


def said_plan(chosen: filters.Filters) -> None:
    """Say under which wish the levels were planned, what gave way, and what was left out."""
    totals = queries.ask("policy_totals", **scope(chosen)).iloc[0]
    notes = queries.ask("plan_notes")
    st.caption(
        f"Levels fill the most **{totals['objective']}** for the money, floor "
        f"{totals['floor_rate']:.2f}; in the long run they hold "
        f"{formats.money(float(totals['expected_on_hand_value']), currency())} and fill "
        f"{formats.rate(float(totals['expected_fill_rate']), 1000)} of units. Each site is planned "
        "from its suppliers, or from its centre where it has one; what one has above its level "
        "goes to the others first. "
        "Plants are planned by their builds."
    )
    for note in notes.loc[notes["item_id"].isna(), "note"]:
        st.text(f"Note: {note}.")
    left = notes[notes["item_id"].notna()]
    if len(left):
        with st.popover(
            f"Not planned: {formats.lines(len(left), 'part')} at sites", type="tertiary"
        ):
            show.table(
                left,
                [
                    show.Column("item_id", "Item", pinned=True),
                    show.Column("site_id", "Site"),
                    show.Column("note", "Why not"),
                ],
                name="left-out",
                said="Parts at sites that are not planned",
                provenance=queries.provenance([], "all"),
            )


def names(chosen: filters.Filters) -> list[str]:
    """Every planned part and site under the filters, as people call them."""
    rows = queries.ask("policies", **scope(chosen))
    return sorted(rows["item_id"] + " at " + rows["site_id"])


def excess(chosen: filters.Filters) -> None:
    """List what lies beyond the probable demand of the whole network."""
    rows = queries.ask("excess_stock", **{name: chosen.where.get(name) for name in SCOPE[2:]})
    if rows.empty:
        st.info("No part has more than its probable demand.", icon=":material/info:")
        return
    dead = rows[rows["is_obsolete"]]
    st.text(
        f"{formats.lines(len(rows), 'part')} with "
        f"{formats.money(float(rows['excess_value'].sum()), currency())} beyond a "
        "year's probable demand of all sites together, "
        f"{len(dead):,} of them without demand."
    )
    rows = rows.assign(obsolete=[show.yes_no(flag) for flag in rows["is_obsolete"]])
    divisor, prefix = formats.money_scale(rows["excess_value"].to_list())
    unit = f"{prefix} {currency()}".strip()
    columns = [
        show.Column("item_id", "Item", pinned=True),
        show.Column("description", "Description", width="medium"),
        show.Column("excess_value", f"Too much, {unit}", show.scaled(divisor)),
        show.Column("excess_qty", "Too much", formats.count),
        show.Column(
            "excess_on_order_qty", "On order", formats.count, says="Of it; may be cancelled."
        ),
        show.Column("on_hand_qty", "On hand", formats.count),
        show.Column("on_order_qty", "All on order", formats.count),
        show.Column("year_demand_qty", "Expected in a year", formats.count),
        show.Column("probable_demand_qty", "Probable", formats.count, says="19 years of 20."),
        show.Column("obsolete", "Obsolete", says="Nobody has asked for a year."),
    ]
    show.table(
        rows,
        columns,
        name="excess",
        said="Parts with more than a year's probable demand",
        provenance=queries.provenance([], chosen.said()),
        most=10,
    )
