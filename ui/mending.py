"""Rejected rows to take away, mend and load again."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from data import mappings
from data.errors import UserError
from ui import exports, formats, queries


@dataclass(frozen=True)
class Part:
    """Faulty rows that are mended in one file: of one file that came, or of all of one feed."""

    files: tuple[str, ...]
    feed: str
    mapping: str
    mapping_sha256: str
    n_rows: int

    @property
    def label(self) -> str:
        """What the choice says."""
        of = self.files[0] if len(self.files) == 1 else f"all {len(self.files)} files"
        return f"{self.feed}: {of} ({formats.lines(self.n_rows, 'row')})"

    @property
    def name(self) -> str:
        """Name of the download: it begins with the feed, so that loading it recognises it."""
        stem = Path(self.files[0]).stem if len(self.files) == 1 else ""
        rest = stem.removeprefix(self.feed).strip("_- ")
        return "_".join(filter(None, (self.feed, rest, "to_mend")))


def parts_of(loads: pd.DataFrame) -> list[Part]:
    """List what can be mended together: each file by itself, then all of one feed.

    Parameters
    ----------
    loads
        The ledger: is_live, file, feed, mapping, mapping_sha256 and n_faults.
    """
    by = ["feed", "mapping", "mapping_sha256"]
    faulty = loads[loads["is_live"] & (loads["n_faults"] > 0)].fillna(dict.fromkeys(by, ""))
    parts: list[Part] = []
    for told, group in faulty.groupby(by):
        feed, mapping, sha = map(str, told)
        counts = {str(file): int(n) for file, n in group.groupby("file")["n_faults"].sum().items()}
        parts += [Part((file,), feed, mapping, sha, n) for file, n in counts.items()]
        if len(counts) > 1:
            parts.append(Part(tuple(counts), feed, mapping, sha, sum(counts.values())))
    return parts


def again() -> tuple[str, bytes, bytes] | None:
    """Offer faulty rows to be tried again, as another mapping may fit them; their file may be gone.

    Returns
    -------
    tuple or None
        Name, content and the mapping they came by, as a file that holds nothing but these rows.
    """
    if queries.build() is None:
        return None
    parts = parts_of(queries.ask("loads"))
    if not parts:
        return None
    part = st.selectbox(
        "Rejected rows to try again",
        parts,
        index=None,
        format_func=lambda part: part.label,
        key="again",
        placeholder="None",
        help="They are taken from what is kept; the file they came in is not needed. Say below how "
        "they are read.",
    )
    if part is None:
        return None
    try:
        rows = queries.to_mend(part.files, part.feed)
    except UserError as fault:
        st.text(str(fault))
        return None
    mapping = mappings.used_path(queries.warehouse_path(), part.mapping_sha256)
    told = mapping.read_bytes() if part.mapping_sha256 and mapping.exists() else b""
    return f"{part.name}.csv", rows.to_csv(index=False).encode("utf-8"), told


def offer() -> None:
    """Offer the faulty rows, whole and as they came, as a file that can be loaded again."""
    parts = parts_of(queries.ask("loads"))
    if not parts:
        return
    with st.container(border=True):
        st.markdown(
            "**Mend and load again.** Each row stands as it came, with what is wrong beside it. "
            "Mend the cells and load the file; columns that begin with `reject_` are ignored."
        )
        part = parts[0]
        if len(parts) > 1:
            part = st.selectbox(
                "Faulty rows of", parts, format_func=lambda part: part.label, key="to-mend"
            )
        try:
            rows = queries.to_mend(part.files, part.feed)
        except UserError as fault:
            st.text(str(fault))
            return
        if part.mapping:
            st.text(f"Load it with the mapping {part.mapping}, as the file it came in.")
        with st.container(horizontal=True):
            st.download_button(
                "Excel (XLSX), exactly as it came",
                lambda: exports.bare_xlsx(rows),
                f"{part.name}.xlsx",
                icon=":material/download:",
                key="mend-xlsx",
                on_click="ignore",
            )
            st.download_button(
                "CSV",
                lambda: exports.bare_csv(rows),
                f"{part.name}.csv",
                "text/csv",
                icon=":material/download:",
                key="mend-csv",
                on_click="ignore",
                help="An apostrophe stands before text that a spreadsheet would run as a formula.",
            )
