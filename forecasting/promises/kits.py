"""How likely is a build to have all its parts, when each has a chance of its own?"""

import pandas as pd


def kit_probabilities(parts: pd.DataFrame) -> "pd.Series[float]":
    """Probability that every missing part of a build is there in time, by build.

    Parts are taken to come independently of each other, which is a little too gloomy where several
    come from one supplier.

    Parameters
    ----------
    parts
        One row per missing part: `build_id` and `probability`; NaN (nothing is on order) is 0.

    Returns
    -------
    Product of the probabilities, by build_id.

    Examples
    --------
    350 parts, each 99.9 % ready, make a kit that is ready in 70.5 % of cases.
    """
    chances: pd.Series[float] = parts["probability"].fillna(0.0).groupby(parts["build_id"]).prod()
    return chances
