"""In season: is it selling as planned, what should move, and who gets what is held back?"""

import streamlit as st

from ui import shell
from ui.season import choosing, running, running_blocks

shell.header(
    "In season",
    "For the grocer's planners: is the season selling as planned, what should move between stores, "
    "and where should what is held back go?",
)
shell.require_build()
chosen = running_blocks.choose()
choosing.sign()
choosing.said()
found = running.position(chosen.season, chosen.unit, chosen.week)
if not found.was_to_come.any():
    st.info(
        "There is no forecast of this season to compare with: `python -m forecasting run` makes "
        "one, and the next build holds it.",
        icon=":material/info:",
    )
    st.stop()
rows = running.progress(chosen.season, chosen.unit, chosen.week, found)
answer = st.container()

shell.section("Is it selling as planned?")
running_blocks.progress(rows, chosen, found)

shell.section("What should be sent and moved?", "Nothing happens before you approve it.")
percent, least = running_blocks.wanted(found)
told = running_blocks.open_ones(running.proposals(found, percent, least), chosen)
with answer:
    running_blocks.answer(found, rows, told)
running_blocks.proposals(told, chosen, found.names)

shell.section("What was decided?", "Kept in the journal; taken back by a later entry.")
running_blocks.decided(chosen)
shell.onward("pages/allocation_errors.py", "How wrong were past seasons?", ":material/rule:")
