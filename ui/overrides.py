"""Overrides of a forecast: written to the journal beside the baseline, never into it."""

import datetime as dt
import uuid
from contextlib import closing

import pandas as pd
import streamlit as st

from data.journal import Entry, Journal, journal_url
from ui import formats, queries, show

KIND = "forecast_override"
PAYLOAD = ["item_id", "site_id", "period_date", "qty", "baseline"]
COLUMNS = ["entry_id", *PAYLOAD, "author", "reason"]
NAME = "override-author"
"""Key of the reader's name."""


def _journal() -> Journal:
    return Journal(journal_url(queries.warehouse_path()))


def subject(item: str, site: str) -> str:
    """What overrides of an item at a site are filed under."""
    return f"forecast:{item}@{site}"


def standing(item: str | None = None, site: str | None = None) -> pd.DataFrame:
    """The overrides that stand, of one item and site or of all, oldest first.

    Of several for one period the last stands.
    """
    named = None if item is None or site is None else subject(item, site)
    with closing(_journal()) as journal:
        entries = journal.standing(KIND, named)
    if entries.empty:
        return pd.DataFrame(columns=COLUMNS)
    # A withdrawal names no quantity; where nothing else is left there would be no such column.
    told = pd.DataFrame(entries["payload"].to_list()).reindex(columns=[*PAYLOAD, "state"])
    rows = told.assign(
        entry_id=entries["entry_id"], author=entries["author"], reason=entries["reason"]
    )
    rows = rows[rows["state"] == "stands"]
    rows = rows.assign(period_date=pd.to_datetime(rows["period_date"]))
    return rows.drop_duplicates(["item_id", "site_id", "period_date"], keep="last")[COLUMNS]


def write(item: str, site: str, payload: dict[str, object], author: str, reason: str) -> None:
    """Add an override of one period: its quantity, and the baseline as it was shown."""
    _append(item, site, {**payload, "state": "stands"}, author, reason=reason)


def withdraw(row: pd.Series, author: str) -> None:
    """Take an override back by a later entry; a second click adds nothing."""
    told = {
        "item_id": row["item_id"],
        "site_id": row["site_id"],
        "period_date": f"{row['period_date']:%Y-%m-%d}",
        "state": "withdrawn",
    }
    entry_id = str(row["entry_id"])
    name = str(uuid.uuid5(uuid.NAMESPACE_OID, f"withdrawn {entry_id}"))
    _append(
        row["item_id"],
        row["site_id"],
        told,
        author,
        reason="withdrawn",
        reverses=entry_id,
        entry_id=name,
    )


def _append(
    item: str,
    site: str,
    payload: dict[str, object],
    author: str,
    *,
    reason: str,
    reverses: str | None = None,
    entry_id: str | None = None,
) -> None:
    entry = Entry(
        kind=KIND,
        subject_id=subject(item, site),
        author=author,
        payload={"item_id": item, "site_id": site, **payload},
        reason=reason,
        build_id=queries.needed().build_id,
        reverses=reverses,
        entry_id=entry_id or str(uuid.uuid4()),
    )
    with closing(_journal()) as journal:
        journal.append([entry])


def form(item: str, site: str, ahead: pd.DataFrame, every: str) -> None:
    """Let the planner put a number of their own beside the forecast of one period."""
    periods = dict(zip(ahead["period_date"], ahead["qty_expected"], strict=True))
    author = st.text_input("Your name", max_chars=80, key=NAME).strip()
    with st.form("override", clear_on_submit=True, border=True):
        left, right = st.columns(2)
        period = left.selectbox(
            every.capitalize(), list(periods), format_func=lambda day: formats.period(day, every)
        )
        qty = right.number_input("Quantity", min_value=0.0, value=None, step=1.0)
        reason = st.text_input("Reason", max_chars=300, placeholder="What do you know?").strip()
        if st.form_submit_button("Keep beside the forecast", icon=":material/edit_note:"):
            if qty is None or not (reason and author):
                st.warning("An override needs a quantity, a reason and your name.")
                return
            told: dict[str, object] = {
                "period_date": f"{period:%Y-%m-%d}",
                "qty": qty,
                "baseline": float(periods[period]),
            }
            write(item, site, told, author, reason)
            st.success("Kept. The forecast itself is unchanged.", icon=":material/check_circle:")


def listed(item: str, site: str, every: str, as_of: dt.date) -> None:
    """List the overrides of an item at a site that can still be taken back.

    One whose period has ended is judged and stays: taking it back then would flatter its author.
    """
    every_row = standing(item, site)
    is_over = _has_ended(every_row, every, as_of)
    rows = every_row[~is_over].reset_index(drop=True)
    if is_over.any():
        st.caption(f"{formats.lines(int(is_over.sum()), every)} with an override ended: see below.")
    if rows.empty:
        st.info("No override stands for this part and site.", icon=":material/info:")
        return

    def take_back(place: int) -> None:
        author = str(st.session_state.get(NAME, "")).strip()
        if author:
            withdraw(rows.iloc[place], author)
        else:
            st.toast("Write your name first; then withdraw.", icon=":material/warning:")

    columns = [
        show.Column("period_date", every.capitalize(), lambda day: formats.period(day, every)),
        show.Column("qty", "Override", formats.quantity),
        show.Column("baseline", "Forecast then", rounded),
        show.Column("reason", "Reason", width="medium"),
        show.Column("author", "By"),
    ]
    show.table(
        rows,
        columns,
        name="overrides",
        said="Overrides that stand",
        provenance=queries.provenance([], f"{item} at {site}"),
        story=take_back,
        story_label="Withdraw",
    )


def rounded(value: float) -> str:
    """Write a quantity without false digits: whole from 10 on, else one decimal."""
    if formats.is_missing(value):
        return ""
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:,.1f}"


def _has_ended(rows: pd.DataFrame, every: str, as_of: dt.date) -> "pd.Series[bool]":
    unit = {"week": "W", "month": "M"}[every]
    ends = [
        pd.Timestamp(day).to_period(unit).end_time.date() <= as_of for day in rows["period_date"]
    ]
    return pd.Series(ends, index=rows.index, dtype=bool)


def scored(every: str, as_of: dt.date) -> pd.DataFrame:
    """By author: overrides whose period has ended, and the error they saved against the forecast.

    Returns
    -------
    DataFrame
        author, n, qty_actual, off_forecast, off_override, saved [units], cost_saved [money, of the
        items that have a unit cost].
    """
    rows = standing()
    rows = rows[_has_ended(rows, every, as_of)]
    if rows.empty:
        return pd.DataFrame(columns=["author", "n"])
    items = sorted(rows["item_id"].unique())
    known = queries.ask("demand_of_periods", unit=every, item_ids=items).rename(
        columns={"qty": "qty_actual"}
    )
    known["period_date"] = pd.to_datetime(known["period_date"])
    keys = ["item_id", "site_id", "period_date"]
    met = rows.astype({"period_date": known["period_date"].dtype}).merge(known, on=keys, how="left")
    met = met.merge(queries.ask("item_costs", item_ids=items), on="item_id", how="left")
    actual = met["qty_actual"].fillna(0.0)
    met = met.assign(
        qty_actual=actual,
        off_forecast=(met["baseline"] - actual).abs(),
        off_override=(met["qty"] - actual).abs(),
        n=1,
    )
    met["saved"] = met["off_forecast"] - met["off_override"]
    met["cost_saved"] = met["saved"] * met["unit_cost"].fillna(0.0)
    told = ["n", "qty_actual", "off_forecast", "off_override", "saved", "cost_saved"]
    return met.groupby("author", as_index=False)[told].sum()
