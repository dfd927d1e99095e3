"""What would become of a file: worked out without loading it, remembered, and shown."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from data import ingest
from data.choose import safe_name
from data.errors import UserError
from data.report import LoadReport
from ui import formats, queries

STATUSES: dict[str, tuple[Any, str]] = {
    "loaded": ("green", "would be loaded"),
    "already loaded": ("gray", "already loaded, nothing to do"),
    "refused": ("red", "refused whole"),
    "skipped": ("gray", "no feed, skipped"),
}

NOT_KNOWN: tuple[Any, str] = ("orange", "to be described")


@dataclass(frozen=True)
class File:
    """A file as it came: an upload, or rejected rows of the lake with the mapping they came by."""

    name: str
    body: bytes
    mapping: bytes = b""
    is_again: bool = False

    @property
    def file_id(self) -> str:
        """Tells files apart by name and content."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.body).hexdigest()[:16]


@dataclass(frozen=True)
class Plan:
    """A file and as what it would be loaded.

    Parameters
    ----------
    file
        The file.
    feed
        Feed that somebody named.
    mapping_name, mapping
        Name and text (TOML) of the mapping; blank is none.
    is_to_keep
        Whether the mapping is kept in the warehouse when the file is loaded.
    """

    file: File
    feed: str | None = None
    mapping_name: str = ""
    mapping: bytes = b""
    is_to_keep: bool = False


@contextmanager
def on_disk(plan: Plan) -> Iterator[tuple[Path, Path | None]]:
    """Write a file and its mapping under their own names for as long as they are read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, safe_name(plan.file.name))
        path.write_bytes(plan.file.body)
        if not plan.mapping:
            yield path, None
            return
        mapping = Path(folder, "mapping", safe_name(plan.mapping_name))
        mapping.parent.mkdir()
        mapping.write_bytes(plan.mapping)
        yield path, mapping


def previewed(plan: Plan) -> list[LoadReport]:
    """Work out what loading would do, or remember it.

    Raises
    ------
    UserError
        Where the mapping or the choice itself is at fault.
    """
    looked: dict[Plan, list[LoadReport]] = st.session_state.setdefault("previewed", {})
    if plan not in looked:
        with on_disk(plan) as (path, mapping):
            found = ingest.preview([path], queries.warehouse_path(), plan.feed, mapping)
        if len(looked) > 20:
            looked.clear()
        looked[plan] = found
    return looked[plan]


def refuse(fault: UserError) -> None:
    """Show a mistake in a file or mapping; its text may quote data, so it is not markdown."""
    st.error("This cannot be loaded:", icon=":material/block:")
    st.text(str(fault))


def outcome(report: LoadReport, place: str, *, is_known: bool = True) -> None:
    """Show what would become of one file: status, counts, reasons and the first rows.

    Parameters
    ----------
    place
        Tells the widgets of several outcomes apart.
    is_known
        Whether somebody or its name says what the file is; else a refusal only asks for that.
    """
    entry = report.entry
    colour, said = STATUSES[report.status] if is_known else NOT_KNOWN
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(said, color=colour)
            st.text(f"{entry.file}  ({entry.feed})" if entry.feed else entry.file)
        if report.status != "loaded":
            asks = not is_known and not entry.feed
            st.text("Nothing tells yet what its rows are." if asks else report.message)
            return
        grid = st.grid(4, min_column_width=130, gap="small")
        for label, number in (
            ("Rows in", entry.rows_in),
            ("Accepted", entry.rows_accepted),
            ("Faulty", entry.n_faults),
            ("Copies and filtered", entry.n_duplicates + entry.n_filtered),
        ):
            grid.metric(label, formats.count(number))
        if report.reasons:
            st.dataframe(
                pd.DataFrame(
                    [
                        (why.kind, why.column or "", why.reason, why.n_rows, why.example)
                        for why in report.reasons
                    ],
                    columns=["Kind", "Column", "Reason", "Rows", "For instance"],
                ),
                hide_index=True,
                alt=f"Why rows of {entry.file} would be rejected",
                key=f"reasons-{place}",
            )
        shown = (
            ("First rows that fit", report.accepted),
            ("First rows that do not", report.rejected),
        )
        for title, rows in shown:
            if rows is not None and not rows.empty:
                with st.expander(f"{title} ({len(rows)})"):
                    st.dataframe(rows, hide_index=True, alt=title, key=f"{title}-{place}")
