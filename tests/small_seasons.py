"""A small grocer for tests of seasons: three years of weekly sales, three seasons, drawn outcomes.

Drums are sold in three stores, soap at two counters outside the contract. Christmas was shared out
by an old rule, Easter by the tool (soap by the old rule again), summer is running.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd

from data import forecasts
from data.build import build
from data.ingest import ingest
from tests.small import HOSTILE, write

AS_OF = dt.date(2026, 6, 14)
FIRST_WEEK = dt.date(2023, 6, 5)
SOLD = {
    ("drums", "north"): 5, ("drums", "south"): 3, ("drums", "west"): 2,
    ("flutes", "north"): 10, ("flutes", "south"): 6, ("flutes", "west"): 4,
    ("soap", "spa"): 6, ("soap", "gym"): 2,
}  # fmt: skip
"""Item and store -> units sold every week."""
SEASONS = {
    "xmas-2025": (dt.date(2025, 11, 3), dt.date(2025, 12, 28)),
    "easter-2026": (dt.date(2026, 2, 16), dt.date(2026, 4, 12)),
    "summer-2026": (dt.date(2026, 5, 25), dt.date(2026, 7, 19)),
}
ALLOCATED = {
    ("xmas-2025", "drums"): ("old", {"north": 30, "south": 30, "west": 20}),
    ("xmas-2025", "soap"): ("old", {"spa": 20, "gym": 20}),
    ("easter-2026", "drums"): ("tool", {"north": 36, "south": 28, "west": 16}),
    ("easter-2026", "soap"): ("old", {"spa": 18, "gym": 22}),
    ("summer-2026", "drums"): ("tool", {"north": 30, "south": 24, "west": 26}),
}
HELD_BACK = {("summer-2026", "drums"): 20}
DEMAND = {
    ("xmas-2025", "drums"): {"north": 40, "south": 25, "west": 15},
    ("xmas-2025", "soap"): {"spa": 30, "gym": 10},
    ("easter-2026", "drums"): {"north": 40, "south": 25, "west": 15},
    ("easter-2026", "soap"): {"spa": 28, "gym": 12},
}
"""Of the seasons that have ended; it adds up to the total, so it is the hindsight share too."""
PLANNED = {
    ("xmas-2025", "drums"): {"north": 38, "south": 26, "west": 16},
    ("xmas-2025", "soap"): {"spa": 28, "gym": 12},
    ("easter-2026", "drums"): {"north": 36, "south": 28, "west": 16},
    ("easter-2026", "soap"): {"spa": 26, "gym": 14},
    ("summer-2026", "drums"): {"north": 30, "south": 24, "west": 26},
}
LUCK = (2.0, 2.4, 2.8)
"""Units that luck alone misplaced, in three draws of each season and item."""


def write_feeds(folder: Path) -> None:
    """Write items, sites, weekly demand, seasons and allocations."""
    folder.mkdir(parents=True, exist_ok=True)
    write(
        folder / "items.csv",
        "item_id description item_family business_unit uom unit_cost unit_price is_stocked",
        [
            ("drums", "drums", "toys", "general", "EA", 4, 10, "true"),
            ("flutes", "flutes", "toys", "general", "EA", 4, 10, "true"),
            ("soap", HOSTILE, "care", "health", "EA", 4, 10, "true"),
        ],
    )
    stores = [(site, "general", "true") for site in ("north", "south", "west")]
    stores += [(site, "health", "false") for site in ("spa", "gym")]
    write(
        folder / "sites.csv",
        "site_id site_name site_type region timezone business_unit in_contract",
        [
            (site, f"{site} store", "store", "AMER", "UTC", unit, told)
            for site, unit, told in stores
        ],
    )
    n_weeks = (AS_OF - FIRST_WEEK).days // 7 + 1
    weeks = [FIRST_WEEK + dt.timedelta(weeks=number) for number in range(n_weeks)]
    write(
        folder / "demand.csv",
        "demand_date item_id site_id qty in_stock",
        [(week, *pair, qty, "true") for pair, qty in SOLD.items() for week in weeks],
    )
    write(
        folder / "stock.csv",
        "snapshot_date item_id site_id qty_on_hand",
        [(AS_OF, "drums", "north", 0)],
    )
    _write_seasons(folder)


def _write_seasons(folder: Path) -> None:
    totals = {
        key: sum(lines.values()) + HELD_BACK.get(key, 0) for key, (_, lines) in ALLOCATED.items()
    }
    write(
        folder / "seasons.csv",
        "season_id item_id start_date end_date qty_total qty_held_back unit_markdown",
        [
            (season, item, *SEASONS[season], total, HELD_BACK.get((season, item), 0), 4)
            for (season, item), total in totals.items()
        ],
    )
    write(
        folder / "allocations.csv",
        "season_id item_id site_id qty_allocated allocated_at rule",
        [
            (
                season,
                item,
                site,
                qty,
                f"{SEASONS[season][0] - dt.timedelta(days=20)}T12:00:00Z",
                rule,
            )
            for (season, item), (rule, lines) in ALLOCATED.items()
            for site, qty in lines.items()
        ],
    )


def tables() -> dict[str, pd.DataFrame]:
    """What a forecasting run would say of the seasons: plans, weekly forecasts, outcomes, luck."""
    rows: dict[str, list[Any]] = {name: [] for name in forecasts.TABLES}
    for (season, item), lines in PLANNED.items():
        whole = sum(lines.values())
        for site, qty in lines.items():
            rows["season_plans"].append(
                (season, item, site, 8.0 * SOLD[item, site], 0.8 * 8 * SOLD[item, site],
                 1.2 * 8 * SOLD[item, site], qty / whole, float(qty))
            )  # fmt: skip
            rows["season_forecasts"] += [
                (season, item, site, SEASONS[season][0] + dt.timedelta(weeks=n), SOLD[item, site])
                for n in range(8)
            ]
    for (season, item), lines in DEMAND.items():
        rows["season_results"] += [
            (season, item, site, float(qty), float(qty), 2.4 / len(lines))
            for site, qty in lines.items()
        ]
        rows["season_luck"] += [
            (season, item, n, units, units, float(sum(lines.values())))
            for n, units in enumerate(LUCK)
        ]
    return {
        name: pd.DataFrame(rows[name], columns=list(columns))
        for name, columns in forecasts.TABLES.items()
    }


def make(folder: Path, *, is_judged: bool = True) -> Path:
    """Write the feeds, load and build them, judge the seasons; return the warehouse."""
    write_feeds(folder / "feeds")
    warehouse = folder / "warehouse"
    ingest([folder / "feeds"], warehouse)
    report = build(warehouse)
    assert report.build is not None, report.failed
    if is_judged:
        forecasts.keep(
            warehouse, tables(), build_id=report.build.build_id, as_of=AS_OF, freq="W", horizon=2,
            freq_reason="asked for",
        )  # fmt: skip
        assert build(warehouse).build is not None
    return warehouse
