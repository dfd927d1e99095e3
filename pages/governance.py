"""Governance: which KPIs were agreed, who answers for them, and are they met?"""

import streamlit as st

from ui import governance, queries, shell

shell.header(
    "Governance",
    "For executives and the forums of client, provider and suppliers: which KPIs were agreed, who "
    "answers for them, and are they met?",
)
shell.require_build()
as_of = queries.needed().as_of_date
if strange := governance.unknown():
    st.warning("The settings hold targets of metrics that do not exist.", icon=":material/error:")
    st.text(", ".join(strange))
found = governance.rows(as_of)
if found.empty:
    st.info("No target has been agreed: name them in settings.toml.", icon=":material/info:")
    shell.onward("pages/definitions.py", "To the metrics that there are", ":material/menu_book:")
    st.stop()

shell.section("Are they met?", "Each over the last whole week, month or quarter of its cadence.")
governance.table(found)
shell.section("How did it go?")
metric = governance.choose(found)
governance.trend(metric, as_of)
shell.section("What was agreed anew?", "Kept in the journal; nothing is changed in place.")
governance.change(metric)
governance.history()
shell.onward("pages/definitions.py", "To the definitions", ":material/menu_book:")
