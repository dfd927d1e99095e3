"""`allocate`: a fixed total of each item over the sites, for one season."""

import argparse
import json
import sys
from pathlib import Path

import pandas as pd

from data.errors import UserError
from forecasting.commands import _files, _stock
from forecasting.season.allocation import RULES
from forecasting.season.faults import SeasonError
from forecasting.season.orders import Order, check_sites, checked_supply, stock_of_stores
from forecasting.season.plan import Plan, make_plan
from forecasting.season.seasons import EVENTS

SHOWN = 5
PERIODS = {"D": "days", "W": "weeks", "MS": "months"}
ALIASES = {"on_hand": "qty_on_hand", "qty": "qty_on_hand"}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "allocate",
        help="a fixed total of each item over the sites, for one season",
        description="Forecasts each site's share of the season from the rows before its start and "
        "allocates every total in whole packs. Out: item_id, site_id, qty. What is sent, held back "
        "and left over adds up to the total of each item.",
    )
    add = parser.add_argument
    add("--series", required=True, metavar="FILE", help="unique_id (item/site), ds, y[, in_stock]")
    add("--freq", required=True, choices=["W", "MS", "D"], help="period of ds")
    add(
        "--supply",
        required=True,
        metavar="FILE",
        help="item_id, qty_total[, pack, qty_held_back]; without a pack whole units are sent and a "
        "fraction goes with the next unit",
    )
    add("--start", required=True, metavar="DATE", help="first day of the season, YYYY-MM-DD")
    add("--end", required=True, metavar="DATE", help="last day of the season")
    add("--on-hand", metavar="FILE", help="item_id, site_id, qty_on_hand: stock that sites have")
    add(
        "--sites",
        metavar="FILE",
        help="site_id[, item_id] and any of qty_on_hand, qty_presentation, qty_min, qty_max, "
        "qty_need, quota, rank (1 is served first), is_open; other columns say which sites are "
        "alike, for sites without history",
    )
    add(
        "--items",
        metavar="FILE",
        help="item_id and columns that say which items are alike, for items without history",
    )
    add("--rule", choices=RULES, default="probability", help="default: probability")
    add("--event", choices=sorted(EVENTS), help="holiday to align the year before on")
    add("--out", required=True, metavar="FILE", help="the allocation (.csv or .parquet)")
    add("--json", action="store_true", help="print what came out as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Allocate and write what each site gets."""
    _stock.check_out(arguments.out)
    order = _order(arguments)
    try:
        plan = make_plan(order)
    except SeasonError as fault:
        raise UserError(f"{arguments.series}: {fault}") from fault
    _files.write_table(plan.allocation[["item_id", "site_id", "qty"]], Path(arguments.out))
    return _report(arguments, order, plan)


def _order(arguments: argparse.Namespace) -> Order:
    """Read all files; faults of the supply and the sites are laid at the door of their file."""
    series = _files.read_table(Path(arguments.series))
    supply = _files.read_table(Path(arguments.supply))
    sites = pd.DataFrame({"site_id": []})
    if arguments.sites:
        sites = _files.read_table(Path(arguments.sites))
    stock = _stock_on_hand(Path(arguments.on_hand)) if arguments.on_hand else None
    for path, check, table in (
        (arguments.supply, checked_supply, supply),
        (arguments.sites, check_sites, sites),
        (arguments.on_hand, check_sites, sites if stock is None else stock),
    ):
        try:
            check(table)
        except SeasonError as fault:
            raise UserError(f"{path}: {fault}") from fault
    if stock is not None and "unique_id" in series.columns:
        own = stock_of_stores(stock, sites, series)
        sites = pd.concat([sites, own], ignore_index=True)
    items = pd.DataFrame({"item_id": []})
    if arguments.items:
        items = _files.read_table(Path(arguments.items))
        if "item_id" not in items.columns:
            raise UserError(f"{arguments.items}: column item_id is missing")
    return Order(
        series,
        arguments.freq,
        supply,
        _date(arguments.start, "--start"),
        _date(arguments.end, "--end"),
        sites,
        items,
        arguments.rule,
        arguments.event,
    )


def _stock_on_hand(path: Path) -> pd.DataFrame:
    stock = _files.read_table(path)
    stock = stock.rename(columns={k: v for k, v in ALIASES.items() if k in stock.columns})
    if "qty_on_hand" not in stock.columns:
        raise UserError(f"{path}: column qty_on_hand is missing")
    return stock


def _date(text: str, name: str) -> pd.Timestamp:
    try:
        return pd.Timestamp(pd.to_datetime(text, format="%Y-%m-%d"))
    except ValueError as fault:
        raise UserError(f"{name} {text!r} is not a date (expected YYYY-MM-DD)") from fault


def _report(arguments: argparse.Namespace, order: Order, plan: Plan) -> int:
    """What came out; refused items make the exit status 1."""
    outcome: dict[str, object] = {
        "rows_in": len(order.series),
        "items": len(plan.supply),
        "items_refused": len(plan.refused),
        "sites": int(plan.allocation["site_id"].nunique()),
        "season": f"{plan.window.periods[0].date()} to {plan.window.periods[-1].date()}",
        "periods": len(plan.window.periods),
        "reference_aligned_on": plan.window.event
        or f"the same {PERIODS[order.freq]} a year before",
        "seasons_learnt_from": plan.shares.n_origins,
        "qty_total": float(plan.supply["qty_total"].sum()),
        "qty_held_back": float(plan.supply["qty_held_back"].sum()),
        "qty_allocated": float(plan.supply["qty_allocated"].sum()),
        "qty_rest": float(plan.supply["qty_rest"].sum()),
    }
    if arguments.json:
        refused = [{"item_id": item, "reason": why} for item, why in plan.refused]
        print(json.dumps(outcome | {"refused": refused, "notes": plan.notes}, indent=2))
    else:
        for name, value in outcome.items():
            shown = f"{value:,.10g}" if isinstance(value, float) else value
            print(f"{name.replace('_', ' ')}: {shown}")
    lines = [f"left out: item {item}: {why}" for item, why in plan.refused]
    lines += [f"note: {note}" for note in plan.notes]
    for line in lines[:SHOWN]:
        print(line, file=sys.stderr)
    if len(lines) > SHOWN:
        print(f"{len(lines) - SHOWN} more (--json names all)", file=sys.stderr)
    return 1 if plan.refused else 0
