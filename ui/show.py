"""Findings and tables, each with its download. Data reach the page as text, never markdown."""

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from ui import exports, formats
from ui.charts import Finding, spec

ROWS = 25

MOST_DRAWN = 10_000
"""Rows of a table on the page, whatever is asked for: a browser scrolls no more. The download has
all."""

ROW_HEIGHT = 32


def minute(moment: pd.Timestamp) -> str:
    """Write a point in time to the minute: '14 Jun 2026 06:05'."""
    return "" if formats.is_missing(moment) else f"{formats.day(moment)} {moment:%H:%M}"


def yes_no(flag: bool) -> str:
    """Write a flag as a word."""
    return "yes" if flag else "no"


def scaled(divisor: float) -> Callable[[float], str]:
    """Make a writer of money in the unit that stands in the heading of its column."""
    places = 1 if divisor > 1 else 0
    return lambda value: (
        "" if formats.is_missing(value) else f"{value / divisor:,.{places}f}".replace("-", "\u2212")
    )


def download(frame: pd.DataFrame, name: str, provenance: exports.Provenance, key: str) -> None:
    """Offer the rows as CSV and XLSX; the file is made only when it is asked for."""
    with st.popover("Download", icon=":material/download:", type="tertiary", key=f"download-{key}"):
        st.download_button(
            "CSV",
            lambda: exports.to_csv(frame, provenance),
            f"{name}-{provenance.build_id}.csv",
            "text/csv",
            key=f"csv-{key}",
            on_click="ignore",
            width="stretch",
        )
        st.download_button(
            "Excel (XLSX)",
            lambda: exports.to_xlsx(frame, provenance),
            f"{name}-{provenance.build_id}.xlsx",
            key=f"xlsx-{key}",
            on_click="ignore",
            width="stretch",
        )


def finding(
    found: Finding,
    rows: pd.DataFrame,
    *,
    name: str,
    provenance: exports.Provenance,
    on_select: Callable[[], None] | None = None,
    key: str | None = None,
) -> None:
    """Draw a chart under the sentence that says its finding, and offer its rows.

    Parameters
    ----------
    rows
        What the download holds.
    name
        Name of the file and of the widgets.
    on_select
        What to do when a mark is chosen.
    key
        Names the chart when marks can be chosen.
    """
    # Columns, for in a row a long title would push the button below instead of wrapping beside it.
    says, takes = st.columns([3.4, 1], gap="xsmall")
    says.text(found.title)
    with takes.container(horizontal_alignment="right"):
        download(rows, name, provenance, name)
    drawn = spec(found.chart)
    if on_select is None:
        st.vega_lite_chart(spec=drawn, alt=found.said)
    else:
        st.vega_lite_chart(spec=drawn, alt=found.said, on_select=on_select, key=key)
    if found.below is not None:
        st.vega_lite_chart(spec=spec(found.below), alt=found.below_said)


@dataclasses.dataclass(frozen=True)
class Column:
    """How one column of a table reads.

    Attributes
    ----------
    name
        Column of the frame.
    label
        Its heading.
    write
        Turns a cell into what is shown; sorting still goes by the cell itself.
    rated_by
        Column with the n of a share: it decides the decimals where `write` does not, and shares of
        few lines are greyed. It need not be shown itself.
    says
        Explains the heading; empty when it needs no explanation.
    pinned
        Whether the column stays in sight when the table is scrolled sideways.
    width
        'small', 'medium' or 'large'; None for what the cells need.
    is_optional
        Whether the column is left out where no row has a value: a client without prices.
    is_figure
        Whether the cells are figures written out beforehand, to be set to the right as numbers are.
    """

    name: str
    label: str
    write: Callable[[Any], str] | None = None
    rated_by: str = ""
    says: str = ""
    pinned: bool = False
    width: Any = None
    is_optional: bool = False
    is_figure: bool = False


def table(
    rows: pd.DataFrame,
    columns: list[Column],
    *,
    name: str,
    said: str,
    provenance: exports.Provenance,
    story: Callable[[int], None] | None = None,
    story_label: str = "Open",
    most: int = ROWS,
    picked: str | None = None,
    order: str = "",
    of: int | None = None,
) -> list[int]:
    """Draw the first rows with a way to all of them, and offer all as a download.

    Parameters
    ----------
    said
        What the table holds, for screen readers.
    story
        Opens the row at a position; draws a button at the start of each row.
    story_label
        What the button says.
    most
        How many rows are shown at first.
    picked
        Key of the choice of rows, where rows can be chosen.
    order
        By what the rows are ordered, in words: 'the most missed units first'. A table that shows
        only some of its rows says how many of how many, and by which order they were chosen.
    of
        How many rows there are, where `rows` are only the first of them.

    Returns
    -------
    list of int
        Positions of the rows chosen.
    """
    total, reach = max(len(rows), of or 0), min(len(rows), MOST_DRAWN)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if len(rows) > most:
            which = "all" if reach == total else "the first"
            everything = st.toggle(f"Show {which} {reach:,} rows", key=f"all-{name}")
        else:
            everything = True
            st.caption(formats.lines(total, "row"))
        download(rows, name, provenance, name)
    shown = rows.head(reach if everything else most)
    if order and len(shown) < total:
        st.caption(cut(len(shown), len(rows), total, order))
    columns = [one for one in columns if not one.is_optional or rows[one.name].notna().any()]
    shown = shown.reset_index(drop=True)
    drawn = shown[[column.name for column in columns]].copy()
    config: dict[str, Any] = {
        column.name: st.column_config.Column(
            column.label,
            help=column.says or None,
            pinned=column.pinned,
            width=column.width,
            alignment="right" if column.is_figure else None,
        )
        for column in columns
    }
    if story is not None:
        click = f"story-{name}"
        drawn.insert(0, "story", story_label)
        config["story"] = st.column_config.ButtonColumn(
            " ", key=click, on_click=_open, args=(story, click), pinned=True, width="small"
        )
    choosing: dict[str, Any] = {}
    if picked is not None:
        choosing = {"on_select": "rerun", "selection_mode": "multi-row", "key": picked}
    event: Any = st.container(key=f"table-{name}").dataframe(
        styled(drawn, columns, shown),
        column_config=config,
        hide_index=True,
        height=min(len(drawn), max(most, ROWS)) * ROW_HEIGHT + ROW_HEIGHT + 4,
        row_height=ROW_HEIGHT,
        placeholder="",
        alt=f"{said}, {order}" if order else said,
        **choosing,
    )
    return [] if picked is None else list(event.selection.rows)


def cut(shown: int, held: int, total: int, order: str) -> str:
    """Say how many rows of how many are shown, by what order, and how many can be had.

    Parameters
    ----------
    shown, held, total
        Rows in sight, rows of the download, and rows that there are.
    """
    said = f"{shown:,} of {formats.lines(total, 'row')}, {order}"
    return said if held == total else f"{said}; the download holds the first {held:,}"


def styled(drawn: pd.DataFrame, columns: list[Column], rows: pd.DataFrame | None = None) -> Styler:
    """Write each cell as its column says, shares with the decimals that their n carries.

    Parameters
    ----------
    rows
        What `drawn` was taken from, with columns of n that are not drawn.
    """
    style = drawn.style.format(
        cast(Any, {column.name: column.write for column in columns if column.write is not None})
    )
    for column in columns:
        if not column.rated_by:
            continue
        counts = (drawn if rows is None else rows)[column.rated_by]
        sizes = () if column.write else ((1, counts <= 100), (1000, counts > 100))
        for n, places in sizes:
            writer = partial(formats.rate, n=n)
            style = style.format(cast(Any, writer), subset=(drawn.index[places], [column.name]))
        few = drawn.index[counts < formats.FEW]
        style = style.set_properties(subset=(few, [column.name]), color="#8A94A0")
    return style


def _open(story: Callable[[int], None], click: str) -> None:
    """Hand the clicked row on."""
    story(st.session_state[click].row)
