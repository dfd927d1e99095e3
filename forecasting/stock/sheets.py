"""Policies and proposals as tables: what a planner reads, with the reason of each row."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.stock import echelons
from forecasting.stock.curves import Curves, Floats, Supply, build_curves
from forecasting.stock.desk import Desk
from forecasting.stock.network import Network
from forecasting.stock.proposals import Levels, Outlook, Proposals, Standing, outlook, propose
from forecasting.stock.reasons import confidence, say
from forecasting.stock.wishes import Granted, Wish, grant, held_value, reasons

MONTH_DAYS = 30.4
YEAR_DAYS = 365.0
LOOK_AHEAD_DAYS = 14


@dataclass(frozen=True)
class Sheets:
    """The tables of a plan, and what of the wish could not be had."""

    policies: pd.DataFrame
    proposals: pd.DataFrame
    granted: Granted


def make(
    desk: Desk, facts: pd.DataFrame, wish: Wish, may_move: NDArray[np.bool_] | None = None
) -> Sheets:
    """Plan the levels, then say what to do now.

    Parameters
    ----------
    desk
        The portfolio.
    facts
        lead_basis, n_lead_times, history_days and demand_class, one row per part of the desk.
    wish
        What the client asks of its stock.
    may_move
        Parts that transfers may come to and go from; all by default.
    """
    money = held_value(desk.inventory.on_hand, desk.items.unit_cost)
    limits, desk = desk.items, echelons.planned(desk, wish, money)
    granted = grant(desk.curves(), desk.items, wish, money)
    level = _level(granted)
    levels = Levels(level - granted.plan.curves.lot, level, limits.max_level)
    single = single_units(desk)
    item = pd.factorize(desk.parts["item_id"])[0].astype(np.int64)
    made = propose(
        desk.items, item, levels, stand(desk), single.demand / desk.period_days,
        may_move=may_move, parent=desk.network.parent if desk.network else None,
        look_ahead_days=LOOK_AHEAD_DAYS,
    )  # fmt: skip
    facts = _from_the_centre(facts, desk.network)
    policies = _policies(desk, facts, granted, made, single).assign(
        min_level_qty=limits.min_level, max_level_qty=limits.max_level
    )
    return Sheets(policies, _proposals(desk, facts, made, single, policies), granted)


def _from_the_centre(facts: pd.DataFrame, network: Network | None) -> pd.DataFrame:
    """What a supplied site's lead time rests on is what its centre's rests on."""
    if network is None:
        return facts
    told, sites = facts.copy(), network.is_supplied
    for name in ("lead_basis", "n_lead_times"):
        told.loc[sites, name] = facts[name].to_numpy()[network.parent[sites]]
    return told


def _level(granted: Granted) -> Floats:
    """Order-up-to levels; a minimum set by people stands also beyond all probable demand."""
    items, level = granted.plan.items, granted.plan.level
    return np.maximum(level, np.fmin(np.nan_to_num(items.min_level), items.max_level))


def stand(desk: Desk) -> Standing:
    """Where each part stands: what arrives within lead time and review counts, the rest not."""
    stock, items = desk.inventory, desk.items
    column = np.arange(stock.arrivals.shape[1])[None, :]
    within = (items.lead_time + items.review)[:, None]
    soon = within + np.ceil(LOOK_AHEAD_DAYS / desk.period_days)
    return Standing(
        on_hand=stock.on_hand - stock.reserved,
        backordered=stock.backordered,
        in_time=np.where(column < within, stock.arrivals, 0.0).sum(axis=1),
        at_once=stock.arrivals[:, 0],
        soon=np.where((column >= within) & (column < soon), stock.arrivals, 0.0).sum(axis=1),
        later=np.where(column >= soon, stock.arrivals, 0.0).sum(axis=1),
    )


def single_units(desk: Desk) -> Curves:
    """Curves of orders of single units, which say what one position promises."""
    plain = desk.items.supply(desk.lead_weights)
    supply = Supply(plain.lead_weights, plain.review, plain.unit, plain.unit)
    return build_curves(desk.demand, supply)


def _policies(
    desk: Desk, facts: pd.DataFrame, granted: Granted, made: Proposals, single: Curves
) -> pd.DataFrame:
    """One row per part and site: its levels, what they promise, and where it stands today."""
    standing = stand(desk)
    today, after = outlook(single, made.before), outlook(single, made.after)
    planned = granted.plan.table()
    weights = desk.lead_weights
    periods = np.arange(weights.shape[1])
    spread = weights @ periods**2 - (weights @ periods) ** 2
    centre, own = _centres(desk), _of_customers(desk, single)
    table = pd.DataFrame(
        {
            "item_id": desk.parts["item_id"],
            "site_id": desk.parts["site_id"],
            "is_stocked": True,
            "supplier_id": desk.parts["supplier_id"].where(centre.isna(), None),
            "centre_site_id": centre,
            "asked_qty": made.asked,
            "reorder_point_qty": _level(granted) - granted.plan.curves.lot,
            "order_up_to_qty": _level(granted),
            "lot_qty": desk.items.lot,
            "expected_fill_rate": planned["expected_fill_rate"],
            "expected_on_hand_qty": planned["expected_on_hand"],
            "expected_on_hand_value": planned["cost"],
            "objective": granted.choice.objective,
            "floor_rate": granted.choice.floor,
            "set_by": _set_by(desk, granted),
            "demand_month_qty": own / desk.period_days * MONTH_DAYS,
            "sites_month_qty": (single.demand - own) / desk.period_days * MONTH_DAYS,
            "lead_days": desk.parts["lead_days"],
            "review_days": np.rint(desk.items.review * desk.period_days).astype(int),
            "lead_days_sd": np.sqrt(np.maximum(spread, 0.0)) * desk.period_days,
            "lead_basis": facts["lead_basis"],
            "n_lead_times": facts["n_lead_times"],
            "on_hand_qty": standing.on_hand,
            "backordered_qty": standing.backordered,
            "in_time_qty": standing.in_time,
            "later_qty": standing.soon + standing.later,
            "position_qty": made.before,
            "shortage_rate": 1 - today.ready,
            "fill_today_rate": _fill(today.unfilled, single.demand),
            "fill_after_rate": _fill(after.unfilled, single.demand),
        }
    )
    return table.assign(why=[say(row) for row in table.to_dict("records")])


def _centres(desk: Desk) -> "pd.Series[str]":
    """Site that supplies each part; None where a supplier does."""
    named = pd.Series(None, index=desk.parts.index, dtype=object)
    if desk.network is not None:
        sites = desk.network.is_supplied
        named[sites] = desk.parts["site_id"].to_numpy()[desk.network.parent[sites]]
    return named


def _of_customers(desk: Desk, single: Curves) -> Floats:
    """Demand per period of each site's own customers; the rest are orders of sites it supplies."""
    return single.demand if desk.network is None else single.demand * desk.network.own_units


def _set_by(desk: Desk, granted: Granted) -> list[str]:
    """What each level follows from; that of a centre from what its sites ask of it."""
    said = reasons(granted)
    if desk.network is not None:
        for row in desk.network.centres:
            cover = desk.network.cover[row]
            said[row] = (
                f"covers what its sites ask in {cover:.0%} of cases"
                if cover > 0
                else "keeps nothing and passes on what comes"
            )
    return said


def _proposals(
    desk: Desk, facts: pd.DataFrame, made: Proposals, single: Curves, policies: pd.DataFrame
) -> pd.DataFrame:
    """Transfers and purchases, ranked by the value at stake."""
    moved, bought = made.transfers, made.purchases
    rows = np.concatenate([moved["taker"], bought["row"]]).astype(np.int64)
    qty = np.concatenate([moved["qty"], bought["qty"]]).astype(float)
    is_moved = np.arange(len(rows)) < len(moved)
    # What is bought comes on top of what is moved there.
    came = np.bincount(moved["taker"].to_numpy(np.int64), moved["qty"], len(desk))
    start = made.before[rows] + np.where(is_moved, 0.0, came[rows])
    before, after = _at(single, rows, start), _at(single, rows, start + qty)
    gained = np.maximum(before.unfilled - after.unfilled, 0.0)
    asked = _of_customers(desk, single)
    items, part = desk.items, policies.iloc[rows].reset_index(drop=True)
    origin = np.full(len(rows), None, dtype=object)
    origin[is_moved] = desk.parts["site_id"].to_numpy()[moved["giver"].to_numpy(np.int64)]
    words, founded = confidence(facts.iloc[rows])
    table = pd.DataFrame(
        {
            "kind": np.where(is_moved, "transfer", "purchase"),
            "item_id": part["item_id"],
            "site_id": part["site_id"],
            "from_site_id": origin,
            "supplier_id": part["supplier_id"].where(~is_moved, None),
            "qty": qty,
            "lot_qty": items.lot[rows],
            "multiple_qty": items.multiple[rows],
            "unit_cost": items.unit_cost[rows],
            "unit_price": items.unit_price[rows],
            "cost": np.where(is_moved, 0.0, qty * items.unit_cost[rows]),
            "in_days": np.concatenate([np.zeros(len(moved)), bought["in_days"]]).astype(int),
            "position_qty": start,
            "gain_rate": gained / max(float(asked.sum()), 1e-9),
            "fill_before_rate": _fill(before.unfilled, single.demand[rows]),
            "fill_after_rate": _fill(after.unfilled, single.demand[rows]),
            "shortage_before_rate": 1 - before.ready,
            "shortage_after_rate": 1 - after.ready,
            "value_at_stake": gained * items.review[rows] * items.unit_price[rows],
            "used_rate": _used(desk, rows, start + qty),
            "lead_days": part["lead_days"],
            "review_days": part["review_days"],
            "confidence": words,
            "confidence_reason": founded,
            "why": [
                say(row, site) for row, site in zip(part.to_dict("records"), origin, strict=True)
            ],
        }
    )
    order = ["value_at_stake", "item_id", "site_id", "kind"]
    return table.sort_values(order, ascending=[False, True, True, True]).reset_index(drop=True)


def _at(curves: Curves, items: NDArray[np.int64], position: Floats) -> Outlook:
    """What positions of some items promise; an item may be asked for more than once."""
    length = np.diff(curves.start)[items]
    start = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    place = np.repeat(curves.start[items] - start[:-1], length) + np.arange(start[-1])
    rows = {
        name: getattr(curves, name)[place]
        for name in ("level", "on_hand", "unfilled", "unfilled_lines", "ready")
    }
    owners = {name: getattr(curves, name)[items] for name in ("demand", "lines", "lot")}
    return outlook(Curves(start=start, **rows, **owners), position)


def _fill(unfilled: Floats, demand: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(demand > 0, np.clip(1 - unfilled / demand, 0.0, 1.0), np.nan)


def _used(desk: Desk, rows: NDArray[np.int64], position: Floats) -> Floats:
    """Chance that a year's demand uses up all that is there once the proposal is done."""
    if not len(rows):
        return np.zeros(0)
    year = desk.demand.lead_time(round(YEAR_DAYS / desk.period_days)).take(rows)
    return np.asarray(1 - year.cdf(position - year.step))
