"""Fill against money on real spares, and the speed of planning: python -m benchmarks.stock PART.

PART is frontier, carparts, refinery, or moved: the refinery's parts with demand before the replay.
The grocery file is in `benchmarks.grocery`. Everything is replanned in each period from the periods
before it only. I70 is the money at which months of cover on the mean of the last 12 fills 70 % of
units.
"""

import argparse
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.spares import (
    WARM_UP,
    Spares,
    carparts,
    largest_month,
    min_max,
    moved_before,
    refinery,
)
from forecasting.demand.distribution import NegativeBinomial
from forecasting.stock import fitting
from forecasting.stock.curves import Curves, DemandModel, Floats, Supply, build_curves
from forecasting.stock.items import read_items
from forecasting.stock.marginal import bounds, frontier, measures
from forecasting.stock.portfolio import Choice, choose

FLOORS = (0.0, 0.5, 0.8)
VALUE_KEPT = 0.5
"""Value fill that plans for units must still expect."""


def months_of_cover(spares: Spares) -> pd.DataFrame:
    """The spreadsheet rule over its knob."""
    mean = spares.year_mean()
    return _frontier(spares.replay(np.round(cover * mean)) for cover in np.arange(0.5, 60, 0.5))


def marginal(
    spares: Spares,
    models: list[DemandModel],
    money: Floats,
    floors: tuple[float, ...] = (0.0,),
    objective: str = "units",
) -> list[pd.DataFrame]:
    """Marginal analysis, replanned every month to each sum of money, one table per floor.

    The knob is the *expected* money; what it turned out to be is what is compared.
    """
    levels = np.zeros((len(floors), len(money), len(spares.price), len(models)))
    expected = np.zeros((len(floors), len(money), len(models)))
    for month, model in enumerate(models):
        curves = build_curves(model, Supply.of(spares.lead_time))
        missed = measures(curves, objective, spares.price)
        for row, floor in enumerate(floors):
            best = frontier(curves, bounds(curves, floor), spares.price, *missed)
            for knob, budget in enumerate(money):
                steps = best.steps_within(budget)
                levels[row, knob, :, month] = curves.level[best.rows_after(steps)]
                expected[row, knob, month] = best.fill[steps]
    fill = expected[:, :, WARM_UP:].mean(axis=2)
    return [
        _frontier([spares.replay(one) for one in levels[row]]).assign(expected=fill[row])
        for row in range(len(floors))
    ]


def tenths(spares: Spares, models: list[DemandModel], target: float) -> pd.DataFrame:
    """Unit fill as expected and as replayed, by tenth of the parts in order of expected fill.

    Planned every month for a unit fill of `target`. `standing` is what was expected where parts
    really stood: stock that came under a higher level stays when the level falls. `interval` is
    half a 95 % interval of what was replayed, from how the parts differ (Cochran 1977, ch. 6: a
    ratio of sums).
    """
    shape = (len(spares.price), len(models))
    every, levels, rows = [], np.empty(shape), np.empty(shape, dtype=np.int64)
    for month, model in enumerate(models):
        curves = build_curves(model, Supply.of(spares.lead_time))
        best = frontier(
            curves, bounds(curves), spares.price, *measures(curves, "units", spares.price)
        )
        rows[:, month] = best.rows_after(best.steps_to_fill(target))
        levels[:, month] = curves.level[rows[:, month]]
        every.append(curves)
    standing = spares.positions(levels)
    hoped, stood, asked = (np.empty(shape) for _ in range(3))
    for month, curves in enumerate(every):
        first, last = curves.start[:-1], curves.start[1:] - 1
        gap = curves.level[first + 1] - curves.level[first]
        row = np.minimum(first + np.floor(standing[:, month] / gap).astype(np.int64), last)
        asked[:, month] = curves.demand
        hoped[:, month] = curves.demand - curves.unfilled[rows[:, month]]
        stood[:, month] = curves.demand - curves.unfilled[row]
    # What is ordered in a month decides the fill of the month in which it arrives.
    ordered = np.arange(WARM_UP, len(models))[None, :] - spares.lead_time[:, None]
    ordered = np.maximum(ordered, 0)
    played = spares.play(levels)
    parts = pd.DataFrame({"filled": played.filled.sum(axis=1), "units": played.demand.sum(axis=1)})
    for name, values in (("hoped", hoped), ("stood", stood), ("asked", asked)):
        parts[name] = np.take_along_axis(values, ordered, axis=1).sum(axis=1)
    rank = (parts["hoped"] / parts["asked"]).rank(method="first")
    tenth = np.ceil(10 * rank / len(parts)).astype(int)
    return pd.concat(
        [parts.groupby(tenth).apply(_ratios), _ratios(parts).to_frame("all").T]
    ).rename_axis("tenth")


def _ratios(parts: pd.DataFrame) -> "pd.Series[float]":
    """Expected and replayed fill of some parts together."""
    filled, units, hoped, stood, asked = parts.sum()
    apart = parts["filled"] - filled / units * parts["units"]
    interval = 1.96 * np.sqrt((apart**2).sum()) / units
    return pd.Series(
        {
            "parts": len(parts),
            "units": units,
            "expected": hoped / asked,
            "standing": stood / asked,
            "replayed": filled / units,
            "interval": interval,
        }
    )


def guarded(
    spares: Spares, models: list[DemandModel], money: Floats, least_value_fill: float
) -> pd.DataFrame:
    """Unit fill for each sum of money, value fill no lower than asked: as `policy` plans it."""
    ids = spares.panel.ids
    table = pd.DataFrame(
        {"unique_id": ids, "unit_cost": spares.price, "lead_time": spares.lead_time}
    )
    items, _ = read_items(table, ids)
    levels = np.zeros((len(money), len(ids), len(models)))
    for month, model in enumerate(models):
        curves = build_curves(model, items.supply())
        for knob, budget in enumerate(money):
            choice = Choice("units", budget=budget, least_value_fill=least_value_fill)
            levels[knob, :, month] = choose(curves, items, choice).level
    return _frontier([spares.replay(one) for one in levels])


def quantiles(spares: Spares, models: list[DemandModel], levels: Floats) -> pd.DataFrame:
    """The same chance of no shortage for every item; only for lead times all alike."""
    periods = int(spares.lead_time[0]) + 1
    table = np.stack([model.lead_time(periods).quantile(levels) for model in models], axis=2)
    return _frontier(spares.replay(table[:, knob]) for knob in range(len(levels)))


def year_mean_models(spares: Spares) -> list[DemandModel]:
    """12-month mean with a negative binomial, its size by moments, shrunk to the pool."""
    models: list[DemandModel] = []
    for month, mean in enumerate(spares.year_mean().T):
        fitted = fitting.fit(spares.panel.until(spares.first + month), 3)
        models.append(_Steady(mean, fitted.lumpiness))
    return models


@dataclass(frozen=True)
class _Steady:
    mean: Floats
    dispersion: Floats

    def lead_time(self, periods: int) -> NegativeBinomial:
        return NegativeBinomial.of(self.mean * periods, periods / self.dispersion)


def fitted_models(spares: Spares, boosted: bool) -> list[DemandModel]:
    """The product's model, fitted again in every month."""
    point = fitting.best_point_model() if boosted else None
    horizon = int(np.median(spares.lead_time)) + 1
    return [
        fitting.fit(spares.panel.until(end), horizon, point, spares.price)
        for end in range(spares.first, spares.panel.n_periods)
    ]


def _frontier(found: Iterable[tuple[float, float, float]]) -> pd.DataFrame:
    table = pd.DataFrame(list(found), columns=["units", "value", "money"])
    return table.sort_values("money").reset_index(drop=True)


def at_fill(table: pd.DataFrame, fill: float, column: str = "money") -> float:
    """Another column where the unit fill is reached."""
    rising = table.sort_values("units")
    return float(np.interp(fill, rising["units"], rising[column]))


def at_money(table: pd.DataFrame, money: float, column: str) -> float:
    """Another column at a sum of money."""
    return float(np.interp(money, table["money"], table[column]))


def say_carparts(boosted: bool) -> None:
    """Money for 70, 90 and 95 % as a multiple of I70."""
    spares = carparts()
    cover = months_of_cover(spares)
    base = at_fill(cover, 0.7)
    chances = 1 - np.geomspace(0.6, 0.0006, 24)
    money = base * np.geomspace(0.2, 8, 28)
    year, ours = year_mean_models(spares), fitted_models(spares, boosted)
    tables = {
        "n months of cover": cover,
        "12-month mean + NB, quantile": quantiles(spares, year, chances),
        "gamma-Poisson, quantile": quantiles(spares, ours, chances),
        "gamma-Poisson, marginal analysis": marginal(spares, ours, money)[0],
    }
    print(f"car parts, n = {len(spares.price)}, I70 = {base:,.0f}, boosted mean: {boosted}")
    for name, table in tables.items():
        multiples = [at_fill(table, fill) / base for fill in (0.7, 0.9, 0.95)]
        print(f"{name:36s}" + "".join(f"{value:8.3f}" for value in multiples))
    for target in (0.8, 0.9, 0.95):
        print(f"planned for {target:.0%}, by tenth of expected fill:")
        print(tenths(spares, ours, target).round(3).to_string())


def say_refinery(spares: Spares, boosted: bool) -> None:
    """Unit and value fill at the money of three rules; months of cover fills 70 % of units."""
    cover = months_of_cover(spares)
    base = at_fill(cover, 0.7)
    models = fitted_models(spares, boosted)
    print(f"refinery, n = {len(spares.price)}, I70 = {base:,.0f}, boosted mean: {boosted}")
    rules = {
        "months of cover": (0.7, at_money(cover, base, "value"), base),
        "own min and max": min_max(spares),
        "largest month so far": largest_month(spares),
    }
    found = {
        f"{objective}, floor {floor:.1f}": table
        for objective in ("units", "value")
        for floor, table in zip(
            FLOORS,
            marginal(spares, models, base * np.geomspace(0.15, 2, 10), FLOORS, objective),
            strict=True,
        )
    }
    for name, (units, value, money) in rules.items():
        print(f"{name}: units {units:.3f} value {value:.3f} money {money / base:.3f} x I70")
        for ours, table in found.items():
            filled = [at_money(table, money, column) for column in ("units", "value")]
            print(f"  {ours}: units {filled[0]:.3f} value {filled[1]:.3f}")
    kept = guarded(spares, models, base * np.array([0.6, 0.74, 0.85]), VALUE_KEPT)
    filled = [at_money(kept, base, column) for column in ("units", "value")]
    print(f"I70, units with value kept: units {filled[0]:.3f} value {filled[1]:.3f}")


def say_frontier(n_items: int) -> None:
    """CPU seconds for the whole frontier of a made-up portfolio."""
    rng = np.random.default_rng(1)
    model = _Steady(rng.lognormal(-1, 1.5, n_items), rng.lognormal(0, 0.5, n_items))
    cost, lead_time = rng.lognormal(4, 1.5, n_items), rng.integers(0, 7, n_items)
    started = time.process_time()
    curves: Curves = build_curves(model, Supply.of(lead_time))
    between = time.process_time()
    best = frontier(curves, bounds(curves, 0.8), cost, *measures(curves, "units", cost))
    ended = time.process_time()
    print(
        f"{n_items:,} part-sites: curves {between - started:.2f} CPU s, frontier of "
        f"{len(best.item):,} steps {ended - between:.2f} CPU s"
    )


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("part", choices=["frontier", "carparts", "refinery", "moved"])
    parser.add_argument("--no-boosting", action="store_true", help="smoothed rates alone")
    parser.add_argument("--n-items", type=int, default=30_000)
    arguments = parser.parse_args()
    parts: dict[str, Callable[[], None]] = {
        "frontier": lambda: say_frontier(arguments.n_items),
        "carparts": lambda: say_carparts(not arguments.no_boosting),
        "refinery": lambda: say_refinery(refinery(), not arguments.no_boosting),
        "moved": lambda: say_refinery(moved_before(refinery()), not arguments.no_boosting),
    }
    parts[arguments.part]()


if __name__ == "__main__":
    main()
