"""`python -m forecasting run`: forecasts for the current build, into the next one."""

import argparse
import json
import sys
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from data import arguments, forecasts
from data.build import build
from data.warehouse import connect, current_build
from forecasting.commands import _plan, _run_demand, _run_replay, _run_seasons, _run_stock
from forecasting.commands._files import add_jobs, say_missing
from forecasting.commands._steps import Options, Step, Work, empty
from forecasting.commands.backtest import check_counts, say

KINDS = ("special_order", "drop_ship", "transfer")
STEPS: tuple[Step, ...] = (_run_demand.step, _run_stock.step, _run_replay.step, _run_seasons.step)
"""What a run does, in its order; see `_steps`."""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = subparsers.add_parser(
        "run",
        help="forecasts, stock proposals and seasons of the current build, into the next one",
        description="Forecasts the daily demand of the current build by item and site, back-tests "
        "the models, plans stock under the client's wish ([planning] in settings.toml) and "
        "proposes what to order and move, obeying what people decided in the journal, plans the "
        "seasons and judges those that are over, keeps all of it in the lake and publishes the "
        "next build with it. Items that are bought by the season are forecast by their seasons "
        "only.",
    )
    arguments.add_common(command)
    command.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    add_jobs(command)
    command.add_argument(
        "--freq", choices=("W", "MS"), help="weeks or months (default: what was nearer in the past)"
    )
    command.add_argument(
        "--windows", type=int, default=2, help="origins of the back-test (default: %(default)s)"
    )
    command.add_argument(
        "--include",
        action="append",
        default=[],
        choices=KINDS,
        help="count this kind of order as demand too; may be repeated",
    )
    command.add_argument("--no-cache", action="store_true", help="compute everything anew")
    command.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Take every step, keep what they made, publish, and say what came out."""
    started = time.monotonic()
    check_counts(given)
    say_missing()
    warehouse = Path(given.warehouse)
    current = current_build(warehouse)
    with closing(connect(warehouse)) as con:
        (as_of,) = con.execute("SELECT as_of_date FROM marts.build").fetchall()[0]
        options = Options(given.seed, given.jobs, given.windows, given.freq, tuple(given.include))
        place = None if given.no_cache else warehouse / "cache" / "forecasts"
        work = Work(con, as_of, warehouse, options, place)
        times = {}
        for step in STEPS:
            begun = time.monotonic()
            work.tables |= step(work)
            times[step.__module__.rsplit("_run_", 1)[-1]] = time.monotonic() - begun
    absent = {name: empty(name) for name in forecasts.TABLES if name not in work.tables}
    kept = forecasts.keep(
        warehouse,
        work.tables | absent,
        build_id=current.build_id if current else "",
        as_of=as_of,
        freq=work.needed.freq,
        horizon=work.needed.horizon,
        freq_reason=work.needed.reason,
    )
    report = build(warehouse, as_of)
    times["build"] = report.seconds
    _say(given, work, kept, report.build.build_id if report.build else None, started)
    if not given.json:
        print("; ".join(f"{name} {seconds:.1f} s" for name, seconds in times.items()))
    for failed in report.failed:
        print(f"error: {arguments.describe_failure(failed)}", file=sys.stderr)
    return 1 if report.failed else 0


def _say(
    given: argparse.Namespace,
    work: Work,
    kept: forecasts.Run,
    build_id: str | None,
    started: float,
) -> None:
    seconds = time.monotonic() - started
    accuracy = work.tables["forecast_accuracy"]
    overall = accuracy[accuracy["demand_class"] == "all"]
    if given.json:
        told = {**asdict(kept), "published_build_id": build_id, "seconds": round(seconds, 1)}
        told |= {"results_made": work.counts["made"], "results_kept": work.counts["kept"]}
        told["accuracy"] = json.loads(overall.to_json(orient="records"))
        print(json.dumps(told))
        return
    word = _plan.WORDS[work.needed.freq]
    print(
        f"{kept.n_series:,} series of {work.needed.n_periods} {word}, {work.needed.horizon} ahead, "
        f"as of {kept.as_of_date}"
    )
    print(f"{word}: {work.needed.reason}")
    say(overall.drop(columns="demand_class"), False)
    made, before = work.counts["made"], work.counts["kept"]
    print(f"{made} results made, {before} taken from before; {seconds:.1f} s")
    print(f"published build {build_id}" if build_id else "nothing published")
