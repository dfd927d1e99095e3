"""Supplier pack: everything for the talk with one supplier, to print and to take along."""

import streamlit as st

from ui import (
    actions,
    open_lines,
    pack_parts,
    promises,
    shell,
    since_review,
    supplier_pack,
    suppliers,
)

HEADLINES = [
    "promise_adherence_first",
    "promise_adherence_last",
    "need_date_rate",
    "promise_coverage_rate",
    "acceptance_rate",
]

chosen = promises.for_suppliers(
    shell.begin(
        "Supplier pack",
        "For the talk with one supplier: what it promised, what came, what it holds up, what is "
        "agreed.",
    )
)
supplier = suppliers.choose()
if supplier is None:
    st.info("Choose a supplier, or open one from the ranking.", icon=":material/info:")
    shell.onward("pages/suppliers.py", "To the ranking", ":material/factory:")
    st.stop()

lines = suppliers.deliveries(chosen, supplier)
pack_parts.downloads(chosen, supplier, lines)
promises.headlines(HEADLINES, suppliers.of_one(chosen, supplier))
promises.started(HEADLINES)
shell.section("What came, delivery by delivery?")
supplier_pack.deliveries(chosen, lines)
left, right = st.columns(2, gap="medium")
with left:
    shell.section("What has changed since the last review?")
    last = actions.reviewed(supplier, chosen)
    since_review.compared(chosen, supplier, last)
    shell.section("How long does it take?", "From the order to 95 % received, calendar days.")
    supplier_pack.lead_times(chosen, supplier)
with right:
    shell.section("How did its promises move?")
    supplier_pack.movements(lines, chosen)
    shell.section(
        "What is the score made of?",
        "Whatever the period: lines of the last two years, one of half a year ago counting half.",
    )
    supplier_pack.score(supplier)
shell.section("Which open lines will be late?")
open_lines.risks(chosen, supplier, most=10)
shell.section("What does it hold up?")
supplier_pack.blocked(chosen, supplier)
shell.section("What is agreed?", "Kept in the journal; nothing is changed in place.")
actions.agree(supplier)
actions.listed(supplier, chosen)
