"""Recent months put the chances right: by how much the odds lately said were off.

A supplier's record holds every promise ever made, those that were replaced included, and years in
which it may have been another supplier. Promises still in force are the better part of it, so
their chances are said too low, and by more while suppliers improve. One shift of the log odds,
learned from what was said in the last months and what came of it, takes this out. It acts on the
whole distribution of the day of arrival (proportional odds, McCullagh 1980), so derived dates and
chances stay of one piece.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MONTHS = 3
"""How far back the shift is learned from [months]."""

PRIOR = 10.0
"""Precision of the prior around no shift: about 40 promises at even odds weigh as much as it."""


def log_odds_shift(probability: Floats, kept: Floats) -> float:
    """The shift of the log odds under which what came is likeliest, drawn to 0 by `PRIOR`.

    Parameters
    ----------
    probability
        What was said of each promise.
    kept
        1 where it was kept, else 0.

    Examples
    --------
    Of 4,000 promises of even odds three in four are kept: the odds were 3, the shift is near ln 3.
    """
    said = np.clip(np.asarray(probability, float), 0.01, 0.99)
    shift = 0.0
    for _ in range(50):
        now = shifted(said, shift)
        slope = float(np.sum(np.asarray(kept, float) - now)) - PRIOR * shift
        step = slope / (float(np.sum(now * (1.0 - now))) + PRIOR)
        shift += step
        if abs(step) < 1e-10:
            break
    return shift


def shifted(probability: Floats, log_odds: float) -> Floats:
    """Probabilities whose log odds are moved; 0, 1 and NaN stay."""
    moved: Floats = np.asarray(probability, float) * np.exp(log_odds)
    return moved / (1.0 - np.asarray(probability, float) + moved)


def shift_known(said: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """The shift that can be learned by the end of a day from what was said before.

    Parameters
    ----------
    said
        Earlier predictions: `cutoff`, `promised_date`, `as_learned` and `kept`.
    as_of
        Only promises whose day had passed by then count, said in the last `MONTHS` months.
    """
    recent = (said["cutoff"] >= as_of - pd.DateOffset(months=MONTHS)) & (said["cutoff"] < as_of)
    due = said[recent & (said["promised_date"] <= as_of)]
    return log_odds_shift(due["as_learned"].to_numpy(float), due["kept"].to_numpy(float))
