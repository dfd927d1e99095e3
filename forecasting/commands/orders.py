"""`orders`: how much to order now, when a unit short and a unit left over have a price."""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from data.errors import UserError
from forecasting.commands import _stock
from forecasting.commands._files import read_table, write_table
from forecasting.stock.caution import tuned_costs
from forecasting.stock.fitting import best_point_model, fit
from forecasting.stock.ordering import Costs, orders_for
from forecasting.stock.states import read_state


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "orders",
        help="how much to order now",
        description="How much to order now, at a holding cost per unit on hand at a period's end "
        "and a cost per unit short. Out: unique_id, qty.",
    )
    _stock.add_common(parser)
    parser.add_argument(
        "--state",
        required=True,
        metavar="FILE",
        help="unique_id, on_hand, on_order_1 .. on_order_k (due in 1 .. k periods)",
    )
    parser.add_argument(
        "--holding-cost",
        type=float,
        required=True,
        metavar="H",
        help="cost per unit on hand at the end of a period",
    )
    parser.add_argument(
        "--shortage-cost", type=float, required=True, metavar="S", help="cost per unit short"
    )
    parser.add_argument(
        "--backorders", action="store_true", help="unfilled demand waits; by default it is lost"
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the draws; default: 0")
    parser.add_argument("--out", required=True, metavar="FILE", help="orders (.csv or .parquet)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Compute the orders and write them."""
    costs = Costs(arguments.holding_cost, arguments.shortage_cost)
    for name, value in (("holding", costs.holding), ("shortage", costs.shortage)):
        if not 0 < value < float("inf"):
            raise UserError(f"--{name}-cost {value:g} is not above 0")
    _stock.check_out(arguments.out)
    portfolio = _stock.read_portfolio(arguments)
    items = portfolio.items
    try:
        reading = read_state(read_table(Path(arguments.state)), items)
    except ValueError as fault:
        raise UserError(f"{arguments.state}: {fault}") from fault
    horizon = int((items.lead_time + items.review).max())
    lost_sales = not arguments.backorders
    point = best_point_model()
    tuned = tuned_costs(
        portfolio.panel,
        items,
        costs,
        lambda panel, ahead: fit(panel, ahead, point),
        lost_sales=lost_sales,
        seed=arguments.seed,
    )
    model = fit(portfolio.panel, horizon, point, items.unit_cost)
    quantity = orders_for(
        model, items, reading.state, tuned, lost_sales=lost_sales, seed=arguments.seed
    )
    table = pd.DataFrame({"unique_id": items.ids, "qty": quantity}).dropna()
    write_table(table, Path(arguments.out))
    outcome: dict[str, object] = {
        "items": len(table),
        "items_to_order": int((table["qty"] > 0).sum()),
        "units": float(table["qty"].sum()),
        "chance_to_cover": tuned.critical_ratio,
        "value": float(np.nansum(quantity * items.unit_cost)),
        "out": arguments.out,
    }
    refused = pd.concat([portfolio.refused, reading.refused], ignore_index=True)
    return _stock.report(arguments, outcome, refused, reading.notes)
