"""Engine line: were the parts there in time, and what do the next builds wait for?"""

import streamlit as st

from ui import blocks, cards, engine, shell

HEADLINES = [
    "line_side_on_time_rate",
    "engines_shipped_on_time",
    "kit_readiness_rate",
    "single_part_blockers",
]

chosen = shell.begin(
    "Engine line",
    "For client, provider and suppliers: were the parts there in time, and what do the next "
    "builds wait for?",
)
engine.require_builds()
cards.row(HEADLINES, chosen)

shell.section("Is the line served in time?", "One figure that all three parties share.")
blocks.trend("line_side_on_time_rate", chosen)

shell.section("What do the next builds wait for?", "Open a build to trace its parts.")
engine.next_builds(chosen)
shell.section("Which part should be pulled in first?")
engine.unblocking(chosen)
left, right = st.columns(2, gap="medium")
with left:
    shell.section("Which builds miss just one part?", "One missing bolt holds an engine.")
    engine.one_bolt(chosen)
with right:
    shell.section("Which parts are behind?", "Line of balance: builds that have and need a part.")
    engine.balance(chosen)
shell.onward("pages/promise_dates.py", "To the open lines at risk", ":material/event_busy:")
