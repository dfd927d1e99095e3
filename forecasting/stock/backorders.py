"""Expected backorders and fill rates of an order-up-to level, from the demand over lead time.

Throughout, a level is the inventory position after ordering [units]; what is on the shelf at the
end of the lead time is the level less the demand since, and what is missing is backordered.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

NEARLY_POISSON = 1.0 + 1e-9
"""Variance-to-mean ratio under which a negative binomial is computed as a Poisson."""


def backorders_from_pmf(pmf: Floats, mean: Floats | None = None) -> Floats:
    """Expected backorders of each level 0, 1, 2, ... for one demand distribution per row.

    EBO(s) = mean - s + sum over k < s of (s - k) p(k)  (Sherbrooke 2004, eq. 2.7).

    Parameters
    ----------
    pmf
        Probability of demand 0, 1, 2, ... in the columns; each row sums to 1.
    mean
        Mean demand of each row [units]; by default that of `pmf`. Give it where the rows are cut.

    Returns
    -------
    Expected backorders [units], shaped like `pmf`, never below 0.

    Examples
    --------
    >>> backorders_from_pmf(np.array([[0.5, 0.25, 0.25]])).tolist()
    [[0.75, 0.25, 0.0]]
    """
    if mean is None:
        mean = pmf @ np.arange(pmf.shape[1], dtype=float)
    short = np.cumsum(1.0 - np.cumsum(pmf, axis=1), axis=1)
    short = np.concatenate([np.zeros((len(pmf), 1)), short[:, :-1]], axis=1)
    return np.maximum(np.asarray(mean)[:, None] - short, 0.0)


def poisson_backorders(mean: ArrayLike, level: ArrayLike) -> Floats:
    """Expected backorders of a level under Poisson demand [units].

    EBO(s) = mean P(D >= s) - s P(D > s); a golden case: mean 3, level 5 gives 0.1346.
    """
    mean, level = np.asarray(mean, float), np.asarray(level, float)
    at_least, more = _poisson_tail(level - 1, mean), _poisson_tail(level, mean)
    return np.maximum(mean * at_least - level * more, 0.0)


def negative_binomial_backorders(mean: ArrayLike, variance: ArrayLike, level: ArrayLike) -> Floats:
    """Expected backorders of a level under negative binomial demand [units].

    A variance at or below the mean is computed as Poisson. E[D; D > s] of size r is the mean times
    P(D >= s) of size r + 1, which gives the loss in closed form at any size of demand.
    """
    mean, variance, level = np.broadcast_arrays(
        np.asarray(mean, float), np.asarray(variance, float), np.asarray(level, float)
    )
    size, chance = negative_binomial_parameters(mean, variance)
    with np.errstate(invalid="ignore"):
        tail = mean * special.betainc(np.maximum(level, 1e-300), size + 1, 1 - chance)
        tail = np.where(level <= 0, mean, tail)
        more = special.betainc(level + 1, size, 1 - chance)
    spread = np.maximum(tail - level * more, 0.0)
    return np.where(np.isfinite(size), spread, poisson_backorders(mean, level))


def negative_binomial_parameters(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Size and success chance of the negative binomial; size infinite where it is a Poisson."""
    over = variance > mean * NEARLY_POISSON
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(over & (mean > 0), mean**2 / np.where(over, variance - mean, 1.0), np.inf)
        chance = np.where(over & (mean > 0), mean / np.where(over, variance, 1.0), 1.0)
    return size, chance


def unit_fill_continuous(pmf: Floats) -> Floats:
    """Share of units filled at once under continuous review and unit demands: P(D < s).

    A golden case: Poisson mean 3, level 5 gives 0.8153, level 6 gives 0.9161.
    """
    ready = np.cumsum(pmf, axis=1)
    return np.concatenate([np.zeros((len(pmf), 1)), ready[:, :-1]], axis=1)


def unit_fill_periodic(
    backorders_before: Floats, backorders_after: Floats, demand: Floats
) -> Floats:
    """Share of units filled on time under periodic review.

    Parameters
    ----------
    backorders_before, backorders_after
        Expected backorders at the start and the end of the review cycle that an order covers:
        of demand over the lead time, and over lead time plus review [units].
    demand
        Mean demand over the review cycle [units].

    Returns
    -------
    1 - (new backorders / demand); NaN where there is no demand, which is "no data".
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        missed = (backorders_after - backorders_before) / np.asarray(demand, float)
    return np.where(np.asarray(demand) > 0, 1.0 - missed, np.nan)


def kit_ready_rate(ready_rate: float, n_parts: int) -> float:
    """Chance that a kit of independent parts is complete: 350 parts of 99.9 % make 70.5 %."""
    return float(ready_rate**n_parts)


def _poisson_tail(count: Floats, mean: Floats) -> Floats:
    """P(D > count), 1 below zero."""
    return np.where(count < 0, 1.0, special.gammainc(np.maximum(count, 0) + 1, mean))
