"""Are the probabilities right? Brier score, reliability, and the gain of one over another."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_Z95 = 1.959963984540054


def brier(probability: Floats, outcome: Floats) -> float:
    """Mean squared difference between probability and what happened (Brier 1950); 0 is perfect."""
    return float(np.mean((np.asarray(probability) - np.asarray(outcome)) ** 2))


def reliability(probability: Floats, outcome: Floats, classes: int = 10) -> pd.DataFrame:
    """Compare what was said with what happened, in classes of about equal n.

    Returns
    -------
    One row per class, ascending: `predicted` (mean probability), `observed` (share that came
    true), `n`, and its Wilson 95 % interval `lower`, `upper`. Lines of the same probability are
    never torn apart, so there can be fewer classes than asked for.
    """
    stated = np.asarray(probability, float)
    edges = np.unique(np.quantile(stated, np.linspace(0, 1, classes + 1)[1:-1], method="higher"))
    place = np.searchsorted(edges, stated, side="right")
    lines = pd.DataFrame({"place": place, "predicted": stated, "observed": np.asarray(outcome)})
    table = lines.groupby("place").agg(
        predicted=("predicted", "mean"), observed=("observed", "mean"), n=("observed", "size")
    )
    n, share = table["n"], table["observed"]
    middle = (share + _Z95**2 / (2 * n)) / (1 + _Z95**2 / n)
    reach = _Z95 / (1 + _Z95**2 / n) * np.sqrt(share * (1 - share) / n + _Z95**2 / (4 * n**2))
    return table.assign(lower=middle - reach, upper=middle + reach).reset_index(drop=True)


def brier_gain(
    predictions: pd.DataFrame, better: str, worse: str, cluster: list[str], *, seed: int = 0
) -> tuple[float, float, float]:
    """How much lower one forecast's Brier score is than another's, as a share, with its interval.

    Parameters
    ----------
    predictions
        One row per line: `kept` (0 or 1) and a column of probabilities per forecast.
    better, worse
        Names of the two columns.
    cluster
        Columns whose combinations are drawn together: lines of one order share their fate, and
        drawing them singly would make the interval too narrow.

    Returns
    -------
    Gain, and the 2.5 and 97.5 % points over 2,000 draws.
    """
    squares = predictions.assign(
        better_square=(predictions[better] - predictions["kept"]) ** 2,
        worse_square=(predictions[worse] - predictions["kept"]) ** 2,
    )
    sums = squares.groupby(cluster)[["better_square", "worse_square"]].sum().to_numpy()
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=2000) @ sums
    gains = 1.0 - drawn[:, 0] / drawn[:, 1]
    low, high = np.quantile(gains, [0.025, 0.975])
    whole = sums.sum(axis=0)
    return float(1.0 - whole[0] / whole[1]), float(low), float(high)
