"""Seasonal forecast by item, site and period: the chain's demand times each site's share."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from forecasting.demand.distribution import NegativeBinomial
from forecasting.demand.models.baselines import LastYear
from forecasting.demand.models.boosted import Boosted
from forecasting.demand.models.combination import Combination
from forecasting.demand.models.prophet_model import ProphetModel
from forecasting.demand.panel import Panel
from forecasting.season.fill import Floats
from forecasting.season.history import History, filled
from forecasting.season.seasons import Window
from forecasting.season.shares import Shares

LEVELS = (0.1, 0.9)
USUAL_LEVEL_ERROR = 0.3


def chain_forecast(history: History, window: Window) -> Floats:
    """Demand of the whole chain, items x periods of the season [units].

    The mean of Prophet (yearly season forced, events), gradient-boosted trees and last year times
    growth. Stock-outs are filled in by the sites' shares, so that an empty shelf does not lower
    the chain's demand. An item without any history has a forecast of 0: its level is the planner's
    to say.
    """
    demand = np.nan_to_num(filled(history.panel.y, history.item))
    total = np.zeros((len(history.items), history.panel.n_periods))
    np.add.at(total, history.item, demand)
    has_history = np.zeros(len(history.items), dtype=bool)
    known = np.isfinite(history.panel.y).any(axis=1)
    has_history[history.item[known]] = True
    panel = Panel(
        history.items,
        total,
        history.panel.periods,
        history.panel.freq,
        pd.DataFrame({"item": history.items.astype(str)}),
    )
    model = Combination("seasonal", [ProphetModel(), Boosted(), LastYear()])
    season = window.season
    ahead = model.means(panel, season.gap + season.length)[:, season.gap :]
    return np.where(has_history[:, None], np.maximum(np.nan_to_num(ahead), 0.0), 0.0)


def with_new_items(
    weekly: Floats, history: History, like: Mapping[str, tuple[str, float]]
) -> Floats:
    """Chain forecast with the items that never sold as another one times a factor.

    Parameters
    ----------
    weekly
        Items x periods [units].
    like
        New item -> (item that it is like, its size beside it); others keep their forecast.
    """
    place = {str(name): row for row, name in enumerate(history.items)}
    sold = np.isfinite(history.panel.y).any(axis=1)
    has_history = np.bincount(history.item, sold, len(history.items)) > 0
    filled_in = weekly.copy()
    for item, (model, size) in like.items():
        if item in place and model in place and not has_history[place[item]]:
            filled_in[place[item]] = weekly[place[model]] * size
    return filled_in


def level_error(history: History, window: Window) -> tuple[float, int]:
    """How far the chain forecast of the reference season was off an item's total.

    The forecast is made anew from what was known then.

    Returns
    -------
    Root of the mean squared relative error, each item weighted by what it sold, and the number of
    items; (0.3, 0) where the reference season or the year before it is not known.
    """
    season = window.season
    at = history.panel.n_periods - season.lag
    begin, end = at + season.gap, at + season.gap + season.length
    if at < history.year or end > history.panel.n_periods:
        return USUAL_LEVEL_ERROR, 0
    forecast = chain_forecast(history.until(at), window).sum(axis=1)
    demand = np.nan_to_num(filled(history.panel.y, history.item))[:, begin:end].sum(axis=1)
    sold = np.bincount(history.item, demand, len(history.items))
    both = (sold > 0) & (forecast > 0)
    if not both.any():
        return USUAL_LEVEL_ERROR, 0
    off = forecast[both] / sold[both] - 1
    return float(np.sqrt(np.average(off**2, weights=sold[both]))), int(both.sum())


def seasonal_forecast(
    history: History,
    window: Window,
    shares: Shares,
    weekly: Floats | None = None,
    level_doubt: float = 0.0,
) -> pd.DataFrame:
    """Forecast of every item at every site in every period of a season.

    Parameters
    ----------
    weekly
        The chain's demand, items x periods [units]; `chain_forecast` where not given.
    level_doubt
        Relative standard deviation of an item's level; see `level_error`.

    Returns
    -------
    DataFrame
        item_id, site_id, ds, mean, q_0.1, q_0.9 [units]. The quantiles say how far a site's demand
        scatters around its part of the chain's, and how far the chain's level may be off.
    """
    if weekly is None:
        weekly = chain_forecast(history, window)
    shares = replace(shares, spread=float(np.hypot(shares.spread, level_doubt)))
    mean = shares.share[:, None] * weekly[history.item]
    n_pairs, n_periods = mean.shape
    flat = mean.ravel()
    spread = NegativeBinomial.of(flat, shares.size(np.maximum(flat, 1e-9)))
    quantiles = spread.quantile(LEVELS)
    return pd.DataFrame(
        {
            "item_id": np.repeat(history.items[history.item], n_periods),
            "site_id": np.repeat(history.sites[history.site], n_periods),
            "ds": np.tile(window.periods, n_pairs),
            "mean": flat,
            **{f"q_{level:g}": quantiles[:, n] for n, level in enumerate(LEVELS)},
        }
    )
