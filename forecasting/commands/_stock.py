"""What the stock commands share: reading their files, saying what came out."""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from data.errors import UserError
from forecasting.commands._files import read_series, read_table
from forecasting.demand.panel import Panel
from forecasting.stock.items import Items, read_items

SHOWN = 5
"""So many items are named on the screen; all of them in the JSON."""


@dataclass(frozen=True)
class Portfolio:
    """Series and items that belong together, and what was left out, by item with its reason."""

    panel: Panel
    items: Items
    refused: pd.DataFrame
    notes: pd.DataFrame


def add_common(parser: argparse.ArgumentParser) -> None:
    """Arguments that every stock command takes."""
    parser.add_argument("--series", required=True, metavar="FILE", help="unique_id, ds, y")
    parser.add_argument("--freq", required=True, choices=["W", "MS", "D"], help="period of ds")
    parser.add_argument(
        "--items",
        required=True,
        metavar="FILE",
        help="unique_id, unit_cost, lead_time (periods), and optionally review_period, moq, "
        "order_multiple, unit_price, criticality, holding_rate, shortage_cost, min_level, "
        "max_level",
    )
    parser.add_argument("--json", action="store_true", help="print what came out as JSON")


def check_out(path: str) -> None:
    """Refuse an output name before any work is done."""
    if Path(path).suffix.lower() not in {".csv", ".parquet"}:
        raise UserError(f"{path}: expected a name that ends in .csv or .parquet")
    if not Path(path).absolute().parent.is_dir():
        raise UserError(f"{path}: the folder {Path(path).parent} does not exist")


def read_portfolio(arguments: argparse.Namespace) -> Portfolio:
    """Series and items of a command.

    Raises
    ------
    UserError
        A file or a column is missing, or no item can be used.
    """
    reading = read_series(Path(arguments.series), arguments.freq)
    try:
        items, refused = read_items(read_table(Path(arguments.items)), reading.panel.ids)
    except ValueError as fault:
        raise UserError(f"{arguments.items}: {fault}") from fault
    said = set(refused["unique_id"])
    unread = reading.refused[~reading.refused["unique_id"].isin(said)]
    refused = pd.concat([refused, unread], ignore_index=True)
    if not len(items):
        first = refused.iloc[0]
        raise UserError(
            f"{arguments.items}: no item can be used; {first['unique_id']} {first['reason']}"
        )
    place = pd.Index(reading.panel.ids.astype(str)).get_indexer(pd.Index(items.ids))
    return Portfolio(reading.panel.take(np.asarray(place)), items, refused, reading.notes)


def report(
    arguments: argparse.Namespace,
    outcome: dict[str, object],
    refused: pd.DataFrame,
    notes: list[tuple[str, str]],
) -> int:
    """Print what came out; refused items are named on stderr and make the exit status 1."""
    listed = list(zip(refused["unique_id"], refused["reason"], strict=True))
    if arguments.json:
        lists = {
            "refused": [{"unique_id": key, "reason": text} for key, text in listed],
            "notes": [{"unique_id": key, "note": text} for key, text in notes],
        }
        print(json.dumps(_plain(outcome | lists), indent=2))
    else:
        for name, value in outcome.items():
            print(f"{name.replace('_', ' ')}: {_shown(value)}")
    _name("left out", listed)
    _name("note", notes)
    return 1 if listed else 0


def _name(what: str, rows: list[tuple[str, str]]) -> None:
    """Name the first items on stderr, and say how many more there are."""
    for key, text in rows[:SHOWN]:
        print(f"{what}: item {key} {text}" if key else f"{what}: {text}", file=sys.stderr)
    if len(rows) > SHOWN:
        print(f"{what}: {len(rows) - SHOWN} more items (--json names all)", file=sys.stderr)


def _shown(value: object) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return "no data"
    return f"{value:,.4f}" if isinstance(value, float) else str(value)


def _plain(value: object) -> object:
    """Values that JSON knows; a figure without data is null."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value
