"""`python -m data ingest`: loads files into the lake."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from data.arguments import add_common
from data.feeds import FEEDS
from data.ingest import ingest
from data.report import LoadReport

MOST_REASONS = 8


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "ingest",
        help="load files into the lake",
        description="Load files (CSV, TSV, Parquet, XLSX; a folder loads every file it knows). "
        "The same bytes again do nothing. A bad row is set aside with line, column and reason; a "
        "bad file is refused whole.",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file or folder")
    parser.add_argument("--feed", metavar="NAME", help=f"feed of the files: {', '.join(FEEDS)}")
    parser.add_argument(
        "--mapping", type=Path, metavar="FILE", help="mapping file (TOML), or name of a kept one"
    )
    add_common(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    reports = ingest(arguments.paths, arguments.warehouse, arguments.feed, arguments.mapping)
    if arguments.json:
        print(json.dumps([_as_dict(report) for report in reports], indent=1, ensure_ascii=False))
    else:
        for report in reports:
            _show(report)
    return 1 if any(report.status == "refused" for report in reports) else 0


def _as_dict(report: LoadReport) -> dict[str, Any]:
    told = asdict(report.entry) | {"status": report.status, "message": report.message}
    return told | {"reasons": [asdict(reason) for reason in report.reasons]}


def _show(report: LoadReport) -> None:
    if report.status == "refused":
        print(f"refused: {report.message}", file=sys.stderr)
        return
    print(report.message if report.status != "skipped" else f"skipped: {report.message}")
    for reason in report.reasons[:MOST_REASONS]:
        print(f"    {reason.n_rows:,} {reason.kind}: {reason.example}")
    if len(report.reasons) > MOST_REASONS:
        print(f"    and {len(report.reasons) - MOST_REASONS} more reasons (python -m data rejects)")
