"""The step that plans stock: levels under the client's wish, and what to order and move now."""

import hashlib
from contextlib import closing
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data import decisions, forecasts, planned
from data import settings as agreed
from data.journal import Journal, journal_url
from forecasting.commands._steps import Work, empty, shaped
from forecasting.promises.credibility import Credibility
from forecasting.stock import lead_times, sheets
from forecasting.stock.curves import Floats
from forecasting.stock.desk import Desk, open_desk
from forecasting.stock.excess import excess_stock
from forecasting.stock.wishes import Wish

KEY = ["item_id", "site_id"]
SAME = ["kind", "item_id", "site_id", "from_site_id"]
TRANSFER_DAYS = 7
"""Days after which a transfer that was approved is taken to have been made, unless it is known how
long goods travel from the centre."""

_POSITIONS = """
SELECT position.*
FROM marts.stock_positions AS position
JOIN marts.sites AS site ON site.site_id = position.site_id
WHERE site.is_known AND site.site_type <> 'plant'
ORDER BY position.site_id, position.item_id
"""
_OPEN = """
SELECT
    line.supplier_id, line.site_id, heir.heir_item_id AS item_id, line.order_date,
    coalesce((
        SELECT max(promise.recorded_date) FROM marts.supplier_promises AS promise
        WHERE promise.order_id = line.order_id AND promise.line_no = line.line_no
            AND promise.supplier_id = line.supplier_id
    ), line.order_date) AS recorded_date,
    line.stated_promised_date AS promised_date, line.need_date,
    CAST(line.stated_lead_time_days AS DOUBLE) AS lead_time_days,
    CAST(line.qty_open AS DOUBLE) AS qty_open
FROM marts.purchase_order_lines AS line
JOIN marts.item_heirs AS heir ON heir.item_id = line.item_id
WHERE line.qty_open > 0
ORDER BY line.site_id, line.item_id, line.po_line_id
"""
_ORDERED = """
SELECT heir.heir_item_id AS item_id, line.site_id, max(line.order_date) AS last_order_date
FROM marts.purchase_order_lines AS line
JOIN marts.item_heirs AS heir ON heir.item_id = line.item_id
GROUP BY heir.heir_item_id, line.site_id
"""
_LAST_DEMAND = """
SELECT item_id, site_id, max(demand_date) AS last_date
FROM marts.daily_demand
WHERE is_counted AND qty > 0 AND demand_date <= CAST($as_of AS DATE)
GROUP BY item_id, site_id
"""


def step(work: Work) -> dict[str, pd.DataFrame]:
    """Plan every stocked part at every site that sells; plants are planned by their builds."""
    positions = work.con.execute(_POSITIONS).df()
    if positions.empty or work.tables["forecast_demand"].empty:
        return {name: empty(name) for name in planned.TABLES}
    wishes = agreed.read(agreed.settings_path(work.warehouse)).planning
    with closing(Journal(journal_url(work.warehouse))) as journal:
        known, limits = decisions.history(journal), decisions.limits(journal)
    leads = lead_times.learn(work.con.execute("SELECT * FROM marts.lead_time_slips").df())
    desk = _desk(work, positions, leads, known, limits)
    if not len(desk):
        return {name: empty(name) for name in planned.TABLES} | {"plan_notes": _notes(desk, ())}
    review = max(1, round(wishes.review_days / desk.period_days))
    desk = replace(desk, items=replace(desk.items, review=np.full(len(desk), review)))
    wish = Wish(wishes.objective, wishes.budget, wishes.target, wishes.floor, wishes.value_share)
    made = sheets.make(desk, _facts(work, desk, leads), wish, _may_move(work, desk, known))
    proposals = _dated(work, desk, made.proposals, leads, known)
    return {
        "policies": shaped(made.policies, "policies"),
        "proposals": shaped(proposals, "proposals"),
        "excess_stock": shaped(excess_stock(desk, _idle_days(work, desk)), "excess_stock"),
        "plan_notes": _notes(desk, made.granted.notes),
    }


def _desk(
    work: Work,
    positions: pd.DataFrame,
    leads: Credibility | None,
    known: pd.DataFrame,
    limits: pd.DataFrame,
) -> Desk:
    """The portfolio of the build, with what people decided since the client's files were made.

    Where a transfer from its centre was refused lately, a part is planned from its supplier.
    """
    ruled = positions.merge(limits.drop(columns=["author", "reason"]), on=KEY, how="left",
                            suffixes=("", "_by_people"))  # fmt: skip
    said = ruled["is_stocked_by_people"]
    ruled["is_stocked"] = ruled["is_stocked"].where(said.isna(), said).astype(bool)
    placed = decisions.placed(known, work.as_of)
    lines = lead_times.expected_arrivals(
        work.con.execute(_OPEN).df(), _promises(work), leads, pd.Timestamp(work.as_of)
    )
    coming = [lines[[*KEY, "qty_open", "arrival_date"]], *_placed(work, ruled, placed)]
    numbers = ["qty_on_hand", "qty_reserved", "qty_backordered", "unit_cost", "unit_price", "moq",
               "order_multiple", "lead_time_days", "days_from_parent"]  # fmt: skip
    ruled[numbers] = ruled[numbers].astype(float)
    asked = ruled[[*KEY, "parent_site_id"]].rename(columns={"parent_site_id": "from_site_id"})
    refused = _names(asked.assign(kind="transfer")).isin(_names(decisions.quiet(known, work.as_of)))
    ruled["days_from_parent"] = ruled["days_from_parent"].mask(refused)
    return open_desk(
        ruled,
        work.tables["forecast_demand"],
        leads,
        pd.concat(coming, ignore_index=True),
        freq=work.needed.freq,
        as_of=pd.Timestamp(work.as_of),
    )


def _promises(work: Work) -> Credibility | None:
    counts: pd.DataFrame = work.con.execute("SELECT * FROM marts.promise_slips").df()
    return lead_times.learn(counts)


def _placed(work: Work, positions: pd.DataFrame, placed: pd.DataFrame) -> list[pd.DataFrame]:
    """Approved orders that the client's files do not hold yet, as goods on their way.

    An order counts as placed until a purchase line of the part and site is dated on or after the
    decision; a transfer until its days have passed and stock was counted since. What a site gives
    leaves its stock at once.
    """
    ordered = work.con.execute(_ORDERED).df()
    rows = placed.merge(ordered, on=KEY, how="left")
    seen = pd.to_datetime(rows["last_order_date"]) >= rows["decided_as_of"]
    bought = rows[(rows["kind"] == "purchase") & ~seen]
    made = pd.Timestamp(work.as_of) - _travel(rows, positions)
    moved = rows[(rows["kind"] == "transfer") & (rows["decided_as_of"] > made)]
    arrives = pd.Timestamp(work.as_of) + pd.Timedelta(days=1)
    for row in moved.to_dict("records"):
        at = (positions["item_id"] == row["item_id"]) & (
            positions["site_id"] == row["from_site_id"]
        )
        positions.loc[at, "qty_on_hand"] -= row["decided_qty"]
    return [
        part[KEY].assign(qty_open=part["decided_qty"], arrival_date=date)
        for part, date in ((bought, bought["expected_date"].fillna(arrives)), (moved, arrives))
        if len(part)
    ]


def _travel(moves: pd.DataFrame, positions: pd.DataFrame) -> "pd.Series[pd.Timedelta]":
    """How long each transfer takes: as stated from the centre, else `TRANSFER_DAYS`."""
    told = positions[[*KEY, "parent_site_id", "days_from_parent"]]
    known = moves[[*KEY, "from_site_id"]].merge(told, on=KEY, how="left")
    stated = known["days_from_parent"].where(known["from_site_id"] == known["parent_site_id"])
    days = stated.fillna(TRANSFER_DAYS).to_numpy(dtype=float)
    return pd.Series(pd.to_timedelta(days, unit="D"), index=moves.index)


def _facts(work: Work, desk: Desk, leads: Credibility | None) -> pd.DataFrame:
    """What each part's plan rests on: its history, and how often its lead time was measured."""
    choices = work.tables["forecast_choices"][[*KEY, "n_periods", "demand_class"]]
    counted = work.con.execute(
        "SELECT supplier_id, site_id, CAST(sum(n) AS INTEGER) AS n_lead_times"
        " FROM marts.lead_time_slips WHERE NOT is_open GROUP BY supplier_id, site_id"
    ).df()
    facts = desk.parts[[*KEY, "supplier_id"]].merge(choices, on=KEY, how="left")
    facts = facts.merge(counted, on=["supplier_id", "site_id"], how="left")
    n = facts["n_lead_times"].fillna(0).astype(int)
    basis = np.where((n > 0) & (leads is not None), "measured", "stated")
    return facts.assign(
        n_lead_times=n,
        lead_basis=basis,
        history_days=facts["n_periods"].fillna(0) * desk.period_days,
        demand_class=facts["demand_class"].fillna("unknown"),
    )


def _may_move(work: Work, desk: Desk, known: pd.DataFrame) -> NDArray[np.bool_]:
    """Parts whose transfers nobody refused lately: where one was refused, the part is bought."""
    quiet = decisions.quiet(known, work.as_of)
    refused = quiet[quiet["kind"] == "transfer"]
    keys = pd.MultiIndex.from_frame(desk.parts[KEY])
    return np.asarray(~keys.isin(pd.MultiIndex.from_frame(refused[KEY])))


def _idle_days(work: Work, desk: Desk) -> Floats:
    last = work.con.execute(_LAST_DEMAND, {"as_of": work.as_of}).df()
    found = desk.parts[KEY].merge(last, on=KEY, how="left")["last_date"]
    days = (pd.Timestamp(work.as_of) - pd.to_datetime(found)).dt.days.to_numpy(dtype=float)
    return np.where(np.isnan(days), np.inf, days)


def _dated(
    work: Work,
    desk: Desk,
    proposals: pd.DataFrame,
    leads: Credibility | None,
    known: pd.DataFrame,
) -> pd.DataFrame:
    """Days and names of the proposals; those that people refused lately are left out."""
    refused = _names(decisions.quiet(known, work.as_of))
    rows = proposals[~_names(proposals).isin(refused)].reset_index(drop=True)
    as_of = pd.Timestamp(work.as_of)
    ahead = pd.to_timedelta(rows["in_days"], unit="D")
    stated = desk.parts[[*KEY, "lead_time_days"]]
    asked = rows[[*KEY, "supplier_id"]].merge(stated, on=KEY, how="left")
    none = pd.Series(pd.NaT, index=asked.index, dtype="datetime64[ns]")
    asked = asked.assign(order_date=as_of, recorded_date=none, promised_date=none, need_date=none)
    come = lead_times.expected_arrivals(asked, None, leads, as_of)
    moved = rows["kind"] == "transfer"
    arrives = as_of + _travel(rows, desk.parts)
    rows = rows.assign(
        order_by_date=as_of + ahead,
        expected_date=(come["arrival_date"] + ahead).mask(moved, arrives),
        safe_date=(come["safe_date"] + ahead).mask(moved, arrives),
        arrival_basis=come["arrival_basis"].mask(moved, "transfer"),
        proposed_since=_since(work, rows, known),
    )
    return rows.assign(proposal_id=[_named(row) for row in rows.to_dict("records")])


def _since(work: Work, rows: pd.DataFrame, known: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    """Day on which each was first proposed: that of the run before, unless it was decided then."""
    today = pd.Series(pd.Timestamp(work.as_of), index=rows.index)
    before = forecasts.latest(work.warehouse, work.as_of)
    if before is None or "proposals" not in before.files:
        return today
    earlier = pd.read_parquet(work.warehouse / before.files["proposals"])
    decided = known.loc[known["decision"] != decisions.OPEN, "proposal_id"]
    open_ones = earlier[~earlier["proposal_id"].isin(decided)]
    first = pd.Series(
        pd.to_datetime(open_ones["proposed_since"]).to_numpy(), index=_names(open_ones)
    )
    return _names(rows).map(first[~first.index.duplicated()]).fillna(today)


def _names(rows: pd.DataFrame) -> "pd.Series[str]":
    """What makes two proposals the same: kind, item, sites."""
    told = rows[SAME].fillna("").astype(str)
    return (
        told["kind"]
        + "\x1f"
        + told["item_id"]
        + "\x1f"
        + told["site_id"]
        + ("\x1f" + told["from_site_id"])
    )


def _named(row: dict[Any, Any]) -> str:
    """Name a proposal by what it is about and when it was first made."""
    parts = [str(row[name] or "") for name in SAME] + [f"{row['proposed_since']:%Y-%m-%d}"]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


def _notes(desk: Desk, notes: tuple[str, ...]) -> pd.DataFrame:
    general = pd.DataFrame({"item_id": None, "site_id": None, "note": list(notes)})
    left = desk.left_out.rename(columns={"reason": "note"})
    return shaped(pd.concat([general, left], ignore_index=True), "plan_notes")
