"""Events that come back every year, read off the demand itself."""

import numpy as np

from forecasting.demand.distribution import Floats
from forecasting.demand.panel import Panel, of_known

CYCLE = {"W": 52, "D": 364}
N_EVENTS = 12
LEAST_SHIFT = 0.05


def shift_profile(panel: Panel) -> Floats:
    """How far each place of the 52-week cycle departs from its surroundings, (cycle,) logarithms.

    The panel's demand, each series weighing the same, is compared with its own running median
    over 9 periods. Weeks repeat after 364 days, which keeps weekday and week together; no list of
    holidays is needed, so it works in any country and for any business. Months have no profile
    (empty): their season says it all; nor has a history under a year.
    """
    cycle = CYCLE.get(panel.freq, 0)
    if not cycle or panel.n_periods < cycle:
        return np.zeros(0)
    level = of_known(np.nanmean, panel.y)[:, None]
    total = of_known(np.nanmean, (panel.y / np.where(level > 0, level, np.nan)).T)
    padded = np.pad(total, 4, constant_values=np.nan)
    around = of_known(np.nanmedian, np.lib.stride_tricks.sliding_window_view(padded, 9))
    shift = np.log(np.maximum(total, 1e-9) / np.maximum(around, 1e-9))
    whole = np.pad(shift, (0, -len(shift) % cycle), constant_values=np.nan)
    return np.nan_to_num(of_known(np.nanmean, whole.reshape(-1, cycle).T))


def recurring_events(panel: Panel, horizon: int, n_events: int = N_EVENTS) -> Floats:
    """0/1 columns (history + horizon, events) for the periods of the year that stand out."""
    length = panel.n_periods + horizon
    strength = np.abs(shift_profile(panel))
    if not strength.size:
        return np.zeros((length, 0))
    chosen = np.argsort(-strength, kind="stable")[:n_events]
    chosen = np.sort(chosen[strength[chosen] > LEAST_SHIFT])
    places = np.arange(length) % strength.size
    return np.asarray(places[:, None] == chosen[None, :], dtype=float)
