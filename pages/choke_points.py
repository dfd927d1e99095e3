"""Choke points: what caused the units that were missed, where, and on which lines?"""

import streamlit as st

from ui import choke, choke_tables, shell

chosen = shell.begin(
    "Choke points",
    "For planners and provider teams: what held up the units that were not shipped by their due "
    "date, and where is the narrowest place?",
)
chosen = choke.narrowed(chosen)
if not choke.answer(chosen):
    shell.onward("pages/fill_rate.py", "To the fill rates", ":material/stacked_bar_chart:")
    st.stop()
choke.evidence()
choke_tables.meaning()

left, right = st.columns(2, gap="medium")
with left:
    shell.section("Is it getting better?", "Each missed unit once, in the period of its due date.")
    choke.over_time(chosen)
with right:
    shell.section("Where is it narrowest?", "Choose a bar to filter the whole page to it.")
    place = st.radio(
        "By",
        list(choke.PLACES),
        index=list(choke.PLACES).index("item"),
        key="choke",
        bind="query-params",
        horizontal=True,
    )
    choke.where(chosen, place)

shell.section("Which choke points cost most?", "Item, site, cause and supplier.")
choke_tables.points(chosen)
shell.section("Which lines were they?", "Open a line to see its whole story.")
choke_tables.lines(chosen)
shell.section("What to do next?")
choke_tables.onward(chosen)
