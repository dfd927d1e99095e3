"""Seasons in the journal: versions of the set-up, adjustments, approvals, decisions in season."""

import uuid
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.journal import Entry, Journal, journal_url
from ui import queries
from ui.season.setup import Setup

SETUP, ADJUSTMENT = "season_setup", "season_adjustment"
APPROVAL, ALLOCATION = "season_approval", "season_allocation"
DECISION = "season_decision"
ALLOCATED = ["item_id", "site_id", "qty_allocated", "qty_on_hand"]
MOVED = ["item_id", "from_site", "to_site", "qty"]


@dataclass(frozen=True)
class Version:
    """One version of a set-up as it was kept.

    Parameters
    ----------
    number
        From 1, in the order in which they were kept.
    setup
        The set-up.
    author, reason, recorded_at
        Who kept it, why and when (UTC).
    """

    number: int
    setup: Setup
    author: str
    reason: str
    recorded_at: pd.Timestamp


def _journal() -> Journal:
    return Journal(journal_url(queries.warehouse_path()))


def subject(season: str) -> str:
    """What entries about a season are filed under."""
    return f"season:{season}"


def _entry(
    kind: str, about: str, payload: Mapping[str, Any], author: str, reason: str, **more: str | None
) -> Entry:
    return Entry(
        kind=kind,
        subject_id=subject(about),
        author=author,
        payload=payload,
        reason=reason,
        build_id=queries.needed().build_id,
        reverses=more.get("reverses"),
        entry_id=more.get("entry_id") or str(uuid.uuid4()),
    )


def _append(*entries: Entry) -> None:
    """Add entries: all of them are kept, or none."""
    with closing(_journal()) as journal:
        journal.append(entries)


def withdraw(kind: str, season: str, entry_id: str, author: str, reason: str) -> None:
    """Take an entry back by a later one; a second click adds nothing."""
    name = str(uuid.uuid5(uuid.NAMESPACE_OID, f"withdrawn {entry_id}"))
    told = {"state": "withdrawn"}
    _append(_entry(kind, season, told, author, reason, reverses=entry_id, entry_id=name))


def _standing(kind: str, season: str, columns: Iterable[str]) -> pd.DataFrame:
    """Entries of a kind that stand, their payload in columns, oldest first."""
    with closing(_journal()) as journal:
        entries = journal.standing(kind, subject(season))
    told = pd.DataFrame(entries["payload"].to_list(), index=entries.index)
    rows = told.reindex(columns=[*columns, "state"]).assign(
        entry_id=entries["entry_id"],
        author=entries["author"],
        reason=entries["reason"],
        recorded_at=pd.to_datetime(entries["recorded_at"]),
    )
    return rows[rows["state"] != "withdrawn"].drop(columns="state").reset_index(drop=True)


def seasons_set_up() -> dict[str, str]:
    """Season -> its title, of every season that somebody set up, the newest first."""
    with closing(_journal()) as journal:
        entries = journal.entries(SETUP)
    return {told["season_id"]: told["title"] for told in reversed(entries["payload"].to_list())}


def versions(season: str) -> list[Version]:
    """Every version of a season's set-up, oldest first; the last one is in force."""
    with closing(_journal()) as journal:
        entries = journal.entries(SETUP, subject(season))
    return [
        Version(
            n,
            Setup.from_payload(row["payload"]),
            row["author"],
            row["reason"] or "",
            row["recorded_at"],
        )
        for n, row in enumerate(entries.to_dict("records"), start=1)
    ]


def keep_setup(setup: Setup, author: str, reason: str) -> None:
    """Keep a set-up as the next version; an earlier one is brought back in the same way."""
    _append(_entry(SETUP, setup.season_id, setup.payload(), author, reason))


def adjustments(season: str) -> pd.DataFrame:
    """Adjustments that stand: item_id, from_site, to_site, qty, author, reason, recorded_at."""
    return _standing(ADJUSTMENT, season, MOVED)


def adjust(season: str, moved: Mapping[str, Any], author: str, reason: str) -> None:
    """Keep one adjustment; see `MOVED`."""
    told = {name: moved[name] for name in MOVED}
    _append(_entry(ADJUSTMENT, season, told, author, reason))


def approve(
    season: str, rows: pd.DataFrame, about: Mapping[str, Any], author: str, reason: str
) -> None:
    """Approve an allocation: its rows in one entry, who, why and the totals in another.

    Parameters
    ----------
    rows
        See `ALLOCATED`.
    about
        Version of the set-up, rule, totals, and held_back: item -> units held back.
    """
    name = str(uuid.uuid4())
    columns = {column: rows[column].to_list() for column in ALLOCATED}
    before = approvals(season)
    replaced = None if before.empty else str(before["entry_id"].iloc[-1])
    told = {**about, "allocation": name}
    _append(
        _entry(ALLOCATION, name, columns, author, reason),
        _entry(APPROVAL, season, told, author, reason, reverses=replaced),
    )


TOTALS = ["qty_total", "qty_allocated", "qty_held_back"]
APPROVED = ["version", "rule", *TOTALS, "held_back", "allocation"]


def approvals(season: str) -> pd.DataFrame:
    """The approval that stands, if any: `APPROVED`, author, reason, recorded_at."""
    rows = _standing(APPROVAL, season, APPROVED)
    # An approval of an earlier version of this app names no item held back.
    held = rows["held_back"].map(lambda told: told if isinstance(told, dict) else {})
    return rows.assign(held_back=held)


def approved_rows(approval: pd.Series) -> pd.DataFrame:
    """The rows of an approval; see `ALLOCATED`."""
    with closing(_journal()) as journal:
        entries = journal.entries(ALLOCATION, subject(str(approval["allocation"])))
    return pd.DataFrame(entries["payload"].iloc[-1])


DECIDED = ["kind", "week", "item_id", "from_site", "to_site", "qty", "decision"]


def decisions(season: str) -> pd.DataFrame:
    """Decisions in season that stand: kind (move, release), week, what, and approved or refused."""
    return _standing(DECISION, season, DECIDED)


def decide(season: str, proposals: pd.DataFrame, decision: str, author: str, reason: str) -> int:
    """Approve or refuse proposals, each an entry of its own; return how many."""
    rows = proposals.assign(decision=decision)[DECIDED].to_dict("records")
    _append(
        *(
            _entry(DECISION, season, {str(k): v for k, v in row.items()}, author, reason)
            for row in rows
        )
    )
    return len(rows)
