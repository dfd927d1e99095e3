"""What people decided about stock: proposals approved, changed or refused, and limits they set.

The journal keeps of each proposal when it was first shown, opened, decided and released to the
client's system. Nothing is changed in place: a decision is taken back by a later entry.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from data.journal import Entry, Journal

SHOWN, OPENED, DECISION = "proposal_shown", "proposal_opened", "proposal_decision"
RELEASED, LIMIT = "proposal_released", "stock_limit"

APPROVED, CHANGED, REFUSED, OPEN = "approved", "changed", "refused", "open"
ORDERED = (APPROVED, CHANGED)

SNAPSHOT = (
    "proposal_id", "kind", "item_id", "site_id", "from_site_id", "supplier_id", "qty", "unit_cost",
    "unit_price", "cost", "order_by_date", "expected_date", "position_qty", "lead_days",
    "review_days", "value_at_stake", "why",
)  # fmt: skip
"""Columns of a proposal that its entries keep, as it stood when it was decided."""

TIMES = ["shown_at", "opened_at", "decided_at", "released_at"]
STATE = ["decision", "decided_qty", "author", "reason", "decision_id", "decided_as_of"]

QUIET_DAYS = 28
"""Days of the data for which a refused proposal is not put again."""
AWAITED_DAYS = 14
"""Days of the data for which an approved order counts as placed before the client's file has it."""


def named(kind: str, *parts: object) -> str:
    """Name an entry by what it says, so that a second click or a retry adds nothing."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "\x1f".join([kind, *map(str, parts)])))


def part(item: str, site: str) -> str:
    """What limits of an item at a site are filed under."""
    return f"stock:{item}@{site}"


def snapshot(proposal: Mapping[Any, Any]) -> dict[str, Any]:
    """Take what an entry keeps of a proposal, in what JSON knows."""
    return {name: _plain(proposal[name]) for name in SNAPSHOT}


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    return value.item() if hasattr(value, "item") else value


def seen(
    kind: str, proposals: Iterable[Mapping[Any, Any]], author: str, build_id: str | None
) -> list[Entry]:
    """Make the entries that say that proposals were shown, opened or released, once for each."""
    return [
        Entry(
            kind=kind,
            subject_id=f"proposal:{one['proposal_id']}",
            author=author,
            payload={"proposal_id": str(one["proposal_id"])},
            build_id=build_id,
            entry_id=named(kind, one["proposal_id"], one.get("decision_id") or ""),
        )
        for one in proposals
    ]


def decided(
    proposals: Iterable[Mapping[Any, Any]],
    decision: str,
    author: str,
    reason: str,
    *,
    as_of: date,
    build_id: str | None,
    qty: float | None = None,
) -> list[Entry]:
    """Make the entries of one decision about proposals; `open` takes an earlier one back.

    Parameters
    ----------
    proposals
        Rows of proposals, with `decision_id` where one stands already.
    decision
        approved, changed, refused or open.
    qty
        The quantity that people want instead, for changed.
    as_of
        The as-of date of the figures that the decision rests on.

    Raises
    ------
    ValueError
        A change without a quantity above 0, or a refusal or change without a reason.
    """
    if decision in (CHANGED, REFUSED) and not reason.strip():
        raise ValueError("a change or a refusal needs a reason")
    if decision == CHANGED and not (qty is not None and qty > 0):
        raise ValueError("a change needs a quantity above 0; to order none, refuse")
    entries = []
    for one in proposals:
        before = _text(one.get("decision_id"))
        told = snapshot(one) | {"decision": decision, "as_of": as_of.isoformat()}
        ordered = {APPROVED: one["qty"], CHANGED: qty}.get(decision, 0.0)
        told["decided_qty"] = float(ordered or 0.0)
        entries.append(
            Entry(
                kind=DECISION,
                subject_id=f"proposal:{one['proposal_id']}",
                author=author,
                payload=told,
                reason=reason.strip() or None,
                build_id=build_id,
                reverses=before,
                entry_id=named(DECISION, one["proposal_id"], before or "", decision, qty),
            )
        )
    return entries


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def limit(
    item: str, site: str, author: str, reason: str, *, build_id: str | None, **limits: Any
) -> Entry:
    """Make the entry of limits of a part at a site: min_level, max_level, is_stocked; None is none.

    Raises
    ------
    ValueError
        A level below 0, or a minimum above the maximum.
    """
    least, most = limits.get("min_level"), limits.get("max_level")
    if any(level is not None and level < 0 for level in (least, most)):
        raise ValueError("a level is 0 or more")
    if least is not None and most is not None and least > most:
        raise ValueError(f"the minimum {least:g} is above the maximum {most:g}")
    told = {name: limits.get(name) for name in ("min_level", "max_level", "is_stocked")}
    return Entry(
        kind=LIMIT,
        subject_id=part(item, site),
        author=author,
        payload={"item_id": item, "site_id": site, **told},
        reason=reason.strip() or None,
        build_id=build_id,
    )


def limits(journal: Journal) -> pd.DataFrame:
    """The limits that stand, the last of each part and site.

    Returns
    -------
    DataFrame
        item_id, site_id, min_level, max_level, is_stocked (None: not decided), author, reason.
    """
    columns = ["item_id", "site_id", "min_level", "max_level", "is_stocked"]
    entries = journal.standing(LIMIT)
    if entries.empty:
        return pd.DataFrame(columns=[*columns, "author", "reason"])
    told = pd.DataFrame(entries["payload"].to_list())[columns]
    told = told.assign(author=entries["author"], reason=entries["reason"])
    last = told.drop_duplicates(["item_id", "site_id"], keep="last")
    says = last[["min_level", "max_level", "is_stocked"]].notna().any(axis=1)
    return last[says].reset_index(drop=True)


def _happened(entries: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    """When each entry happened: what it says itself, where it was kept elsewhere before."""
    kept = pd.to_datetime(entries["recorded_at"])
    told = [
        pd.Timestamp(payload.get("at") or own)
        for payload, own in zip(entries["payload"], kept, strict=True)
    ]
    return pd.Series(told, index=entries.index, dtype="datetime64[us]")


def _when(journal: Journal, kind: str) -> Any:
    """Times of the entries of a kind, grouped by proposal."""
    entries = journal.standing(kind)
    return _happened(entries).groupby(entries["subject_id"].str.removeprefix("proposal:"))


def history(journal: Journal) -> pd.DataFrame:
    """What became of each proposal: when it was first shown, opened, decided and released.

    Returns
    -------
    DataFrame
        One row per proposal in the journal: the columns of TIMES (UTC, NaT where it has not
        happened) and STATE, and those of SNAPSHOT where it was decided. A decision taken back
        leaves its proposal undecided.
    """
    firsts = [
        _when(journal, SHOWN).min().rename("shown_at"),
        _when(journal, OPENED).min().rename("opened_at"),
        _when(journal, RELEASED).max().rename("released_at"),
    ]
    entries = journal.standing(DECISION)
    told = pd.DataFrame(
        entries["payload"].to_list(), columns=[*SNAPSHOT, "decision", "decided_qty", "as_of"]
    ).rename(columns={"as_of": "decided_as_of"})
    told = told.assign(
        decided_at=_happened(entries).to_numpy(),
        author=entries["author"].to_numpy(),
        reason=entries["reason"].to_numpy(),
        decision_id=entries["entry_id"].to_numpy(),
    )
    told = told.drop_duplicates("proposal_id", keep="last").set_index("proposal_id")
    taken = told["decision"] == OPEN
    told.loc[taken, "decided_at"] = pd.NaT
    rows = told.join(firsts, how="outer").rename_axis("proposal_id").reset_index()
    # A proposal that is decided again after it was released is not released any more.
    again = rows["released_at"] < rows["decided_at"]
    rows.loc[again, "released_at"] = pd.NaT
    for name in ("order_by_date", "expected_date", "decided_as_of"):
        rows[name] = pd.to_datetime(rows[name])
    rows["decision"] = rows["decision"].fillna(OPEN)
    return rows[[*SNAPSHOT, *TIMES, *STATE]]


def placed(rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Approved orders and transfers that the client's files may not hold yet, out of `history`."""
    since = pd.Timestamp(as_of - timedelta(days=AWAITED_DAYS))
    is_new = (rows["decided_as_of"] > since) & (rows["decided_as_of"] <= pd.Timestamp(as_of))
    return rows[rows["decision"].isin(ORDERED) & is_new]


def quiet(rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Refused proposals that are not put again yet, out of `history`."""
    since = pd.Timestamp(as_of - timedelta(days=QUIET_DAYS))
    is_new = (rows["decided_as_of"] > since) & (rows["decided_as_of"] <= pd.Timestamp(as_of))
    return rows[(rows["decision"] == REFUSED) & is_new]


def now() -> str:
    """This moment in UTC, as entries write it."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
