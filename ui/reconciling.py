"""Every row of every file accounted for: on the page, on paper, as a workbook."""

import pandas as pd
import streamlit as st

from ui import exports, formats, packs, queries, show

EVERYTHING = "all that was loaded"
LABELS = {
    "file": "File",
    "feed": "Feed",
    "fate": "File is",
    "rows_in": "Rows in",
    "n_accepted": "Accepted",
    "n_faults": "Faulty",
    "n_mended": "Mended since",
    "n_duplicates": "Copies",
    "n_filtered": "Filtered",
    "n_in_use": "In use",
    "n_superseded": "Superseded",
    "n_misdated": "Dated ahead",
    "n_unaccounted": "Unaccounted",
}
COUNTS = [name for name in LABELS if name.startswith(("rows_", "n_"))]
SAYS = {
    "n_mended": "Faulty rows that came back mended, in a later file.",
    "n_duplicates": "Copies of another row of the file.",
    "n_filtered": "Left out by the mapping.",
    "n_superseded": "A later delivery of the same row stands for them.",
    "n_misdated": "Dated after the day they were loaded, so left out.",
    "n_unaccounted": "Rows in, less accepted, faulty, copies and filtered. It is 0, or a fault.",
}


def section() -> None:
    """Draw the reconciliation of all files, with ways to take it along."""
    loads = queries.ask("reconciliation")
    if loads.empty:
        st.info("No file was loaded.", icon=":material/info:")
        return
    st.text(said(loads))
    provenance = queries.provenance(["reconciliation"], EVERYTHING)
    _take_along(loads, provenance)
    show.table(
        loads,
        [
            show.Column(
                name,
                label,
                formats.count if name in COUNTS else None,
                says=SAYS.get(name, ""),
                pinned=name == "file",
            )
            for name, label in LABELS.items()
        ],
        name="reconciliation",
        said="What became of the rows of each file",
        provenance=provenance,
        most=10,
    )
    superseded = queries.ask("superseded")
    if superseded.empty:
        return
    with st.expander("The superseded rows", icon=":material/history:"):
        show.table(
            superseded,
            [
                show.Column("feed", "Feed", pinned=True),
                show.Column("key", "Row"),
                show.Column("file", "In file"),
                show.Column("line", "Line", formats.count),
                show.Column("by_file", "Superseded by"),
                show.Column("by_line", "Line of it", formats.count),
            ],
            name="superseded",
            said="Superseded rows, and what stands for each",
            provenance=provenance,
        )


def said(loads: pd.DataFrame) -> str:
    """Say in one sentence whether all rows are accounted for."""
    n = loads[COUNTS].sum()
    replaced = int(loads.loc[loads["fate"] == "replaced whole", "n_accepted"].sum())
    superseded = int(loads.loc[loads["is_live"], "n_superseded"].sum())
    parts = (
        (n["n_in_use"], "in use"),
        (superseded, "superseded by a later file"),
        (replaced, "of files replaced whole"),
        (n["n_misdated"], "dated ahead"),
        (n["n_faults"], f"faulty ({formats.count(n['n_mended'])} mended since)"),
        (n["n_duplicates"], "copies"),
        (n["n_filtered"], "filtered"),
    )
    listed = ", ".join(f"{formats.count(count)} {word}" for count, word in parts if count)
    rest = n["n_unaccounted"]
    end = "none is unaccounted for" if not rest else f"{formats.count(rest)} unaccounted for"
    return f"{formats.lines(n['rows_in'], 'row')} came: {listed}; {end}."


def parts_of(loads: pd.DataFrame) -> list[packs.Part]:
    """Return the tables of the report: files, reasons, rejected and superseded rows."""
    counts = dict.fromkeys(COUNTS, formats.count)
    reasons = {
        "feed": "Feed", "kind": "Kind", "column_name": "Column", "n_rows": "Rows",
        "reason": "Reason", "file": "For instance in", "line": "Line", "value": "Value",
    }  # fmt: skip
    rejected = {
        "_file": "File", "_line": "Line", "feed": "Feed", "kind": "Kind", "column_name": "Column",
        "value": "Value", "reason": "Reason",
    }  # fmt: skip
    superseded = {
        "feed": "Feed", "key": "Row", "file": "File", "line": "Line",
        "by_file": "Superseded by", "by_line": "Line of it",
    }  # fmt: skip
    return [
        packs.Part("Files", loads, LABELS, {**counts}, in_print=len(loads)),
        packs.Part("Reasons", queries.ask("reject_reasons"), reasons, {"n_rows": formats.count}),
        packs.Part("Rejected rows", queries.ask("rejects"), rejected, {}),
        packs.Part("Superseded rows", queries.ask("superseded"), superseded, {}),
    ]


def _take_along(loads: pd.DataFrame, provenance: exports.Provenance) -> None:
    name = f"reconciliation-{provenance.build_id}"
    with st.container(horizontal=True):
        st.download_button(
            "Print (PDF)",
            lambda: packs.to_pdf("What became of every row", parts_of(loads), provenance),
            f"{name}.pdf",
            "application/pdf",
            icon=":material/print:",
            on_click="ignore",
            key="reconciliation-pdf",
        )
        st.download_button(
            "Workbook (XLSX)",
            lambda: packs.to_xlsx(parts_of(loads), provenance),
            f"{name}.xlsx",
            icon=":material/download:",
            on_click="ignore",
            key="reconciliation-xlsx",
        )
