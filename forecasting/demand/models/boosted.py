"""One gradient-boosted model for all series: LightGBM, Tweedie loss, direct for each step ahead."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from forecasting.demand.distribution import Floats
from forecasting.demand.models.features import YEAR, Origin, categorical, coded
from forecasting.demand.panel import Panel

PARAMETERS: dict[str, Any] = {
    "objective": "tweedie",
    "tweedie_variance_power": 1.2,
    "num_leaves": 15,
    "learning_rate": 0.05,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "cat_smooth": 50.0,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


LEAST_ROWS = 500


def unavailable() -> str | None:
    """Why LightGBM cannot be used on this machine, in one line; None where it can."""
    try:
        import lightgbm  # noqa: F401
    except ImportError:
        return "LightGBM is not installed (pip install -r requirements.txt)"
    except OSError as missing:
        return (
            f"LightGBM cannot be loaded ({missing}): install OpenMP "
            "(Debian: apt-get install libgomp1; macOS: brew install libomp)"
        )
    return None


@dataclass(frozen=True)
class Boosted:
    """LightGBM over all series.

    Parameters
    ----------
    rounds
        Trees.
    n_rows
        Training rows at most; above it series are drawn anew for each origin, so that time does
        not grow without end.
    years
        How far back the origins it learns from go.
    seed
        Of the drawing and the bagging.
    threads
        LightGBM's threads; the answer does not depend on them.
    weight_power
        A row weighs its series' level to this power: with the Tweedie loss on scaled demand, .8 is
        the loss of the unscaled demand.
    """

    rounds: int = 300
    n_rows: int = 400_000
    years: float = 2.0
    seed: int = 0
    threads: int = 1
    weight_power: float = 0.8
    name: str = "lightgbm"

    def means(self, panel: Panel, horizon: int) -> Floats:
        """Expected demand (n, horizon) of the next periods [units]."""
        import lightgbm

        panel = coded(panel)
        features, target, weight = self._training(panel, horizon)
        if len(target) < LEAST_ROWS or not target.any():
            return np.full((len(panel), horizon), np.nan)
        booster = lightgbm.train(
            {**PARAMETERS, "seed": self.seed, "num_threads": self.threads},
            lightgbm.Dataset(
                features,
                target,
                weight=weight,
                categorical_feature=categorical(panel),
                params={"max_bin": PARAMETERS["max_bin"], "verbose": -1},
            ),
            self.rounds,
        )  # fmt: skip
        origin = Origin.of(panel)
        ahead = [booster.predict(origin.at(s + 1)) for s in range(horizon)]
        return np.stack(ahead, axis=1) * origin.level[:, None]

    def _training(self, panel: Panel, horizon: int) -> tuple[Floats, Floats, Floats]:
        """Rows of all past origins: features, scaled demand, weight."""
        year = YEAR[panel.freq]
        length = panel.n_periods
        first = max(length - round(self.years * year), min(year + year // 4, length // 2), 2)
        origins = range(first, length)
        pairs = sum(min(horizon, length - origin) for origin in origins)
        share = min(1.0, self.n_rows / max(1, pairs * len(panel)))
        rng = np.random.default_rng(self.seed)
        blocks: list[tuple[Floats, Floats, Floats]] = []
        for n_periods in origins:
            some = panel
            if share < 1:
                n_drawn = max(1, round(share * len(panel)))
                some = panel.take(np.sort(rng.choice(len(panel), n_drawn, replace=False)))
            start = Origin.of(some.until(n_periods))
            for step in range(1, min(horizon, length - n_periods) + 1):
                actual = some.y[:, n_periods + step - 1]
                used = np.isfinite(actual) & np.isfinite(start.panel.y).any(axis=1)
                rows = np.flatnonzero(used)
                scale = start.level[rows]
                features = start.at(step)[rows]
                blocks.append((features, actual[rows] / scale, scale**self.weight_power))
        if not blocks:
            return np.empty((0, 1)), np.empty(0), np.empty(0)
        features, target, weight = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
        return features.astype(np.float32), target, weight / weight.mean()
