"""`python -m data metrics`: the catalogue."""

import argparse
import json

from data import definitions
from data.metrics import Metric, catalogue


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "metrics",
        help="list every metric with its definition",
        description="Lists every metric: identifier, name, version, and what counts.",
    )
    shown = command.add_mutually_exclusive_group()
    shown.add_argument("--json", action="store_true", help="for machines")
    shown.add_argument(
        "--markdown", action="store_true", help="the text of docs/metrics.md, to be written there"
    )
    command.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Print the catalogue."""
    if given.markdown:
        print(definitions.as_markdown(), end="")
    elif given.json:
        print(json.dumps([_as_json(metric) for metric in catalogue().values()]))
    else:
        for metric in catalogue().values():
            print(f"{metric.metric:<30} {metric.label} (version {metric.version}, {metric.unit})")
            print(f"{'':<30} {metric.description}")
            print(f"{'':<30} by {', '.join(metric.dimensions)}")
    return 0


def _as_json(metric: Metric) -> dict[str, object]:
    return {
        "metric": metric.metric,
        "label": metric.label,
        "unit": metric.unit,
        "better": metric.better,
        "version": metric.version,
        "kind": metric.kind,
        "dimensions": metric.dimensions,
        "description": metric.description,
    }
