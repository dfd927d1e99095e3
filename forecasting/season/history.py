"""What each site sold of each item, laid out for questions about shares of the chain."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.demand.panel import Panel
from forecasting.season.faults import SeasonError
from forecasting.season.fill import Floats

YEAR = {"MS": 12, "W": 52, "D": 364}
ROUNDS = 4
LEAST_SEEN = 0.1
Codes = NDArray[np.intp]
Names = NDArray[np.object_]


@dataclass(frozen=True)
class History:
    """Demand by item, site and period; a *pair* is one item at one site.

    Parameters
    ----------
    panel
        One series per pair; NaN where demand is not known (out of stock, not open yet, closed).
    items, sites
        Names, sorted.
    item, site
        Position in `items` and `sites` of each pair.
    """

    panel: Panel
    items: Names
    sites: Names
    item: Codes
    site: Codes

    @classmethod
    def of(cls, panel: Panel) -> "History":
        """Split the ids `item/site`, at the last slash.

        Raises
        ------
        SeasonError
            An id has no slash, or nothing on one side of it.
        """
        parts = [str(key).rpartition("/") for key in panel.ids]
        for key, (item, _, site) in zip(panel.ids, parts, strict=True):
            if not item or not site:
                raise SeasonError(f"unique_id {key!r} is not item/site")
        items, item_code = np.unique(
            np.array([part[0] for part in parts], dtype=object), return_inverse=True
        )
        sites, site_code = np.unique(
            np.array([part[2] for part in parts], dtype=object), return_inverse=True
        )
        return cls(panel, items, sites, item_code, site_code)

    @property
    def year(self) -> int:
        """Periods in a year; 364 days, so that weekdays stay together."""
        return YEAR[self.panel.freq]

    def until(self, n_periods: int) -> "History":
        """What was known after the first `n_periods` periods."""
        return History(self.panel.until(n_periods), self.items, self.sites, self.item, self.site)


@dataclass(frozen=True)
class Chain:
    """Running sums of known demand and of what the whole chain would have sold beside it.

    A site's share in a window is its own known demand over the chain's demand in *the same*
    periods, so a site that opened late, or was out of stock for a while, is compared with the
    chain only where it could sell.
    """

    own: Floats
    beside: Floats

    @classmethod
    def of(cls, history: History) -> "Chain":
        """Fill in the chain's totals where some sites are unknown, by their shares elsewhere."""
        known = np.isfinite(history.panel.y)
        y = np.where(known, history.panel.y, 0.0)
        item, n_items = history.item, len(history.items)
        seen = np.ones((n_items, y.shape[1]))
        total = _by_item(y, item, n_items)
        if not known.all():
            total, seen, _ = _completed(y, known, item, total)
        usable = known & (seen[item] >= LEAST_SEEN)
        return cls(
            _running(np.where(usable, y, 0.0)),
            _running(np.where(usable, total[item], 0.0)),
        )

    def window(self, begin: int, end: int) -> tuple[Floats, Floats]:
        """Own demand and the chain's beside it, per pair, over the periods [begin, end)."""
        last = self.own.shape[1] - 1
        a, b = min(max(begin, 0), last), min(max(end, 0), last)
        b = max(a, b)
        return self.own[:, b] - self.own[:, a], self.beside[:, b] - self.beside[:, a]


def filled(y: Floats, item: Codes) -> Floats:
    """Demand with its unknown entries (NaN) as share of the pair x total of the chain then.

    A period in which hardly anything is known of an item stays unknown.
    """
    known = np.isfinite(y)
    if known.all():
        return y
    n_items = int(item.max()) + 1
    sold = np.where(known, y, 0.0)
    total, seen, share = _completed(sold, known, item, _by_item(sold, item, n_items))
    guess = np.where(seen[item] >= LEAST_SEEN, share[:, None] * total[item], np.nan)
    return np.where(known, y, guess)


def _by_item(values: Floats, item: Codes, n_items: int) -> Floats:
    """Sum the rows of each item."""
    summed = np.zeros((n_items, values.shape[1]))
    np.add.at(summed, item, values)
    return summed


def _running(values: Floats) -> Floats:
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)


def _completed(
    y: Floats, known: NDArray[np.bool_], item: Codes, sold: Floats
) -> tuple[Floats, Floats, Floats]:
    """Chain totals as if every site had been known: share x total fits the known entries."""
    n_items = len(sold)
    counted = known.astype(float)
    total, seen, share = sold, np.ones_like(sold), np.zeros(len(y))
    for _ in range(ROUNDS):
        beside = (counted * total[item]).sum(axis=1)
        share = np.divide(y.sum(axis=1), beside, out=np.zeros(len(y)), where=beside > 0)
        whole = np.bincount(item, share, n_items)[item]
        share = np.divide(share, whole, out=np.zeros(len(y)), where=whole > 0)
        seen = _by_item(counted * share[:, None], item, n_items)
        total = np.divide(sold, seen, out=np.zeros_like(sold), where=seen >= LEAST_SEEN)
    return total, seen, share
