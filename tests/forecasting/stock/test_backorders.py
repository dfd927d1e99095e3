"""Expected backorders against the agreed golden cases, sums by hand and random draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from forecasting.stock import backorders


def poisson_pmf(mean: float, size: int = 200) -> np.ndarray:
    return np.asarray(stats.poisson.pmf(np.arange(size), mean))[None, :]


@pytest.mark.parametrize(("level", "expected"), [(5, 0.1346), (6, 0.0507)])
def test_poisson_demand_of_three_leaves_the_golden_backorders(level: int, expected: float) -> None:
    assert backorders.poisson_backorders(3, level) == pytest.approx(expected, abs=5e-5)
    assert backorders.backorders_from_pmf(poisson_pmf(3))[0, level] == pytest.approx(
        expected, abs=5e-5
    )


@pytest.mark.parametrize(("level", "expected"), [(5, 0.8153), (6, 0.9161)])
def test_poisson_demand_of_three_fills_the_golden_share_of_units(
    level: int, expected: float
) -> None:
    fill = backorders.unit_fill_continuous(poisson_pmf(3))[0, level]
    assert fill == pytest.approx(expected, abs=5e-5)


def test_with_no_stock_everything_in_the_pipeline_is_backordered() -> None:
    assert backorders.poisson_backorders(92.8 * 0.02531, 0) == pytest.approx(2.34877, abs=5e-5)


def test_a_kit_of_350_parts_of_999_per_mille_is_ready_seven_times_in_ten() -> None:
    assert backorders.kit_ready_rate(0.999, 350) == pytest.approx(0.705, abs=5e-4)


@given(
    mean=st.floats(0.01, 60),
    ratio=st.floats(1.0, 8.0),
    level=st.integers(0, 150),
)
def test_closed_form_negative_binomial_equals_the_sum_over_its_probabilities(
    mean: float, ratio: float, level: int
) -> None:
    variance = mean * ratio
    if ratio < 1 + 1e-6:
        demand = stats.poisson(mean)
    else:
        demand = stats.nbinom(mean**2 / (variance - mean), 1 / ratio)
    counts = np.arange(5000)
    by_hand = float(np.sum(np.maximum(counts - level, 0) * demand.pmf(counts)))
    closed = float(backorders.negative_binomial_backorders(mean, variance, level))
    assert closed == pytest.approx(by_hand, rel=1e-6, abs=1e-7)


@given(weights=st.lists(st.floats(0, 1), min_size=1, max_size=30).filter(lambda w: sum(w) > 0.01))
def test_backorders_fall_with_the_level_and_ever_more_slowly(weights: list[float]) -> None:
    pmf = np.array([weights]) / sum(weights)
    loss = backorders.backorders_from_pmf(pmf)[0]
    drops = -np.diff(loss)
    assert (drops >= -1e-12).all()
    assert (np.diff(drops) <= 1e-12).all()


def test_periodic_fill_has_no_value_without_demand() -> None:
    fill = backorders.unit_fill_periodic(
        np.array([0.0, 0.0]), np.array([0.5, 0.0]), np.array([2.0, 0.0])
    )
    assert fill[0] == pytest.approx(0.75)
    assert np.isnan(fill[1])
