"""Limits that people set: least, most or none of a part at a site; the next run obeys."""

from contextlib import closing

import pandas as pd
import streamlit as st

from data import decisions
from ui import desk, formats, queries, show

STOCKED = {"as the client's file says": None, "stock it": True, "do not stock it": False}
SAID = "limit said"


def form(parts: list[str]) -> None:
    """Let the planner set limits for a part at a site."""
    if said := st.session_state.pop(SAID, None):
        kind, text = said
        (st.success if kind == "done" else st.warning)(text, icon=":material/info:")
    with st.form("limits", border=True):
        st.selectbox("Part and site", parts, key="limit-part")
        left, middle, right = st.columns(3)
        left.number_input("Minimum", 0.0, None, None, 1.0, key="limit-min")
        middle.number_input("Maximum", 0.0, None, None, 1.0, key="limit-max")
        right.selectbox("Stock", list(STOCKED), key="limit-stocked")
        left, right = st.columns(2)
        left.text_input("Why", max_chars=300, key="limit-reason")
        right.text_input("Set by", max_chars=80, key="limit-author")
        st.form_submit_button("Set for the next run", icon=":material/rule:", on_click=_set)


def _set() -> None:
    """Write the limits that stand in the fields; empty ones lift what was set before."""
    state = st.session_state
    author, reason = str(state["limit-author"]).strip(), str(state["limit-reason"]).strip()
    if not (author and reason):
        state[SAID] = ("missing", "A limit needs why and who set it.")
        return
    item, site = str(state["limit-part"]).rsplit(" at ", 1)
    try:
        entry = decisions.limit(
            item, site, author, reason, build_id=queries.needed().build_id,
            min_level=state["limit-min"], max_level=state["limit-max"],
            is_stocked=STOCKED[state["limit-stocked"]],
        )  # fmt: skip
    except ValueError as fault:
        state[SAID] = ("missing", f"{str(fault).capitalize()}.")
        return
    desk.write([entry])
    state[SAID] = ("done", "Set. The next run plans with it.")


def listed() -> None:
    """List the limits that stand."""
    with closing(desk.journal()) as kept:
        rows = decisions.limits(kept)
    if rows.empty:
        st.info("Nobody has set a limit yet.", icon=":material/info:")
        return
    words = {True: "yes", False: "no"}
    told = rows.assign(
        stocked=[words.get(flag, "") if not pd.isna(flag) else "" for flag in rows["is_stocked"]]
    )
    columns = [
        show.Column("item_id", "Item"),
        show.Column("site_id", "Site"),
        show.Column("min_level", "Minimum", formats.quantity),
        show.Column("max_level", "Maximum", formats.quantity),
        show.Column("stocked", "Stocked"),
        show.Column("reason", "Why", width="medium"),
        show.Column("author", "By"),
    ]
    show.table(
        told,
        columns,
        name="limits",
        said="Limits that people set",
        provenance=queries.provenance([], "all limits that stand"),
    )
