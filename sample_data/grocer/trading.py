"""Week after week: what was bought, shared out, delivered and sold, and what the shelf hid."""

from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from sample_data.grocer.range import GROCERY
from sample_data.grocer.rules import Buy, by_the_tool, last_year_share
from sample_data.grocer.settings import SEASONS, WEEKS_OF_SEASON, GrocerSettings, Season
from sample_data.grocer.world import Flags, Floats, Grocer, Ints, make_grocer

WEEKS_AHEAD = 2
SLIPS, BROKEN = 5, 3


@dataclass(frozen=True)
class SeasonRun:
    """One season as it went; per pair in `pairs`, `total` and `held_back` per item [units].

    `allocated` and `delivered` are None where it has not been shared out yet.
    """

    season: Season
    pairs: Ints
    total: Ints
    held_back: Ints
    on_hand: Ints
    is_tool: Flags
    allocated: Ints | None = None
    delivered: Ints | None = None


@dataclass(frozen=True)
class GrocerRun:
    """A finished simulation: `sold` and `in_stock` are pairs x weeks sold."""

    grocer: Grocer
    sold: Ints
    in_stock: Flags
    seasons: list[SeasonRun] = field(default_factory=list)


def simulate_grocer(settings: GrocerSettings) -> GrocerRun:
    """Simulate every season in the order of time.

    Outside the seasons the shelves are refilled from the depot and nothing runs short. A season
    lives on what was delivered before it: where the shelf is empty, sales are lost. What is left
    at its end is marked down and gone.
    """
    grocer = make_grocer(settings)
    n = settings.n_sold
    run = GrocerRun(grocer, grocer.demand[:, :n].copy(), np.ones((len(grocer.pairs), n), bool))
    for season in SEASONS:
        run.seasons.append(_season(run, season))
    return run


def _season(run: GrocerRun, season: Season) -> SeasonRun:
    """Buy, share out, deliver and sell."""
    grocer, settings = run.grocer, run.grocer.settings
    start = settings.week_of(season.start)
    item, site = grocer.pairs.to_numpy().T
    takes_part = grocer.items["events"].str.contains(season.letter).to_numpy()
    known = min(start - WEEKS_AHEAD, settings.n_sold)
    pairs = np.flatnonzero(takes_part[item] & grocer.is_open[site, :known].any(axis=1))
    total = _bought(grocer, season, pairs, start)
    is_decided = season.start - timedelta(weeks=WEEKS_AHEAD) <= settings.last_week
    has_tool = settings.tool_start is not None and season.start > settings.tool_start
    is_tool = (grocer.items["business_unit"].to_numpy() == GROCERY)[item[pairs]] & has_tool
    pack = grocer.items["pack"].to_numpy()
    kept = np.floor(season.held_back * total / pack).astype(np.int64) * pack
    held_back = np.where((grocer.items["business_unit"] == GROCERY) & has_tool, kept, 0)
    rng = settings.stream(f"on hand {season.season_id}")
    on_hand = rng.poisson(0.4 * grocer.rate[pairs, start - 1])
    made = SeasonRun(season, pairs, total, held_back, on_hand, is_tool)
    if not is_decided:
        return made
    allocated = _shared_out(run, made, start, known)
    delivered = _delivered(settings, season, allocated, pack[item[pairs]])
    _sell(run, pairs, on_hand + delivered, start)
    return SeasonRun(season, pairs, total, held_back, on_hand, is_tool, allocated, delivered)


def _bought(grocer: Grocer, season: Season, pairs: Ints, start: int) -> Ints:
    """Whole packs of about the demand to be expected; how far off, the buyer's error says."""
    settings, pack = grocer.settings, grocer.items["pack"].to_numpy()
    weeks = slice(start, start + WEEKS_OF_SEASON)
    expected = np.bincount(
        grocer.pairs["item"].to_numpy()[pairs],
        grocer.rate[pairs, weeks].sum(axis=1),
        len(grocer.items),
    )
    rng = settings.stream(f"buy {season.season_id}")
    error: Floats = np.exp(rng.normal(0, settings.buyer_error, len(grocer.items)))
    packs: Ints = np.ceil(expected * error / pack).astype(np.int64)
    return np.asarray(packs * pack)


def _shared_out(run: GrocerRun, made: SeasonRun, start: int, known: int) -> Ints:
    """By the rule of each business unit."""
    allocated = np.zeros(len(made.pairs), dtype=np.int64)
    for is_tool in (False, True):
        own = made.is_tool == is_tool
        if not own.any():
            continue
        buy = Buy(made.pairs[own], made.total, made.held_back, made.on_hand[own], start, known)
        if is_tool:
            allocated[own] = by_the_tool(run.grocer, buy, run.sold, run.in_stock)
        else:
            allocated[own] = last_year_share(run.grocer, buy, run.sold)
    return allocated


def _delivered(settings: GrocerSettings, season: Season, allocated: Ints, pack: Ints) -> Ints:
    """What the depot sent: a few lines whole packs short or over, a few with a pack broken."""
    rng = settings.stream(f"depot {season.season_id}")
    delivered = allocated.copy()
    lines = rng.choice(np.flatnonzero(allocated >= 2 * pack), SLIPS + BROKEN, replace=False)
    slips, broken = lines[:SLIPS], lines[SLIPS:]
    delivered[slips] += np.where(np.arange(SLIPS) % 2 == 0, -2, 1) * pack[slips]
    delivered[broken] -= np.minimum(1 + np.arange(BROKEN), pack[broken] - 1)
    return delivered


def _sell(run: GrocerRun, pairs: Ints, stock: Ints, start: int) -> None:
    """Serve every week from what is there; a week that ends empty is out of stock."""
    left = stock.copy()
    for week in range(start, min(start + WEEKS_OF_SEASON, run.sold.shape[1])):
        sold = np.minimum(run.grocer.demand[pairs, week], left)
        left = left - sold
        run.sold[pairs, week] = sold
        run.in_stock[pairs, week] = left > 0
