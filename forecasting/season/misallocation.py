"""How wrong an allocation was, in hindsight: what was avoidable, what was luck, what it cost.

Matrices are items x sites, vectors one number per item. Demand is what customers wanted, not what
was sold: `forecasting.season.censoring` estimates what a stock-out has hidden.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.season.allocation import Request, allocate
from forecasting.season.faults import SeasonError
from forecasting.season.fill import Floats, water_fill

LEVEL = 0.95
DRAWS = 400


@dataclass(frozen=True)
class Outcome:
    """What came of an allocation.

    Parameters
    ----------
    best
        Hindsight share of the same total given what was on hand, items x sites [units].
    short, left_over
        Demand beyond stock and stock beyond demand, items x sites [units].
    misallocated
        Per item, the smaller of the total short and the total left over [units]: what would have
        sold elsewhere.
    misplaced
        Per item, half the sum of the distances to the hindsight share [units].
    allocated
        Per item [units].
    hindsight_sales
        What `best` would have sold, per item [units].
    """

    best: Floats
    short: Floats
    left_over: Floats
    misallocated: Floats
    misplaced: Floats
    allocated: Floats
    hindsight_sales: Floats

    @property
    def allocation_error_rate(self) -> float:
        """Share of the allocated units that stood in the wrong place, 0 to 1; NaN without any."""
        return _rate(self.misplaced, self.allocated)

    @property
    def lost_sales_rate(self) -> float:
        """Share of the sales possible in hindsight that the split lost; NaN without any."""
        return _rate(self.misallocated, self.hindsight_sales)

    def line_error_rate(self, allocated: Floats, tolerance: ArrayLike) -> float:
        """Share of lines (item and site) further from the hindsight share than the tolerance.

        Lines with neither an allocation nor a hindsight share are no lines.
        """
        is_line = (allocated > 0) | (self.best > 0)
        wrong = is_line & (np.abs(allocated - self.best) > np.asarray(tolerance))
        return float(wrong.sum() / is_line.sum()) if is_line.any() else float("nan")

    def money(self, margin: ArrayLike, markdown: ArrayLike) -> dict[str, float]:
        """Money by cause: margin lost where short, markdown where left over, and misallocation.

        Parameters
        ----------
        margin, markdown
            Per unit, one number, one per item (n, 1), or items x sites [money/unit].

        Returns
        -------
        dict
            `margin_lost` and `markdown` in all; `misallocation`, the part that a right split of
            the same total would have saved: every misallocated unit costs a margin and a markdown.
        """
        lost = self.short * np.asarray(margin)
        marked = self.left_over * np.asarray(markdown)
        both = np.zeros(len(self.misallocated))
        for units, cost in ((self.short, lost), (self.left_over, marked)):
            n = units.sum(axis=1)
            mean_cost = np.divide(cost.sum(axis=1), n, out=np.zeros_like(n), where=n > 0)
            both += self.misallocated * mean_cost
        return {
            "margin_lost": float(lost.sum()),
            "markdown": float(marked.sum()),
            "misallocation": float(both.sum()),
        }


@dataclass(frozen=True)
class Avoidable:
    """An error rate with luck taken out.

    Parameters
    ----------
    rate
        Error rate as it was.
    luck
        Its expectation had the demand rates been known exactly.
    avoidable
        The difference; below 0 when luck was better than usual.
    lower, upper
        95 % interval of the difference, from how much luck varies between seasons.
    """

    rate: float
    luck: float
    avoidable: float
    lower: float
    upper: float


def judge(allocated: Floats, demand: Floats, on_hand: ArrayLike = 0.0) -> Outcome:
    """Compare an allocation with the best one that the same total allowed.

    Raises
    ------
    SeasonError
        A quantity is negative or missing.
    """
    for name, values in (("allocated", allocated), ("demand", demand)):
        if not (np.isfinite(values) & (values >= 0)).all():
            raise SeasonError(f"{name}: a value is negative or missing; expected 0 or more")
    stock = np.broadcast_to(np.asarray(on_hand, dtype=float), demand.shape)
    total = allocated.sum(axis=1)
    none = np.zeros(demand.shape)
    best = water_fill(total, demand, stock, none, np.full(demand.shape, np.inf))
    had = np.maximum(stock, 0.0) + allocated
    short = np.maximum(demand - had, 0.0)
    left_over = np.maximum(had - demand, 0.0)
    # What stood on hand beyond demand could not be placed better by any split of the total.
    stuck = np.maximum(np.maximum(stock, 0.0) - demand, 0.0).sum(axis=1)
    movable = np.maximum(left_over.sum(axis=1) - stuck, 0.0)
    misallocated = np.minimum(short.sum(axis=1), movable)
    sold = np.minimum(had, demand).sum(axis=1)
    misplaced = np.abs(allocated - best).sum(axis=1) / 2
    return Outcome(best, short, left_over, misallocated, misplaced, total, sold + misallocated)


def avoidable(
    outcome: Outcome,
    rates: Floats,
    *,
    on_hand: ArrayLike = 0.0,
    pack: ArrayLike = 1.0,
    noise: float = 1.0,
    draws: int = DRAWS,
    seed: int = 0,
) -> tuple[Avoidable, Avoidable]:
    """Take luck out of an outcome, by simulation.

    The same totals are split by the demand rates themselves, and demand is drawn around them: what
    error is left is luck, and no tool could have avoided it.

    Parameters
    ----------
    outcome
        What came of the real allocation.
    rates
        Demand rates of the season, items x sites [units]; see `likely_rates`.
    noise
        Variance of demand over its mean: 1 is Poisson, the least there is.

    Returns `allocation_error_rate` and `lost_sales_rate`, each with luck taken out.
    """
    drawn = luck(outcome, rates, on_hand=on_hand, pack=pack, noise=noise, draws=draws, seed=seed)
    units, possible = outcome.allocated.sum(), drawn.hindsight_sales.sum(axis=1)
    errors = drawn.misplaced.sum(axis=1) / units if units > 0 else np.full(draws, np.nan)
    lost = np.full(draws, np.nan)
    np.divide(drawn.misallocated.sum(axis=1), possible, out=lost, where=possible > 0)
    seen = outcome.allocation_error_rate, outcome.lost_sales_rate
    return _without_luck(seen[0], errors), _without_luck(seen[1], lost)


@dataclass(frozen=True)
class Luck:
    """A season as luck alone would have had it, many times over.

    Parameters
    ----------
    misplaced, misallocated, hindsight_sales
        As in `Outcome`, draws x items [units].
    misplaced_at
        Mean over the draws, items x sites [units].
    """

    misplaced: Floats
    misallocated: Floats
    hindsight_sales: Floats
    misplaced_at: Floats


def luck(
    outcome: Outcome,
    rates: Floats,
    *,
    on_hand: ArrayLike = 0.0,
    pack: ArrayLike = 1.0,
    noise: float = 1.0,
    draws: int = DRAWS,
    seed: int = 0,
    chain: Floats | None = None,
) -> Luck:
    """Split the same totals by the demand rates, draw demand around them, and judge every draw.

    With `chain`, the demand of the whole chain as it came per item [units], every draw splits that
    over the sites anew, by the rates. On average over seasons it is the same luck (given their sum,
    Poisson demands are a multinomial split of it), and the level of the rates need not be known.
    """
    known = allocate(
        Request(outcome.allocated, rates, on_hand=on_hand, pack=pack, splits_last=True),
        "proportional",
    ).qty
    rng = np.random.default_rng(seed)
    found = np.empty((3, draws, len(rates)))
    at = np.zeros(rates.shape)
    for draw in range(draws):
        demand = _drawn(rng, rates, noise) if chain is None else _split(rng, rates, noise, chain)
        drawn = judge(known, demand, on_hand)
        found[:, draw] = drawn.misplaced, drawn.misallocated, drawn.hindsight_sales
        at += np.abs(known - drawn.best) / 2
    return Luck(found[0], found[1], found[2], at / draws)


def likely_rates(demand: Floats, forecast: Floats, spread: float) -> Floats:
    """Demand rates as they probably were: between what came and what was to be expected.

    A single season says little about a slow item, a lot about a fast one. This is the mean of the
    posterior under a gamma prior of relative standard deviation `spread` around the forecast.

    Parameters
    ----------
    demand
        Demand of the season, items x sites [units].
    forecast
        What was to be expected, items x sites [units]; its level matters: scaling it to the demand
        that came would take the luck of the whole chain for knowledge.
    spread
        How far true rates scatter around it, relative.
    """
    shape = 1.0 / max(spread, 1e-6) ** 2
    return np.where(forecast > 0, forecast * (shape + demand) / (shape + forecast), demand)


def execution_errors(
    allocated: Floats, shipped: Floats, is_open: NDArray[np.bool_], pack: ArrayLike = 1.0
) -> dict[str, tuple[int, float]]:
    """Errors made after the allocation: (lines, units) by kind; a line may be of several kinds.

    Kinds
    -----
    not_as_allocated
        Shipped more or less than allocated.
    closed_site
        Shipped to a site that was closed.
    wrong_multiple
        Shipped a quantity that is no whole number of packs.
    """
    apart = np.abs(shipped - allocated)
    packs = shipped / np.asarray(pack, dtype=float)
    over = np.abs(packs - np.round(packs)) > 1e-6
    broken = np.where(over, shipped - np.floor(packs) * np.asarray(pack), 0.0)
    to_closed = np.where(is_open, 0.0, shipped)
    kinds = {"not_as_allocated": apart, "closed_site": to_closed, "wrong_multiple": broken}
    return {kind: (int((units > 1e-9).sum()), float(units.sum())) for kind, units in kinds.items()}


def _drawn(rng: np.random.Generator, rates: Floats, noise: float) -> Floats:
    if noise <= 1:
        return rng.poisson(rates).astype(float)
    # A gamma with variance (noise - 1) x mean around the rate makes the Poisson's variance noise.
    shape = np.maximum(rates / (noise - 1), 1e-12)
    return rng.poisson(rng.gamma(shape, noise - 1)).astype(float)


def _split(rng: np.random.Generator, rates: Floats, noise: float, chain: Floats) -> Floats:
    """Whole units of each item's demand over the sites, with the same variance over its mean."""
    weight = np.maximum(rates, 1e-9)
    if noise > 1:
        weight = np.maximum(rng.gamma(weight / (noise - 1)), 1e-300)
    share = weight / weight.sum(axis=1, keepdims=True)
    return np.asarray(rng.multinomial(np.round(chain).astype(np.int64), share)).astype(float)


def _without_luck(rate: float, luck: Floats) -> Avoidable:
    tail = (1 - LEVEL) / 2
    low, high = np.nanquantile(luck, [tail, 1 - tail])
    mean = float(np.nanmean(luck))
    return Avoidable(rate, mean, rate - mean, float(rate - high), float(rate - low))


def _rate(part: Floats, whole: Floats) -> float:
    return float(part.sum() / whole.sum()) if whole.sum() > 0 else float("nan")
