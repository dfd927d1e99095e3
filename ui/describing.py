"""A file that no mapping knows: what it seems to hold, and a form in which that is corrected."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from data.feeds import FEEDS
from data.reading.layout import UNTOLD, Layout
from data.suggest import Suggestion, suggest
from data.suggesting import as_toml
from ui import column_form, formats, queries

OnDisk = Callable[[Callable[[Path], Suggestion]], Suggestion]
"""Hands the file, written to disk, to a function."""
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
ENCODINGS = ("utf-8", "cp1252", "latin-1", "utf-16", "cp1250", "cp850", "mac_roman")
KEEPS: dict[str | None, str] = {
    None: "set the later ones aside as faults",
    "last": "keep the last",
    "first": "keep the first",
}
FOUND = "found in the file"


def form(name: str, file_id: str, on_disk: OnDisk) -> str:
    """Draw the form of a mapping for a file; return the mapping as text (TOML).

    Parameters
    ----------
    name
        The file's name.
    file_id
        Tells the file apart in the session.
    on_disk
        Gives the file to the function that looks at it.

    Raises
    ------
    UserError
        Where the file cannot be read as a table.
    """
    first = _suggested(file_id, on_disk, None, UNTOLD)
    feed = _feed(first, file_id)
    told = _told(first, file_id)
    is_as_found = feed == first.feed and told == UNTOLD
    found = first if is_as_found else _suggested(file_id, on_disk, feed, told)
    _said(found)
    key = f"{file_id}-{feed}-{hash(told)}"
    rules = _columns(found, key)
    keep = _keep(found, key)
    return as_toml.plain(f"Made for {name} on Load data", found.layout, feed, rules, keep)


def _suggested(file_id: str, on_disk: OnDisk, feed: str | None, told: Layout) -> Suggestion:
    """Look at the file, or remember what was found when it was looked at the same way."""
    looked: dict[Any, Suggestion] = st.session_state.setdefault("suggested", {})
    key = (file_id, feed, told)
    if key not in looked:
        with st.spinner("Looking at the file"):
            found = on_disk(lambda path: suggest(path, queries.warehouse_path(), feed, told))
        if len(looked) > 20:
            looked.clear()
        looked[key] = found
    return looked[key]


def _feed(first: Suggestion, file_id: str) -> str:
    """Ask what the rows are; the likeliest stand first."""
    scores = dict(first.other_feeds)
    ranked = list(dict.fromkeys((first.feed, *scores, *FEEDS)))

    def shown(feed: str) -> str:
        if feed == first.feed:
            sure = f", {first.feed_confidence:.0%} sure"
        else:
            sure = f", fits {scores[feed]:.0%}" if feed in scores else ""
        return f"{feed}: one row per {FEEDS[feed].grain}{sure}"

    return st.selectbox("What are its rows?", ranked, format_func=shown, key=f"{file_id}-feed")


def _told(first: Suggestion, file_id: str) -> Layout:
    """Ask how the file is laid out; what is left as found is not told."""
    with st.expander("How the file is laid out", icon=":material/grid_on:"):
        st.text("; ".join(first.layout_evidence))
        for question in first.questions:
            st.text(f"to decide: {question}")
        if first.dialect.get("format") == "parquet":
            return UNTOLD
        grid = st.grid(4, min_column_width=150, gap="small")
        told = UNTOLD
        if first.dialect.get("format") == "delimited":
            encoding = grid.selectbox(
                "Encoding", [FOUND, *ENCODINGS], key=f"{file_id}-encoding", accept_new_options=True
            )
            mark = grid.selectbox(
                "Between columns",
                [FOUND, *DELIMITERS],
                format_func=lambda one: DELIMITERS.get(one, one),
                key=f"{file_id}-delimiter",
            )
            told = replace(
                told,
                encoding=None if encoding in (FOUND, None) else encoding,
                delimiter=None if mark == FOUND else mark,
            )
        else:
            sheet = grid.text_input("Sheet", key=f"{file_id}-sheet", placeholder=FOUND).strip()
            told = replace(told, sheet=sheet or None)
        line = grid.number_input(
            "Header begins on line (0: none)",
            min_value=0,
            max_value=1_000_000,
            value=None,
            placeholder=FOUND,
            key=f"{file_id}-line",
        )
        if line is None:
            return told
        rows = 1 if not line else grid.number_input("Header rows", 1, 5, key=f"{file_id}-rows")
        return replace(told, header_line=int(line), header_rows=int(rows))


def _said(found: Suggestion) -> None:
    """Say what was found, as text: it quotes the file."""
    needed = FEEDS[found.feed].required
    made = {one.column for one in found.proposals if one.is_active}
    st.text(
        f"{formats.lines(found.n_rows, 'row')}, {len(found.file_columns)} columns. "
        f"{len(made & set(needed))} of the {len(needed)} columns that {found.feed} needs are there "
        "or stood in for."
    )


def _columns(found: Suggestion, key: str) -> dict[str, dict[str, Any]]:
    """Draw the columns of the feed: what is to decide, what was found, what else it may have."""
    proposals = {one.column: one for one in found.proposals}
    feed = FEEDS[found.feed]
    unsure = [one for one in feed.columns if one.name in proposals and _is_open(proposals, one)]
    sure = [one for one in feed.columns if one.name in proposals and one not in unsure]
    others = [one for one in feed.columns if one.name not in proposals]
    rules: dict[str, dict[str, Any]] = {}
    parts = (
        (unsure, f"To decide: {formats.lines(len(unsure), 'column')}", ":material/help:", True),
        (sure, f"Found: {formats.lines(len(sure), 'column')}", ":material/check:", False),
        (others, f"Not in the file: {formats.lines(len(others), 'column')}, none needed",
         ":material/add:", False),
    )  # fmt: skip
    for columns, label, icon, is_open in parts:
        if not columns:
            continue
        with st.expander(label, icon=icon, expanded=is_open):
            for column in columns:
                proposal = proposals.get(column.name)
                made = column_form.rule(column, proposal, found, f"{key}-{column.name}")
                if made is not None:
                    rules[column.name] = made
    if found.unused:
        st.text(formats.shortened("Not used: " + ", ".join(found.unused), 400))
    return {column: rules[column] for column in feed.names if column in rules}


def _is_open(proposals: dict[str, Any], column: Any) -> bool:
    one = proposals[column.name]
    return not one.is_sure and (one.is_active or one.is_required)


def _keep(found: Suggestion, key: str) -> str | None:
    """Ask what becomes of rows with the same key; silent where no key repeats."""
    if found.keep is None:
        st.text("; ".join(found.key_evidence))
        return None
    st.text("to decide: " + "; ".join(found.key_evidence))
    return st.selectbox(
        "Rows of the same key with other values",
        list(KEEPS),
        index=list(KEEPS).index(found.keep),
        format_func=lambda one: KEEPS[one],
        key=f"{key}-keep",
    )
