"""The best way to hand out whole packs when every further pack at a site is worth less."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from forecasting.season.fill import Floats

Counts = NDArray[np.int64]
Cells = tuple[NDArray[np.intp], NDArray[np.intp]]
Worth = Callable[[Counts, Cells], Floats]


def best_packs(total: Counts, start: Counts, low: Counts, high: Counts, worth: Worth) -> Counts:
    """Hand out `total` packs per item so that no pack is worth more anywhere else.

    Because the worth of the n-th pack at a site never rises with n, the answer is the exact
    optimum of the summed worth (Fox 1966), and one more pack never takes one away from a site.
    It is reached from any start by exchanging blocks of packs, large blocks first (Hochbaum 1994,
    proximity and scaling). Equal worth goes to the earlier site.

    Parameters
    ----------
    total
        Packs to hand out, per item, between the sums of `low` and `high`.
    start
        A first guess, items x sites; the nearer to the answer, the faster.
    low, high
        Least and greatest number of packs, items x sites.
    worth
        Function of (n, cells): worth of the n-th pack at those cells, never rising in n.

    Returns
    -------
    Counts
        Packs, items x sites.
    """
    packs = np.clip(start, low, high)
    _settle(packs, total, low, high, worth)
    block = 4 ** int(np.log(max(float(np.max(packs, initial=1)) / 8, 1.0)) / np.log(4))
    while block >= 1:
        _exchange(packs, low, high, worth, block)
        block //= 4
    return packs


def _settle(packs: Counts, total: Counts, low: Counts, high: Counts, worth: Worth) -> None:
    """Bring the sums to the totals: add where the next pack is worth most, take where least."""
    while True:
        gap = total - packs.sum(axis=1)
        rows = np.flatnonzero(gap)
        if not rows.size:
            return
        adding = gap[rows] > 0
        room = np.where(adding[:, None], high[rows] - packs[rows], packs[rows] - low[rows])
        index = np.broadcast_to(rows[:, None], room.shape)
        columns = np.broadcast_to(np.arange(room.shape[1]), room.shape)
        nth = packs[rows] + adding[:, None]
        value = worth(nth.ravel(), (index.ravel(), columns.ravel())).reshape(room.shape)
        rank_by = np.where(room > 0, np.where(adding[:, None], -value, value), np.inf)
        # Of equals, the earlier site gains and the later one loses.
        flipped = np.where(adding[:, None], rank_by, rank_by[:, ::-1])
        order = np.argsort(flipped, axis=1, kind="stable")
        order = np.where(adding[:, None], order, room.shape[1] - 1 - order)
        open_sites = np.maximum((room > 0).sum(axis=1), 1)
        each = np.maximum(np.abs(gap[rows]) // open_sites, 1)
        chosen = (
            np.arange(room.shape[1]) < np.minimum(np.abs(gap[rows]) // each, open_sites)[:, None]
        )
        moves = np.zeros_like(room)
        np.put_along_axis(moves, order, np.where(chosen, each[:, None], 0), axis=1)
        packs[rows] += np.where(adding[:, None], 1, -1) * np.minimum(moves, room)


def _exchange(packs: Counts, low: Counts, high: Counts, worth: Worth, block: int) -> None:
    """Move blocks of packs from where their best is worth less than the worst they would be."""
    gain = np.full(packs.shape, -np.inf)
    loss = np.full(packs.shape, np.inf)
    # Sites with few packs are left to the smaller blocks.
    row_index, column_index = np.nonzero((packs >= 4 * block) | (block == 1))
    while row_index.size:
        cells = (row_index, column_index)
        held = packs[cells]
        gain[cells] = np.where(held + block <= high[cells], worth(held + block, cells), -np.inf)
        loss[cells] = np.where(
            held - block >= low[cells], worth(np.maximum(held - block + 1, 1), cells), np.inf
        )
        rows = np.unique(row_index)
        to, source, swaps = _pairs(gain[rows], loss[rows])
        which, pair = np.nonzero(swaps)
        gaining = (rows[which], to[which, pair])
        losing = (rows[which], source[which, pair])
        packs[gaining] += block
        packs[losing] -= block
        row_index = np.concatenate([gaining[0], losing[0]])
        column_index = np.concatenate([gaining[1], losing[1]])


def _pairs(
    gain: Floats, loss: Floats
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
    """Best gains beside least losses; exchange while the gain is greater, or equal and earlier."""
    n_sites = gain.shape[1]
    to = np.argsort(-gain, axis=1, kind="stable")
    source = n_sites - 1 - np.argsort(loss[:, ::-1], axis=1, kind="stable")
    best = np.take_along_axis(gain, to, axis=1)
    least = np.take_along_axis(loss, source, axis=1)
    swaps = (best > least) | ((best == least) & np.isfinite(best) & (to < source))
    # Only an unbroken run from the front: beyond the first pair that stays, none can pay.
    return to, source, np.logical_and.accumulate(swaps, axis=1)
