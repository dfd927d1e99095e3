"""Demand models for tests: independent demand in each period."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.demand.distribution import NegativeBinomial

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Steady:
    """Negative binomial demand with the same mean and size in every period; inf is Poisson."""

    mean: Floats
    size: Floats

    def lead_time(self, periods: int) -> NegativeBinomial:
        return NegativeBinomial.of(self.mean * periods, self.size * periods)


def poisson(*means: float) -> Steady:
    return Steady(np.array(means), np.full(len(means), np.inf))
