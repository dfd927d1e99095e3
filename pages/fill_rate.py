"""Fill rate: what share was shipped by the due date, where not, and which lines?"""

import streamlit as st

from ui import blocks, cards, filters, shell

FOUR = {
    "unit_fill_rate": "units",
    "line_fill_rate": "lines",
    "order_fill_rate": "orders",
    "value_fill_rate": "value",
}
TITLE = "Four fill rates of the same lines: they differ in what they count"

chosen = shell.begin(
    "Fill rate",
    "For planners and provider teams: what share was shipped by the due date, where not, "
    "and which lines?",
)
cards.row(list(FOUR), chosen)

shell.section("Is it getting better?")
closer = st.radio(
    "Show", ["all four", *FOUR.values()], key="closer", bind="query-params", horizontal=True
)
named = {short: metric for metric, short in FOUR.items()}
if closer in named:
    blocks.trend(named[closer], chosen)
else:
    blocks.compared(FOUR, chosen, TITLE)

metric = named.get(closer, "line_fill_rate")
left, right = st.columns(2, gap="medium")
with left:
    shell.section("Where is it worst?", "Choose a bar to filter the whole page to it.")
    where = st.radio("By", list(filters.PLACES), key="by", bind="query-params", horizontal=True)
    blocks.where(metric, where, chosen)
with right:
    shell.section("What moved it?", "Parts of the change against the same length of time before.")
    blocks.changed(metric, where, chosen)
left, right = st.columns(2, gap="medium")
with left:
    shell.section("How late is the rest?")
    blocks.delay(chosen)
with right:
    shell.section("What is still open?", "Whatever the period: what is open is open now.")
    blocks.open_backorders(chosen)

shell.section("Which items cost most?", "Open an item to filter the page to its lines.")
blocks.worst_items(chosen)
shell.section("Which lines were missed?", "Open a line to see its whole story.")
blocks.missed_lines(chosen)
shell.onward("pages/overview.py", "To the outcomes for these filters", ":material/monitoring:")
