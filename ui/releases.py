"""Approved proposals for the client's system: PO lines in the feed's own format."""

from typing import Any

import pandas as pd
import streamlit as st

from data import decisions
from ui import desk, exports, formats, queries

FEED = (
    "po_id", "line_no", "supplier_id", "item_id", "site_id", "order_date", "need_date",
    "promised_date", "qty_ordered", "unit_price",
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


def offer(known: pd.DataFrame) -> None:
    """Offer what is approved and not released yet; taking the file releases it."""
    ready = known[
        (known["kind"] == "purchase")
        & known["decision"].isin(decisions.ORDERED)
        & known["released_at"].isna()
    ]
    lines = purchase_lines(ready)
    done = int(known["released_at"].notna().sum())
    if lines.empty:
        st.text(
            "No approved purchase waits to be released"
            + (f"; {formats.lines(done, 'proposal')} released so far." if done else ".")
        )
        return
    value = float((ready["decided_qty"] * ready["unit_cost"]).sum())
    st.text(
        f"{formats.lines(len(lines), 'approved purchase')} worth "
        f"{formats.money(value, desk.currency())} not released yet. The file has the format of the "
        "feed purchase_order_lines: your system can take it, and so can Load data."
    )
    build = queries.needed().build_id
    with st.container(horizontal=True):
        for label, make, name, mime in (
            ("CSV", exports.bare_csv, f"purchase_order_lines-{build}.csv", "text/csv"),
            ("Excel (XLSX)", exports.bare_xlsx, f"purchase_order_lines-{build}.xlsx", None),
        ):
            st.download_button(
                label, make(lines), name, mime, icon=":material/download:", key=f"release-{label}",
                on_click=release, args=(ready.to_dict("records"),),
            )  # fmt: skip


def release(rows: list[dict[Any, Any]]) -> None:
    """Keep in the journal that these left for the client's system."""
    name = str(st.session_state.get("decider") or "").strip() or "page"
    desk.write(decisions.seen(decisions.RELEASED, rows, name, queries.needed().build_id))
