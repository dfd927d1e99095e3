"""Deciding about proposals: choose rows, approve, change or refuse with a reason, take back."""

from typing import Any

import pandas as pd
import streamlit as st

from data import decisions
from ui import desk, filters, formats, position_chart, queries, shell, show

ALL = "all"
STATES = [decisions.OPEN, decisions.APPROVED, decisions.CHANGED, decisions.REFUSED, ALL]
KINDS = {"purchases": "purchase", "transfers": "transfer"}
ALL_SUPPLIERS = "all suppliers"
ROUND = "round of choices"
"""Counts decisions: rows chosen by position must not stay chosen when the list gets shorter."""
TOLD = "decision said"


def listed(rows: pd.DataFrame, chosen: filters.Filters) -> tuple[pd.DataFrame, list[int]]:
    """Let the reader narrow the list and choose rows; return the list and the positions chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.radio("What", list(KINDS), key="kind", bind="query-params", horizontal=True)
        state = st.radio("Status", STATES, key="state", bind="query-params", horizontal=True)
        suppliers = sorted(rows["supplier_id"].dropna().unique())
        supplier = st.selectbox(
            "From", [ALL_SUPPLIERS, *suppliers], key="from", bind="query-params", width=180,
        )  # fmt: skip
    shown = rows[rows["kind"] == KINDS[str(kind)]]
    if state != ALL:
        shown = shown[shown["decision"] == state]
    if supplier != ALL_SUPPLIERS and kind == "purchases":
        shown = shown[shown["supplier_id"] == supplier]
    shown = shown.reset_index(drop=True)
    if shown.empty:
        told = "Nothing is open here" if state == decisions.OPEN else f"Nothing here is {state}"
        shell.nothing(f"{told}.")
        return shown, []
    _note_shown(shown)
    picked = show.table(
        shown,
        _columns(str(kind)),
        name="proposals",
        said=f"Proposed {kind}, the most at stake first",
        provenance=queries.provenance([], f"{chosen.said()}; {kind}; {state}"),
        picked=f"picked-{st.session_state.get(ROUND, 0)}",
    )
    return shown, picked


def _columns(kind: str) -> list[show.Column]:
    """The columns people act on first; figures and reasons after them."""
    place = (
        show.Column("supplier_id", "From", says="The supplier of the newest PO line.")
        if kind == "purchases"
        else show.Column("from_site_id", "From")
    )
    columns = [
        show.Column("item_id", "Item", pinned=True),
        show.Column("site_id", "Site", pinned=True),
        show.Column("order_by_date", "Order by", formats.day),
        show.Column("qty", "Quantity", formats.quantity),
        place,
        show.Column("cost", f"Cost, {desk.currency()}", show.scaled(1)),
        show.Column(
            "value_at_stake", f"At stake, {desk.currency()}", show.scaled(1),
            says="Value of the demand expected to be missed in the review period that this order "
            "serves, if it is not placed.",
        ),
        show.Column("gain_rate", "Buys", gain, says="Points of unit fill of all parts together."),
        show.Column("fill_after_rate", "Item's fill", share, says="Expected, once this is done."),
        show.Column(
            "shortage_before_rate", "Short if not", share,
            says="Chance of a shortage within lead time and review if nothing is done.",
        ),
        show.Column("expected_date", "Expected", formats.day, says="As likely earlier as later."),
        show.Column("why", "Why", width="large"),
        show.Column("confidence", "Confidence", says="History and measured lead times behind it."),
        show.Column("decision", "Status"),
        show.Column("decided_qty", "Decided", formats.quantity),
        show.Column("reason", "Reason", width="medium"),
        show.Column("author", "By"),
        show.Column("description", "Description", width="medium"),
    ]  # fmt: skip
    return columns if kind == "purchases" else [one for one in columns if one.name != "cost"]


def gain(value: float) -> str:
    """Write points of fill with the digits that tell one part from another: '+0.21 pt'."""
    if formats.is_missing(value):
        return ""
    points = value * 100
    return "< 0.01 pt" if 0 < points < 0.005 else f"{points:+.2f} pt"


def share(value: float) -> str:
    """Write a chance or an expected share without decimals."""
    return formats.rate(value, 1) if not formats.is_missing(value) else ""


def _note_shown(rows: pd.DataFrame) -> None:
    """Keep in the journal when each open proposal first stood on the page."""
    fresh = rows[rows["shown_at"].isna() & (rows["decision"] == decisions.OPEN)]
    if len(fresh):
        build = queries.needed().build_id
        desk.write(decisions.seen(decisions.SHOWN, fresh.to_dict("records"), "page", build))


def bar(rows: pd.DataFrame, picked: list[int]) -> None:
    """Let the reader decide about the chosen rows, all in one transaction."""
    if said := st.session_state.pop(TOLD, None):
        kind, text = said
        (st.success if kind == "done" else st.warning)(text, icon=":material/info:")
    if rows.empty:
        return
    with st.container(border=True, key="decide"):
        left, middle, right = st.columns([1, 1, 2], vertical_alignment="bottom")
        first = left.number_input(
            "Choose the first", 0, len(rows), 0, key=f"first-{st.session_state.get(ROUND, 0)}",
            help="Rows from the top, beside those ticked in the table.",
        )  # fmt: skip
        middle.text_input("Your name", max_chars=80, key="decider")
        right.text_input(
            "Reason", max_chars=300, key="decision-reason", placeholder="Needed to change or refuse"
        )
        taken = rows.iloc[sorted({*range(int(first)), *picked})]
        _summed(taken)
        _buttons(taken)


def _summed(taken: pd.DataFrame) -> None:
    """Say what the chosen rows come to."""
    if taken.empty:
        st.caption("Tick rows in the table, or choose the first so many.")
        return
    st.text(
        f"{formats.lines(len(taken), 'proposal')} chosen: "
        f"{formats.money(taken['cost'].sum(), desk.currency())}, "
        f"{gain(taken['gain_rate'].sum())} of fill, "
        f"{formats.money(taken['value_at_stake'].sum(), desk.currency())} at stake."
    )


def _buttons(taken: pd.DataFrame) -> None:
    """Approve, change or refuse what is open; take back what is decided."""
    records = taken.to_dict("records")
    is_open = [row for row in records if row["decision"] == decisions.OPEN]
    is_done = [row for row in records if row["decision"] != decisions.OPEN]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            f"Approve {len(is_open):,}", type="primary", icon=":material/check:", key="approve",
            disabled=not is_open, on_click=decide, args=(is_open, decisions.APPROVED),
        )  # fmt: skip
        st.button(
            f"Refuse {len(is_open):,}", icon=":material/close:", key="refuse",
            disabled=not is_open, on_click=decide, args=(is_open, decisions.REFUSED),
        )  # fmt: skip
        st.button(
            f"Take back {len(is_done):,}", icon=":material/undo:", key="take-back",
            disabled=not is_done, on_click=decide, args=(is_done, decisions.OPEN),
        )  # fmt: skip
        if len(is_open) == 1:
            row = is_open[0]
            st.number_input(
                "Quantity instead", 0.0, None, float(row["qty"]), float(row["multiple_qty"]),
                key=f"qty-{row['proposal_id']}", width=180,
            )  # fmt: skip
            st.button(
                "Change", icon=":material/edit:", key="change",
                on_click=decide, args=(is_open, decisions.CHANGED),
            )  # fmt: skip


def decide(rows: list[dict[Any, Any]], decision: str) -> None:
    """Write one decision about all rows, or say what is missing."""
    state = st.session_state
    name, reason = (str(state.get(key) or "").strip() for key in ("decider", "decision-reason"))
    qty = state.get(f"qty-{rows[0]['proposal_id']}") if decision == decisions.CHANGED else None
    if not name:
        state[TOLD] = ("missing", "A decision needs your name.")
        return
    current = queries.needed()
    try:
        entries = decisions.decided(
            rows, decision, name, reason,
            as_of=current.as_of_date, build_id=current.build_id, qty=qty,
        )  # fmt: skip
    except ValueError as fault:
        state[TOLD] = ("missing", f"{str(fault).capitalize()}.")
        return
    kept = desk.write(entries)
    word = "taken back" if decision == decisions.OPEN else decision
    state[TOLD] = ("done", f"{formats.lines(kept, 'proposal')} {word}. It can be taken back.")
    state[ROUND] = state.get(ROUND, 0) + 1
    state["decision-reason"] = ""


def detail(rows: pd.DataFrame, picked: list[int]) -> None:
    """Open the one row that is ticked: its reasons, figures and demand against the position."""
    if len(picked) != 1:
        return
    row = rows.iloc[picked[0]]
    if formats.is_missing(row["opened_at"]):
        build = queries.needed().build_id
        desk.write(decisions.seen(decisions.OPENED, [row.to_dict()], "page", build))
    with st.container(border=True, key="proposal"):
        st.text(f"{row['item_id']} at {row['site_id']}: {row['description']}")
        st.text(f"{row['why']}.")
        st.text(_figures(row))
        position_chart.draw(row)


def _figures(row: pd.Series) -> str:
    """What the proposal does, when it comes, and how well it is founded."""
    comes = f"{formats.day(row['expected_date'])}, 9 in 10 by {formats.day(row['safe_date'])}"
    basis = {"lead time": "measured lead times", "stated": "the stated lead time"}
    by = basis.get(row["arrival_basis"], "transport between sites")
    return (
        f"Expected {comes} (from {by}). Fill of this part {share(row['fill_before_rate'])} to "
        f"{share(row['fill_after_rate'])}; chance of a shortage "
        f"{share(row['shortage_before_rate'])} to {share(row['shortage_after_rate'])}; a year uses "
        f"all of it with "
        f"{share(row['used_rate'])}. Confidence {row['confidence']}: {row['confidence_reason']}. "
        f"Proposed since {formats.day(row['proposed_since'])}."
    )


def take_back(row: dict[Any, Any]) -> None:
    """Open a decided proposal again, from the list of decisions."""
    name = str(st.session_state.get("decider") or row["author"])
    current = queries.needed()
    desk.write(
        decisions.decided(
            [row],
            decisions.OPEN,
            name,
            "taken back",
            as_of=current.as_of_date,
            build_id=current.build_id,
        )
    )
    st.session_state[TOLD] = ("done", "The decision is taken back; the proposal is open again.")
