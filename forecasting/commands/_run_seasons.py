"""The step that plans and judges seasons: every season and business unit of the build."""

import hashlib
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any

import pandas as pd

from forecasting.commands import _cache
from forecasting.commands._files import Progress
from forecasting.commands._steps import Work, empty, shaped
from forecasting.season.faults import SeasonError
from forecasting.season.review import Case, Review, review

NAMES = ("season_plans", "season_forecasts", "season_results", "season_luck")
PARTS = ("plans", "forecasts", "results", "luck")
VERSION = 3
# Stands for the slash in the id of a site: the last slash of a series parts item and site.
SLASH = "\u2215"

_SEASONS = """
SELECT season_id, business_unit, item_id, item_family, start_date, end_date, status,
    CAST(qty_total AS DOUBLE) AS qty_total, CAST(qty_held_back AS DOUBLE) AS qty_held_back,
    CAST(pack_size AS DOUBLE) AS pack
FROM marts.seasons ORDER BY start_date, season_id, business_unit, item_id
"""
_LINES = """
SELECT line.season_id, line.business_unit, line.item_id, line.site_id, line.allocated_at,
    CAST(line.qty_on_hand AS DOUBLE) AS qty_on_hand,
    CAST(line.qty_allocated AS DOUBLE) AS qty_allocated, line.is_closed
FROM marts.season_lines AS line WHERE line.qty_allocated IS NOT NULL
"""
_SALES = """
SELECT ordered_item_id AS item_id, site_id, business_unit,
    date_trunc('week', demand_date) AS ds, CAST(sum(qty) AS DOUBLE) AS y,
    NOT bool_or(is_censored) AS in_stock
FROM marts.daily_demand
WHERE is_counted AND ordered_item_id IN (SELECT item_id FROM marts.seasons)
    AND demand_date <= CAST($as_of AS DATE)
GROUP BY ordered_item_id, site_id, business_unit, date_trunc('week', demand_date)
ORDER BY item_id, site_id, ds
"""
_SITES = "SELECT site_id, region, site_type FROM marts.sites ORDER BY site_id"


def step(work: Work) -> dict[str, pd.DataFrame]:
    """Plan every season from what was known when it was shared out; judge those that are over."""
    found: dict[str, list[pd.DataFrame]] = {name: [empty(name)] for name in NAMES}
    cases = list(_cases(work))
    bar = Progress(len(cases), "seasons") if cases else None
    keys = [_fingerprint(*case) for case in cases]
    fresh = [place for place, key in enumerate(keys) if not _is_kept(work, key)]
    reviews = _side_by_side([cases[place][2] for place in fresh], work.options.jobs)
    for place, (season, unit, _) in enumerate(cases):
        try:
            made = _reviewed(work, keys[place], reviews if place in fresh else None)
        except SeasonError as fault:
            print(f"note: season {season}, {unit}: not planned: {fault}", file=sys.stderr)
            made = {}
        for name, rows in made.items():
            if len(rows):
                told = rows.assign(season_id=season)
                if "site_id" in told:
                    told["site_id"] = told["site_id"].str.replace(SLASH, "/")
                found[name].append(shaped(told, name))
        if bar:
            bar.step(f"{season}, {unit}")
    return {
        name: pd.concat(rows[1:], ignore_index=True) if len(rows) > 1 else rows[0]
        for name, rows in found.items()
    }


def _cases(work: Work) -> Iterator[tuple[str, str, Case]]:
    """Every season and business unit, oldest first."""
    read = {
        name: work.con.execute(sql).df() for name, sql in (("seasons", _SEASONS), ("lines", _LINES))
    }
    if read["seasons"].empty:
        return
    sales, sites = work.con.execute(_SALES, {"as_of": work.as_of}).df(), _read_sites(work.con)
    sales["ds"] = pd.to_datetime(sales["ds"]).astype("datetime64[ns]")
    sales["unique_id"] = sales["item_id"] + "/" + sales["site_id"].str.replace("/", SLASH)
    lines = read["lines"].assign(site_id=read["lines"]["site_id"].str.replace("/", SLASH))
    for (season, unit), own in read["seasons"].groupby(["season_id", "business_unit"], sort=False):
        given = lines[(lines["season_id"] == season) & (lines["business_unit"] == unit)]
        decided = pd.Timestamp(given["allocated_at"].min()) if len(given) else None
        yield (
            str(season),
            str(unit),
            Case(
                pd.Timestamp(own["start_date"].min()),
                pd.Timestamp(own["end_date"].max()),
                pd.Timestamp(work.as_of) + pd.Timedelta(days=1) if decided is None else decided,
                "W",
                own[["item_id", "qty_total", "qty_held_back", "pack"]].reset_index(drop=True),
                given[["item_id", "site_id", "qty_on_hand", "qty_allocated", "is_closed"]],
                sales.loc[sales["business_unit"] == unit, ["unique_id", "ds", "y", "in_stock"]],
                sites,
                own[["item_id", "item_family"]],
                bool((own["status"] == "ended").all()),
                work.options.seed,
            ),
        )


def _read_sites(con: Any) -> pd.DataFrame:
    sites: pd.DataFrame = con.execute(_SITES).df()
    return sites.assign(site_id=sites["site_id"].str.replace("/", SLASH))


def _is_kept(work: Work, key: str) -> bool:
    if work.place is None:
        return False
    return all(_cache.has(f"season-{own}-{key}", work.place) for own in PARTS)


def _side_by_side(cases: list[Case], jobs: int) -> Iterator[Review | SeasonError]:
    """Review the cases in their order, in processes of their own: most of it is Python's work.

    A process is begun anew, never forked: threads of the database and of OpenMP do not survive it.
    """
    if jobs == 1 or len(cases) < 2:
        yield from map(_told, cases)
        return
    with ProcessPoolExecutor(min(jobs, len(cases)), get_context("spawn")) as pool:
        yield from pool.map(_told, cases)


def _told(case: Case) -> Review | SeasonError:
    """The review, or why there is none."""
    try:
        return review(case)
    except SeasonError as fault:
        return fault


def _reviewed(
    work: Work, key: str, reviews: Iterator[Review | SeasonError] | None
) -> dict[str, pd.DataFrame]:
    """The next of the reviews made anew; from the cache where nothing that it rests on changed."""
    work.counts["made" if reviews else "kept"] += 1
    made = next(reviews) if reviews else None
    if isinstance(made, SeasonError):
        raise made

    def part(name: str) -> pd.DataFrame:
        assert made is not None, "what is kept is not made"
        rows: pd.DataFrame = getattr(made, name)
        return rows

    return {
        name: part(own)
        if work.place is None
        else _cache.kept(f"season-{own}-{key}", partial(part, own), place=work.place)
        for name, own in zip(NAMES, PARTS, strict=True)
    }


def _fingerprint(season: str, unit: str, case: Case) -> str:
    """A hash of all that a review reads: later sales do not matter to a season that is over."""
    last = case.end if case.is_over else pd.Timestamp.max
    read = case.sales[case.sales["ds"] <= last]
    told = [VERSION, season, unit, str(case.start), str(case.end), str(case.decided), case.freq]
    digest = hashlib.sha256(json.dumps([*told, case.is_over, case.seed]).encode())
    for frame in (case.supply, case.lines, read, case.sites, case.items):
        digest.update(frame.to_csv(index=False).encode())
    return digest.hexdigest()[:24]
