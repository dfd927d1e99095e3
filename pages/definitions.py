"""Definitions: what does each figure count, in which version, and by which SQL?"""

import streamlit as st

from ui import cards, queries, shell, show

shell.header(
    "Definitions",
    "For everyone who reads or disputes a figure: what does it count, in which version, "
    "and by which SQL?",
)
shell.require_build()
known = queries.catalogue()
st.caption(
    f"{len(known)} metrics, as build {queries.needed().build_id} computed them. "
    "Each is one file in data/sql/metrics; this page is generated from them."
)
rows = queries.ask("definitions")
show.table(
    rows,
    [
        show.Column("label", "Metric", pinned=True, width="medium"),
        show.Column("metric", "Identifier"),
        show.Column("version", "Version"),
        show.Column("better", "Better"),
        show.Column("description", "What counts", width="large"),
    ],
    name="definitions",
    said="Every metric with its version and what counts",
    provenance=queries.provenance(["definitions"], "none"),
    most=len(rows),
)
shell.section("One metric in full")
chosen = st.selectbox(
    "Metric",
    list(known),
    format_func=lambda name: known[name].label,
    key="definition",
    bind="query-params",
)
cards.define(known[chosen])
