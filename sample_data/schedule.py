"""What the plant is going to build, of which parts, and when each part must be there."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sample_data.settings import Settings
from sample_data.world import World

Ints = NDArray[np.int64]

PLANT = 4
PRODUCTS = ("SD-21", "SD-40", "SD-H9")
PRODUCT_SHARE = (0.5, 0.3, 0.2)
PARTS_PER_PRODUCT = 12
CORE_PARTS = 4
# Four days before the start on the calendar are two working days or a little more: what the start
# needs must be there when the kit is put together.
STAGE_DAYS = (-4, 5, 10, 15)
ASSEMBLY_DAYS = 28
SLACK_DAYS = 18
FLOAT_DAYS = 10
PLANNED_AHEAD_DAYS = 75
PER_ENGINE = {"fasteners": 40, "seals": 8, "gaskets": 6, "blades": 20, "bearings": 3, "filters": 2}


@dataclass(frozen=True)
class Schedule:
    """Builds, and their requirements in the order in which parts are given to them.

    `start`, `finish` and `ship` have one element per build: planned start, planned end of
    assembly and requested ship day. `build`, `part`, `qty` and `need` have one per requirement.
    """

    product: Ints
    start: Ints
    finish: Ints
    ship: Ints
    build: Ints
    part: Ints
    qty: Ints
    need: Ints


def bills_of_material(world: World, rng: np.random.Generator) -> pd.DataFrame:
    """Parts of each engine: a common core and parts of its own."""
    parts = world.parts
    able = np.flatnonzero((parts["lead_time_days"] <= 125) & (parts["successor"] < 0))
    common = rng.choice(able, min(CORE_PARTS, len(able) // 4), replace=False)
    rows = []
    for product in range(len(PRODUCTS)):
        own = np.setdiff1d(able, common)
        n_own = min(PARTS_PER_PRODUCT - len(common), len(own))
        for part in np.concatenate([common, rng.choice(own, n_own, replace=False)]):
            usual = PER_ENGINE.get(str(parts["item_family"].to_numpy()[part]), 1)
            qty = max(1, round(usual * rng.uniform(0.6, 1.4)))
            rows.append((product, int(part), qty, int(rng.choice(STAGE_DAYS))))
    return pd.DataFrame(rows, columns=["product", "part", "qty", "stage"])


def previous_working(world: World, days: Ints) -> Ints:
    """The day itself or the working day of the plant before it."""
    is_working = world.is_working[PLANT]
    latest = np.maximum.accumulate(np.where(is_working, np.arange(len(is_working)), 0))
    earlier: Ints = latest[days]
    return earlier


def make_schedule(world: World) -> Schedule:
    """Plan the builds of the whole time and some weeks beyond it."""
    settings, rng = world.settings, world.settings.stream("schedule")
    bills = bills_of_material(world, rng)
    last = settings.n_days + PLANNED_AHEAD_DAYS
    days = np.flatnonzero(world.is_working[PLANT][:last])
    days = days[days >= 150]
    count = rng.poisson(settings.builds_per_month / 21, len(days))
    start = np.repeat(days, count)
    product = rng.choice(len(PRODUCTS), len(start), p=PRODUCT_SHARE)
    finish = world.next_working[PLANT][start + ASSEMBLY_DAYS]
    ship = world.next_working[PLANT][finish + SLACK_DAYS]
    builds = pd.DataFrame({"build": np.arange(len(start)), "product": product, "start": start})
    needs = builds.merge(bills, on="product")
    needs["need"] = previous_working(world, needs["start"].to_numpy() + needs["stage"].to_numpy())
    needs = needs.sort_values(["need", "build", "part"], kind="stable")
    columns = (needs[name].to_numpy(np.int64) for name in ("build", "part", "qty", "need"))
    return Schedule(product, start, finish, ship, *columns)


def first_build(settings: Settings, schedule: Schedule) -> int:
    """Number of the first build that the feeds hold."""
    return int(np.searchsorted(schedule.start, settings.day_of(settings.first_day)))
