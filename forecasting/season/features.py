"""What is known of a site's share before a season: one row of numbers per pair.

Every feature is a log ratio of what the pair sold in a window to what its share of the last year
would have sold there, drawn towards 0 where the expected amount is small.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.season.fill import Floats
from forecasting.season.history import Chain, History

# Recent windows [periods]: about one, three and six months.
RECENT = {"MS": (1, 3, 6), "W": (4, 13, 26), "D": (28, 91, 182)}
# Pseudo-demand, in multiples of the usual variance of a period over its mean.
CAUTION = 4.0
LIMIT = 1.5


@dataclass(frozen=True)
class Season:
    """Where a season lies after what is known: it starts `gap` periods after the last known one.

    Parameters
    ----------
    gap
        Periods between the end of the history and the start.
    length
        Periods in the season.
    lag
        Periods back to the reference season: about a year, moved with the season's holidays.
    """

    gap: int
    length: int
    lag: int


@dataclass(frozen=True)
class Known:
    """A history with its running sums and its guesses for pairs without one."""

    history: History
    chain: Chain
    prior: Floats
    caution: float

    @classmethod
    def of(cls, history: History, chain: Chain, prior: Floats) -> "Known":
        return cls(history, chain, prior, CAUTION * noise(history))


def noise(history: History) -> float:
    """Usual variance of a period's demand over its mean, from differences between neighbours."""
    y = history.panel.y
    steps = np.diff(y, axis=1)
    counted = np.isfinite(steps)
    square = np.where(counted, steps, 0.0) ** 2
    level = np.where(counted, y[:, 1:] + y[:, :-1], 0.0).sum(axis=1)
    seen = level > 0
    if not seen.any():
        return 1.0
    return float(np.median(square.sum(axis=1)[seen] / level[seen])) or 1.0


def base_shares(known: Known, at: int) -> Floats:
    """Share over the last year before period `at`; the prior where little is known.

    Shares are of what the sites with a history sell, and those sites' shares of an item add up
    to 1: a site without a history comes on top of them.
    """
    history = known.history
    own, beside = known.chain.window(at - history.year, at)
    seen = beside > 0
    prior = known.prior / _whole(known.prior, seen, history)
    # The prior is worth one period's pseudo-demand of the whole item.
    weight = known.caution * np.bincount(history.item)[history.item]
    share = np.maximum((own + weight * prior) / (beside + weight), 1e-9)
    return np.asarray(share / _whole(share, seen, history))


def _whole(share: Floats, seen: NDArray[np.bool_], history: History) -> Floats:
    """Sum over an item's pairs that are seen, for each pair; over all, where none is."""
    some = np.bincount(history.item, share * seen)[history.item]
    return np.where(some > 0, some, np.bincount(history.item, share)[history.item])


def normalised(share: Floats, history: History) -> Floats:
    """Scale so that the shares of each item add up to 1; equal where all are 0."""
    n_items = len(history.items)
    whole = np.bincount(history.item, share, n_items)[history.item]
    even = 1.0 / np.bincount(history.item, minlength=n_items)[history.item]
    return np.where(whole > 0, share / np.where(whole > 0, whole, 1.0), even)


def main_features(known: Known, base: Floats, at: int, season: Season) -> Floats:
    """Reference season, recent windows, the same windows a year before, and the whole site."""
    year = known.history.year
    month, quarter, half = RECENT[known.history.panel.freq]
    begin = at + season.gap - season.lag
    windows = [
        (begin, min(begin + season.length, at)),
        (at - quarter, at),
        (at - month, at),
        (at - half, at),
        (at - year - quarter, at - year),
        (at - year - month, at - year),
        (at - year - half, at - year),
    ]
    columns = [_ratio(known, base, *window) for window in windows]
    columns.append(_site_trend(known, base, at, quarter))
    return np.stack(columns, axis=1)


def more_features(known: Known, base: Floats, at: int, season: Season) -> Floats:
    """Further windows and sizes, for a model that picks its own."""
    history, year = known.history, known.history.year
    month, _, _ = RECENT[history.panel.freq]
    begin = at + season.gap - season.lag
    middle = begin + season.length // 2
    windows = [
        (at - 2 * month, at),
        (at - max(month // 2, 1), at),
        (begin - month // 2, min(begin + season.length + month // 2, at)),
        (begin, min(middle, at)),
        (middle, min(begin + season.length, at)),
        (at - year - 2 * month, at - year),
    ]
    columns = [_ratio(known, base, *window) for window in windows]
    sold, _ = known.chain.window(at - year, at)
    phase = np.full(len(base), (at + season.gap) % year, dtype=float)
    columns += [np.log(base), np.log(sold + known.caution), phase]
    columns += [history.site.astype(float), history.item.astype(float)]
    return np.stack(columns, axis=1)


def _ratio(known: Known, base: Floats, begin: int, end: int) -> Floats:
    """Log of sold over expected in a window; 0 where nothing is known."""
    own, beside = known.chain.window(begin, end)
    ratio = np.log((own + known.caution) / (base * beside + known.caution))
    return np.asarray(np.clip(ratio, -LIMIT, LIMIT))


def _site_trend(known: Known, base: Floats, at: int, span: int) -> Floats:
    """How the whole site grew against the chain since a year before, over all its items."""
    history, n_sites = known.history, len(known.history.sites)
    now, beside_now = known.chain.window(at - span, at)
    then, beside_then = known.chain.window(at - history.year - span, at - history.year)
    comparable = (beside_now > 0) & (beside_then > 0)
    volume = np.bincount(history.item, base * beside_now, len(history.items))[history.item]
    weight = np.divide(comparable, volume, out=np.zeros_like(volume), where=volume > 0)

    def by_site(values: Floats) -> Floats:
        return np.asarray(np.bincount(history.site, values * weight, n_sites), dtype=np.float64)

    calm = 0.02
    growth = np.log((by_site(now) + calm) / (by_site(base * beside_now) + calm))
    past = np.log((by_site(then) + calm) / (by_site(base * beside_then) + calm))
    return np.asarray(np.clip(growth - past, -LIMIT, LIMIT)[history.site])
