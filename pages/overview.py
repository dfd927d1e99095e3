"""Overview: are customers getting what they ordered, when they asked?"""

import streamlit as st

from ui import blocks, cards, delight, filters, one_page, outlook, queries, shell, since

OUTCOMES = [
    "order_on_time_rate",
    "availability_rate",
    "line_side_on_time_rate",
    "promise_adherence_first",
    "allocation_error_rate",
    "line_fill_rate",
    "unit_fill_rate",
    "otif_order_rate",
]

chosen = shell.begin(
    "Overview", "For executives: are customers getting what they ordered, when they asked?"
)
headlines = cards.known(OUTCOMES)
cards.row(headlines, chosen)

labels = {name: queries.catalogue()[name].label for name in headlines}
metric = st.radio(
    "Look closer at",
    headlines,
    format_func=labels.__getitem__,
    key="metric",
    bind="query-params",
    horizontal=True,
)

shell.section("Is it getting better?")
blocks.trend(metric, chosen)

if (then := since.shown(chosen)) is not None:
    shell.section("What has changed since go-live?", f"Now against {then}, the months before it.")
    since.go_live(chosen, then)

left, right = st.columns(2, gap="medium")
with left:
    shell.section("Where is it worst?", "Choose a bar to filter the whole page to it.")
    where = st.radio("By", list(filters.PLACES), key="by", bind="query-params", horizontal=True)
    blocks.where(metric, where, chosen)
with right:
    shell.section(
        "What moved it?", "Each part's share of the change against the same length of time before."
    )
    blocks.changed(metric, where, chosen)

shell.section("Engines out of the door, and customers?")
delight.beside(chosen)

shell.section("What comes next?")
outlook.month(chosen)
one_page.button(headlines, chosen)
