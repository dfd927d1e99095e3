"""`python -m data suggest`: proposes a mapping file for a client's file."""

import argparse
import json
from pathlib import Path

from data.arguments import add_common
from data.errors import UserError
from data.feeds import FEEDS
from data.suggest import suggest


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "suggest",
        help="propose a mapping for a client's file",
        description="Propose a mapping file for a client's file: feed, columns, formats of dates "
        "and numbers, units, keys, each with its confidence and evidence in comments. What is "
        "marked UNSURE is for a person to decide. Nothing is loaded.",
    )
    parser.add_argument("path", type=Path, metavar="PATH", help="the file")
    parser.add_argument("--feed", metavar="NAME", help=f"feed of the file: {', '.join(FEEDS)}")
    add_common(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    if not arguments.path.is_file():
        raise UserError(f"there is no file {arguments.path}")
    found = suggest(arguments.path, arguments.warehouse, arguments.feed)
    if arguments.json:
        print(json.dumps(found.to_dict(), indent=1, ensure_ascii=False))
    else:
        print(found.to_toml(), end="")
    return 0
