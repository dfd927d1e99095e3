"""The set-up of a season as it is edited: dates and rule, items, stores, waves, files, versions."""

from dataclasses import replace
from typing import Any, cast

import pandas as pd
import streamlit as st

from forecasting.season.allocation import Rule
from forecasting.season.faults import SeasonError
from forecasting.season.seasons import EVENTS
from ui import formats, queries, show
from ui.season import choosing, records, workbook
from ui.season.setup import WITHOUT_EVENT, Setup, typed

RULES = {
    "probability": "same chance of lasting everywhere",
    "proportional": "in proportion to the forecast",
    "percent": "same percentage of every need",
    "quota": "by agreed quotas",
    "priority": "by rank, then by demand",
}
"""Rule of the engine and how people call it."""
EVENT_NAMES = {"": "found from the dates", WITHOUT_EVENT: "none"} | {
    name: name.capitalize() for name in EVENTS
}
NUMBER: Any = st.column_config.NumberColumn
LOADED = "season loaded"
"""Session key of a set-up that came from a file and is not kept yet."""


TABS = ("Dates and rule", "Items and buy", "Stores and limits", "Waves", "Files", "Versions")


def edited(choice: choosing.Choice) -> Setup:
    """Draw the editors over the set-up in force and return it as it stands in them."""
    season, number, loaded = st.session_state.get(LOADED, ("", 0, None))
    base = loaded if season == choice.season_id and loaded is not None else choice.setup
    key = f"{choice.season_id}-{choice.version}-{number if base is loaded else 0}"
    with st.container(border=True):
        # The accent of the theme is too dark for text on the dark ground; this blue is not.
        dates, items, sites, waves, files, past = st.tabs([f":blue[{name}]" for name in TABS])
        with dates:
            setup = _dates(base, key)
        try:
            with items:
                setup = replace(setup, items=_items(base, key))
            with sites:
                setup = replace(setup, sites=_sites(base, key))
            with waves:
                setup = replace(setup, waves=_waves(base, key))
        except SeasonError as fault:
            st.error("A cell cannot be used:", icon=":material/block:")
            st.text(str(fault))
        with files:
            _files(choice, setup)
        with past:
            _versions(choice)
        _keep(choice, setup)
    return setup


def is_kept(choice: choosing.Choice, setup: Setup) -> bool:
    """Whether what stands in the editors is the version in force."""
    return bool(choice.versions) and setup.payload() == choice.setup.payload()


def _dates(base: Setup, key: str) -> Setup:
    left, middle, right = st.columns(3)
    title = left.text_input("Name", base.title, max_chars=80, key=f"title-{key}")
    start = middle.date_input("First day", base.start, key=f"start-{key}")
    end = right.date_input("Last day", base.end, key=f"end-{key}")
    rule = left.selectbox(
        "Rule",
        list(RULES),
        list(RULES).index(base.rule),
        format_func=RULES.__getitem__,
        key=f"rule-{key}",
        help="The last three are for shortages: no store gets more than it needs until all needs "
        "are met.",
    )
    event = middle.selectbox(
        "Reference season aligned on",
        list(EVENT_NAMES),
        list(EVENT_NAMES).index(base.event),
        format_func=EVENT_NAMES.__getitem__,
        key=f"event-{key}",
        help="The same weeks a year before, moved so that the holiday falls in the same week.",
    )
    reference = right.date_input(
        "Or: reference season starts on", base.reference, key=f"reference-{key}"
    )
    counts = st.toggle(
        "Count the stock that stores have",
        base.counts_stock,
        key=f"stock-{key}",
        help="Of the last snapshot in the four weeks before the start. It is never taken away.",
    )
    is_fine = st.toggle(
        "Finer shares, slower",
        base.is_fine,
        key=f"fine-{key}",
        help="Asks the demand model of every item and store too; takes about ten times as long.",
    )
    return replace(
        base,
        title=title or base.title,
        start=start,
        end=end,
        rule=cast(Rule, rule),
        event=event,
        reference=reference,
        counts_stock=counts,
        is_fine=is_fine,
    )


def _items(base: Setup, key: str) -> pd.DataFrame:
    st.caption(
        "One row per item. A new item that never sold says what it is like, and how large it will "
        "be beside it; without a word it sells as its family does."
    )
    config = {
        "item_id": st.column_config.TextColumn("Item", required=True, pinned=True),
        "qty_total": NUMBER("Total buy, units", min_value=0, format="localized", required=True),
        "qty_held_back": NUMBER("Held back, units", min_value=0, format="localized"),
        "pack": NUMBER("Pack, units", min_value=0, help="Blank: single units."),
        "like": st.column_config.TextColumn("Like item", help="For an item that never sold."),
        "like_size": NUMBER("Size beside it", min_value=0, help="1 is as much as the other."),
    }
    return _table(base.items, "items", config, key, "Items of the season with their buy")


def _sites(base: Setup, key: str) -> pd.DataFrame:
    st.caption(
        "Only stores with something special need a row; a row without an item holds for all items. "
        "Every store that sells an item gets it unless it is closed here. A new store says which "
        "one it is like."
    )
    qty: dict[str, Any] = {"min_value": 0, "format": "localized"}
    config = {
        "site_id": st.column_config.TextColumn("Store", required=True, pinned=True),
        "item_id": st.column_config.TextColumn("Item", help="Blank: all items."),
        "is_open": st.column_config.CheckboxColumn("Open", help="Unticked: nothing is sent."),
        "qty_on_hand": NUMBER("On hand", format="localized", help="Blank: as in the data."),
        "qty_presentation": NUMBER(
            "Presentation minimum", help="Stock that a store needs to show the item.", **qty
        ),
        "qty_min": NUMBER("At least", **qty),
        "qty_max": NUMBER("At most", **qty),
        "qty_need": NUMBER("Asked for", help="Ceiling of the shortage rules.", **qty),
        "quota": NUMBER("Quota", min_value=0),
        "rank": NUMBER("Rank", min_value=1, help="1 is served first by the rule 'by rank'."),
        "like": st.column_config.TextColumn("Like store"),
        "like_size": NUMBER("Size beside it", min_value=0),
    }
    return _table(base.sites, "sites", config, key, "Stores with limits of their own")


def _waves(base: Setup, key: str) -> pd.DataFrame:
    st.caption(
        "What does not arrive before the season: per day the percentage of what is allocated. "
        "Each wave is allocated by what is still to come when it arrives."
    )
    config = {
        "arrives_on": st.column_config.DateColumn("Arrives on", required=True),
        "item_id": st.column_config.TextColumn("Item", help="Blank: all items."),
        "percent": NUMBER("Share of the allocated, %", min_value=0, max_value=100, required=True),
    }
    return _table(base.waves, "waves", config, key, "Supply that arrives in waves")


def _table(
    rows: pd.DataFrame, name: str, config: dict[str, Any], key: str, said: str
) -> pd.DataFrame:
    shown = rows.astype({"is_open": "object"}) if "is_open" in rows else rows
    found = st.data_editor(
        shown,
        key=f"{name}-{key}",
        column_config=config,
        num_rows="dynamic",
        hide_index=True,
        height=min(len(rows) + 2, 12) * show.ROW_HEIGHT + show.ROW_HEIGHT + 4,
        row_height=show.ROW_HEIGHT,
        alt=said,
    )
    return typed(found, name)


def _files(choice: choosing.Choice, setup: Setup) -> None:
    """Take a set-up from a file into the editors, and the whole set-up away as one."""
    st.caption(
        "A workbook with the sheets season, items, sites and waves (any of them), or one table as "
        "CSV. It fills the editors; nothing is kept before you keep it."
    )
    left, right = st.columns(2, vertical_alignment="bottom")
    file = left.file_uploader("Set-up from a file", type=["xlsx", "csv"], key="season-file")
    if file is not None and left.button("Fill the editors", icon=":material/input:"):
        try:
            filled = workbook.from_sheets(workbook.read(file.name, file.getvalue()), setup)
        except SeasonError as fault:
            left.error("This file cannot be used:", icon=":material/block:")
            left.text(str(fault))
        else:
            number = st.session_state.get(LOADED, ("", 0, None))[1] + 1
            st.session_state[LOADED] = (choice.season_id, number, filled)
            st.rerun()
    right.download_button(
        "Set-up as a workbook",
        lambda: workbook.to_xlsx(setup),
        f"{choice.season_id}-setup.xlsx",
        icon=":material/download:",
        on_click="ignore",
        key="setup-xlsx",
    )


def _versions(choice: choosing.Choice) -> None:
    """List every version that was kept, each with the way to bring it back."""
    if not choice.versions:
        st.info("As the data have it; no version has been kept yet.", icon=":material/info:")
        return
    newest = list(reversed(choice.versions))
    rows = pd.DataFrame(
        [
            {
                "version": version.number,
                "recorded_at": version.recorded_at,
                "author": version.author,
                "reason": version.reason,
                "n_items": len(version.setup.items),
                "qty_total": version.setup.items["qty_total"].sum(),
            }
            for version in newest
        ]
    )
    columns = [
        show.Column("version", "Version", formats.count, pinned=True),
        show.Column("recorded_at", "Kept (UTC)", show.minute),
        show.Column("author", "By"),
        show.Column("reason", "Why", width="medium"),
        show.Column("n_items", "Items", formats.count),
        show.Column("qty_total", "Total buy, units", formats.count),
    ]
    show.table(
        rows,
        columns,
        name="versions",
        said="Versions of the set-up, the newest first",
        provenance=queries.provenance([], f"Season: {choice.season_id}"),
        story=lambda place: choosing.again(choice, newest[place]),
        story_label="Bring back",
    )


def _keep(choice: choosing.Choice, setup: Setup) -> None:
    """Say whether the editors differ from the version in force, and keep them as the next one."""
    if is_kept(choice, setup):
        st.caption(f"Version {choice.version}, as it was kept.")
        return
    changed = f"changed against version {choice.version}" if choice.versions else "as in the data"
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    reason = left.text_input(
        f"Not kept yet ({changed}): why this set-up?", max_chars=300, key="setup-reason"
    )
    right.button(
        "Keep the set-up",
        icon=":material/save:",
        disabled=not (reason.strip() and choosing.signed()),
        help="Needs a reason, and your name at the top.",
        on_click=_write,
        args=(choice, setup, reason.strip()),
        width="stretch",
    )


def _write(choice: choosing.Choice, setup: Setup, reason: str) -> None:
    records.keep_setup(setup, choosing.signed(), reason)
    st.session_state.pop(LOADED, None)
    st.session_state["setup-reason"] = ""
    choosing.say("done", f"Kept as version {choice.version + 1}.")
