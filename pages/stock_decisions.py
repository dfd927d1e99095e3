"""Stock decisions: what to order and move now, from whom, how much, and what does it buy?"""

import streamlit as st

from ui import deciding, deciding_record, desk, limits, releases, shell

chosen = shell.begin(
    "Stock decisions",
    "For supply planners: what to order and move now, from whom, how much, and what does it buy?",
)
desk.require()
known = desk.history()
rows = desk.proposals(chosen, known)
desk.cards(rows, known, chosen)
desk.said_plan(chosen)

shell.onward("pages/what_if.py", "What would other money or targets buy?", ":material/tune:")

shell.section(
    "What to do now?", "The most at stake first. Decide by ticking rows, or from the top."
)
shown, picked = deciding.listed(rows, chosen)
deciding.detail(shown, picked)
deciding.bar(shown, picked)

shell.section("What leaves for your system?")
releases.offer(known)

shell.section("Is deciding getting faster?", "From first shown on this page to decided, by month.")
deciding_record.speed(known)
deciding_record.log(known)

shell.section("Was changing it right?", "Judged once lead time and review have passed.")
deciding_record.worth(known, chosen.as_of)

shell.section("What is too much?", "Stock and open orders beyond a year's probable demand.")
desk.excess(chosen)

shell.section("What should the next run obey?", "Minimum, maximum or no stock, set by people.")
left, right = st.columns(2, gap="medium")
with left:
    limits.form(desk.names(chosen))
with right:
    limits.listed()
