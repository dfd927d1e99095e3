"""`policy`: order-up-to levels for a whole portfolio, to a target fill rate or a budget."""

import argparse
from pathlib import Path

import numpy as np

from data.errors import UserError
from forecasting.commands import _stock
from forecasting.commands._files import write_table
from forecasting.stock.fitting import best_point_model, fit
from forecasting.stock.marginal import OBJECTIVES
from forecasting.stock.portfolio import (
    Choice,
    economic_levels,
    frontier_table,
    plan_portfolio,
    warnings,
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "policy",
        help="order-up-to levels for a portfolio",
        description="Order-up-to levels for all items at once: the next unit goes where it fills "
        "most demand per money. Out: unique_id, reorder_point, order_up_to_level, "
        "expected_fill_rate, expected_on_hand, cost (mean on-hand value).",
    )
    _stock.add_common(parser)
    aim = parser.add_mutually_exclusive_group(required=True)
    aim.add_argument(
        "--target-fill-rate", type=float, metavar="F", help="fill to reach, between 0 and 1"
    )
    aim.add_argument(
        "--budget", type=float, metavar="MONEY", help="expected mean on-hand value not to exceed"
    )
    parser.add_argument("--objective", choices=OBJECTIVES, default="units", help="default: units")
    parser.add_argument(
        "--floor",
        type=float,
        default=0.0,
        metavar="P",
        help="least probability of no shortage for each item, from 0 to below 1",
    )
    parser.add_argument(
        "--least-value-fill",
        type=float,
        metavar="F",
        help="with --budget: value fill that must still be reached, between 0 and 1",
    )
    parser.add_argument("--out", required=True, metavar="FILE", help="levels (.csv or .parquet)")
    parser.add_argument(
        "--frontier", metavar="FILE", help="also write fill against money: 200 points"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Plan the portfolio and write its levels."""
    choice = _choice(arguments)
    for path in filter(None, [arguments.out, arguments.frontier]):
        _stock.check_out(path)
    portfolio = _stock.read_portfolio(arguments)
    items = portfolio.items
    model = fit(
        portfolio.panel,
        int((items.lead_time + items.review).max()),
        best_point_model(),
        items.unit_cost,
    )
    try:
        plan = plan_portfolio(model, items, choice)
    except ValueError as fault:
        raise UserError(str(fault)) from fault
    table = plan.table()
    economic = economic_levels(plan.curves, items, arguments.freq)
    if np.isfinite(economic).any():
        table["economic_level"] = economic
    write_table(table, Path(arguments.out))
    if arguments.frontier:
        write_table(frontier_table(plan.frontier), Path(arguments.frontier))
    outcome: dict[str, object] = {"items": len(items), "objective": choice.objective}
    outcome |= {f"expected_{name}_fill_rate": plan.fill(name) for name in OBJECTIVES[:3]}
    outcome |= {"mean_on_hand_value": plan.money, "out": arguments.out}
    notes = warnings(plan, choice, arguments.freq)
    return _stock.report(arguments, outcome, portfolio.refused, notes)


def _choice(arguments: argparse.Namespace) -> Choice:
    """The planner's choice, with every number in its range."""
    target, budget, floor = arguments.target_fill_rate, arguments.budget, arguments.floor
    if target is not None and not 0 < target < 1:
        raise UserError(
            f"--target-fill-rate {target:g} is not between 0 and 1; no finite stock promises 1, "
            "and 90 % is written 0.9"
        )
    if budget is not None and not 0 <= budget < float("inf"):
        raise UserError(f"--budget {budget:g} is not a sum of money (expected 0 or more)")
    if not 0 <= floor < 1:
        raise UserError(f"--floor {floor:g} is not from 0 to below 1")
    least = arguments.least_value_fill
    if least is not None and budget is None:
        raise UserError("--least-value-fill goes with --budget")
    if least is not None and not 0 < least < 1:
        raise UserError(f"--least-value-fill {least:g} is not between 0 and 1")
    return Choice(arguments.objective, floor, target, budget, least)
