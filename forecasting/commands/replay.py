"""`replay`: levels played against actual demand."""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from data.errors import UserError
from forecasting.commands import _stock
from forecasting.commands._files import read_table, write_table
from forecasting.stock.curves import Floats
from forecasting.stock.replay import Played, Rules, play


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "replay",
        help="play levels against actual demand",
        description="Plays order-up-to levels against actual demand, period by period. Stock "
        "starts at the level. Prints fill rates, mean stock value and late or lost units; with "
        "--out also per item.",
    )
    _stock.add_common(parser)
    parser.add_argument(
        "--policy",
        required=True,
        metavar="FILE",
        help="unique_id, order_up_to_level, and optionally reorder_point (as `policy` writes it); "
        "without one, an item is ordered whenever it is below its level by a lot",
    )
    parser.add_argument("--start", required=True, metavar="DATE", help="first period played")
    parser.add_argument("--end", metavar="DATE", help="last period played; default: the last known")
    parser.add_argument(
        "--warm-up", type=int, default=0, metavar="N", help="first periods that are not measured"
    )
    parser.add_argument(
        "--lost-sales", action="store_true", help="unfilled demand is lost, not backordered"
    )
    parser.add_argument("--out", metavar="FILE", help="figures per item (.csv or .parquet)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Play the levels and say what they filled and held."""
    if arguments.out:
        _stock.check_out(arguments.out)
    portfolio = _stock.read_portfolio(arguments)
    levels, reorder_point, refused = _levels(arguments.policy, portfolio)
    demand = _window(arguments, portfolio)
    kept = np.flatnonzero(np.isfinite(levels))
    items = portfolio.items
    rules = Rules(
        items.lead_time[kept],
        items.review[kept],
        np.where(items.lot > items.unit, items.lot, 0.0)[kept],
        arguments.lost_sales,
        reorder_point[kept],
    )
    played = play(np.nan_to_num(demand[kept]), levels[kept], rules, warm_up=arguments.warm_up)
    if arguments.out:
        table = _table(items.ids[kept], played, items.unit_cost[kept], arguments.lost_sales)
        write_table(table, Path(arguments.out))
    outcome: dict[str, object] = {
        "items": len(kept),
        "periods": played.demand.shape[1],
        "units_demanded": float(played.demand.sum()),
        "unit_fill_rate": played.unit_fill(),
        "line_fill_rate": played.line_fill(),
        "value_fill_rate": played.unit_fill(items.unit_price[kept]),
        "mean_on_hand_value": played.money(items.unit_cost[kept]),
        _missed_name(arguments.lost_sales): float((played.demand - played.filled).sum()),
    }
    return _stock.report(arguments, outcome, refused, _unknown(portfolio, demand))


def _levels(path: str, portfolio: _stock.Portfolio) -> tuple[Floats, Floats, pd.DataFrame]:
    """Level of each item, NaN where the policy has none that can be played; reorder points."""
    policy = read_table(Path(path))
    for name in ("unique_id", "order_up_to_level"):
        if name not in policy.columns:
            raise UserError(f"{path}: column {name} is missing")
    keyed = policy.assign(unique_id=policy["unique_id"].astype(str)).set_index("unique_id")
    twice = keyed.index[keyed.index.duplicated()]
    if len(twice):
        raise UserError(f"{path}: item {twice[0]} is there more than once")
    number = pd.to_numeric(keyed["order_up_to_level"], errors="coerce").astype(float)
    levels = np.array(number.where(number >= 0).reindex(portfolio.items.ids), dtype=np.float64)
    levels[np.isinf(levels)] = np.nan
    missing = portfolio.items.ids[np.isnan(levels)]
    if len(missing) == len(levels):
        raise UserError(f"{path}: no item has a level of 0 or more")
    extra = pd.DataFrame({"unique_id": missing, "reason": f"has no level of 0 or more in {path}"})
    refused = pd.concat([portfolio.refused, extra], ignore_index=True)
    return levels, _reorder_points(path, keyed, levels, portfolio), refused


def _reorder_points(
    path: str, keyed: pd.DataFrame, levels: Floats, portfolio: _stock.Portfolio
) -> Floats:
    """Reorder point of each item; where the policy has none, the level less the lot."""
    items = portfolio.items
    plain = levels - np.where(items.lot > items.unit, items.lot, 0.0)
    if "reorder_point" not in keyed.columns:
        return plain
    number = pd.to_numeric(keyed["reorder_point"], errors="coerce").astype(float)
    told = np.array(number.reindex(items.ids), dtype=np.float64)
    above = np.flatnonzero(told > levels)
    if len(above):
        raise UserError(f"{path}: item {items.ids[above[0]]} has a reorder_point above its level")
    return np.where(np.isfinite(told), told, plain)


def _window(arguments: argparse.Namespace, portfolio: _stock.Portfolio) -> Floats:
    """Demand of the periods to play; what is not known plays as no demand."""
    periods = portfolio.panel.periods
    try:
        start = pd.Timestamp(arguments.start)
        end = pd.Timestamp(arguments.end) if arguments.end else periods[-1]
    except ValueError as fault:
        raise UserError(f"{fault} (expected a date, YYYY-MM-DD)") from fault
    inside = (periods >= start) & (periods <= end)
    if not 0 <= arguments.warm_up < inside.sum():
        raise UserError(
            f"no period to measure from {arguments.start} after {arguments.warm_up} periods of "
            f"warm-up; the series run from {periods[0].date()} to {periods[-1].date()}"
        )
    return np.asarray(portfolio.panel.y[:, inside])


def _unknown(portfolio: _stock.Portfolio, demand: Floats) -> list[tuple[str, str]]:
    n_unknown = np.isnan(demand).sum(axis=1)
    return [
        (str(portfolio.items.ids[i]), f"{n_unknown[i]} periods of unknown demand play as none")
        for i in np.flatnonzero(n_unknown)
    ]


def _table(ids: object, played: Played, unit_cost: Floats, lost_sales: bool) -> pd.DataFrame:
    """Figures per item."""
    demand, filled = played.demand.sum(axis=1), played.filled.sum(axis=1)
    asked = played.demand > 0
    whole = (asked & (played.filled >= played.demand)).sum(axis=1)
    lines = asked.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        table = {
            "unique_id": ids,
            "units_demanded": demand,
            "unit_fill_rate": np.where(demand > 0, filled / demand, np.nan),
            "line_fill_rate": np.where(lines > 0, whole / lines, np.nan),
            "mean_on_hand": played.on_hand.mean(axis=1),
            "mean_on_hand_value": played.on_hand.mean(axis=1) * unit_cost,
            _missed_name(lost_sales): demand - filled,
        }
    return pd.DataFrame(table)


def _missed_name(lost_sales: bool) -> str:
    return "units_lost" if lost_sales else "units_late"
