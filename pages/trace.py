"""Trace: one build or order line through stock, purchase orders, promises, receipts, suppliers."""

import streamlit as st

from ui import shell, story, tracing

shell.header(
    "Trace",
    "For everyone who asks why: one build or order line through stock, purchase orders, promises, "
    "receipts and suppliers.",
)
shell.require_build()
typed = st.text_input(
    "Build, order line or purchase order",
    key="trace",
    bind="query-params",
    placeholder="A build, an order and line such as O-100234/10, or a purchase order",
    icon=":material/search:",
).strip()
if not typed:
    st.info(
        "Type a build, an order line or a purchase order, or open one from a table.",
        icon=":material/info:",
    )
    shell.onward("pages/engine_line.py", "To the next builds", ":material/precision_manufacturing:")
    shell.onward("pages/fill_rate.py", "To the missed lines", ":material/stacked_bar_chart:")
    st.stop()

parts = tracing.build_parts(typed)
lines = story.lines_of(typed)
if parts.empty and lines.empty:
    if not tracing.order_of_supplier(typed):
        tracing.candidates(typed)
    st.stop()
if not parts.empty:
    shell.section("Which parts does it need?")
    tracing.build(parts)
if not lines.empty:
    item, site, due = tracing.order_line(lines)
    tracing.supply(item, site, due)
