"""`python -m forecasting backtest`: forecasts of past demand, and how good they were."""

import argparse
import json
import sys
from pathlib import Path

import pandas as pd

from data.errors import UserError
from forecasting.commands import _cache
from forecasting.commands._files import (
    Progress,
    add_jobs,
    check_freq,
    read_series,
    say_missing,
    write_table,
)
from forecasting.demand.backtest import cutoffs, summary, window_forecasts
from forecasting.demand.losses import LEVELS
from forecasting.demand.models.contract import Model
from forecasting.demand.panel import Panel
from forecasting.demand.routing import catalogue, panels_of, prepare
from forecasting.demand.series import Reading

NAIVE = "seasonal_naive"
MOST_NOTES, SHOWN = 10, 3


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "backtest",
        help="rolling-origin back-test of forecasting models on a series file",
        description="Back-tests models from rolling origins: each forecasts from the periods "
        "before its cutoff only. Out: unique_id, ds, cutoff, model, y, yhat and q_<level> columns.",
    )
    add_series_options(command)
    command.add_argument("--windows", type=int, required=True, help="origins, side by side")
    command.add_argument(
        "--models", default=f"chosen,{NAIVE}", help="comma-separated (default: %(default)s)"
    )
    command.set_defaults(run=run)


def add_series_options(command: argparse.ArgumentParser) -> None:
    """What `backtest` and `forecast` have in common."""
    command.add_argument(
        "--series", type=Path, required=True, help="CSV or Parquet: unique_id, ds, y"
    )
    command.add_argument("--freq", required=True, help="W, MS or D")
    command.add_argument("--horizon", type=int, required=True, help="periods ahead")
    command.add_argument("--out", type=Path, required=True, help="CSV or Parquet to write")
    command.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    add_jobs(command)
    command.add_argument("--no-cache", action="store_true", help="compute everything anew")
    command.add_argument("--json", action="store_true", help="print for machines")


def run(arguments: argparse.Namespace) -> int:
    """Back-test, write the forecasts, print the losses."""
    reading = read_series(arguments.series, check_freq(arguments.freq))
    check_some(reading, arguments)
    panel = reading.panel
    check_counts(arguments)
    models = _models(arguments)
    try:
        cuts = cutoffs(panel.n_periods, arguments.horizon, arguments.windows)
    except ValueError as fault:
        raise UserError(f"{arguments.series}: {fault}") from fault
    bar = Progress(len(cuts) * len(models), "back-test")
    keys = {(cut, name): _key(panel, cut, name, arguments) for cut in cuts for name in models}
    fresh = {cut for (cut, _), key in keys.items() if arguments.no_cache or not _cache.has(key)}
    needed = panels_of(panel, sorted(fresh), arguments.horizon)
    prepare(models.values(), needed, arguments.horizon, arguments.jobs, bar.say)
    parts = []
    for (cut, name), key in keys.items():
        parts.append(_window(panel, cut, models[name], key, arguments))
        bar.step(f"{name} from {panel.periods[cut - 1]:%Y-%m-%d}")
    forecasts = pd.concat(parts, ignore_index=True)
    write_table(forecasts, arguments.out)
    losses = summary(panel, forecasts, list(LEVELS), unit_cost=_unit_cost(panel))
    say(losses, arguments.json)
    say_notes(reading.notes, reading.refused)
    return 0


def _unit_cost(panel: Panel) -> "pd.Series[float] | None":
    """Unit cost of each series, where the file has such a column; None without."""
    if "unit_cost" not in panel.attributes:
        return None
    cost = pd.to_numeric(panel.attributes["unit_cost"], errors="coerce")
    return pd.Series(cost.to_numpy(dtype=float), index=panel.ids)


def check_some(reading: Reading, arguments: argparse.Namespace) -> None:
    """At least one series is left to forecast.

    Raises
    ------
    UserError
        Each was refused; the reasons are said before.
    """
    if not len(reading.panel):
        say_notes(reading.notes, reading.refused)
        raise UserError(f"{arguments.series}: every series was refused; nothing can be forecast")


def check_counts(arguments: argparse.Namespace) -> None:
    """Counts are at least 1.

    Raises
    ------
    UserError
        One is not.
    """
    for name in ("horizon", "windows", "jobs"):
        if getattr(arguments, name, 1) < 1:
            raise UserError(f"--{name} {getattr(arguments, name)} is not a count of 1 or more")


def _models(arguments: argparse.Namespace) -> dict[str, Model]:
    known = catalogue(arguments.seed, arguments.jobs)
    say_missing()
    names = [name.strip() for name in arguments.models.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise UserError(
            f"--models {unknown[0] if unknown else ''!r} is unknown (expected {', '.join(known)})"
        )
    return {name: known[name] for name in names}


def _key(panel: Panel, cut: int, name: str, arguments: argparse.Namespace) -> str:
    """What the forecasts of one model from one origin are kept by."""
    seen = panel.until(cut + arguments.horizon)
    settings = {"cut": cut, "horizon": arguments.horizon, "model": name, "seed": arguments.seed}
    return f"window-{_cache.fingerprint(seen, **settings)}"


def _window(
    panel: Panel, cut: int, model: Model, key: str, arguments: argparse.Namespace
) -> pd.DataFrame:
    """One model from one origin, from the cache where nothing has changed."""
    return _cache.kept(
        key,
        lambda: window_forecasts(panel, cut, arguments.horizon, model, list(LEVELS)),
        not arguments.no_cache,
    )


def say(table: pd.DataFrame, as_json: bool) -> None:
    """Print a table for people or for machines."""
    if as_json:
        print(json.dumps(json.loads(table.to_json(orient="records"))))
    else:
        with pd.option_context("display.width", 200, "display.max_columns", None):
            print(table.round(4).to_string(index=False))


def say_notes(notes: pd.DataFrame, refused: pd.DataFrame) -> None:
    """Say on stderr what was decided about single series, shortly, with the first of them."""
    for frame, column, what in ((notes, "note", "noted"), (refused, "reason", "refused")):
        plain = frame[column].str.replace(r"\d[\d,.]*", "some", n=1, regex=True)
        ids = frame["unique_id"].groupby(plain).agg(list)
        for text, named in sorted(ids.items(), key=lambda pair: -len(pair[1]))[:MOST_NOTES]:
            first = ", ".join(named[:SHOWN]) + (", ..." if len(named) > SHOWN else "")
            print(f"{what} for {len(named)} series: {text} ({first})", file=sys.stderr)
