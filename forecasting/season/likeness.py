"""Stand-ins for what has no history: new items and new stores, by likeness to the others."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.season.fill import Floats
from forecasting.season.history import Chain, History

# Chain demand that a site's size is held to be worth before it has any of its own [periods].
NEAREST = 8


def likeness(attributes: pd.DataFrame, nearest: int = NEAREST) -> Floats:
    """How much each thing should speak for each other one, by what is known of both.

    Two things are as like as the share of their attributes that agree: text agrees or does not,
    numbers agree by how small their difference is against the spread of all. What is missing on
    either side is left out. Only the `nearest` most like keep a weight, and ties all count.

    Parameters
    ----------
    attributes
        One row per thing, any number of columns.

    Returns
    -------
    Floats
        Weights, things x things, 0 on the diagonal. A row of zeros where nothing is alike.
    """
    n = len(attributes)
    agreed, asked = np.zeros((n, n)), np.zeros((n, n))
    for name in attributes.columns:
        column = attributes[name]
        known = column.notna().to_numpy()
        both = known[:, None] & known[None, :]
        agreed += np.where(both, _agreement(column), 0.0)
        asked += both
    alike = np.divide(agreed, asked, out=np.zeros((n, n)), where=asked > 0)
    np.fill_diagonal(alike, 0.0)
    if n > nearest:
        least = -np.partition(-alike, nearest - 1, axis=1)[:, nearest - 1]
        alike = np.where(alike >= least[:, None], alike, 0.0)
    return alike


def _agreement(column: pd.Series) -> Floats:
    if pd.api.types.is_numeric_dtype(column):
        values = column.to_numpy(dtype=float)
        spread = float(np.nanstd(values)) or 1.0
        return np.asarray(np.exp(-np.abs(values[:, None] - values[None, :]) / spread))
    codes = pd.factorize(column)[0]
    return np.asarray((codes[:, None] == codes[None, :]).astype(float))


def prior_shares(
    history: History,
    chain: Chain,
    items_alike: Floats | None = None,
    sites_alike: Floats | None = None,
) -> Floats:
    """Share of each pair as a planner without its history would guess it.

    A site's relative size is its demand over that of an average site, over the items most like
    this one (all items where no likeness is given); a site without any history has the size that
    is usual among the sites like it (among all, where none is given).

    Returns
    -------
    Floats
        Per pair; the shares of an item add up to 1.
    """
    shape = (len(history.items), len(history.sites))
    n_sites = np.bincount(history.item, minlength=shape[0])[history.item]
    own, beside = np.zeros(shape), np.zeros(shape)
    sold, chain_sold = chain.window(0, chain.own.shape[1] - 1)
    # Each item counts alike, whatever its volume, so that one big item does not set all shares.
    volume = np.bincount(history.item, sold, shape[0])[history.item]
    unit = np.divide(1.0, volume, out=np.zeros_like(volume), where=volume > 0)
    own[history.item, history.site] = sold * unit
    beside[history.item, history.site] = chain_sold * unit / n_sites
    everyone = own.sum(axis=0), beside.sum(axis=0)
    size = _sizes(*everyone, sites_alike)
    sizes = np.broadcast_to(size, shape)
    if items_alike is not None:
        near_own, near_beside = items_alike @ own, items_alike @ beside
        # The sites' general size fills in where the like items say little.
        sizes = (near_own + size * 0.1) / (near_beside + 0.1)
    guess = np.maximum(sizes[history.item, history.site], 1e-9)
    whole = np.bincount(history.item, guess, shape[0])[history.item]
    return np.asarray(guess / whole)


def _sizes(own: Floats, beside: Floats, sites_alike: Floats | None) -> Floats:
    """Relative size of each site; the usual size of the like ones where it has no history."""
    known: NDArray[np.bool_] = (own > 0) & (beside > 0)
    size = np.divide(own, beside, out=np.ones_like(own), where=known)
    if known.all() or not known.any():
        return size
    logs = np.log(np.where(known, size, 1.0))
    weight = np.tile(known.astype(float), (len(own), 1))
    if sites_alike is not None:
        near = sites_alike * known
        weight = np.where(near.sum(axis=1, keepdims=True) > 0, near, weight)
    usual = np.exp((weight @ logs) / weight.sum(axis=1))
    return np.asarray(np.where(known, size, usual))
