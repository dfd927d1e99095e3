"""Allocate a fixed total of each item over sites: whole packs, within limits, none left behind.

Matrices are items x sites, vectors one number per item. A *pack* is the smallest quantity that
can be sent; the part of a total that does not fill a pack, and whatever no site may take, stays
with the sender and is returned as `rest`: what is sent plus the rest is the total, always.
"""

from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.demand.distribution import NegativeBinomial
from forecasting.season.faults import SeasonError
from forecasting.season.fill import Floats, water_fill
from forecasting.season.greedy import Cells, Counts, Worth, best_packs

Rule = Literal["probability", "proportional", "percent", "quota", "priority"]
RULES: tuple[Rule, ...] = get_args(Rule)
# Worths are compared at this grain, so that rounding noise in a far tail decides nothing.
GRAIN = 1e-9


@dataclass(frozen=True)
class Request:
    """What is to be allocated, and what is known of each site.

    Parameters
    ----------
    total
        Quantity to allocate, per item [units].
    mean
        Expected demand over the time the stock must last, items x sites [units].
    size
        Size of the negative binomial around the mean; infinite is Poisson. Only the rule
        `probability` uses it.
    on_hand
        Stock already at the site [units]; never taken away.
    pack
        Smallest quantity sent, per item [units].
    presentation
        Stock that makes a decent display, items x sites [units]: on hand counts towards it.
    least, most
        Limits on the quantity sent, items x sites [units].
    is_open
        False where nothing may be sent, items x sites.
    need
        What each site asked for [units]: the ceiling of the rules `percent`, `quota` and
        `priority` until all needs are met; the expected demand less the stock where not given.
    quota
        Agreed shares, items x sites, for the rule `quota`.
    rank
        1 is served first, items x sites, for the rule `priority`.
    splits_last
        True, per item: the part of the total that does not fill a pack goes to the site where the
        next pack would go, rather than staying behind.
    """

    total: Floats
    mean: Floats
    size: ArrayLike = np.inf
    on_hand: ArrayLike = 0.0
    pack: ArrayLike = 1.0
    presentation: ArrayLike = 0.0
    least: ArrayLike = 0.0
    most: ArrayLike = np.inf
    is_open: ArrayLike = True
    need: Floats | None = None
    quota: ArrayLike = 1.0
    rank: ArrayLike = 1.0
    splits_last: ArrayLike = False


@dataclass(frozen=True)
class Allocation:
    """What each site gets, and what could not be done as asked.

    Parameters
    ----------
    qty
        Quantity sent, items x sites [units].
    rest
        Quantity that stays with the sender, per item [units].
    is_short_of_minimum
        Items whose total did not cover every minimum; the sites with the most demand got theirs.
    is_capped
        Items of which a whole pack or more stays behind because no site may take it.
    """

    qty: Floats
    rest: Floats
    is_short_of_minimum: NDArray[np.bool_]
    is_capped: NDArray[np.bool_]


@dataclass(frozen=True)
class _Case:
    """A request in whole packs, every matrix in full."""

    packs: Counts
    low: Counts
    high: Counts
    mean: Floats
    size: Floats
    stock: Floats
    pack: Floats
    asked: Request = field(repr=False)


def allocate(request: Request, rule: Rule = "probability") -> Allocation:
    """Allocate the totals by a rule.

    Rules
    -----
    probability
        Each pack goes where the chance that it sells is greatest, so that in the end every site
        has the same chance of lasting: the critical ratio that the total affords. It has the
        least expected lost sales, and the least expected allocation error, of all allocations.
    proportional
        Stock plus delivery in proportion to expected demand (Webster's rounding, which never
        takes a pack from a site because there is more to give).
    percent, quota, priority
        Fair shares of a shortage: the same percentage of every need; by agreed quotas; by rank,
        and by demand within a rank. No site gets more than it needs until all needs are met; what
        is left then goes by demand.

    Raises
    ------
    SeasonError
        A number is negative or missing, or a least quantity exceeds the most.
    """
    case = _in_packs(_checked(request))
    is_short = case.low.sum(axis=1) > case.packs
    room = np.minimum(case.packs, case.high.sum(axis=1))
    case = replace(case, packs=room, low=_affordable(case))
    packs = _by_chance(case) if rule == "probability" else _by_rule(case, rule)
    return _allocation(request, case, is_short, packs)


def _checked(request: Request) -> Request:
    """Refuse what is not a quantity; the message names item row and site column from 0."""
    shape = request.mean.shape
    for name in ("total", "mean", "presentation", "least", "most", "pack", "quota", "need"):
        given = getattr(request, name)
        if given is None:
            continue
        values = np.asarray(given, dtype=float)
        if np.isnan(values).any() or (values < 0).any():
            raise SeasonError(f"{name}: a value is negative or missing; expected 0 or more")
    if (np.asarray(request.pack) <= 0).any():
        raise SeasonError("pack: a pack of 0 was given; expected more than 0")
    crossed = np.broadcast_to(np.asarray(request.least) > np.asarray(request.most), shape)
    if crossed.any():
        row, column = (int(found[0]) for found in np.nonzero(crossed))
        raise SeasonError(
            f"item row {row}, site column {column}: the least quantity exceeds the most"
        )
    return request


def _in_packs(request: Request) -> _Case:
    """Count in packs: minimums are rounded up, maximums down, and a closed site takes nothing."""
    shape = request.mean.shape
    pack = np.broadcast_to(np.asarray(request.pack, dtype=float), shape[:1]).copy()
    wide = pack[:, None]
    on_hand = np.broadcast_to(np.asarray(request.on_hand, dtype=float), shape)
    total = _floor(request.total / pack)
    is_open = np.broadcast_to(np.asarray(request.is_open, dtype=bool), shape)
    most = np.minimum(np.asarray(request.most) / wide, total[:, None] + 0.0)
    high = np.where(is_open, _floor(np.broadcast_to(most, shape)), 0)
    shown = np.maximum(np.asarray(request.presentation) - on_hand, 0.0)
    wanted = np.broadcast_to(np.maximum(shown, request.least) / wide, shape)
    low = np.minimum(-_floor(-np.minimum(wanted, 2.0**52)), np.where(is_open, high, 0))
    size = np.broadcast_to(np.asarray(request.size, dtype=float), shape)
    return _Case(total, low, high, request.mean, size, on_hand / wide, pack, request)


def _floor(values: Floats) -> Counts:
    """Whole numbers at or below; a value within rounding noise of the next counts as it."""
    return np.asarray(np.floor(values + 1e-9 * np.maximum(np.abs(values), 1.0))).astype(np.int64)


def _affordable(case: _Case) -> Counts:
    """Minimums that the total covers: where not all, whole ones, most demand first."""
    low = case.low.copy()
    for row in np.flatnonzero(low.sum(axis=1) > case.packs):
        order = np.argsort(-case.mean[row], kind="stable")
        covered = np.cumsum(low[row, order]) <= case.packs[row]
        low[row, order[~np.logical_and.accumulate(covered)]] = 0
    return low


def _by_chance(case: _Case) -> Counts:
    """Packs in the order of the chance that they sell."""
    spread = np.sqrt(case.mean + case.mean**2 / case.size) / case.pack[:, None]
    middle = case.mean / case.pack[:, None]
    guess = water_fill(
        case.packs.astype(float),
        spread,
        case.stock - middle,
        case.low.astype(float),
        case.high.astype(float),
    )
    by_demand = _next_in_line(case.mean / case.pack[:, None], case.stock)
    return best_packs(case.packs, _floor(guess), case.low, case.high, _chance(case, by_demand))


def _chance(case: _Case, by_demand: Worth) -> Worth:
    """Share of the n-th pack that is expected to sell; ties go by demand."""

    def worth(nth: Counts, cells: Cells) -> Floats:
        pack = case.pack[cells[0]]
        demand = NegativeBinomial.of(case.mean[cells], case.size[cells])
        before = (case.stock[cells] + nth - 1) * pack
        if (pack == 1).all() and (before == np.floor(before)).all():
            sold = 1 - demand.cdf(before)
        else:
            sold = (
                demand.expected_shortage(before) - demand.expected_shortage(before + pack)
            ) / pack
        return np.asarray(np.round(sold / GRAIN) * GRAIN + GRAIN * by_demand(nth, cells) / 4)

    return worth


def _next_in_line(claim: Floats, stock: Floats) -> Worth:
    """Webster's rule, mapped into (0, 2): claim over stock counting half of the pack in hand."""

    def worth(nth: Counts, cells: Cells) -> Floats:
        position = stock[cells] + nth - 0.5
        # A position below zero (backorders) stays a small positive that still grows with n.
        reached = np.where(position >= 0.5, position, 0.5 / (1.5 - np.minimum(position, 0.5)))
        ratio = claim[cells] / reached
        # A site without a claim still takes its turn, after all others and evenly.
        return np.asarray(np.where(ratio > 0, 1 + ratio / (1 + ratio), 1 / (1 + reached)))

    return worth


def _by_rule(case: _Case, rule: Rule) -> Counts:
    """Needs first, by the rule; then everything else by demand."""
    by_demand = _next_in_line(case.mean / case.pack[:, None], case.stock)
    low = case.low
    if rule != "proportional":
        low = _needs_met(case, rule)
    weight = case.mean / case.pack[:, None]
    guess = water_fill(
        case.packs.astype(float), weight, case.stock, low.astype(float), case.high.astype(float)
    )
    return best_packs(case.packs, _floor(guess), low, case.high, by_demand)


def _needs_met(case: _Case, rule: Rule) -> Counts:
    """Packs handed out against needs by a fair-share rule, no site beyond its need."""
    pack = case.pack[:, None]
    shape = case.mean.shape
    lacking = np.maximum(case.mean - case.stock * pack, 0.0)
    need = lacking if case.asked.need is None else case.asked.need
    high = np.clip(-_floor(-need / pack), case.low, case.high)
    nothing = np.zeros(shape)
    if rule == "percent":
        claim, rank = need / pack, np.ones(shape)
    elif rule == "quota":
        claim = np.broadcast_to(np.asarray(case.asked.quota, dtype=float), shape)
        rank = np.ones(shape)
    else:
        claim = case.mean / pack
        rank = np.broadcast_to(np.asarray(case.asked.rank, dtype=float), shape)
    within = _next_in_line(claim, case.stock if rule == "priority" else nothing)

    def worth(nth: Counts, cells: Cells) -> Floats:
        return np.asarray(within(nth, cells) - 2 * rank[cells])

    packs = np.minimum(case.packs, high.sum(axis=1))
    return best_packs(packs, case.low, case.low, high, worth)


def _allocation(
    request: Request, case: _Case, is_short: NDArray[np.bool_], packs: Counts
) -> Allocation:
    """Back from packs to units, with what stays behind."""
    qty = packs * case.pack[:, None]
    rest = np.maximum(request.total - qty.sum(axis=1), 0.0)
    rest = np.where(rest < 1e-9 * np.maximum(request.total, 1.0), 0.0, rest)
    is_capped = packs.sum(axis=1) < _floor(request.total / case.pack)
    if np.any(request.splits_last):
        _send_rest(request, case, packs, qty, rest)
    return Allocation(qty, rest, is_short, is_capped)


def _send_rest(request: Request, case: _Case, packs: Counts, qty: Floats, rest: Floats) -> None:
    """Send less than a pack to the site next in line that may still take it, in place."""
    may_take = np.broadcast_to(np.asarray(request.is_open, dtype=bool), qty.shape)
    may_take = may_take & (qty + rest[:, None] <= np.asarray(request.most))
    in_line = _next_in_line(case.mean / case.pack[:, None], case.stock)
    wanted = (rest > 0) & may_take.any(axis=1) & np.asarray(request.splits_last, dtype=bool)
    for row in np.flatnonzero(wanted):
        columns = np.flatnonzero(may_take[row])
        value = in_line(packs[row, columns] + 1, (np.full(len(columns), row), columns))
        qty[row, columns[int(np.argmax(value))]] += rest[row]
        rest[row] = 0.0
