"""Order line: what was ordered, promised, moved, shipped and cancelled on one line?"""

import streamlit as st

from ui import shell, story

shell.header(
    "Order line",
    "For everyone who asks why: what was ordered, promised, moved, shipped and cancelled?",
)
shell.require_build()
typed = st.text_input(
    "Order line",
    key="line",
    bind="query-params",
    placeholder="Order and line, for instance O-100234/10",
    icon=":material/search:",
).strip()
if not typed:
    st.info(
        "Type an order number, or open a line from a table on the Fill rate page.",
        icon=":material/info:",
    )
    shell.onward("pages/fill_rate.py", "To the missed lines", ":material/stacked_bar_chart:")
    st.stop()

lines = story.lines_of(typed)
if lines.empty:
    story.candidates(typed)
    st.stop()
for line in lines.to_dict("records"):
    story.verdict(line)
    story.facts(line)
shell.section("What happened when?")
story.happenings(lines)
