"""`python -m data feeds`: the contract of every feed."""

import argparse
import json
from dataclasses import asdict

from data import feed_page
from data.feeds import FEEDS


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "feeds",
        help="list every feed with its columns",
        description="Lists every feed: what a row is, its key, its columns and what they mean.",
    )
    shown = command.add_mutually_exclusive_group()
    shown.add_argument("--json", action="store_true", help="for machines")
    shown.add_argument(
        "--markdown", action="store_true", help="the text of docs/feeds.md, to be written there"
    )
    command.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Print the contracts."""
    if given.markdown:
        print(feed_page.as_markdown(), end="")
    elif given.json:
        print(json.dumps([asdict(feed) for feed in FEEDS.values()]))
    else:
        for feed in FEEDS.values():
            print(f"{feed.name}: one row per {feed.grain}; key {', '.join(feed.key)}")
            for column in feed.columns:
                mark = "" if column.required else "?"
                print(f"    {column.name + mark:<24} {column.kind:<9} {column.meaning}")
    return 0
