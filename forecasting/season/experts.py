"""What the demand forecasts of every pair say of the shares of a season."""

import numpy as np

from forecasting.demand.models.boosted import Boosted
from forecasting.season.features import Season, normalised
from forecasting.season.fill import Floats
from forecasting.season.history import History

# Pairs above which a forecast of every pair and period would take minutes.
MOST_PAIRS = 50_000


def demand_shares(history: History, season: Season, otherwise: Floats) -> Floats:
    """Shares by the gradient-boosted demand model; pairs it has no answer for keep those given.

    Prophet is not asked: in shares it adds nothing where stores sell much and harms where they
    sell little (`docs/season.md`).

    Parameters
    ----------
    otherwise
        Shares per pair, kept where nothing was ever sold.
    """
    ahead = Boosted().means(history.panel, season.gap + season.length)[:, season.gap :]
    forecast = np.maximum(ahead.sum(axis=1), 0.0)
    answered = np.isfinite(forecast) & np.isfinite(history.panel.y).any(axis=1)
    forecast = np.where(answered, forecast, 0.0)
    item, n_items = history.item, len(history.items)
    whole = np.bincount(item, forecast, n_items)[item]
    theirs = np.bincount(item, np.where(answered, otherwise, 0.0), n_items)[item]
    usable = answered & (whole > 0)
    scaled = np.divide(forecast * theirs, whole, out=otherwise.copy(), where=usable)
    return normalised(scaled, history)
