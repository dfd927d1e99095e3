"""The mean of several point forecasts, which is seldom beaten by any of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasting.demand.distribution import Floats
from forecasting.demand.models.contract import PointModel
from forecasting.demand.panel import Panel


@dataclass(frozen=True)
class Combination:
    """Equal weights; a part without an answer for a series is left out there.

    Equal, because weights fitted on a few held-back periods cost more than they bring.
    """

    name: str
    parts: Sequence[PointModel]

    def means(self, panel: Panel, horizon: int) -> Floats:
        """Expected demand (n, horizon) [units]."""
        answers = np.stack([part.means(panel, horizon) for part in self.parts])
        known = np.isfinite(answers)
        count = known.sum(axis=0)
        summed = np.where(known, answers, 0.0).sum(axis=0)
        return np.where(count > 0, summed / np.maximum(count, 1), np.nan)
