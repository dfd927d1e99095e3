"""Smoothing methods against loops written from the papers."""

import math

import numpy as np
import pytest

from forecasting.demand.models.intermittent import (
    one_alpha,
    sba,
    smoothed,
    syntetos_boylan,
    teunter,
    tsb,
)
from tests.forecasting.demand.panels import monthly

Y = np.random.default_rng(3).poisson(0.6, (5, 40)).astype(float) * 3
Y[2, 7:10] = np.nan
Y[3] = 0.0


def first_mean(values: list[float]) -> float:
    known = [value for value in values if not math.isnan(value)][:6]
    return sum(known) / len(known) if known else 0.0


@pytest.mark.parametrize("row", range(5))
def test_smoothing_is_the_plain_recursion(row: int) -> None:
    level, forecasts = first_mean(Y[row].tolist()), []
    for demand in Y[row]:
        forecasts.append(level)
        if not math.isnan(demand):
            level += 0.2 * (demand - level)
    before, after = smoothed(Y, 0.2)
    assert before[row] == pytest.approx(forecasts)
    assert after[row] == pytest.approx(level)


@pytest.mark.parametrize("row", range(5))
def test_tsb_is_the_plain_recursion(row: int) -> None:
    occurs = [math.nan if math.isnan(d) else float(d > 0) for d in Y[row]]
    chance, size = first_mean(occurs), first_mean([d for d in Y[row] if d > 0])
    for demand in Y[row]:
        if math.isnan(demand):
            continue
        chance += 0.1 * ((demand > 0) - chance)
        if demand > 0:
            size += 0.3 * (demand - size)
    assert tsb(Y, 0.3, 0.1)[1][row] == pytest.approx(chance * size)


@pytest.mark.parametrize("row", range(5))
def test_sba_is_the_plain_recursion(row: int) -> None:
    occurs = [math.nan if math.isnan(d) else float(d > 0) for d in Y[row]]
    size = first_mean([d for d in Y[row] if d > 0])
    interval, since = 1 / max(first_mean(occurs), 1 / 40), 1.0
    for demand in Y[row]:
        if demand > 0:
            size += 0.1 * (demand - size)
            interval += 0.1 * (since - interval)
            since = 1.0
        elif not math.isnan(demand):
            since += 1
    assert sba(Y, 0.1)[1][row] == pytest.approx(0.95 * size / interval)


def test_tsb_falls_when_demand_dies() -> None:
    dying = np.r_[np.full(20, 4.0), np.zeros(20)][None, :]
    before, after = tsb(dying, 0.1, 0.1)
    assert after[0] == pytest.approx(4 * 0.9**20)
    assert (np.diff(before[0, 20:]) < 0).all()


@pytest.mark.parametrize("method", [one_alpha(), teunter(), syntetos_boylan()])
def test_forecasts_scale_with_demand(method: object) -> None:
    panel, large = monthly(Y), monthly(Y * 10)
    assert hasattr(method, "means")
    np.testing.assert_allclose(method.means(large, 3), 10 * method.means(panel, 3))
