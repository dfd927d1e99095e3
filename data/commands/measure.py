"""`python -m data measure METRIC`: one metric, as a table, CSV or JSON."""

import argparse
from pathlib import Path

import pandas as pd

from data import arguments
from data.errors import UserError
from data.metrics import PERIODS, measure
from data.warehouse import connect


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "measure",
        help="measure one metric",
        description="Measures one metric. A value that is blank is 'no data'. "
        "`python -m data metrics` lists the metrics and what they may be split by.",
    )
    command.add_argument("metric", metavar="METRIC", help="identifier, such as unit_fill_rate")
    command.add_argument("--every", metavar="PERIOD", help=f"one of {', '.join(PERIODS)}")
    command.add_argument(
        "--by", default="", metavar="DIMENSIONS", help="dimensions, separated by commas"
    )
    command.add_argument("--since", type=arguments.day, metavar="DATE", help="first day")
    command.add_argument("--until", type=arguments.day, metavar="DATE", help="last day, included")
    command.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="DIMENSION=VALUE",
        help="only rows with this value; the same dimension again allows another value",
    )
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")
    arguments.add_common(command)
    command.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Measure, and print what came out."""
    with connect(Path(given.warehouse)) as con:
        measured = measure(
            con,
            given.metric,
            every=given.every,
            by=[name.strip() for name in given.by.split(",") if name.strip()],
            since=given.since,
            until=given.until,
            where=read_filters(given.where),
        )
    print(render(measured, "json" if given.json else given.format))
    return 0


def read_filters(texts: list[str]) -> dict[str, list[str]]:
    """Read `site_id=DC1` into filters; repetition allows several values.

    Raises
    ------
    UserError
        Where a filter has no `=`.
    """
    filters: dict[str, list[str]] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise UserError(f"--where '{text}' has no '=' (expected DIMENSION=VALUE)")
        filters.setdefault(name.strip(), []).append(value.strip())
    return filters


def render(measured: pd.DataFrame, form: str) -> str:
    """Write figures for people or machines; ratios in full, no data blank (null in JSON)."""
    shown = measured.drop(columns="squares")
    shown["period"] = shown["period"].dt.strftime("%Y-%m-%d")
    if form == "json":
        return str(shown.to_json(orient="records", double_precision=15))
    if shown["period"].isna().all():
        shown["period"] = "all"
    if form == "csv":
        return shown.to_csv(index=False).rstrip("\n")
    if shown.empty:
        return "no data"
    return str(shown.to_string(index=False, na_rep="no data"))
