"""`python -m data rejects`: the rejected rows, to look at or to mend and load again."""

import argparse
import sys

import pandas as pd

from data.arguments import add_common
from data.rejects import SHOWN, read_rejects, to_mend


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "rejects",
        help="show rejected rows, or write them out to be mended",
        description="The rejected rows. As CSV: the faulty rows with the columns of their file, "
        "the line and what is wrong; mend the cells and load the file again.",
    )
    parser.add_argument("--file", metavar="F", help="only what came in the file of this name")
    parser.add_argument("--format", choices=("table", "csv"), default="table")
    add_common(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    rejects = read_rejects(arguments.warehouse, arguments.file)
    if arguments.format == "csv":
        to_mend(rejects).to_csv(sys.stdout, index=False, lineterminator="\n")
    elif arguments.json:
        print(rejects.to_json(orient="records", force_ascii=False, indent=1))
    else:
        _show(rejects)
    return 0


def _show(rejects: pd.DataFrame) -> None:
    for reject in rejects[list(SHOWN)].fillna("").to_dict("records"):
        value = f"'{reject['value']}' " if reject["value"] else ""
        column = f"{reject['column_name']} " if reject["column_name"] else ""
        also = f"; {reject['also']}" if reject["also"] else ""
        print(
            f"{reject['_file']} line {reject['_line']} ({reject['feed']}, {reject['kind']}): "
            f"{column}{value}{reject['reason']}{also}"
        )
    counts = rejects["kind"].value_counts()
    print(", ".join(f"{n:,} {kind}" for kind, n in counts.items()) or "nothing is rejected")
