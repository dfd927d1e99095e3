"""How much a promise is worth: the distribution of its slip, shrunk where little is known.

The slips of all suppliers together are the pool; a supplier is shrunk towards the pool, a supplier
at one site towards the supplier, and that at one horizon (days ahead) towards it again. Each step
is a beta-Stacy posterior: the daily chance of arriving, given not arrived yet, is the mean of what
the cell shows and of what its parent says, the parent weighing as much as `mass` promises
(Susarla and Van Ryzin 1976; Walker and Muliere 1997), so that lines still open count for what is
known of them. The mass of a step is not set by hand but is the one under which the shares kept of
its cells are most likely (empirical Bayes, beta-binomial).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betaln

from forecasting.promises.slips import COUNT_KEYS, EARLIEST_DAYS, LATEST_DAYS

Floats = NDArray[np.float64]

UPPER_EDGES = np.array(
    [
        *(EARLIEST_DAYS, -90, -60, -45, -30, -21, -14),
        *range(-10, 15),
        *(18, 21, 28, 35, 45, 60, 90, 120, 180, LATEST_DAYS),
    ],
    dtype=float,
)
"""Last day of each class of slip [days]: daily around the promise, coarser further out."""

LEVELS: tuple[tuple[str, ...], ...] = ((), *(tuple(COUNT_KEYS[: k + 1]) for k in range(3)))
"""Keys of each step: pool, supplier, supplier and site, supplier and site and horizon."""

_MASSES = np.geomspace(0.5, 2000.0, 60)
_PROMISED = int(np.searchsorted(UPPER_EDGES, 0.0))


@dataclass(frozen=True)
class Credibility:
    """What is known of the slips of every cell of every level.

    Parameters
    ----------
    cells
        Per level, the position of each key in `curves`.
    curves
        Per level, one row per cell: the probability of having arrived by each of `UPPER_EDGES`.
    masses
        Per level, how many promises the parent weighs [promises]; the pool has none.
    n_promises
        Promises that the fit rests on, the open ones included.
    """

    cells: tuple[pd.Index, ...]
    curves: tuple[Floats, ...]
    masses: tuple[float, ...]
    n_promises: int

    def arrived(self, lines: pd.DataFrame) -> Floats:
        """Probability of having arrived by each of `UPPER_EDGES`, one row per line.

        A line takes the finest cell that is known: a new horizon that of its supplier and site,
        a new site that of its supplier, a new supplier that of the pool.

        Parameters
        ----------
        lines
            `supplier_id`, `site_id` and `horizon` of each line.
        """
        curves = np.repeat(self.curves[0], len(lines), axis=0)
        for keys, cells, known in zip(LEVELS[1:], self.cells[1:], self.curves[1:], strict=True):
            place = cells.get_indexer(_index(lines, keys))
            curves[place >= 0] = known[place[place >= 0]]
        return curves


def fit(counts: pd.DataFrame) -> Credibility:
    """Learn the slips of all suppliers from counts.

    Parameters
    ----------
    counts
        As `slips.count_slips` gives them.

    Raises
    ------
    ValueError
        No promise has been kept or broken yet: nothing can be learned.
    """
    slip_class = np.searchsorted(UPPER_EDGES, counts["slip_days"].to_numpy(float), side="left")
    weight, is_open = counts["weight"].to_numpy(float), counts["is_open"].to_numpy(bool)
    if not (weight[~is_open] > 0).any():
        raise ValueError("no promise has been completed yet; credibility needs at least one")
    cells: list[pd.Index] = [pd.RangeIndex(1)]
    curves, masses = [np.empty((0, 0))], [0.0]
    for keys in LEVELS:
        index = _index(counts, keys) if keys else pd.RangeIndex(1).repeat(len(counts))
        codes, names = pd.factorize(index)
        shape = (len(names), len(UPPER_EDGES))
        arrived, stopped = np.zeros(shape), np.zeros(shape)
        np.add.at(arrived, (codes[~is_open], slip_class[~is_open]), weight[~is_open])
        np.add.at(stopped, (codes[is_open], _last_passed(counts, is_open)), weight[is_open])
        if not keys:
            curves[0] = _posterior(arrived, stopped, 0.0, np.zeros(shape))
            continue
        parent = _parent_curves(names, LEVELS[len(cells) - 1], cells[-1], curves[-1])
        mass = _likeliest_mass(arrived, stopped, parent[:, _PROMISED])
        cells.append(names)
        curves.append(_posterior(arrived, stopped, mass, parent))
        masses.append(mass)
    return Credibility(tuple(cells), tuple(curves), tuple(masses), int(counts["n"].sum()))


def _index(frame: pd.DataFrame, keys: tuple[str, ...]) -> pd.Index:
    """The keys of each row, as one index."""
    return pd.Index(frame[keys[0]]) if len(keys) == 1 else pd.MultiIndex.from_frame(frame[[*keys]])


def _last_passed(counts: pd.DataFrame, is_open: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The last class an open line has wholly passed; the class it stands in tells nothing yet."""
    passed = counts["slip_days"].to_numpy(float)[is_open]
    return np.searchsorted(UPPER_EDGES, passed, side="right") - 1


def _parent_curves(
    names: pd.Index, parent_keys: tuple[str, ...], cells: pd.Index, curves: Floats
) -> Floats:
    """The curve of the parent of each cell."""
    if not parent_keys:
        return np.repeat(curves, len(names), axis=0)
    keys = names.to_frame(index=False).iloc[:, : len(parent_keys)]
    keys.columns = list(parent_keys)
    return curves[cells.get_indexer(_index(keys, parent_keys))]


def _posterior(arrived: Floats, stopped: Floats, mass: float, parent: Floats) -> Floats:
    """Beta-Stacy posterior mean of the share arrived by each class, one row per cell."""
    done_before = np.cumsum(arrived, axis=1) - arrived
    left = np.cumsum(stopped, axis=1) - stopped
    total = arrived.sum(axis=1, keepdims=True) + stopped.sum(axis=1, keepdims=True)
    # A line that stopped in a class has passed it, and was at risk there.
    at_risk = total - done_before - left
    before = np.concatenate([np.zeros((len(parent), 1)), parent[:, :-1]], axis=1)
    weighed = at_risk + mass * (1.0 - before)
    gained = arrived + mass * (parent - before)
    chance = np.divide(gained, weighed, out=np.zeros_like(gained), where=weighed > 1e-12)
    # Whatever is not there by the last class is there some time after it.
    chance[:, -1] = 1.0
    return 1.0 - np.cumprod(1.0 - np.clip(chance, 0.0, 1.0), axis=1)


def _likeliest_mass(arrived: Floats, stopped: Floats, parent_kept: Floats) -> float:
    """The mass under which the cells' shares kept are most likely, given their parents'."""
    kept = arrived[:, : _PROMISED + 1].sum(axis=1)
    judged = arrived.sum(axis=1) + stopped[:, _PROMISED:].sum(axis=1)
    share = np.clip(parent_kept, 1e-3, 1.0 - 1e-3)
    mass = _MASSES[:, None]
    log_likelihood = betaln(kept + mass * share, judged - kept + mass * (1.0 - share)) - betaln(
        mass * share, mass * (1.0 - share)
    )
    return float(_MASSES[int(np.argmax(log_likelihood.sum(axis=1)))])
