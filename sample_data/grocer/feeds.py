"""From tables to the files of the grocer, and the faults of execution that are in them."""

from pathlib import Path

import numpy as np

from sample_data.faults import Fault
from sample_data.files import as_text, by_year, write_csv
from sample_data.grocer import tables
from sample_data.grocer.settings import WEEKS_OF_SEASON
from sample_data.grocer.trading import GrocerRun


def write_grocer(run: GrocerRun, folder: Path) -> tuple[dict[str, int], list[Fault]]:
    """Write all feeds into a folder, made when missing; returns rows per feed and the faults."""
    folder.mkdir(parents=True, exist_ok=True)
    masters = {
        "sites": ("sites_grocer", tables.sites(run.grocer)),
        "items": ("items_grocer", tables.items(run.grocer)),
        "seasons": ("seasons", tables.seasons(run)),
    }
    for name, rows in masters.values():
        write_csv(as_text(rows), folder / f"{name}.csv")
    sold = tables.demand(run)
    by_year(sold, "demand_date", "demand", folder)
    shared = [one for one in run.seasons if one.allocated is not None]
    n_lines = 0
    for one in shared:
        rows = tables.allocations(run, one)
        n_lines += len(rows)
        write_csv(as_text(rows), folder / f"allocations_{one.season.season_id}.csv")
    counts = {name: len(rows) for name, (_, rows) in masters.items()}
    return counts | {"demand": len(sold), "allocations": n_lines}, execution_faults(run)


def execution_faults(run: GrocerRun) -> list[Fault]:
    """What the depot did wrong, counted from the events."""
    kinds: dict[str, list[str]] = {"other": [], "broken": [], "closed": []}
    for one in run.seasons:
        if one.allocated is None or one.delivered is None:
            continue
        grocer = run.grocer
        item, site = grocer.pairs.to_numpy()[one.pairs].T
        start = grocer.settings.week_of(one.season.start)
        pack = grocer.items["pack"].to_numpy()[item]
        is_open = grocer.is_open[site, start : start + WEEKS_OF_SEASON].any(axis=1)
        found = {
            "other": one.delivered != one.allocated,
            "broken": one.delivered % pack != 0,
            "closed": ~is_open & (one.delivered > 0),
        }
        file = f"allocations_{one.season.season_id}.csv"
        for kind, lines in found.items():
            kinds[kind] += [file] * int(np.count_nonzero(lines))
    names = {
        "other": ("season delivered other than allocated", "not_as_allocated"),
        "broken": ("season delivered in a broken pack", "wrong_multiple"),
        "closed": ("season delivered to a closed store", "closed_site"),
    }
    return [
        Fault(
            name,
            tuple(sorted(set(kinds[kind]))),
            len(kinds[kind]),
            f"accepted; an error of execution: {said}",
        )
        for kind, (name, said) in names.items()
    ]
