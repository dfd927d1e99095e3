"""Agreed actions and reviews of a supplier: written to the journal, never changed in place."""

import datetime as dt
import uuid
from contextlib import closing
from typing import Any

import pandas as pd
import streamlit as st

from data.journal import Entry, Journal, journal_url
from ui import filters, formats, queries, show

ACTION, REVIEW = "action", "review"
NOTHING = pd.DataFrame(
    columns=["entry_id", "what", "owner", "due", "state", "author", "closed_by", "written"]
)


def subject(supplier: str) -> str:
    """What entries about a supplier are filed under."""
    return f"supplier:{supplier}"


def _journal() -> Journal:
    return Journal(journal_url(queries.warehouse_path()))


def actions(supplier: str) -> pd.DataFrame:
    """The actions agreed with a supplier as they stand: what, owner, due day, state, by whom."""
    with closing(_journal()) as journal:
        standing = journal.standing(ACTION, subject(supplier))
        authors = journal.entries(ACTION, subject(supplier)).set_index("entry_id")["author"]
    if standing.empty:
        return NOTHING
    told = pd.DataFrame(standing["payload"].to_list())
    is_done = told["state"] == "done"
    return told.assign(
        due=pd.to_datetime(told["due"]),
        entry_id=standing["entry_id"],
        author=standing["reverses"].map(authors).where(is_done, standing["author"]),
        closed_by=standing["author"].where(is_done),
        written=standing["recorded_at"],
    )


def closed_since_review(supplier: str) -> pd.DataFrame:
    """The actions closed after the last review was, all that were closed before the first."""
    found, held = actions(supplier), _reviews(supplier)
    done = found[found["state"] == "done"]
    return done if held.empty else done[done["written"] > held["recorded_at"].iloc[-1]]


def _reviews(supplier: str) -> pd.DataFrame:
    """The reviews that were closed, oldest first."""
    with closing(_journal()) as journal:
        return journal.standing(REVIEW, subject(supplier))


def last_review(supplier: str) -> dt.date | None:
    """Day of the last review that was closed; None before the first."""
    held = _reviews(supplier)
    return None if held.empty else dt.date.fromisoformat(held["payload"].iloc[-1]["held_on"])


def reviews_said(supplier: str) -> str:
    """Say when the last review was, and when the next is to be."""
    held = _reviews(supplier)
    if held.empty:
        return "No review yet."
    told = held["payload"].iloc[-1]
    said = f"Last review: {formats.day(dt.date.fromisoformat(told['held_on']))}."
    if "next_on" not in told:
        return said
    return f"{said} Next review: {formats.day(dt.date.fromisoformat(told['next_on']))}."


def write(supplier: str, kind: str, author: str, payload: dict[str, str], **more: str) -> None:
    """Add one entry."""
    entry = Entry(
        kind=kind,
        subject_id=subject(supplier),
        author=author,
        payload=payload,
        build_id=queries.needed().build_id,
        reverses=more.get("reverses"),
        entry_id=more.get("entry_id") or str(uuid.uuid4()),
    )
    with closing(_journal()) as journal:
        journal.append([entry])


def agree(supplier: str) -> None:
    """Let the reader write down an action."""
    with st.container(border=True):
        st.text_input("Action", max_chars=300, key="action", placeholder="What was agreed?")
        left, middle, right = st.columns(3)
        left.text_input("Owner", max_chars=80, key="owner")
        later = queries.needed().as_of_date + dt.timedelta(days=28)
        middle.date_input("Due", value=later, key="due")
        right.text_input("Written by", max_chars=80, key="author")
        st.button(
            "Write it down", icon=":material/edit_note:", on_click=_write_action, args=(supplier,)
        )
    if said := st.session_state.pop("action said", None):
        kind, text = said
        (st.success if kind == "done" else st.warning)(text)


def _write_action(supplier: str) -> None:
    """Add the action that stands in the fields, and empty them."""
    state = st.session_state
    what, owner, author = (str(state[name]).strip() for name in ("action", "owner", "author"))
    if not (what and owner and author):
        state["action said"] = ("missing", "An action needs what, owner and who wrote it.")
        return
    told = {"what": what, "owner": owner, "due": state["due"].isoformat(), "state": "open"}
    write(supplier, ACTION, author, told)
    state["action"], state["owner"] = "", ""
    state["action said"] = ("done", "Written down.")


def listed(supplier: str, chosen: filters.Filters) -> None:
    """List the actions as they stand; one that is done is closed by a later entry."""
    rows = actions(supplier)
    if rows.empty:
        st.info("No action has been agreed with this supplier yet.", icon=":material/info:")
        return
    rows["late"] = (rows["state"] == "open") & (rows["due"] < pd.Timestamp(chosen.as_of))
    columns = [
        show.Column("what", "Action", width="large"),
        show.Column("owner", "Owner"),
        show.Column("due", "Due", formats.day),
        show.Column("state", "Status"),
        show.Column("late", "Overdue", show.yes_no),
        show.Column("author", "Written by"),
        show.Column("closed_by", "Closed by", is_optional=True),
    ]

    def done(place: int) -> None:
        author = str(st.session_state.get("author", "")).strip()
        st.session_state["action said"] = close(supplier, rows.iloc[place], author)

    show.table(
        rows,
        columns,
        name="actions",
        said="Actions agreed with the supplier",
        provenance=queries.provenance([], chosen.said()),
        story=done,
        story_label="Done",
    )


def close(supplier: str, action: "pd.Series[Any]", author: str) -> tuple[str, str]:
    """Close an action in the name of whoever closes it; return what to say of it.

    Parameters
    ----------
    action
        A row of `actions`.
    author
        Who closes it, as written under *Written by*.

    Returns
    -------
    'done' or 'missing', and the sentence.
    """
    if action["state"] != "open":
        return "missing", f"This action was closed already, by {action['closed_by']}."
    if not author:
        return "missing", "Say under 'Written by' who closes it, then press Done again."
    told = {"what": action["what"], "owner": action["owner"], "due": f"{action['due']:%Y-%m-%d}"}
    # One name per action that is closed: a second click adds nothing.
    name = str(uuid.uuid5(uuid.NAMESPACE_OID, f"done {action['entry_id']}"))
    write(
        supplier,
        ACTION,
        author,
        told | {"state": "done"},
        reverses=str(action["entry_id"]),
        entry_id=name,
    )
    return "done", "Closed."


def reviewed(supplier: str, chosen: filters.Filters) -> dt.date | None:
    """Say when the last review was, and let the reader close one; return its day."""
    last = last_review(supplier)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(reviews_said(supplier))
        with st.popover("Close a review", type="tertiary", icon=":material/event_available:"):
            author = st.text_input("Closed by", key="reviewer").strip()
            later = st.date_input("Next review", chosen.as_of + dt.timedelta(days=28), key="next")
            if st.button("Close", disabled=not author):
                told = {"held_on": chosen.as_of.isoformat(), "next_on": later.isoformat()}
                write(supplier, REVIEW, author, told)
                st.rerun()
    return last
