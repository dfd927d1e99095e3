"""Arguments that several commands share, and how they are read."""

import argparse
import os
from datetime import date
from pathlib import Path

from data.build import CheckOutcome


def add_common(command: argparse.ArgumentParser) -> None:
    """Add --warehouse and --json."""
    command.add_argument(
        "--warehouse",
        type=Path,
        default=Path(os.environ.get("WAREHOUSE", ".warehouse")),
        help="folder of the lake and the builds (default: $WAREHOUSE, else .warehouse)",
    )
    command.add_argument("--json", action="store_true", help="for machines")


def add_as_of(command: argparse.ArgumentParser) -> None:
    """Add --as-of."""
    command.add_argument(
        "--as-of",
        type=day,
        metavar="DATE",
        help="use only facts recorded by this day (default: the day of the latest fact)",
    )


def day(text: str) -> date:
    """Read a date from the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date (expected YYYY-MM-DD)") from None


def describe_failure(outcome: CheckOutcome) -> str:
    """Say in one line which rule is broken, how often, and one example."""
    return (
        f"check {outcome.check} failed: {outcome.rule} - {outcome.n_rows:,} rows say otherwise,"
        f" such as: {outcome.examples[0]}"
    )
