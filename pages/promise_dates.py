"""Promise dates: do suppliers promise, and do they keep what they first promised?"""

import streamlit as st

from ui import blocks, open_lines, promises, shell, trust

HEADLINES = [
    "promise_coverage_rate",
    "promise_to_need_rate",
    "promise_adherence_first",
    "promise_adherence_last",
    "need_date_rate",
]
KEPT = {
    "promise_adherence_first": "first promise",
    "promise_adherence_last": "last promise",
    "need_date_rate": "need date",
}

chosen = promises.for_suppliers(
    shell.begin(
        "Promise dates",
        "For provider teams and planners: do suppliers promise, keep it, and what comes late next?",
    )
)
promises.headlines(HEADLINES, chosen)
promises.started(HEADLINES)

left, right = st.columns(2, gap="medium")
with left:
    shell.section("Do they keep what they promised?", "The gap of last to first is re-promising.")
    kept = {name: KEPT[name] for name in promises.told(KEPT)}
    blocks.compared(kept, chosen, f"Kept by: {', '.join(kept.values())}")
with right:
    shell.section("Do they promise at all?", "Within 5 working days of the order.")
    promises.coverage(chosen)

left, right = st.columns(2, gap="medium")
with left:
    shell.section("Where is it worst?")
    split = promises.split()
    promises.where("promise_adherence_first", split, chosen)
with right:
    shell.section(
        "How early, how late?",
        "Promised lines only, in calendar days; grey is over 5 days early. What is kept goes by "
        "working days: a line without a promise, or before its window, is not kept.",
    )
    promises.timing(chosen)

shell.section(
    "Which open lines will miss their need date?",
    "The derived date says when a line will really come, by what became of earlier ones.",
)
open_lines.risks(chosen)
left, right = st.columns(2, gap="medium")
with left:
    shell.section("Do they promise what is needed?", "The first promise against the need date.")
    promises.for_need(chosen)
with right:
    shell.section("Can the chances be trusted?", "What would have been said, and what came.")
    trust.chances()
shell.onward("pages/suppliers.py", "To the suppliers behind it", ":material/factory:")
shell.onward("pages/engine_line.py", "To the builds", ":material/precision_manufacturing:")
