"""`python -m data reconcile`: what became of every row of every file."""

import argparse
import sys
from pathlib import Path

import pandas as pd

from data.arguments import add_common
from data.errors import UserError
from data.reconciling import reconcile


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "reconcile",
        help="account for every row of every file",
        description="Accounts for every row of every file: rows in = accepted + faulty + copies + "
        "filtered, and accepted = in use + superseded + dated after it was loaded. --rows lists "
        "each superseded row with the file and line that stands for it. Exit status 1 where a row "
        "is not accounted for.",
    )
    parser.add_argument("--file", metavar="F", help="only the file of this name")
    parser.add_argument("--rows", action="store_true", help="list the superseded rows")
    parser.add_argument("--format", choices=("table", "csv"), default="table")
    add_common(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    found = reconcile(arguments.warehouse)
    loads = _of_file(found.loads, arguments.file)
    rows = _of_file(found.superseded, arguments.file) if arguments.rows else loads
    if arguments.file and loads.empty:
        raise UserError(f"no file named {Path(arguments.file).name!r} was loaded or refused")
    if arguments.json:
        print(rows.to_json(orient="records", force_ascii=False, indent=1, date_format="iso"))
    elif arguments.format == "csv":
        rows.to_csv(sys.stdout, index=False, lineterminator="\n")
    else:
        for one in rows.to_dict("records"):
            print(_row_said(one) if arguments.rows else _load_said(one))
        print(_total(loads))
    return 1 if (loads["n_unaccounted"] != 0).any() or (loads["n_superseded"] < 0).any() else 0


def _of_file(rows: pd.DataFrame, file: str | None) -> pd.DataFrame:
    return rows if file is None else rows[rows["file"] == Path(file).name]


def _row_said(row: dict[object, object]) -> str:
    return (
        f"{row['file']} line {row['line']} ({row['feed']} {row['key']}): superseded by "
        f"{row['by_file']} line {row['by_line']}"
    )


def _load_said(load: dict[object, object]) -> str:
    parts = (
        ("n_faults", "faulty"),
        ("n_mended", "of them mended since"),
        ("n_duplicates", "copies"),
        ("n_filtered", "filtered"),
        ("n_in_use", "in use"),
        ("n_superseded", "superseded"),
        ("n_misdated", "dated after the load"),
    )
    said = ", ".join(f"{load[column]:,} {word}" for column, word in parts if load[column])
    feed = f" ({load['feed']})" if load["feed"] else ""
    return f"{load['file']}{feed}, {load['fate']}: {load['rows_in']:,} rows" + (
        f" = {said}" if said else ""
    )


def _total(loads: pd.DataFrame) -> str:
    n = loads[["rows_in", "n_in_use", "n_unaccounted"]].sum()
    return (
        f"{n['rows_in']:,} rows in {len(loads):,} loads: {n['n_in_use']:,} in use, "
        f"{n['n_unaccounted']:,} not accounted for"
    )
