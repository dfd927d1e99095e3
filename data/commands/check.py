"""`python -m data check`: every check on what has been loaded, every fault."""

import argparse
import json
import sys
from pathlib import Path

from data import arguments
from data.build import check
from data.commands.build import as_json, show_progress


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "check",
        help="run all checks on the loaded files and report every fault",
        description="Builds aside as far as the checks, reports every fault, publishes nothing.",
    )
    arguments.add_as_of(command)
    arguments.add_common(command)
    command.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Check, and say what every rule found."""
    report = check(Path(given.warehouse), given.as_of, None if given.json else show_progress)
    if given.json:
        print(json.dumps(as_json(report)))
    else:
        print(f"as of {report.as_of_date.isoformat()}")
        for outcome in report.checks:
            verdict = "passed" if outcome.is_passed else f"{outcome.n_rows:,} rows fail"
            print(f"{outcome.check:<46} {verdict}")
    for outcome in report.failed:
        print(f"error: {arguments.describe_failure(outcome)}", file=sys.stderr)
    return 1 if report.failed else 0
