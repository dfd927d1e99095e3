"""Allocation errors: how much stood in the wrong store, how much of that was avoidable?"""

import streamlit as st

from ui import shell
from ui.season import error_blocks, errors

shell.header(
    "Allocation errors",
    "For the grocer's planners and executives: how much stood in the wrong store, how much of it "
    "was avoidable, what did it cost, and did the tool mend it?",
)
shell.require_build()
unit = errors.choose_unit()
rows = errors.seasons(unit)
error_blocks.answer(rows, unit)

shell.section("Did it get better?", "Season by season, with luck taken out: the fair comparison.")
error_blocks.by_season(rows, unit)
left, right = st.columns(2, gap="medium")
with left:
    shell.section("Where is it worst?")
    error_blocks.where(unit)
with right:
    shell.section("What caused it?", "Forecast, luck, and what was done wrong afterwards.")
    error_blocks.causes(rows, unit)

shell.section("Which lines cost most?", "Open a line to see its season week by week.")
error_blocks.worst(unit, rows)
shell.onward("pages/seasonal_plan.py", "Plan the next season", ":material/calendar_month:")
