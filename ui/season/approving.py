"""Adjust by hand, approve, and take the allocation away in the feed's own format."""

import datetime as dt
from collections.abc import Mapping
from functools import partial

import pandas as pd
import streamlit as st

from ui import exports, formats, queries, show
from ui.season import choosing, planning, records, setting_up
from ui.season.setup import Setup

FEED = [
    "season_id", "item_id", "site_id", "qty_allocated", "allocated_at", "rule", "qty_on_hand",
]  # fmt: skip
TOOL = "tool"
"""What the `allocations` feed calls an allocation that was made here."""


def adjust(choice: choosing.Choice, found: planning.Planned, item: str) -> None:
    """Let the planner move units of the chosen item from one place to another, with a reason."""
    rows = found.lines[found.lines["item_id"] == item]
    have = dict(zip(rows["site_id"], rows["qty"], strict=True))
    left = found.items[found.items["item_id"] == item].iloc[0]
    have |= {planning.HELD_BACK: left["qty_held_back"], planning.NOT_PLACED: left["qty_rest"]}
    pack = max(float(left["pack"]), 1.0)

    def place(name: str) -> str:
        return f"{name} ({formats.quantity(have[name])})"

    with st.form("adjust", border=True):
        st.text(f"Item {item}: what is added somewhere is taken from somewhere.")
        one, two, three = st.columns(3)
        names = list(have)
        one.selectbox("From", names, format_func=place, key="adjust-from")
        two.selectbox("To", names, index=1, format_func=place, key="adjust-to")
        three.number_input("Units", min_value=0.0, value=None, step=pack, key="adjust-qty")
        st.text_input("Reason", max_chars=300, placeholder="What do you know?", key="adjust-reason")
        st.form_submit_button(
            "Move",
            icon=":material/swap_horiz:",
            on_click=_move,
            args=(choice.season_id, item, have, pack),
        )


def _move(season: str, item: str, have: dict[str, float], pack: float) -> None:
    """Keep the adjustment that stands in the fields, or say what is missing."""
    state = st.session_state
    source, target, qty = state["adjust-from"], state["adjust-to"], state["adjust-qty"]
    reason = str(state["adjust-reason"]).strip()
    wrong = _wrong(qty if source != target else None, have.get(source, 0.0), pack)
    if not wrong and not (reason and choosing.signed()):
        wrong = "An adjustment needs a reason, and your name at the top of the page."
    if wrong:
        choosing.say("missing", wrong)
        return
    moved = {"item_id": item, "from_site": source, "to_site": target, "qty": qty}
    records.adjust(season, moved, choosing.signed(), reason)
    state["adjust-qty"], state["adjust-reason"] = None, ""
    choosing.say("done", f"{qty:g} of {item} moved from {source} to {target}.")


def _wrong(qty: float | None, have: float, pack: float) -> str:
    """What stands against moving so much; empty when nothing does."""
    if not qty:
        return "Say how many units, from one place to another."
    if qty > have + 1e-9:
        return f"Only {have:g} are there to be moved."
    if abs(qty / pack - round(qty / pack)) > 1e-9:
        return f"Only whole packs of {pack:g} can be sent."
    return ""


def adjusted(choice: choosing.Choice) -> None:
    """List the adjustments that stand, each with the way to take it back."""
    rows = records.adjustments(choice.season_id)
    if rows.empty:
        st.info("Nothing was moved by hand.", icon=":material/info:")
        return
    columns = [
        show.Column("item_id", "Item", pinned=True),
        show.Column("qty", "Units", formats.quantity),
        show.Column("from_site", "From"),
        show.Column("to_site", "To"),
        show.Column("reason", "Reason", width="medium"),
        show.Column("author", "By"),
        show.Column("recorded_at", "When (UTC)", show.minute),
    ]

    def withdraw(place: int) -> None:
        row = rows.iloc[place]
        author = choosing.signed() or str(row["author"])
        records.withdraw(
            records.ADJUSTMENT, choice.season_id, str(row["entry_id"]), author, "withdrawn"
        )

    show.table(
        rows,
        columns,
        name="adjustments",
        said="Adjustments by hand that stand",
        provenance=queries.provenance([], f"Season: {choice.season_id}"),
        story=withdraw,
        story_label="Withdraw",
    )


def as_feed(season: str, rows: pd.DataFrame, at: dt.datetime) -> pd.DataFrame:
    """Rows in the format of the `allocations` feed.

    Parameters
    ----------
    rows
        item_id, site_id, qty_allocated, qty_on_hand.
    at
        When it was decided, UTC.
    """
    kept = rows[rows["qty_allocated"] > 0]
    return kept.assign(season_id=season, allocated_at=_instant(at), rule=TOOL)[FEED]


def season_as_feed(setup: Setup, held_back: Mapping[str, float], at: dt.datetime) -> pd.DataFrame:
    """The items of a set-up in the format of the `seasons` feed.

    Parameters
    ----------
    held_back
        Item -> units held back after all adjustments; of an item that is not in it, as set up.
    at
        When it was decided, UTC.
    """
    items = setup.items.fillna({"qty_held_back": 0.0})
    pack = items["pack"].where(items["pack"] > 0, 1.0)
    return pd.DataFrame(
        {
            "season_id": setup.season_id,
            "item_id": items["item_id"],
            "start_date": setup.start.isoformat(),
            "end_date": setup.end.isoformat(),
            "qty_total": items["qty_total"],
            "qty_held_back": items["item_id"].map(held_back).fillna(items["qty_held_back"]),
            "pack_size": pack,
            "recorded_at": _instant(at),
        }
    )


def _instant(at: dt.datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def approve(choice: choosing.Choice, setup: Setup, found: planning.Planned) -> None:
    """Approve the allocation as it stands, or take an approval back."""
    approval = records.approvals(choice.season_id)
    if not approval.empty:
        _standing(choice, approval.iloc[-1])
    if not setting_up.is_kept(choice, setup):
        st.info("Keep the set-up first: an approval stands for a version.", icon=":material/info:")
        return
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    reason = left.text_input("Reason or remark", max_chars=300, key="approve-reason").strip()
    again = "again " if not approval.empty else ""
    right.button(
        f"Approve {again}version {choice.version}",
        icon=":material/check:",
        type="primary",
        disabled=not (reason and choosing.signed()),
        help="Needs a reason, and your name at the top of the page.",
        on_click=_approve,
        args=(choice, setup, found, reason),
        width="stretch",
    )


def _approve(choice: choosing.Choice, setup: Setup, found: planning.Planned, reason: str) -> None:
    rows = found.lines.rename(columns={"qty": "qty_allocated"})
    sums = {name: float(found.items[name].sum()) for name in records.TOTALS}
    held = found.items.set_index("item_id")["qty_held_back"].to_dict()
    about = {"version": choice.version, "rule": setup.rule, **sums, "held_back": held}
    records.approve(choice.season_id, rows, about, choosing.signed(), reason)
    st.session_state["approve-reason"] = ""
    choosing.say(
        "done",
        f"Approved: {formats.count(sums['qty_allocated'])} units of version {choice.version}.",
    )


def _standing(choice: choosing.Choice, approval: pd.Series) -> None:
    """Say what was approved, offer it as a file for the feed, and the way back."""
    at = approval["recorded_at"].to_pydatetime()
    rows = as_feed(choice.season_id, records.approved_rows(approval), at)
    with st.container(border=True):
        st.text(
            f"Approved by {approval['author']} on {show.minute(approval['recorded_at'])} UTC: "
            f"version {int(approval['version'])}, {formats.count(approval['qty_allocated'])} of "
            f"{formats.count(approval['qty_total'])} units to "
            f"{formats.lines(rows['site_id'].nunique(), 'store')}, "
            f"{formats.count(approval['qty_held_back'])} held back. {approval['reason']}"
        )
        with st.container(horizontal=True):
            version = choice.versions[int(approval["version"]) - 1]
            season = season_as_feed(version.setup, approval["held_back"], at)
            for label, name, table in (
                ("Allocation", "allocations", rows),
                ("Season", "seasons", season),
            ):
                _files(label, f"{name}_{choice.season_id}", table)
            st.button(
                "Take the approval back",
                icon=":material/undo:",
                type="tertiary",
                disabled=not choosing.signed(),
                help="Needs your name at the top of the page.",
                on_click=_take_back,
                args=(choice, str(approval["entry_id"])),
            )
        st.caption(
            "The files have the columns of the allocations and seasons feeds: load them here under "
            "Load data, so that the season can be watched and judged, and where stock is shipped."
        )


def _files(label: str, name: str, rows: pd.DataFrame) -> None:
    """Offer rows as CSV and XLSX, with nothing else in them: they are to be loaded again."""
    for ending, write in (("csv", exports.bare_csv), ("xlsx", exports.bare_xlsx)):
        st.download_button(
            f"{label} ({ending.upper()})",
            partial(write, rows),
            f"{name}.{ending}",
            icon=":material/download:",
            on_click="ignore",
            key=f"{name}-{ending}",
        )


def _take_back(choice: choosing.Choice, entry: str) -> None:
    records.withdraw(
        records.APPROVAL, choice.season_id, entry, choosing.signed(), "approval taken back"
    )
    choosing.say("done", "The approval is taken back; what was approved stays in the journal.")


def waves(found: planning.Planned) -> None:
    """List what arrives when, where the supply comes in waves."""
    if not found.waves:
        return
    rows = pd.concat(
        [wave.assign(arrives_on=pd.Timestamp(day)) for day, wave in found.waves.items()]
    )
    by_day = rows.groupby("arrives_on", as_index=False).agg(
        qty=("qty", "sum"), n_stores=("site_id", "nunique"), n_items=("item_id", "nunique")
    )
    show.table(
        by_day,
        [
            show.Column("arrives_on", "Sent", formats.day, pinned=True),
            show.Column("qty", "Units", formats.count),
            show.Column("n_items", "Items", formats.count),
            show.Column("n_stores", "Stores", formats.count),
        ],
        name="waves",
        said="Units sent by day, before adjustments",
        provenance=queries.provenance([], "waves"),
    )
