"""`python -m data sample`: feeds of any size, to try and to measure with."""

import argparse
import json
from pathlib import Path

from data.errors import UserError

SEED_LIMIT = 2**63


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "sample",
        help="write sample feeds of any size",
        description="Write sample feeds (items, sites, customers, order_lines, order_promises, "
        "shipments) as CSV with N order lines over two years. The rows are drawn from the seed, "
        "not simulated day by day: for the simulated business with stock, faults and suppliers, "
        "see sample_data/README.md. The same N and seed give the same bytes.",
    )
    parser.add_argument(
        "--lines", type=int, required=True, metavar="N", help="order lines to write"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="seed (default: 1)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write to")
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the feeds and print what was written.

    Raises
    ------
    UserError
        For fewer than one line, a negative seed, or a folder that cannot be made.
    """
    from sample_data.large import write_large

    if arguments.lines < 1:
        raise UserError(f"--lines {arguments.lines}: expected 1 or more")
    if not 0 <= arguments.seed < SEED_LIMIT:
        raise UserError(f"--seed {arguments.seed}: expected 0 to 2^63 - 1")
    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise UserError(f"--out {arguments.out}: cannot be made ({fault.strerror})") from fault
    rows = write_large(arguments.lines, arguments.seed, arguments.out)
    if arguments.json:
        print(json.dumps({"out": str(arguments.out), "rows": rows}))
    else:
        for feed, n in rows.items():
            print(f"{feed:16}{n:>14,} rows  {arguments.out / f'{feed}.csv'}")
    return 0
