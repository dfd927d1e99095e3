"""Demand classes and their reasons."""

import numpy as np
import pytest

from forecasting.demand.classes import classify
from tests.forecasting.demand.panels import monthly, weekly_seasonal

RNG = np.random.default_rng(8)


def one(amounts: np.ndarray) -> dict[str, str]:
    return dict(classify(monthly(amounts[None, :])).iloc[0])


@pytest.mark.parametrize(
    ("amounts", "name", "said"),
    [
        (RNG.poisson(50, 36), "smooth", "interval 1.00"),
        (RNG.gamma(0.8, 50, 36).round() + 1, "erratic", "changing size"),
        (np.tile([5, 0, 4], 12), "intermittent", "every 1.5 periods"),
        (np.tile([0, 0, 1, 0, 0, 9], 6), "lumpy", "every 3.0 periods, of changing size"),
        (np.r_[np.zeros(20), 1, np.zeros(9), 2, np.zeros(5)], "sparse", "2 demands"),
        (np.r_[np.tile([3, 4], 15), np.zeros(6)], "ending", "no demand for 6 periods"),
        (np.r_[np.full(32, np.nan), 1, 2, 1, 3], "new", "known for 4 periods"),
    ],
)
def test_each_class_has_its_reason(amounts: np.ndarray, name: str, said: str) -> None:
    found = one(np.asarray(amounts, dtype=float))
    assert found["demand_class"] == name
    assert said in found["reason"]


def test_years_that_are_alike_are_seasonal() -> None:
    assert set(classify(weekly_seasonal(5, 130))["demand_class"]) == {"seasonal"}


def test_being_out_of_stock_is_not_ending() -> None:
    amounts = np.r_[np.tile([3.0, 4.0], 15), np.full(2, np.nan)]
    assert one(amounts)["demand_class"] != "ending"
