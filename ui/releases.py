"""Approved proposals for the client's system: PO lines in the feed's own format, and transfers."""

from typing import Any

import pandas as pd
import streamlit as st

from data import decisions
from ui import desk, exports, formats, queries

FEED = (
    "po_id", "line_no", "supplier_id", "item_id", "site_id", "order_date", "need_date",
    "promised_date", "qty_ordered", "unit_price",
)  # fmt: skip
TRANSFER = (
    "transfer_id", "item_id", "from_site_id", "to_site_id", "qty", "transfer_date", "why",
    "approved_by", "reason", "proposal_id",
)  # fmt: skip


def purchase_lines(rows: pd.DataFrame) -> pd.DataFrame:
    """Turn approved purchases into rows of the feed `purchase_order_lines`, all of them text.

    Parameters
    ----------
    rows
        Decided proposals, as `desk.history` has them.

    Returns
    -------
    DataFrame
        One order of one line per proposal; its number is that of the proposal, so that the same
        file loaded twice is one order. No date is promised yet: that is the supplier's to say.
    """
    bought = rows[(rows["kind"] == "purchase") & rows["decision"].isin(decisions.ORDERED)]
    ordered = pd.to_datetime(bought["decided_as_of"])
    ahead = pd.to_timedelta((bought["lead_days"] + bought["review_days"]).round(), unit="D")
    return pd.DataFrame(
        {
            "po_id": "SD-" + bought["proposal_id"],
            "line_no": "10",
            "supplier_id": bought["supplier_id"],
            "item_id": bought["item_id"],
            "site_id": bought["site_id"],
            "order_date": ordered.dt.strftime("%Y-%m-%d"),
            "need_date": (ordered + ahead).dt.strftime("%Y-%m-%d"),
            "promised_date": "",
            "qty_ordered": [f"{qty:g}" for qty in bought["decided_qty"]],
            "unit_price": [f"{cost:g}" for cost in bought["unit_cost"]],
        },
        columns=list(FEED),
    ).reset_index(drop=True)


def transfer_lines(rows: pd.DataFrame) -> pd.DataFrame:
    """Turn approved transfers into a list of what to ship from site to site, all of it text.

    Parameters
    ----------
    rows
        Decided proposals, as `desk.history` has them.

    Returns
    -------
    DataFrame
        One line per proposal, numbered as purchases are. Its date is that of the decision.
    """
    moved = rows[(rows["kind"] == "transfer") & rows["decision"].isin(decisions.ORDERED)]
    return pd.DataFrame(
        {
            "transfer_id": "SD-" + moved["proposal_id"],
            "item_id": moved["item_id"],
            "from_site_id": moved["from_site_id"],
            "to_site_id": moved["site_id"],
            "qty": [f"{qty:g}" for qty in moved["decided_qty"]],
            "transfer_date": pd.to_datetime(moved["decided_as_of"]).dt.strftime("%Y-%m-%d"),
            "why": moved["why"],
            "approved_by": moved["author"],
            "reason": moved["reason"].fillna(""),
            "proposal_id": moved["proposal_id"],
        },
        columns=list(TRANSFER),
    ).reset_index(drop=True)


def offer(known: pd.DataFrame) -> None:
    """Offer what is approved and not released yet; taking a file releases what is in it."""
    waits = known[known["decision"].isin(decisions.ORDERED) & known["released_at"].isna()]
    bought, moved = (waits[waits["kind"] == kind] for kind in ("purchase", "transfer"))
    done = int(known["released_at"].notna().sum())
    if bought.empty:
        st.text(
            "No approved purchase waits to be released"
            + (f"; {formats.lines(done, 'proposal')} released so far." if done else ".")
        )
    else:
        value = float((bought["decided_qty"] * bought["unit_cost"]).sum())
        st.text(
            f"{formats.lines(len(bought), 'approved purchase')} worth "
            f"{formats.money(value, desk.currency())} not released yet. The file has the format of "
            "the feed purchase_order_lines: your system can take it, and so can Load data."
        )
        _files(bought, purchase_lines(bought), "purchase_order_lines", "release")
    if not moved.empty:
        st.text(
            f"{formats.lines(len(moved), 'approved transfer')} not released yet. The file lists "
            "what to ship from which site to which."
        )
        _files(moved, transfer_lines(moved), "transfers", "release-transfers")


def _files(ready: pd.DataFrame, lines: pd.DataFrame, stem: str, key: str) -> None:
    """Offer lines as CSV and XLSX; taking either releases their proposals."""
    build = queries.needed().build_id
    with st.container(horizontal=True):
        for label, make, name, mime in (
            ("CSV", exports.bare_csv, f"{stem}-{build}.csv", "text/csv"),
            ("Excel (XLSX)", exports.bare_xlsx, f"{stem}-{build}.xlsx", None),
        ):
            st.download_button(
                label, make(lines), name, mime, icon=":material/download:", key=f"{key}-{label}",
                on_click=release, args=(ready.to_dict("records"),),
            )  # fmt: skip


def release(rows: list[dict[Any, Any]]) -> None:
    """Keep in the journal that these left for the client's system."""
    name = str(st.session_state.get("decider") or "").strip() or "page"
    desk.write(decisions.seen(decisions.RELEASED, rows, name, queries.needed().build_id))
