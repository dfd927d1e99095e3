"""`python -m forecasting forecast`: the chosen model of each series, into the future."""

import argparse

import numpy as np
import pandas as pd

from data.errors import UserError
from forecasting.commands import _cache, _plan
from forecasting.commands._files import Progress, check_freq, read_series, write_table
from forecasting.commands.backtest import (
    add_series_options,
    check_counts,
    check_some,
    say,
    say_notes,
)
from forecasting.demand.backtest import forecast_rows, level_names
from forecasting.demand.panel import Panel, without_typos
from forecasting.demand.routing import Chosen, catalogue


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "forecast",
        help="forecast each series of a file with the model chosen for it",
        description="Forecasts each series with the model chosen for it on its own past. "
        "Out: unique_id, ds, model, yhat and q_<level> columns.",
    )
    add_series_options(command)
    command.add_argument(
        "--quantiles", default="0.5,0.9,0.95,0.99", help="comma-separated (default: %(default)s)"
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Choose, fit, write the forecasts, print which model carries how many series."""
    levels = _levels(arguments.quantiles)
    reading = read_series(arguments.series, check_freq(arguments.freq))
    check_some(reading, arguments)
    check_counts(arguments)
    panel, typos = without_typos(reading.panel)
    parts = _plan.blocks(panel)
    bar = Progress(len(parts), "forecast")
    bar.say("begun")
    made = []
    for rows in parts:
        made.append(_kept(panel.take(rows), levels, arguments))
        bar.step(f"{len(rows)} series")
    frame = _in_order(pd.concat(made, ignore_index=True), panel)
    columns = ["unique_id", "ds", "model", "yhat", *level_names(levels)]
    write_table(frame[columns], arguments.out)
    say(_counts(frame), arguments.json)
    strange = pd.DataFrame({"unique_id": panel.ids[typos.index.to_numpy(int)], "note": typos})
    say_notes(pd.concat([reading.notes, strange], ignore_index=True), reading.refused)
    return 0


def _kept(panel: Panel, levels: list[float], arguments: argparse.Namespace) -> pd.DataFrame:
    """The forecasts of one block, from the cache where nothing has changed."""
    name = _cache.fingerprint(
        panel, horizon=arguments.horizon, levels=levels, seed=arguments.seed, model="chosen"
    )
    return _cache.kept(
        f"forecast-{name}", lambda: _forecast(panel, levels, arguments), not arguments.no_cache
    )


def _in_order(frame: pd.DataFrame, panel: Panel) -> pd.DataFrame:
    """Series in the order of the file, periods in theirs."""
    place = pd.Index(panel.ids).get_indexer(pd.Index(frame["unique_id"]))
    return frame.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)


def _forecast(panel: Panel, levels: list[float], arguments: argparse.Namespace) -> pd.DataFrame:
    chosen = catalogue(arguments.seed, arguments.jobs)["chosen"]
    assert isinstance(chosen, Chosen)
    fitted = chosen.fit(panel, arguments.horizon)
    frame = forecast_rows(panel, fitted, arguments.horizon, levels)
    return frame.merge(fitted.choice, on="unique_id", how="left", validate="many_to_one")


def _levels(text: str) -> list[float]:
    """Probability levels out of the option's text.

    Raises
    ------
    UserError
        A part is no number between 0 and 1.
    """
    try:
        levels = [float(part) for part in text.split(",")]
    except ValueError as fault:
        raise UserError(f"--quantiles {text!r} has a part that is no number") from fault
    if not all(0 < level < 1 for level in levels):
        raise UserError(f"--quantiles {text!r} has a level that is not between 0 and 1")
    return levels


def _counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Series by class and model."""
    one = frame.drop_duplicates("unique_id")
    counts = one.groupby(["demand_class", "model"], as_index=False).size()
    return counts.rename(columns={"size": "n_series"})
