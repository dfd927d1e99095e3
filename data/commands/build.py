"""`python -m data build`: builds from what has been loaded, and publishes."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from data import arguments
from data.build import BuildReport, build


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "build",
        help="build the warehouse and publish it; a failed check publishes nothing",
        description="Builds marts, metrics and cubes from the loaded files and puts them in use. "
        "A failed check publishes nothing: the build in use stays.",
    )
    arguments.add_as_of(command)
    arguments.add_common(command)
    command.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Build, and say what came out."""
    report = build(Path(given.warehouse), given.as_of, None if given.json else show_progress)
    if given.json:
        print(json.dumps(as_json(report)))
    else:
        _print_report(report)
    for outcome in report.failed:
        print(f"error: {arguments.describe_failure(outcome)}", file=sys.stderr)
    return 1 if report.failed else 0


def as_json(report: BuildReport) -> dict[str, object]:
    """Return a report for machines."""
    return {
        "build_id": report.build.build_id if report.build else None,
        "path": str(report.build.path) if report.build else None,
        "as_of_date": _text(report.as_of_date),
        "seconds": round(report.seconds, 3),
        "rows": report.rows,
        "forecasts": report.forecasts_said,
        "checks": [
            {
                "check": outcome.check,
                "rule": outcome.rule,
                "n_rows": outcome.n_rows,
                "is_passed": outcome.is_passed,
                "examples": list(outcome.examples),
            }
            for outcome in report.checks
        ],
    }


def show_progress(step: str, number: int, of: int) -> None:
    """Keep one line of progress where a person is looking."""
    if sys.stderr.isatty():
        end = "\n" if number == of else ""
        print(f"\r{number:3d}/{of} {step:<60}", end=end, file=sys.stderr, flush=True)


def _print_report(report: BuildReport) -> None:
    rows = ", ".join(
        f"{report.rows.get(name, 0):,} {name.replace('_', ' ')}"
        for name in ("order_lines", "orders", "shipments", "stock", "asides")
    )
    print(f"as of {_text(report.as_of_date)}: {rows}")
    print(f"checks: {len(report.checks) - len(report.failed)} of {len(report.checks)} passed")
    print(report.forecasts_said)
    if report.build:
        print(f"published build {report.build.build_id} in {report.seconds:.1f} s")
    else:
        print("nothing published; the build in use stays")


def _text(day: date) -> str:
    return day.isoformat()
