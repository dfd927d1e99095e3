"""The demand model of stock decisions: what it learns from the item, from its like, and when."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from forecasting.demand.panel import Panel
from forecasting.stock import fitting
from forecasting.stock.curves import Floats


def panel_of(y: NDArray[Any]) -> Panel:
    months = pd.date_range("2020-01-01", periods=y.shape[1], freq="MS")
    ids = np.array([str(i) for i in range(len(y))], dtype=object)
    return Panel(ids, y.astype(float), months, "MS", pd.DataFrame(index=range(len(y))))


def test_steady_rates_are_found_and_their_quantiles_hold() -> None:
    rng = np.random.default_rng(1)
    rate = rng.lognormal(0, 1, 500)
    y = rng.poisson(rate[:, None], (500, 60))
    demand = fitting.fit(panel_of(y[:, :57]), 3).lead_time(3)
    actual = y[:, 57:].sum(axis=1)
    assert demand.mean.sum() == pytest.approx(3 * rate.sum(), rel=0.05)
    for level in (0.5, 0.9, 0.95):
        amount = demand.quantile([level])[:, 0]
        assert (actual < amount).mean() - 0.03 <= level <= (actual <= amount).mean() + 0.03


def test_an_item_without_demand_still_has_a_small_rate() -> None:
    y = np.random.default_rng(2).poisson(0.3, (200, 40))
    y[0] = 0
    model = fitting.fit(panel_of(y), 3)
    assert 0 < model.expected[0, 0] < 0.1
    assert model.lead_time(3).quantile([0.995])[0, 0] >= 1


def test_a_cheap_item_without_history_is_expected_to_come_in_cheap_items_lumps() -> None:
    rng = np.random.default_rng(3)
    happens = rng.random((400, 60)) < 0.03
    price = np.repeat([1.0, 1000.0], 200)
    lump = np.where(price < 10, 60, 1)[:, None] * rng.integers(1, 4, (400, 60))
    y = happens * lump
    y[[0, 200]] = 0
    demand = fitting.fit(panel_of(y), 3, price=price).lead_time(3)
    beyond = demand.expected_shortage(np.full(400, 5.0))
    assert beyond[0] > 20 * beyond[200]


def test_not_knowing_the_rate_does_not_even_out_over_a_long_lead_time() -> None:
    one = np.ones(1)
    sure = fitting.GammaPoisson(one[:, None], 0.5 * one, 0 * one, one)
    unsure = fitting.GammaPoisson(one[:, None], 0.5 * one, 0.5 * one, one)
    assert sure.lead_time(10).variance[0] == pytest.approx(10 + 100 * 0.05)
    assert unsure.lead_time(10).variance[0] == pytest.approx(10 + 100 * 0.55)


def test_periods_that_are_not_known_are_no_zeros() -> None:
    y = np.full((40, 30), 4.0)
    y[:, ::2] = np.nan
    assert fitting.fit(panel_of(y), 2).expected.mean() == pytest.approx(4.0, rel=0.02)


class Doubling:
    """A point model that expects 8 in every period."""

    name = "doubling"

    def means(self, panel: Panel, horizon: int) -> Floats:
        """Eight, everywhere; no answer for the last item."""
        mean = np.full((len(panel), horizon), 8.0)
        mean[-1] = np.nan
        return mean


def test_a_point_model_speaks_alone_for_regular_demand_and_half_for_rare() -> None:
    y = np.full((3, 40), 4.0)
    y[1, 1::4] = 0
    y[1, 2::4] = 0
    y[1, 3::4] = 0
    alone = fitting.fit(panel_of(y), 2).expected[:, 0]
    joined = fitting.fit(panel_of(y), 2, Doubling()).expected[:, 0]
    assert joined[0] == 8
    assert joined[1] == pytest.approx((8 + alone[1]) / 2)
    assert joined[2] == pytest.approx(alone[2])
